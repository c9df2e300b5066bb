"""A campaign or a cleared network, and a claim -> the steps of its waterfall of bits.

Prior, every term that counts, the best innocent cause, total, threshold; then the terms that do
not count, and why. `iolaus.explain` tells the same of a campaign in the library; a test holds
both against each other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from iolaus.schema import (
    Campaign,
    Claim,
    Cleared,
    Evidence,
    Explanation,
    Member,
    Network,
    Report,
)

Kind = Literal["prior", "counted", "competing", "total", "uncounted"]

NEGLIGIBLE_BITS = 0.05
"""Below what is printed: bits are shown with one decimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row: `bits` long, from `start_bits` on; an uncounted one starts at zero."""

    kind: Kind
    label: str
    says: str
    bits: float
    start_bits: float
    family: str = ""
    controlled: bool = False

    @property
    def end_bits(self) -> float:
        """Where the next step starts."""
        return self.start_bits + self.bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """The steps of one claim."""

    claim: Claim
    steps: tuple[Step, ...]
    uncounted: tuple[Step, ...]
    total_bits: float
    threshold_bits: float | None


def campaign_waterfall(campaign: Campaign, claim: Claim, report: Report | None = None) -> Waterfall:
    """Return how the campaign's bits on one claim come about."""
    coordination = claim == "coordination"
    prior_bits = campaign.prior_bits if coordination else campaign.extraction_prior_bits
    total_bits = campaign.coordination_bits if coordination else campaign.extraction_bits
    return _waterfall(
        claim,
        evidence=campaign.evidence,
        prior_bits=prior_bits,
        total_bits=total_bits,
        explanations=campaign.explanations,
        threshold_bits=threshold_of(report, claim),
    )


def cleared_waterfalls(
    case: Cleared, network: Network | None, report: Report | None = None
) -> tuple[Waterfall, ...]:
    """Return how a cleared network's bits come about: both claims, where both were weighed."""
    evidence = case.evidence or (network.evidence if network else ())
    together = _waterfall(
        "coordination",
        evidence=evidence,
        prior_bits=network.prior_bits if network else None,
        total_bits=case.coordination_bits,
        explanations=case.explanations,
        threshold_bits=threshold_of(report, "coordination"),
    )
    if case.extraction_bits is None:
        return (together,)
    harvest = _waterfall(
        "extraction",
        evidence=evidence,
        prior_bits=dict(report.thresholds).get(FLOW_PRIOR) if report else None,
        total_bits=case.extraction_bits,
        explanations=case.explanations,
        threshold_bits=threshold_of(report, "extraction"),
    )
    return together, harvest


def network_waterfall(network: Network, report: Report | None = None) -> Waterfall:
    """Return how a network's bits of coordination come about."""
    return _waterfall(
        "coordination",
        evidence=network.evidence,
        prior_bits=network.prior_bits,
        total_bits=network.coordination_bits,
        explanations=network.explanations,
        threshold_bits=threshold_of(report, "coordination"),
    )


def member_waterfall(member: Member) -> Waterfall | None:
    """Return how one member's own bits come about; None where its terms were not kept."""
    tally = member.tally
    if tally is None:
        return None
    steps = [_step("prior", "prior", PRIOR_SAYS["coordination"], tally.prior_bits, 0.0)]
    for family, view, bits in tally.families:
        step = _step("counted", view.replace("_", " "), MEMBER_SAYS, bits, _end(steps))
        steps.append(dataclasses.replace(step, family=family))
    spoken = {view for _, view, _ in tally.families}
    alone = [
        _step("uncounted", name.replace("_", " "), MEMBER_SILENT_SAYS, bits, 0.0)
        for name, bits in tally.views
        if name not in spoken
    ]
    steps.append(_step("total", "total", MEMBER_TOTAL_SAYS, member.coordination_bits, 0.0))
    return Waterfall(
        claim="coordination",
        steps=tuple(steps),
        uncounted=tuple(alone),
        total_bits=member.coordination_bits,
        threshold_bits=tally.line_bits,
    )


