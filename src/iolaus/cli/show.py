"""The store -> what is known, all of it or one case: `iolaus show [ID]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iolaus.cli.defaults import OUT, SHOWN_ROWS, store_url
from iolaus.cli.stored import opened
from iolaus.cli.summary import NUMBERS, print_summary
from iolaus.cli.terminal import print_table, results
from iolaus.schema import Campaign, Cleared, Network

if TYPE_CHECKING:
    from rich.console import Console

    from iolaus.store import Store


def show(id: str | None = None, /, *, store: str = store_url(OUT)) -> int:
    """
    Show what the latest scan found, or one campaign or network.

    ```
    iolaus show
    iolaus show c-3f9a
    ```

    Parameters
    ----------
    id
        A campaign's or network's id, or as much of its beginning as only it has.
    store
        Where the scan kept it.
    """
    console = results()
    with opened(store) as kept:
        if id is None:
            _show_latest(console, kept)
            return 0
        found = kept.find(id)
        if isinstance(found, Campaign):
            _show_campaign(console, found)
        elif isinstance(found, Cleared):
            _show_cleared(console, found)
        else:
            _show_network(console, found)
    return 0


def _show_latest(console: Console, kept: Store) -> None:
    report = kept.latest()
    if report is None:
        console.print("Nothing was scanned into this store yet.")
        return
    print_summary(console, report, out=None)


def _show_campaign(console: Console, campaign: Campaign) -> None:
    _say(console, f"Campaign {campaign.id} of network {campaign.network}")
    _say(
        console,
        f"{campaign.n_exchanges:,} exchanges of {len(campaign.accounts):,} accounts, "
        f"{campaign.start_at:%Y-%m-%d %H:%M} to {campaign.end_at:%Y-%m-%d %H:%M} UTC; "
        f"{campaign.bystander_share:.1%} of the network's other traffic is left alone",
    )
    _say(
        console,
        f"together {campaign.coordination_bits:+.1f} bits, harvest {campaign.extraction_bits:+.1f}"
        f" bits (log2 odds); `iolaus explain {campaign.id}` says why",
    )
    targets = [(t.capability, f"{t.n_exchanges:,}", f"{t.share:.0%}") for t in campaign.targets]
    print_table(
        console,
        "Targets",
        columns=("capability", "exchanges", "share"),
        rows=targets,
        right=NUMBERS,
    )
    flows = [
        (f.id, f.capability, f"{f.n_exchanges:,}", f"{f.n_accounts:,}", f.verdict)
        for f in campaign.flows[:SHOWN_ROWS]
    ]
    columns = ("flow", "capability", "exchanges", "accounts", "verdict")
    print_table(console, "Flows", columns=columns, rows=flows, right=NUMBERS)
    _show_members(console, campaign)


def _show_members(console: Console, campaign: Campaign) -> None:
    rows = [
        (
            m.account,
            m.role,
            f"{m.n_exchanges:,}",
            f"{m.campaign_share:.0%}",
            f"{m.coordination_bits:+.1f}",
            f"{m.extraction_bits:+.1f}",
        )
        for m in campaign.members[:SHOWN_ROWS]
    ]
    columns = ("account", "role", "exchanges", "of it campaign", "together", "harvest")
    right = NUMBERS | {"of it campaign"}
    print_table(console, "Accounts", columns=columns, rows=rows, right=right)
    if len(campaign.members) > SHOWN_ROWS:
        _say(console, f"  and {len(campaign.members) - SHOWN_ROWS:,} more, in report.json")


def _show_cleared(console: Console, case: Cleared) -> None:
    _say(console, f"Network {case.network}: weighed, in no campaign{', on watch' * case.watch}")
    _say(console, f"{case.n_exchanges:,} exchanges of {case.n_accounts:,} accounts")
    _say(console, f"{case.reason}: {case.says}")
    rows = [(e.name, f"{e.gap_bits:+.1f}", e.says) for e in case.explanations]
    if rows:
        columns = ("innocent cause", "ahead by", "why")
        right = frozenset({"ahead by"})
        print_table(console, "Innocent causes", columns=columns, rows=rows, right=right)


def _show_network(console: Console, network: Network) -> None:
    _say(console, f"Network {network.id}: {network.words}")
    _say(
        console,
        f"{network.n_exchanges:,} exchanges of {len(network.accounts):,} accounts, "
        f"{network.first_seen_at:%Y-%m-%d} to {network.last_seen_at:%Y-%m-%d}; "
        f"together {network.coordination_bits:+.1f} bits",
    )
    for account in network.accounts[:SHOWN_ROWS]:
        _say(console, f"  {account}")
    if len(network.accounts) > SHOWN_ROWS:
        _say(console, f"  and {len(network.accounts) - SHOWN_ROWS:,} more, in report.json")


def _say(console: Console, words: str) -> None:
    console.print(words, markup=False)
