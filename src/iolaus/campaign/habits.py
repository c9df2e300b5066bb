"""A campaign's own exchanges and accounts -> when it is awake, where it comes from, what it says it is."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.campaign.life import HOUR_US, micros_of
from iolaus.campaign.population import Population
from iolaus.campaign.traffic import Floats
from iolaus.fingerprint.words import SCRIPTS
from iolaus.schema import Indicator

WORKDAY_H = 9  # from nine to six
MORNING_H = 9
RHYTHM = 1.25  # times the even share, below which no nine hours stand out
MOST_PLACES = 3
HOURS_BITS = 2.0  # hours say little: half the world is awake at any of them


def facts_of(rows: pa.Table, carriers: pa.Table, population: Population) -> tuple[Indicator, ...]:
    """Describe, without a bit, what may help a person to tell who it is."""
    told = (
        ("working hours", _hours_words(rows, population)),
        ("infrastructure", _places_words(rows, population)),
        ("languages", _scripts_words(rows)),
        ("declared", _declared_words(carriers)),
    )
    return tuple(Indicator(kind=kind, bits=0.0, says=says, counted=False) for kind, says in told)


def hours_bits(rows: pa.Table, hours: tuple[int, int], population: Population) -> Indicator:
    """Weigh an actor's working hours: its share of the campaign to that of everybody, bounded."""
    mine, others = by_hour(rows), population.hours
    within = _within(*hours)
    share = float((mine[within].sum() + 1) / (mine.sum() + 2))
    usual = float((others[within].sum() + 1) / (others.sum() + 2))
    bits = min(max(math.log2(share / usual), -HOURS_BITS), HOURS_BITS)
    says = (
        f"working hours: {share:.0%} of its exchanges fall into {hours[0]:02d}:00 to"
        f" {hours[1]:02d}:00 UTC, {usual:.0%} of everybody's"
    )
    return Indicator(kind="working hours", bits=bits, says=says)


def by_hour(rows: pa.Table) -> Floats:
    """Count exchanges by hour of UTC."""
    hour = micros_of(rows) // HOUR_US % 24
    return np.bincount(hour, minlength=24).astype(np.float64)


def _within(start: int, end: int) -> list[int]:
    return [(start + i) % 24 for i in range((end - start) % 24)]


def _hours_words(rows: pa.Table, population: Population) -> str:
    """Say which nine hours are busiest, and where on earth those are a working day."""
    mine, others = by_hour(rows), population.hours
    sums = [mine[_within(h, (h + WORKDAY_H) % 24)].sum() for h in range(24)]
    start = int(np.argmax(sums))
    end = (start + WORKDAY_H) % 24
    share = float(sums[start] / max(mine.sum(), 1))
    if share < RHYTHM * WORKDAY_H / 24:
        return f"working hours: none to see; its busiest {WORKDAY_H} hours carry {share:.0%}"
    offset = (MORNING_H - start + 11) % 24 - 11
    usual = float(others[_within(start, end)].sum() / max(others.sum(), 1))
    return (
        f"working hours: {share:.0%} fall into {start:02d}:00 to {end:02d}:00 UTC, a working day at"
        f" UTC{offset:+d}; of everybody's exchanges {usual:.0%} do"
    )


def _places_words(rows: pa.Table, population: Population) -> str:
    words = []
    for kind, column, says in (("countries", "country", "{}"), ("asns", "asn", "AS{}")):
        given = rows[column].drop_null()
        if not len(given):
            continue
        known = population.places.filter(pc.equal(population.places["kind"], kind))
        total = pc.sum(known["n"]).as_py() or 1
        usual = dict(zip(known["value"].to_pylist(), known["n"].to_pylist(), strict=True))
        values, counts = np.unique(given.cast(pa.string()).to_numpy(), return_counts=True)
        for i in np.lexsort((values, -counts))[:MOST_PLACES]:
            share, everyone = (
                counts[i] / rows.num_rows,
                usual.get(str(values[i]).upper(), 0) / total,
            )
            words.append(f"{says.format(values[i])} {share:.0%} (everybody {everyone:.0%})")
    if not words:
        return "infrastructure: the log names neither countries nor networks"
    return f"infrastructure: {', '.join(words)}"


def _scripts_words(rows: pa.Table) -> str:
    given = rows["script"].drop_null().to_numpy()
    if not len(given):
        return "languages: the log holds no prompts"
    counts = np.bincount(given.astype(np.int64), minlength=len(SCRIPTS))
    order = np.argsort(-counts, kind="stable")[:MOST_PLACES]
    told = [f"{SCRIPTS[i]} {counts[i] / counts.sum():.0%}" for i in order if counts[i]]
    return f"languages: prompts are written in {', '.join(told)}"


def _declared_words(carriers: pa.Table) -> str:
    """Count what the accounts say of themselves; names are hashes and are not told."""
    words = []
    for column, says in (("organization", "organisations"), ("email_domain", "mail domains")):
        given = carriers[column].drop_null().to_numpy()
        if not len(given):
            continue
        _, counts = np.unique(given, return_counts=True)
        words.append(
            f"{len(counts):,} {says} by {len(given):,} of {carriers.num_rows:,} accounts, the"
            f" commonest by {counts.max():,}"
        )
    return f"declared: {'; '.join(words) if words else 'nothing'}"
