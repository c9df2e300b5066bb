"""A campaign, the population and a catalogue -> who may be behind it, beside "nobody known".

Open-set: nine campaigns in ten are taken to be by nobody whom the catalogue names. Each kind of
indicator weighs log2 of its share among the campaign's accounts to its share among all others,
halved because an actor may have changed it, and bounded; of one family the best counts. What
anybody can copy, an organisation's name included, says six bits at most in all: a rival can be
framed with it, and the bound is why that alone names nobody with certainty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from iolaus.campaign.habits import facts_of, hours_bits
from iolaus.campaign.population import COLUMNS, Population, holding_rows
from iolaus.campaign.records import NOBODY
from iolaus.campaign.traffic import Ints
from iolaus.contracts import Actor
from iolaus.schema import Attribution, Campaign, Indicator, Life, Mark, Network

ACTOR_SHARE = 0.1  # of campaigns that are by somebody in a catalogue; no public figure exists
SHOWS_SHARE = 0.5  # of indicators that still hold when the actor comes back
COPYABLE_BITS = 6.0  # all that anybody can copy, together: one actor's prior leaves +2.8, no proof
MOST_TOLD = 5  # actors and earlier campaigns beside "nobody known"
RARE = 8  # accounts outside that may hold a mark

CEILINGS = {
    "payments": 10.0,  # what one hand must hold: a thousand to one, and no more, for it can be stolen
    "devices": 10.0,
    "phones": 10.0,
    "addresses": 6.0,  # rented by the hour
    "prefixes": 5.0,
    "templates": 4.0,  # copied with a glance at the log of any relay
    "organizations": 4.0,  # declared, and anybody can declare
    "email_domains": 4.0,
    "agents": 4.0,
    "asns": 4.0,
    "countries": 2.0,
    "scripts": 2.0,
}
FAMILIES = {
    "payments": "controlled",
    "devices": "controlled",
    "phones": "controlled",
    "organizations": "name",
    "email_domains": "name",
    "addresses": "place",
    "prefixes": "place",
    "asns": "place",
    "countries": "place",
    "agents": "tools",
    "templates": "tools",
    "scripts": "language",
    "working hours": "hours",
    "earlier records": "records",
}
NAMES = {kind: kind.replace("_", " ") for kind in FAMILIES} | {
    "asns": "AS numbers",
    "email_domains": "e-mail domains",
}
FAMILY_OF_NAME = {NAMES[kind]: family for kind, family in FAMILIES.items()}
HARD = frozenset({"controlled", "records"})
"""Families that cannot be copied from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a campaign shows: its own exchanges, the accounts that carry them, all its members."""

    rows: pa.Table
    carriers: pa.Table
    members: Ints


def attributions_of(
    campaign: Campaign,
    network: Network,
    *,
    shown: Shown,
    actors: Sequence[Actor],
    population: Population,
    earlier: Sequence[tuple[str, tuple[Mark, ...]]] = (),
) -> tuple[Attribution, ...]:
    """
    Return hypotheses by falling bits, "nobody known" at 0 always among them.

    `earlier` are other campaigns, of this log or of the store, with the marks of their networks.
    """
    found = [
        *(
            _of_actor(actor, campaign, network, shown=shown, population=population, n=len(actors))
            for actor in actors
        ),
        *_of_earlier(network, earlier, n_accounts=population.n_accounts),
    ]
    told = [one for one in found if any(i.bits > 0 for i in one.indicators)]
    told.sort(key=lambda one: (-one.bits, one.actor))
    nobody = Attribution(
        actor=NOBODY.actor,
        bits=0.0,
        says=_nobody_says(len(actors), len(earlier), told),
        indicators=facts_of(shown.rows, shown.carriers, population),
    )
    out = [*told[:MOST_TOLD], nobody]
    return tuple(sorted(out, key=lambda one: -one.bits))


def _nobody_says(n_actors: int, n_earlier: int, told: Sequence[Attribution]) -> str:
    held = []
    if n_actors:
        held.append(f"{n_actors:,} actor{'s' if n_actors != 1 else ''} of the catalogue")
    if n_earlier:
        held.append(f"{n_earlier:,} other campaign{'s' if n_earlier != 1 else ''}")
    if not n_actors and not told:
        return NOBODY.says
    ahead = sum(one.bits > 0 for one in told)
    words = f"the yardstick: {' and '.join(held)} were held against it, and"
    return f"{words} {f'{ahead} are' if ahead > 1 else 'one is' if ahead else 'none is'} likelier"


def _of_actor(
    actor: Actor,
    campaign: Campaign,
    network: Network,
    *,
    shown: Shown,
    population: Population,
    n: int,
) -> Attribution:
    by_kind: dict[str, list[int | str]] = {}
    for kind, value in actor.values:
        by_kind.setdefault(kind, []).append(value)
    found = [
        _of_kind(kind, values, shown=shown, population=population)
        for kind, values in by_kind.items()
    ]
    if actor.hours is not None:
        found.append(hours_bits(shown.rows, actor.hours, population))
    if actor.records:
        found.append(_of_records(actor, campaign, network))
    return _summed(actor.name, [one for one in found if one is not None], prior_bits=_prior(n))


def _prior(n: int) -> float:
    return math.log2(ACTOR_SHARE / (1 - ACTOR_SHARE) / max(n, 1))


def _of_kind(
    kind: str, values: Sequence[int | str], *, shown: Shown, population: Population
) -> Indicator | None:
    """Weigh one kind; None where the log cannot show it."""
    name = NAMES[kind]
    if kind not in population.kinds:
        return None
    carriers = shown.carriers["account"].to_numpy().astype(np.int64)
    held = np.zeros(len(carriers), dtype=np.bool_)
    for relation, column in COLUMNS[kind]:
        table = shown.carriers if relation == "accounts" else shown.rows
        rows = holding_rows(table, column, kind, values)
        held |= np.isin(carriers, table["account"].to_numpy()[rows])
    n_inside, k = int(held.sum()), len(carriers)
    everyone = population.holders(kind, values)
    n_outside = len(np.setdiff1d(everyone, shown.members, assume_unique=True))
    n_others = population.n_accounts - len(shown.members)
    if not n_inside:
        says = f"{name}: none of its {k:,} accounts show what it is known by"
        return Indicator(kind=name, bits=math.log2(1 - SHOWS_SHARE), says=says)
    q = (n_outside + 0.5) / (n_others + 1)
    theta = (n_inside + 2 * q) / (k + 2)
    bits = min(math.log2(theta / q) + math.log2(SHOWS_SHARE), CEILINGS[kind])
    return Indicator(
        kind=name,
        bits=max(bits, math.log2(1 - SHOWS_SHARE)),
        says=f"{name}: {n_inside:,} of its {k:,} accounts show it, {n_outside:,} of"
        f" {n_others:,} others do",
    )


def _of_records(actor: Actor, campaign: Campaign, network: Network) -> Indicator:
    """Weigh that the catalogue names this very network, or one that it grew from."""
    own = {campaign.id, network.id}
    named = [r for r in actor.records if any(one.startswith(r) for one in own)]
    if named:
        says = f"earlier records: the catalogue ascribes {named[0]} to it, which this continues"
        return Indicator(kind="earlier records", bits=10.0, says=says)
    grew = [r for r in actor.records if any(one.startswith(r) for one in network.grew_from)]
    if grew:
        says = f"earlier records: it grew from {grew[0]}, which the catalogue ascribes to it"
        return Indicator(kind="earlier records", bits=7.0, says=says)
    says = "earlier records: it continues none that the catalogue ascribes to it"
    return Indicator(kind="earlier records", bits=math.log2(1 - SHOWS_SHARE), says=says)


def _of_earlier(
    network: Network, earlier: Sequence[tuple[str, tuple[Mark, ...]]], *, n_accounts: int
) -> list[Attribution]:
    """Weigh, for each other campaign, that whoever ran it runs this one: by marks that both hold."""
    mine = {(m.view, m.value): m for m in network.marks if m.n_outside <= RARE}
    out = []
    for name, marks in earlier:
        both = [mine[m.view, m.value] for m in marks if (m.view, m.value) in mine]
        if not both:
            continue
        found = [
            _of_marks([m for m in both if m.controlled == hard], network, n_accounts, hard=hard)
            for hard in (True, False)
            if any(m.controlled == hard for m in both)
        ]
        out.append(_summed(f"whoever ran {name}", found, prior_bits=_prior(len(earlier))))
    return out


def _of_marks(marks: Sequence[Mark], network: Network, n_accounts: int, *, hard: bool) -> Indicator:
    held = min(sum(m.n_accounts for m in marks), len(network.accounts))
    k, n_others = len(network.accounts), n_accounts - len(network.accounts)
    q = (max(m.n_outside for m in marks) + 0.5) / (n_others + 1)
    bits = math.log2((held + 2 * q) / (k + 2) / q) + math.log2(SHOWS_SHARE)
    views = ", ".join(sorted({m.view.replace("_", " ") for m in marks}))
    return Indicator(
        kind="earlier records" if hard else "templates",
        bits=min(max(bits, 0.0), 10.0 if hard else CEILINGS["templates"]),
        says=f"{views}: {len(marks):,} rare value{'s' if len(marks) != 1 else ''} of both, held by"
        f" {held:,} of the {k:,} accounts here",
    )


def _summed(name: str, found: Sequence[Indicator], *, prior_bits: float) -> Attribution:
    """Add the best of each family to the prior; what can be copied is bounded together."""
    best: dict[str, Indicator] = {}
    for one in found:
        family = FAMILY_OF_NAME[one.kind]
        if family not in best or one.bits > best[family].bits:
            best[family] = one
    counted = {id(one) for one in best.values()}
    copyable = math.fsum(one.bits for family, one in best.items() if family not in HARD)
    hard = math.fsum(one.bits for family, one in best.items() if family in HARD)
    bound = min(copyable, COPYABLE_BITS)
    words = "likelier" if prior_bits + hard + bound > 0 else "less likely"
    says = f"{words} than somebody unknown, from a prior of {prior_bits:+.1f} bits"
    if bound < copyable:
        says += f"; what anybody can copy would say {copyable:+.1f} bits and counts {bound:+.1f} at most"
    if hard <= 0 and copyable > 0:
        says += "; nothing in it that could not be copied to frame somebody"
    return Attribution(
        actor=name,
        bits=prior_bits + hard + bound,
        says=says,
        prior_bits=prior_bits,
        indicators=tuple(
            Indicator(kind=i.kind, bits=i.bits, says=i.says, counted=id(i) in counted)
            for i in sorted(found, key=lambda i: (-i.bits, i.kind))
        ),
    )


def earlier_campaigns(
    networks: Sequence[Network], campaigns: Sequence[Campaign], lives: Sequence[Life]
) -> dict[str, tuple[str, tuple[Mark, ...]]]:
    """
    Return other campaigns' marks by network: of this scan's, and of lives that it does not show.

    A life that this log shows again is told once, as this log shows it, so that a log which is
    scanned twice says the same.
    """
    by_id = {network.id: network for network in networks}
    now = {c.network: (c.id, by_id[c.network].marks) for c in campaigns}
    gone = {
        life.network: (told[-1].campaign or "", tuple(m for c in life.chapters for m in c.marks))
        for life in lives
        if life.network not in by_id
        for told in [[chapter for chapter in life.chapters if chapter.campaign]]
        if told
    }
    return {**gone, **now}