def best_cause(explanations: tuple[Explanation, ...]) -> Explanation | None:
    """
    Return the innocent cause that is taken from the claim of harvesting, if one is ahead.

    Innocent causes exclude each other, so that only the best is subtracted.
    """
    best = min(explanations, key=lambda e: (-e.gap_bits, e.name), default=None)
    return best if best is not None and best.gap_bits > 0 else None


def threshold_of(report: Report | None, claim: Claim) -> float | None:
    """Return the bits that the claim must reach, as the report states them."""
    stated: Mapping[str, float] = dict(report.thresholds) if report else {}
    return stated.get(THRESHOLDS[claim])


def _waterfall(
    claim: Claim,
    *,
    evidence: tuple[Evidence, ...],
    prior_bits: float | None,
    total_bits: float,
    explanations: tuple[Explanation, ...],
    threshold_bits: float | None,
) -> Waterfall:
    mine = [item for item in evidence if item.claim == claim]
    steps: list[Step] = []
    if prior_bits is not None:
        steps.append(_step("prior", "prior", PRIOR_SAYS[claim], prior_bits, 0.0))
    for item in sorted((e for e in mine if e.counted), key=lambda e: (-e.bits, e.signal)):
        steps.append(_evidence_step(item, _end(steps)))
    best = best_cause(explanations) if claim == "extraction" else None
    if best is not None:
        says = f"{best.name.replace('_', ' ')}: {best.says}"
        steps.append(_step("competing", "innocent cause", says, -best.gap_bits, _end(steps)))
    rest_bits = total_bits - _end(steps)
    if abs(rest_bits) >= NEGLIGIBLE_BITS:
        steps.append(_step("competing", "bound", BOUND_SAYS, rest_bits, _end(steps)))
    steps.append(_step("total", "total", TOTAL_SAYS[claim], total_bits, 0.0))
    return Waterfall(
        claim=claim,
        steps=tuple(steps),
        uncounted=tuple(
            _evidence_step(e, 0.0)
            for e in sorted((e for e in mine if not e.counted), key=lambda e: (-e.bits, e.signal))
        ),
        total_bits=total_bits,
        threshold_bits=threshold_bits,
    )


THRESHOLDS: dict[Claim, str] = {
    "coordination": "member_margin_bits",
    "extraction": "accept_bits",
}
"""Which setting each claim is held against."""

FLOW_PRIOR = "flow_prior_bits"
"""The setting that a cleared network's harvest claim starts from."""

PRIOR_SAYS: dict[Claim, str] = {
    "coordination": "before any evidence: an account drawn at random is in this network",
    "extraction": "before any evidence: a flow of a network like this harvests",
}
TOTAL_SAYS: dict[Claim, str] = {
    "coordination": "that a typical account of it is run with the others",
    "extraction": "that its main flow is gathered to train another model",
}
MEMBER_SAYS = "what it shares with the other members there, beside what others share"
MEMBER_SILENT_SAYS = "one term a family counts, and another view of its family says more"
MEMBER_TOTAL_SAYS = "that this account is run with the others"
BOUND_SAYS = "the sum of the terms may not claim more, or less, than this leaves"


def _step(kind: Kind, label: str, says: str, bits: float, start_bits: float) -> Step:
    return Step(kind=kind, label=label, says=says, bits=bits, start_bits=start_bits)


def _evidence_step(item: Evidence, start_bits: float) -> Step:
    return Step(
        kind="counted" if item.counted else "uncounted",
        label=item.signal.replace("_", " "),
        says=_sentence(item),
        bits=item.bits,
        start_bits=start_bits,
        family=item.family,
        controlled=item.controlled,
    )


def _sentence(item: Evidence) -> str:
    """Return what the evidence says and, where it does not count, why."""
    if item.counted or not item.why_not_counted:
        return item.says
    return f"{item.says.rstrip('.')}. Not counted: {item.why_not_counted}"


def _end(steps: list[Step]) -> float:
    return steps[-1].end_bits if steps else 0.0
