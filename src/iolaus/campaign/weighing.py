"""One flow's traffic beside everybody else's -> the terms of a claim, and their sum."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.campaign.traffic import Ints
from iolaus.contracts import Background, InnocentSignal, Pool, PoolSignal
from iolaus.schema import Evidence, Explanation

DAY_US = 86_400e6
POOL_ROWS = 20_000  # a mean over twenty thousand rows is known to a hundredth


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """A claim's terms: prior, evidence counted and not, the explanations, and the sum."""

    prior_bits: float
    evidence: tuple[Evidence, ...]
    explanations: tuple[Explanation, ...]
    bits: float

    def of(self, family: str) -> float:
        """Return what a family of evidence counts for, 0 where it says nothing."""
        return math.fsum(e.bits for e in self.evidence if e.family == family and e.counted)

    def left_out(self, family: str, *, why: str) -> Weighing:
        """Return the sum without what a family says for the claim; what it says against stays."""
        gone = [e for e in self.evidence if e.family == family and e.counted and e.bits > 0]
        evidence = tuple(
            dataclasses.replace(e, counted=False, why_not_counted=why) if e in gone else e
            for e in self.evidence
        )
        bits = self.bits - math.fsum(e.bits for e in gone)
        return dataclasses.replace(self, evidence=evidence, bits=bits)


def pool_of(table: pa.Table, members: pa.Table, *, own_share: float | None = None) -> Pool:
    """Sample a pool by hash of the exchange; totals stay exact."""
    at = table["at"].cast(pa.int64()).to_numpy()
    ids = table["id"].to_numpy()
    if len(ids) > POOL_ROWS:
        table = table.take(np.sort(np.argsort(ids, kind="stable")[:POOL_ROWS]))
    return Pool(
        fingerprints=table,
        accounts=members,
        n_exchanges=len(ids),
        n_accounts=len(np.unique(table["account"].to_numpy())),
        days=float((at.max() - at.min()) / DAY_US) if len(at) else 0.0,
        own_share=own_share,
    )


def explained(
    pool: Pool, background: Background, innocents: Sequence[InnocentSignal]
) -> tuple[Explanation, ...]:
    """Weigh every innocent cause; best first."""
    found = [signal.explain(pool, background) for signal in innocents]
    return tuple(sorted((e for e in found if e is not None), key=lambda e: (-e.gap_bits, e.name)))


def weigh(
    pool: Pool,
    background: Background,
    *,
    prior_bits: float,
    signals: Sequence[PoolSignal],
    innocents: Sequence[InnocentSignal],
) -> Weighing:
    """
    Add up a claim: prior, the best signal a family, less the best innocent explanation.

    Innocent causes compete with each other, so only the best is subtracted, with what it explains
    of the evidence; those with a negative gap are shown and change nothing.
    """
    asked = [signal for signal in signals if signal.claim == "extraction"]
    evidence = _best_by_family([signal.weigh(pool, background) for signal in asked])
    found = [_competing(cause, evidence) for cause in explained(pool, background, innocents)]
    explanations = tuple(sorted(found, key=lambda e: (-e.gap_bits, e.name)))
    gap = max([0.0, *(e.gap_bits for e in explanations)])
    bits = prior_bits + math.fsum(e.bits for e in evidence if e.counted) - gap
    return Weighing(prior_bits=prior_bits, evidence=evidence, explanations=explanations, bits=bits)


def _competing(cause: Explanation, evidence: Sequence[Evidence]) -> Explanation:
    """
    Return the cause with what it takes from the evidence that it explains as well.

    Where a share s of those who look so would show the evidence anyway, its b bits weigh
    log2 (1 + s (2^b - 1)) less: against a mixture, not against strangers alone.
    """
    taken = math.fsum(
        math.log2(1 + share * (2.0**e.bits - 1))
        for family, share in cause.explains
        for e in evidence
        if e.family == family and e.counted and e.bits > 0
    )
    if not taken:
        return cause
    return dataclasses.replace(
        cause,
        gap_bits=cause.gap_bits + taken,
        says=f"{cause.says}, and ask for the same ({taken:.1f} of these bits)",
    )


def _best_by_family(found: Sequence[Evidence | None]) -> tuple[Evidence, ...]:
    kept = [e for e in found if e is not None]
    best: dict[str, Evidence] = {}
    for e in kept:
        if e.counted and (e.family not in best or e.bits > best[e.family].bits):
            best[e.family] = e
    return tuple(
        e
        if not e.counted or best[e.family] is e
        else dataclasses.replace(
            e,
            counted=False,
            why_not_counted=f"one term a family counts, and of {e.family} that is "
            f"{best[e.family].signal.replace('_', ' ')}",
        )
        for e in kept
    )


def without(background: Background, accounts: Ints) -> Background:
    """Leave accounts out of a background that turned out to be no strangers."""
    if not len(accounts):
        return background
    gone = pa.array(accounts)
    rows, others = (
        table.filter(pc.invert(pc.is_in(table["account"].cast(pa.int64()), value_set=gone)))
        for table in (background.fingerprints, background.accounts)
    )
    return Background(
        fingerprints=rows,
        accounts=others,
        n_exchanges=rows.num_rows,
        n_accounts=len(np.unique(rows["account"].to_numpy())),
    )
