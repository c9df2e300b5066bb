"""Figures -> a believable Report: two campaigns, two cleared networks; or an empty one."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from iolaus.schema import (
    Attribution,
    Beat,
    Campaign,
    Claim,
    Cleared,
    Evidence,
    Explanation,
    Flow,
    Indicator,
    InputSummary,
    Member,
    Network,
    Origin,
    Phase,
    Pivot,
    Report,
    Tally,
    Target,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
SIGNALS = ("payment", "template", "infrastructure", "synchrony", "handover")


def account(i: int) -> str:
    """Return a keyed hash as the pipeline writes them."""
    return f"a{(i * 0x9E3779B97F4A7C15) % 2**64:016x}"


def evidence(signal: str, bits: float, **changes: object) -> Evidence:
    """Return one piece of evidence."""
    made = Evidence(
        signal=signal,
        version=1,
        claim="coordination",
        family="money",
        bits=bits,
        says=f"41 of 48 accounts share {signal} with another member; outside 1 in 9,100 does.",
        facts=(("holders", 41), ("outside_share", 0.00011), ("hub", False), ("kind", "card")),
        example_ids=("e00000000000000a1", "e00000000000000a2"),
        controlled=signal == "payment",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def harvest(signal: str, bits: float, says: str, **changes: object) -> Evidence:
    """Return one piece of evidence for extraction."""
    claim: Claim = "extraction"
    return evidence(signal, bits, claim=claim, says=says, **changes)


def flow(i: int, *, verdict: str = "extraction", capability: str = "reasoning") -> Flow:
    """Return one flow."""
    return Flow(
        id=f"f-{i:012x}",
        template_family=f"t{i:015x}",
        capability=capability,
        n_exchanges=9_000 // (i + 1),
        n_accounts=44 - i,
        first_at=START + timedelta(hours=7),
        last_at=START + timedelta(days=6, hours=20),
        extraction_bits=12.5 - 4 * i,
        verdict=verdict,  # type: ignore[arg-type]
    )


def members(n: int) -> tuple[Member, ...]:
    """Return n members, three in four of them extractors."""
    roles = ("extractor", "extractor", "extractor", "mixed", "extractor", "member")
    shares = {"extractor": 0.93, "mixed": 0.31, "member": 0.0}
    return tuple(
        Member(
            account=account(i),
            role=roles[i % 6],  # type: ignore[arg-type]
            coordination_bits=18.0 - (i % 13) * 0.7,
            extraction_bits=9.0 - (i % 7) * 1.3,
            n_exchanges=220 - i % 50,
            campaign_share=shares[roles[i % 6]] * (1 - (i % 5) / 60),
            strongest=SIGNALS[(i * i) % len(SIGNALS)],
            tally=tally(18.0 - (i % 13) * 0.7, n_stays=100 - (i % 7) * 6),
        )
        for i in range(n)
    )


def tally(bits: float, *, n_stays: int | None = 100) -> Tally:
    """Return a member's own sum that comes to `bits`, money and text in it."""
    return Tally(
        prior_bits=-9.0,
        line_bits=8.0,
        families=(("text", "template", bits), ("money", "payment", 9.0)),
        views=(("template", bits), ("payment", 9.0), ("synchrony", 2.5)),
        controlled_bits=0.0,
        without_value_bits=bits - 9.0 if n_stays is not None else None,
        value_holders=12 if n_stays is not None else None,
        n_stays=n_stays,
        n_resamples=100 if n_stays is not None else None,
    )


def timeline(days: int) -> tuple[Beat, ...]:
    """Return six-hour bars that grow and then swing."""
    return tuple(
        Beat(
            at=START + timedelta(hours=6 * i),
            n_exchanges=round(220 + 14 * i + 90 * math.sin(i / 2)),
            n_accounts=12 + i,
        )
        for i in range(days * 4)
    )


def campaign(i: int = 0, *, n_accounts: int = 48) -> Campaign:
    """Return a campaign with everything in it."""
    people = members(n_accounts)
    return Campaign(
        id=f"c-{0x3F9A0B + i * 0x111111:012x}",
        network=f"n-{0x77AB00 + i * 0x101:012x}",
        accounts=tuple(m.account for m in people if m.role != "member"),
        flows=(
            flow(0),
            flow(1, capability="rubric_grading"),
            flow(2, verdict="bulk, not attributed", capability="other"),
            flow(3, verdict="insufficient data", capability="coding"),
        ),
        start_at=START + timedelta(hours=7),
        end_at=START + timedelta(days=6, hours=20),
        n_exchanges=13_500,
        targets=(
            Target(capability="reasoning", n_exchanges=9_000, share=0.667),
            Target(capability="rubric_grading", n_exchanges=4_500, share=0.333),
        ),
        prior_bits=-17.0,
        coordination_bits=23.4,
        extraction_prior_bits=-10.0,
        extraction_bits=6.1,
        evidence=_campaign_evidence(),
        explanations=_campaign_explanations(),
        bystander_share=0.212,
        members=people,
        phases=_phases(),
        pivots=_pivots(),
        attributions=_attributions(),
        timeline=timeline(7),
    )


def _attributions() -> tuple[Attribution, ...]:
    return (
        Attribution(
            actor="the pool of March",
            bits=3.2,
            says="likelier than somebody unknown, from a prior of -3.2 bits",
            prior_bits=-3.2,
            indicators=(
                Indicator(kind="payments", bits=7.4, says="payments: 41 of 48 show it"),
                Indicator(kind="countries", bits=-1.0, says="none show it", counted=False),
            ),
        ),
        Attribution(actor="nobody known", bits=0.0, says="the yardstick."),
    )


