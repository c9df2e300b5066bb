"""Networks and their traffic -> campaigns and the cleared, on two separate claims."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from iolaus.campaign.flows import flow_labels
from iolaus.campaign.separation import flow_rows, separate
from iolaus.campaign.sessions import chained
from iolaus.campaign.traffic import Bools, Ints, Traffic
from iolaus.contracts import Background, InnocentSignal, Pool, PoolSignal
from iolaus.schema import Evidence, Explanation, FlowVerdict

DAY_US = 86_400e6
POOL_ROWS = 20_000  # a mean over twenty thousand rows is known to a hundredth


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSettings:
    """What the extraction claim may be told; defaults and their births stand in config.py."""

    lift_bits: float
    lift_support: int
    formation_share: float
    stranger_share: float
    least_exchanges: int
    flow_prior_bits: float
    lone_prior_bits: float
    accept_bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """A claim's terms: prior, evidence counted and not, the explanations, and the sum."""

    prior_bits: float
    evidence: tuple[Evidence, ...]
    explanations: tuple[Explanation, ...]
    bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFlow:
    """One flow: its rows within the network's traffic, strangers among them, its claim, and why."""

    rows: Ints
    stranger_share: float
    weighing: Weighing
    verdict: FlowVerdict
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A network's traffic, separated and judged."""

    traffic: Traffic
    flows: tuple[JudgedFlow, ...]

    @property
    def extracting(self) -> tuple[JudgedFlow, ...]:
        """The flows whose own extraction claim stands."""
        return tuple(flow for flow in self.flows if flow.verdict == "extraction")


def judge(
    inside: Traffic,
    outside: Traffic,
    *,
    members: pa.Table,
    background: Background,
    signals: Sequence[PoolSignal],
    innocents: Sequence[InnocentSignal],
    settings: ClaimSettings,
) -> Judged:
    """
    Separate a network's own sessions, form flows, and weigh each flow's extraction claim.

    Evidence that describes the network (concealment) is weighed once a flow as well, so that
    every flow's sum can be read alone. Flows never lend each other bits.
    """
    inside, outside = chained(
        inside, outside, lift_bits=settings.lift_bits, support=settings.lift_support
    )
    separation = separate(
        inside,
        outside,
        lift_bits=settings.lift_bits,
        support=settings.lift_support,
        stranger_share=settings.formation_share,
    )
    label = flow_labels(inside, separation)
    flows = [
        _judged_flow(
            *flow_rows(
                inside, separation, np.flatnonzero(label == f), limit=settings.stranger_share
            ),
            inside,
            own_share=float((label >= 0).mean()),
            members=members,
            background=background,
            signals=signals,
            innocents=innocents,
            settings=settings,
        )
        for f in range(int(label.max()) + 1 if len(label) else 0)
    ]
    return Judged(traffic=inside, flows=tuple(flows))


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


def _judged_flow(
    rows: Ints,
    stranger_share: float,
    inside: Traffic,
    *,
    own_share: float,
    members: pa.Table,
    background: Background,
    signals: Sequence[PoolSignal],
    innocents: Sequence[InnocentSignal],
    settings: ClaimSettings,
) -> JudgedFlow:
    pool = pool_of(inside.table.take(rows), members, own_share=own_share)
    weighing = weigh(
        pool,
        background,
        prior_bits=settings.flow_prior_bits,
        signals=signals,
        innocents=innocents,
    )
    n_sessions = len(np.unique(inside.session[rows]))
    verdict, says = _verdict(
        n_sessions, bits=weighing.bits, stranger_share=stranger_share, settings=settings
    )
    return JudgedFlow(
        rows=rows, stranger_share=stranger_share, weighing=weighing, verdict=verdict, says=says
    )


def _verdict(
    n_sessions: int, *, bits: float, stranger_share: float, settings: ClaimSettings
) -> tuple[FlowVerdict, str]:
    """Judge a flow, and say why in words."""
    if n_sessions < settings.least_exchanges:
        return "insufficient data", (
            f"{n_sessions} session{'s are' if n_sessions != 1 else ' is'} too few to judge,"
            f" {settings.least_exchanges} are needed"
        )
    if bits <= settings.accept_bits:
        return "bulk, not attributed", (
            f"its own sum for harvesting, {bits:+.1f} bits, is not above {settings.accept_bits:g}"
        )
    if stranger_share > settings.stranger_share:
        return "bulk, not attributed", (
            f"{stranger_share:.1%} of it may be strangers' requests, more than the"
            f" {settings.stranger_share:.1%} that may be attributed"
        )
    return "extraction", "its claim of harvesting stands, and strangers hardly send its like"


def attributed(judged: Judged) -> Bools:
    """Return per row whether it belongs to a flow whose extraction claim stands."""
    out = np.zeros(judged.traffic.n_rows, dtype=bool)
    for flow in judged.extracting:
        out[flow.rows] = True
    return out
