"""A campaign or a cleared network -> its case in sentences: for, against, unseen, what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from iolaus.report.waterfall import best_cause, threshold_of
from iolaus.report.wording import bits_words, odds_words, things
from iolaus.schema import (
    CAPABILITIES,
    Campaign,
    Claim,
    Cleared,
    Evidence,
    Explanation,
    InputSummary,
    Network,
    Report,
)

STEADY_SHARE = 0.8  # grown again from halves, a network that comes out less alike is said to waver
MARGIN_BITS = 3.0  # a claim that stands by less than eight to one is said to be near its line


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    What a sceptical reader asks for beside the sums.

    `against` speaks against the finding, `unseen` could not be looked at, `would_change` says
    which single facts would turn the verdict, `sweep` whom another line would have named.
    """

    headline: str
    against: tuple[str, ...]
    unseen: tuple[str, ...]
    would_change: tuple[str, ...]
    sweep: tuple[str, ...]


def case_of_campaign(campaign: Campaign, network: Network | None, report: Report | None) -> Case:
    """Return the case of a campaign."""
    return Case(
        headline=_campaign_headline(campaign),
        against=(
            *_negative_words(campaign.evidence),
            *_silent_words(campaign.evidence),
            *_bystander_words(campaign),
            *_stability_words(network),
        ),
        unseen=unseen_words(report.summary if report else None),
        would_change=(
            *_extraction_changes(campaign, report),
            *_coordination_changes(campaign.evidence, campaign.coordination_bits, report),
        ),
        sweep=_sweep_words(network),
    )


def case_of_cleared(case: Cleared, network: Network | None, report: Report | None) -> Case:
    """Return the case of a network that was weighed and is in no campaign."""
    evidence = case.evidence or (network.evidence if network else ())
    return Case(
        headline=_cleared_headline(case, network),
        against=(*_negative_words(evidence), *_silent_words(evidence), *_stability_words(network)),
        unseen=unseen_words(report.summary if report else None),
        would_change=tuple(_cleared_changes(case, network, report)),
        sweep=_sweep_words(network),
    )


def unseen_words(summary: InputSummary | None) -> tuple[str, ...]:
    """Return what could not be looked at: absence of such evidence means nothing here."""
    if summary is None:
        return ()
    words = []
    if summary.missing_columns:
        words.append(f"the log has no {_listed(summary.missing_columns)}")
    if not summary.has_account_table:
        words.append("no account table: cards, devices, telephones and dates of opening")
    if not summary.has_text:
        words.append("no prompts: what was asked for")
    if summary.n_rejected:
        words.append(f"{things(summary.n_rejected, 'row')} could not be read")
    return tuple(words)


def _campaign_headline(campaign: Campaign) -> str:
    target = campaign.targets[0].capability if campaign.targets else "other"
    is_known = target in CAPABILITIES and target != "other"
    harvested = f" for {target.replace('_', ' ')}" if is_known else ""
    return (
        f"{things(len(campaign.accounts), 'account')} that are run together"
        f" ({bits_words(campaign.coordination_bits)} bits,"
        f" {odds_words(campaign.coordination_bits)}) sent"
        f" {things(campaign.n_exchanges, 'exchange')} that harvest the model{harvested}"
        f" ({bits_words(campaign.extraction_bits)} bits, {odds_words(campaign.extraction_bits)});"
        f" {innocent_words(campaign.explanations)}"
    )


def innocent_words(explanations: tuple[Explanation, ...]) -> str:
    """Say how far the best innocent cause reaches."""
    best = min(explanations, key=lambda e: (-e.gap_bits, e.name), default=None)
    if best is None:
        return "no innocent cause has anything to say for it"
    name = best.name.replace("_", " ")
    if best.gap_bits > 0:
        return f"the best innocent cause, {name}, takes {best.gap_bits:.1f} bits and is not enough"
    return f"the best innocent cause, {name}, falls {-best.gap_bits:.1f} bits short"


def _cleared_headline(case: Cleared, network: Network | None) -> str:
    who = things(case.n_accounts, "account")
    if case.watch:
        return f"{who} to watch, accused of nothing: {case.says}"
    if network is not None and not network.together:
        return f"{who} that share a recipe and are not shown to be run together: {case.says}"
    reason = case.reason.replace("_", " ")
    return f"{who} that are run together and are in no campaign ({reason}): {case.says}"


