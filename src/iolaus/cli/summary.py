"""A Report -> a screenful on the terminal: campaigns, what was cleared, what was not seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iolaus.cli.defaults import OUT, SHOWN_ROWS, store_url
from iolaus.cli.terminal import print_table
from iolaus.schema import CAPABILITIES

if TYPE_CHECKING:
    from rich.console import Console

    from iolaus.schema import (
        Attribution,
        Campaign,
        Cleared,
        Explanation,
        Indicator,
        InputSummary,
        Report,
    )

NUMBERS = frozenset({"accounts", "exchanges", "together", "harvest"})
"""Columns that hold numbers; the two claims' bits are named for what they claim."""

SHOWN_REASONS = 5
"""Reasons of rejects on the terminal, commonest first; rejects.jsonl holds every row."""

CAMPAIGN_COLUMNS = (
    "campaign",
    "accounts",
    "exchanges",
    "together",
    "harvest",
    "target",
)


def print_summary(
    console: Console, report: Report, *, out: Path | None, store: str | None = None
) -> None:
    """
    Print the campaigns, the networks cleared, the limits of the input, and where the page is.

    `store` is named in what to type next where it is not the one that is looked at anyway.
    """
    _print_input(console, report.summary, out)
    print_campaigns(console, report.campaigns)
    print_cleared(console, report.cleared)
    if out is not None:
        console.print(f"\nReport: {(out / 'report.html')}", markup=False, soft_wrap=True)
        if report.campaigns:
            first = report.campaigns[0].id
            elsewhere = f" --store {store}" if store not in (None, store_url(OUT)) else ""
            console.print(
                f"Why:    iolaus explain {first}{elsewhere}", markup=False, soft_wrap=True
            )


def _print_input(console: Console, summary: InputSummary, out: Path | None) -> None:
    """Print what was read, what was not and where that is told, and what that costs."""
    rejected, skipped = summary.n_rejected, summary.skipped_files
    console.print(
        f"Read {_things(summary.n_exchanges, 'exchange')} of"
        f" {_things(summary.n_accounts, 'account')}"
        + (f"; {_things(rejected, 'row')} rejected" if rejected else "")
        + (f"; {_things(len(skipped), 'file')} skipped" if skipped else "")
        + ".",
        markup=False,
    )
    for reason, n in summary.rejected_by_reason[:SHOWN_REASONS]:
        console.print(f"  rejected: {n:,} x {reason}", markup=False)
    if rejected and out is not None:
        console.print(f"  where: {out / 'rejects.jsonl'}", markup=False, soft_wrap=True)
    for warning in summary.warnings:
        console.print(f"  note: {warning}", markup=False)


def _things(n: int, thing: str) -> str:
    return f"{n:,} {thing}{'' if n == 1 else 's'}"


def print_campaigns(console: Console, campaigns: tuple[Campaign, ...]) -> None:
    """Print one row a campaign, or say that there is none."""
    if not campaigns:
        console.print("\nNo campaign: no network both runs together and harvests.")
        return
    print_table(
        console,
        f"Campaigns ({len(campaigns):,}); bits are log2 odds, above 0 more likely than not",
        columns=CAMPAIGN_COLUMNS,
        rows=[_campaign_row(campaign) for campaign in campaigns[:SHOWN_ROWS]],
        right=NUMBERS,
    )
    _say_rest(console, len(campaigns))


def print_cleared(console: Console, cleared: tuple[Cleared, ...]) -> None:
    """Print one row a network that was weighed and is in no campaign."""
    if not cleared:
        return
    print_table(
        console,
        f"Weighed and in no campaign ({len(cleared):,})",
        columns=("network", "accounts", "exchanges", "together", "harvest", "why"),
        rows=[_cleared_row(case) for case in cleared[:SHOWN_ROWS]],
        right=NUMBERS,
    )
    _say_rest(console, len(cleared))


def print_causes(console: Console, explanations: tuple[Explanation, ...]) -> None:
    """Print the innocent causes that were weighed, best first; none ahead clears nobody."""
    rows = [
        (e.name.replace("_", " "), f"{e.gap_bits:+.1f}", e.says)
        for e in sorted(explanations, key=lambda e: (-e.gap_bits, e.name))
    ]
    if not rows:
        console.print("No innocent cause has anything to say for it.")
        return
    print_table(
        console,
        "Innocent causes weighed; the best is taken off the harvest sum, if it is ahead",
        columns=("innocent cause", "ahead by", "why"),
        rows=rows,
        right=frozenset({"ahead by"}),
    )


def print_attributions(console: Console, attributions: tuple[Attribution, ...]) -> None:
    """Print who may be behind it, "nobody known" among them, and what each rests on."""
    if not attributions:
        return
    rows = [
        row
        for one in attributions
        for row in (
            (one.actor, f"{one.bits:+.1f}", one.says),
            *(
                ("", f"{i.bits:+.1f}" if i.bits else "", i.says + _uncounted(i))
                for i in one.indicators
            ),
        )
    ]
    print_table(
        console,
        'Who may be behind it; bits are log2 odds against "nobody known"',
        columns=("hypothesis", "bits", "why"),
        rows=rows,
        right=frozenset({"bits"}),
    )


def _uncounted(indicator: Indicator) -> str:
    return "" if indicator.counted or not indicator.bits else " (not counted: one a family)"


def _say_rest(console: Console, n: int) -> None:
    if n > SHOWN_ROWS:
        console.print(f"  and {n - SHOWN_ROWS:,} more, in the report")


def _campaign_row(campaign: Campaign) -> tuple[str, ...]:
    main = campaign.targets[0].capability if campaign.targets else None
    target = main.replace("_", " ") if main in CAPABILITIES else "unknown"
    return (
        campaign.id,
        f"{len(campaign.accounts):,}",
        f"{campaign.n_exchanges:,}",
        f"{campaign.coordination_bits:+.1f}",
        f"{campaign.extraction_bits:+.1f}",
        target,
    )


def _cleared_row(case: Cleared) -> tuple[str, ...]:
    harvest = "-" if case.extraction_bits is None else f"{case.extraction_bits:+.1f}"
    return (
        case.network,
        f"{case.n_accounts:,}",
        f"{case.n_exchanges:,}",
        f"{case.coordination_bits:+.1f}",
        harvest,
        f"{'watch: ' if case.watch else ''}{case.reason.replace('_', ' ')}",
    )
