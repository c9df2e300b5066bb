"""Networks and their traffic -> campaigns and the cleared, on two separate claims."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from iolaus.campaign.flows import LEAST_RECIPE, dealt_share, flow_labels, without_strays
from iolaus.campaign.separation import Separation, flow_rows, separate
from iolaus.campaign.sessions import chained
from iolaus.campaign.traffic import NO_ACCOUNTS, Bools, Ints, Traffic
from iolaus.campaign.weighing import Weighing, pool_of, weigh, without
from iolaus.contracts import Background, InnocentSignal, PoolSignal
from iolaus.schema import FlowVerdict

ALL_OWN = 0.9  # less than a tenth may be customers', strays and late turns included
OTHERS_DEALT = 2  # one more bulk job may be the same hand's
UNREAD_POINTS = 40.0  # innocent flows and harvests lie closer together than that
PART_BITS = 3.0  # a flow that is eight times likelier innocent than not is no part of the whole


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
    suspects: Ints = NO_ACCOUNTS,
) -> Judged:
    """
    Separate a network's own sessions, form flows, and weigh each flow's extraction claim.

    `suspects` are accounts outside that may be no strangers; those that carry the network's own
    recipe are no background for it either.

    Evidence that describes the network (concealment) is weighed once a flow as well, so that
    every flow's sum can be read alone. Flows never lend each other bits.
    """
    inside, outside = chained(
        inside,
        outside,
        lift_bits=settings.lift_bits,
        support=settings.lift_support,
        suspects=suspects,
    )
    separation = separate(
        inside,
        outside,
        lift_bits=settings.lift_bits,
        support=settings.lift_support,
        stranger_share=settings.formation_share,
        suspects=suspects,
    )
    label = without_strays(
        flow_labels(inside, separation), inside.account, share=settings.stranger_share
    )
    scales = _Scales(
        members=members,
        background=without(background, separation.missed),
        signals=signals,
        innocents=innocents,
        own_share=dealt_share(label, inside.account),
        settings=settings,
    )
    flows = _judged_flows(inside, separation, label, scales)
    return Judged(traffic=inside, flows=flows)


def _judged_flows(
    inside: Traffic, separation: Separation, label: Ints, scales: _Scales
) -> tuple[JudgedFlow, ...]:
    """Judge each flow alone, and where the accounts have no customers all of them as one too."""
    settings = scales.settings
    flows = []
    for f in range(int(label.max()) + 1 if len(label) else 0):
        rows = np.flatnonzero(label == f)
        kept, strangers = flow_rows(inside, separation, rows, limit=settings.stranger_share)
        flows.append(_judged_flow(kept, strangers, inside, scales))
    if scales.own_share < ALL_OWN:
        flows = _beside_others(flows, settings)
    elif len(flows) > 1:
        whole = scales.weighed(inside.table.take(np.flatnonzero(label >= 0)))
        flows = [_as_part(flow, whole, settings) for flow in flows]
    return tuple(flows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scales:
    """What every flow of one network is weighed with."""

    members: pa.Table
    background: Background
    signals: Sequence[PoolSignal]
    innocents: Sequence[InnocentSignal]
    own_share: float
    settings: ClaimSettings

    def weighed(self, rows: pa.Table) -> Weighing:
        return weigh(
            pool_of(rows, self.members, own_share=self.own_share),
            self.background,
            prior_bits=self.settings.flow_prior_bits,
            signals=self.signals,
            innocents=self.innocents,
        )


def _beside_others(flows: list[JudgedFlow], settings: ClaimSettings) -> list[JudgedFlow]:
    """
    Let dealing a job out say nothing in a pool that deals out others' jobs just so.

    A reseller's balancer scatters every customer's batch. Where two jobs that do not harvest, and
    ask for nothing that a harvest would, are dealt out, that a third is tells nothing of it.
    """
    is_dealt = [
        flow.weighing.bits <= settings.accept_bits - 1.0
        and flow.weighing.of("sharding") >= 1.0
        and flow.weighing.of("text") <= 0.0
        for flow in flows
    ]
    if sum(is_dealt) < OTHERS_DEALT:
        return flows
    return [
        flow if dealt else _but_for_dealing(flow, settings)
        for flow, dealt in zip(flows, is_dealt, strict=True)
    ]


def _but_for_dealing(flow: JudgedFlow, settings: ClaimSettings) -> JudgedFlow:
    weighing = flow.weighing.left_out(
        "sharding", why="jobs that do not harvest are dealt out over these accounts just so"
    )
    if flow.verdict != "extraction" or weighing.bits > settings.accept_bits:
        return dataclasses.replace(flow, weighing=weighing)
    return dataclasses.replace(
        flow,
        weighing=weighing,
        verdict="bulk, not attributed",
        says=(
            f"its own sum for harvesting is {weighing.bits:+.1f} bits: that it is dealt out says"
            " nothing where others' jobs are too"
        ),
    )


def _as_part(flow: JudgedFlow, whole: Weighing, settings: ClaimSettings) -> JudgedFlow:
    """
    Let a flow that fell short stand as a part of the network's one business.

    Where the accounts have no customers there is nobody else whose job a flow could be: one hand
    wrote all its recipes, and all of them together are weighed once. A flow that speaks
    against a harvest more than for it, or strangers send, stays what it is.
    """
    short = settings.accept_bits - flow.weighing.bits
    if (
        flow.verdict == "extraction"
        or whole.bits <= settings.accept_bits
        or short > PART_BITS
        or flow.stranger_share > settings.stranger_share
    ):
        return flow
    return dataclasses.replace(
        flow,
        verdict="extraction",
        says=(
            f"alone it stands at {flow.weighing.bits:+.1f} bits; these accounts send nothing but "
            f"recipes of their own, and all of those together stand at {whole.bits:+.1f}"
        ),
    )


def _judged_flow(rows: Ints, stranger_share: float, inside: Traffic, scales: _Scales) -> JudgedFlow:
    weighing = scales.weighed(inside.table.take(rows))
    verdict, says = _verdict(
        len(np.unique(inside.session[rows])),
        n_exchanges=len(rows),
        weighing=weighing,
        stranger_share=stranger_share,
        settings=scales.settings,
    )
    return JudgedFlow(
        rows=rows, stranger_share=stranger_share, weighing=weighing, verdict=verdict, says=says
    )


def _verdict(
    n_sessions: int,
    *,
    n_exchanges: int,
    weighing: Weighing,
    stranger_share: float,
    settings: ClaimSettings,
) -> tuple[FlowVerdict, str]:
    """Judge a flow, and say why in words."""
    bits = weighing.bits
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
    unread = _unread(weighing, n_exchanges)
    if unread is not None:
        return "insufficient data", unread
    return "extraction", "its claim of harvesting stands, and strangers hardly send its like"


def _unread(weighing: Weighing, n_exchanges: int) -> str | None:
    """
    Say where the prompts were read and too few of them to know what they ask for.

    How a small pool is used makes no harvest by itself: a reseller deals a customer's batch of
    judging out just so, and in a small flow nothing of its use can be told that would speak
    against it. A log without text has nothing to be read, and is judged by use alone.
    """
    for evidence in weighing.evidence:
        facts = dict(evidence.facts)
        if evidence.family == "text" and evidence.bits > 0:
            return None
        if {"at_least", "at_most"} <= facts.keys():
            low, high = float(facts["at_least"]), float(facts["at_most"])
            if high - low > UNREAD_POINTS:
                return (
                    f"what it asks for is not known well enough yet: its score lies between {low:.0f}"
                    f" and {high:.0f} of 100"
                )
            if n_exchanges < LEAST_RECIPE:
                return (
                    f"what it asks for does not tell, and its use cannot in {n_exchanges} exchanges;"
                    f" {LEAST_RECIPE} are needed"
                )
    return None


def attributed(judged: Judged) -> Bools:
    """Return per row whether it belongs to a flow whose extraction claim stands."""
    out = np.zeros(judged.traffic.n_rows, dtype=bool)
    for flow in judged.extracting:
        out[flow.rows] = True
    return out