def _negative_words(evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    """Return what speaks against either claim, the most first."""
    against = sorted((e for e in evidence if e.bits < 0), key=lambda e: (e.bits, e.signal))
    return tuple(
        f"{e.signal.replace('_', ' ')}, {bits_words(e.bits)} bits on {_claim(e.claim)}: {e.says}"
        for e in against
    )


def _silent_words(evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    """Name what was looked for and says nothing of a typical account, if anything was."""
    silent = [e for e in evidence if e.bits == 0 and e.claim == "coordination"]
    if not silent:
        return ()
    names = _listed([e.signal.replace("_", " ") for e in silent])
    held = _listed([e.signal.replace("_", " ") for e in silent if e.controlled])
    words = f"looked for, and nothing there for a typical account: {names}"
    return (f"{words}; of these one hand would have to control {held}" if held else words,)


def _bystander_words(campaign: Campaign) -> tuple[str, ...]:
    n_idle = sum(member.n_exchanges == 0 for member in campaign.members)
    words = []
    if campaign.bystander_share > 0:
        words.append(
            f"{campaign.bystander_share:.0%} of what these accounts sent is not attributed: other"
            " people's requests, or other work"
        )
    if n_idle:
        words.append(
            f"{things(n_idle, 'account')} of the network carry none of it and are in no campaign"
        )
    return tuple(words)


def _stability_words(network: Network | None) -> tuple[str, ...]:
    if network is None or network.stability_share is None:
        return ()
    if network.stability_share >= STEADY_SHARE:
        return ()
    return (
        (
            f"the network wavers: grown again from a random half of its accounts it comes out"
            f" {network.stability_share:.0%} the same"
        ),
    )


def _extraction_changes(campaign: Campaign, report: Report | None) -> list[str]:
    line = threshold_of(report, "extraction") or 0.0
    spare = campaign.extraction_bits - line
    cause = best_cause(campaign.explanations)
    words = [
        (
            f"an innocent cause that explains it {spare + (cause.gap_bits if cause else 0.0):.1f} bits"
            " better than a harvest does: a vetted programme, a contract (name it with --allow)"
        )
    ]
    words += _without_each(campaign.evidence, "extraction", campaign.extraction_bits, line)
    if spare < MARGIN_BITS:
        words.append(
            f"the claim of harvesting is {spare:.1f} bits above its line: less than"
            f" {2**MARGIN_BITS:.0f} to 1, so look at some of the exchanges first"
        )
    return words


def _coordination_changes(
    evidence: tuple[Evidence, ...], total_bits: float, report: Report | None
) -> list[str]:
    line = threshold_of(report, "coordination") or 0.0
    words = _without_each(evidence, "coordination", total_bits, line)
    held = [e for e in evidence if e.controlled and e.bits > 0]
    if len(held) == 1:
        name = held[0].signal.replace("_", " ")
        words.append(
            f"an honest reason for {name}: it alone is under one hand's control, and without it"
            " they would not be shown to be run together"
        )
    return words


def _without_each(
    evidence: tuple[Evidence, ...], claim: Claim, total_bits: float, line: float
) -> list[str]:
    """Name the terms without which the claim would not stand; say so where there is none."""
    counted = [e for e in evidence if e.claim == claim and e.counted and e.bits > 0]
    needed = [e for e in counted if total_bits - e.bits <= line]
    if needed:
        return [
            f"were {e.signal.replace('_', ' ')} explained, {_claim(claim)} would stand at"
            f" {bits_words(total_bits - e.bits)} bits, not above {line:g}"
            for e in sorted(needed, key=lambda e: -e.bits)
        ]
    if not counted:
        return []
    strongest = max(counted, key=lambda e: e.bits)
    return [
        (
            f"no single term: even without {strongest.signal.replace('_', ' ')}, its strongest,"
            f" {_claim(claim)} stands at {bits_words(total_bits - strongest.bits)} bits"
        )
    ]


def _cleared_changes(case: Cleared, network: Network | None, report: Report | None) -> list[str]:
    line = threshold_of(report, "extraction") or 0.0
    if network is not None and not network.together and not case.watch:
        return [
            (
                "a card, a device, a telephone or a conversation handed on, shared by half of the"
                " accounts, would show them to be run together; an account table may hold it"
            )
        ]
    if case.extraction_bits is None:
        return ["a recipe of their own, that others do not send, would be weighed as a flow"]
    cause = best_cause(case.explanations)
    missing = line - case.extraction_bits
    words = [f"{missing:.1f} more bits of harvesting would make it a campaign"]
    if cause is not None:
        left = case.extraction_bits + cause.gap_bits
        verdict = "a campaign" if left > line else "still none"
        words.append(
            f"were {cause.name.replace('_', ' ')} no reason, it would stand at"
            f" {bits_words(left)} bits: {verdict}"
        )
    return words


def _sweep_words(network: Network | None) -> tuple[str, ...]:
    """Say how many accounts another margin would name."""
    if network is None or not network.sweep:
        return ()
    told = ", ".join(f"{n:,} at {margin:g}" for margin, n in network.sweep)
    return (f"another margin names other accounts (bits a member must have to spare): {told}",)


def _claim(claim: Claim) -> str:
    return "the claim of harvesting" if claim == "extraction" else "the claim of being run together"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
