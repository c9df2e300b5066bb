"""A campaign -> the steps of its two sums, as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass

from iolaus.schema import Campaign, Claim, Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One term of a sum, or one that was left out and why."""

    claim: Claim
    bits: float
    says: str
    counted: bool = True


def explain(campaign: Campaign) -> tuple[Step, ...]:
    """
    Return the terms of both claims: prior, what counts, what does not, innocent causes.

    The counted steps of a claim add up to the campaign's bits for it, to rounding.
    """
    best = min(campaign.explanations, key=lambda e: (-e.gap_bits, e.name), default=None)
    steps = [
        Step(
            claim="coordination",
            bits=campaign.prior_bits,
            says="before any evidence: an account drawn at random is in this network",
        ),
        *_steps(campaign.evidence, "coordination"),
        Step(
            claim="extraction",
            bits=campaign.extraction_prior_bits,
            says="before any evidence: a flow of a network like this harvests",
        ),
        *_steps(campaign.evidence, "extraction"),
    ]
    if best is not None and best.gap_bits > 0:
        name = best.name.replace("_", " ")
        steps.append(
            Step(
                claim="extraction",
                bits=-best.gap_bits,
                says=f"innocent cause, {name}: {best.says}",
            )
        )
    return tuple(steps)


def _steps(evidence: tuple[Evidence, ...], claim: Claim) -> list[Step]:
    chosen = [e for e in evidence if e.claim == claim]
    chosen.sort(key=lambda e: (not e.counted, -e.bits, e.signal))
    return [
        Step(
            claim=claim,
            bits=e.bits,
            says=e.says if e.counted else f"{e.says.rstrip('.')}. Not counted: {e.why_not_counted}",
            counted=e.counted,
        )
        for e in chosen
    ]