def _phases() -> tuple[Phase, ...]:
    return (
        Phase(
            name="reasoning",
            start_at=START + timedelta(hours=7),
            end_at=START + timedelta(days=4),
            n_exchanges=9_000,
        ),
        Phase(
            name="rubric_grading",
            start_at=START + timedelta(days=4),
            end_at=START + timedelta(days=6, hours=20),
            n_exchanges=4_500,
        ),
    )


def _pivots() -> tuple[Pivot, ...]:
    return (
        Pivot(
            model="lumen-4",
            at=START + timedelta(days=4),
            share_before=0.02,
            share_after=0.61,
            population_share_after=0.08,
        ),
    )


def _campaign_evidence() -> tuple[Evidence, ...]:
    return (
        evidence("payment", 21.4),
        evidence("template", 13.9, family="text", controlled=False),
        evidence("infrastructure", 6.2, family="place", controlled=False),
        evidence(
            "synchrony",
            4.4,
            family="time",
            counted=False,
            why_not_counted="the template explains the same minutes.",
        ),
        evidence("client", -1.1, family="client", controlled=False),
        harvest("elicitation", 11.2, "83 % of sessions ask for the reasoning.", family="text"),
        harvest("machine_rhythm", 5.1, "No night and no weekend in 7 days.", family="time"),
        harvest("harvest_value", 2.1, "Median output 1,900 tokens.", family="content"),
        harvest(
            "pivot",
            2.0,
            "Half moved to lumen-4 within a day.",
            family="time",
            counted=False,
            why_not_counted="joint switching is coordination.",
        ),
    )


def _campaign_explanations() -> tuple[Explanation, ...]:
    return (
        Explanation(
            name="shared_egress",
            gap_bits=-14.2,
            says="A corporate egress would not share payment across 9 organisations.",
            facts=(("organizations", 9),),
        ),
        Explanation(
            name="public_template", gap_bits=2.3, says="Nine outsiders use the template as well."
        ),
        Explanation(name="coursework", gap_bits=-22.0, says="A class does not run for 7 days."),
    )


def network(i: int = 0, *, n_accounts: int = 48, together: bool = True) -> Network:
    """Return a network; the id is that of `campaign(i)`."""
    return Network(
        id=f"n-{0x77AB00 + i * 0x101:012x}",
        accounts=tuple(account(j) for j in range(n_accounts)),
        first_seen_at=START,
        last_seen_at=START + timedelta(days=7),
        n_exchanges=17_100,
        prior_bits=-17.0,
        coordination_bits=23.4,
        together=together,
        words="run together" if together else "same recipe, not shown to be together",
        evidence=_campaign_evidence()[:5],
        explanations=_campaign_explanations(),
        stability_share=0.97,
        sweep=((4.0, 51), (6.0, 49), (8.0, 48), (10.0, 44), (12.0, 31)),
        grew_from=("n-00000000beef",),
        origins=(
            Origin(network="n-00000000beef", how="regrown", says="2 of payment were its own"),
        ),
    )


def cleared(i: int = 10, *, watch: bool = False) -> Cleared:
    """Return a network that was weighed and is in no campaign."""
    return Cleared(
        network=f"n-{0x77AB00 + i * 0x101:012x}",
        n_accounts=212,
        n_exchanges=48_210,
        reason="organisation",
        says="One vetted organisation explains what they share better than a hidden operator.",
        coordination_bits=-6.4,
        extraction_bits=None if i % 2 else -8.8,
        evidence=(evidence("infrastructure", 12.1, family="place", controlled=False),),
        explanations=(
            Explanation(name="organisation", gap_bits=9.7, says="All 212 are one vetted firm."),
        ),
        watch=watch,
    )


def report(*, n_accounts: int = 48) -> Report:
    """Return a report of two campaigns, the second with many accounts where asked."""
    return Report(
        version="0.1.0",
        settings_digest="5e1f0c2ab9d47e11",
        summary=InputSummary(
            n_exchanges=1_204_331,
            n_accounts=18_422,
            n_rejected=37,
            rejected_by_reason=(("duplicate id", 30), ("not JSON", 7)),
            skipped_files=("logs/README.txt",),
            first_at=START,
            last_at=START + timedelta(days=7),
            missing_columns=("tls", "logprobs"),
            warnings=("12 times had no zone and were read as UTC",),
            has_account_table=True,
            has_text=True,
        ),
        networks=(network(0), network(1, n_accounts=n_accounts), network(10), network(11)),
        campaigns=(campaign(0), campaign(1, n_accounts=n_accounts)),
        cleared=(cleared(10), cleared(11, watch=True)),
        thresholds=(
            ("member_margin_bits", 10.0),
            ("flow_prior_bits", -7.0),
            ("accept_bits", 0.0),
        ),
        limits=("A relay that only records its customers' traffic has no extraction flow.",),
    )


def empty_report() -> Report:
    """Return a report of a log without text and account table, in which nothing was found."""
    return Report(
        version="0.1.0",
        settings_digest="5e1f0c2ab9d47e11",
        summary=InputSummary(
            n_exchanges=311,
            n_accounts=1,
            n_rejected=0,
            rejected_by_reason=(),
            skipped_files=(),
            first_at=START,
            last_at=START + timedelta(hours=3),
            missing_columns=("prompt", "system", "address"),
            warnings=(),
            has_account_table=False,
            has_text=False,
        ),
        networks=(),
        campaigns=(),
        cleared=(),
    )
