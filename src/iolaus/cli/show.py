"""The store -> what is known, all of it or one case: `iolaus show [ID]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iolaus.campaign.lasting import tale_of
from iolaus.cli.defaults import OUT, SHOWN_ROWS, store_url
from iolaus.cli.stored import opened
from iolaus.cli.summary import NUMBERS, print_attributions, print_causes, print_summary
from iolaus.cli.terminal import print_table, results
from iolaus.schema import Campaign, Cleared, Member, Network

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
        tale = tale_of(found.id if isinstance(found, Network) else found.network, kept.lives())
        if isinstance(found, Campaign):
            _show_campaign(console, found)
        elif isinstance(found, Cleared):
            _show_cleared(console, found)
        else:
            _show_network(console, found)
    _show_tale(console, tale)
    return 0


def _show_tale(console: Console, tale: tuple[str, ...]) -> None:
    """Tell the network's life from its first log on."""
    if not tale:
        return
    _say(console, "Life of the network")
    for words in tale:
        _say(console, f"  {words}")


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
        f"{campaign.bystander_share:.1%} of these accounts' traffic is left alone",
    )
    _say(
        console,
        f"together {campaign.coordination_bits:+.1f} bits, harvest {campaign.extraction_bits:+.1f}"
        f" bits (log2 odds); `iolaus explain {campaign.id}` says why",
    )
    _show_life(console, campaign)
    targets = [
        (t.capability.replace("_", " "), f"{t.n_exchanges:,}", f"{t.share:.1%}")
        for t in campaign.targets
    ]
    print_table(
        console,
        "Targets",
        columns=("capability", "exchanges", "share"),
        rows=targets,
        right=NUMBERS | {"share"},
    )
    _show_flows(console, campaign)
    _show_members(console, campaign)
    print_attributions(console, campaign.attributions)


def _show_life(console: Console, campaign: Campaign) -> None:
    """Say when it turned to other targets and to another model."""
    for phase in campaign.phases if len(campaign.phases) > 1 else ():
        _say(
            console,
            f"  from {phase.start_at:%Y-%m-%d}: mainly {phase.name.replace('_', ' ')},"
            f" {phase.n_exchanges:,} exchanges",
        )
    for pivot in campaign.pivots:
        _say(
            console,
            f"  {pivot.at:%Y-%m-%d %H:%M}: moved to {pivot.model}, {pivot.share_before:.0%} of it"
            f" before and {pivot.share_after:.0%} in the 48 hours after the release; everyone"
            f" else {pivot.population_share_after:.0%}",
        )


def _show_flows(console: Console, campaign: Campaign) -> None:
    rows = [
        (
            f.id,
            f"{f.n_exchanges:,}",
            f"{f.n_accounts:,}",
            f"{f.extraction_bits:+.1f}",
            "-" if f.stranger_share is None else f"{f.stranger_share:.1%}",
            f.verdict,
        )
        for f in campaign.flows[:SHOWN_ROWS]
    ]
    columns = ("flow", "exchanges", "accounts", "harvest", "strangers", "verdict")
    print_table(console, "Flows", columns=columns, rows=rows, right=NUMBERS | {"strangers"})
    for f in campaign.flows[:SHOWN_ROWS]:
        about = "; ".join(word for word in (f.capability.replace("_", " "), f.says) if word)
        _say(console, f"  {f.id}: {about}")
    _say_rest(console, len(campaign.flows))


def _show_members(console: Console, campaign: Campaign) -> None:
    ordered = sorted(campaign.members, key=lambda m: (-m.n_exchanges, m.account))
    rows = [
        (
            m.account,
            m.role,
            f"{m.n_exchanges:,}",
            f"{m.campaign_share:.0%}",
            f"{m.coordination_bits:+.1f}",
            _stays(m),
            m.strongest.replace("_", " "),
        )
        for m in ordered[:SHOWN_ROWS]
    ]
    columns = ("account", "role", "exchanges", "share", "together", "stays", "tied by")
    print_table(
        console,
        "Accounts; share: of its own traffic; stays: in how many of 100 draws of the others",
        columns=columns,
        rows=rows,
        right=NUMBERS | {"share", "stays"},
    )
    _say_rest(console, len(campaign.members))
    _say(console, f"  `iolaus explain {ordered[0].account}` tells one of them its own case")


def _stays(member: Member) -> str:
    tally = member.tally
    return "-" if tally is None or tally.n_stays is None else f"{tally.n_stays}"


def _show_cleared(console: Console, case: Cleared) -> None:
    _say(console, f"Network {case.network}: weighed, in no campaign{', on watch' * case.watch}")
    harvest = "not weighed" if case.extraction_bits is None else f"{case.extraction_bits:+.1f} bits"
    _say(
        console,
        f"{case.n_exchanges:,} exchanges of {case.n_accounts:,} accounts; together"
        f" {case.coordination_bits:+.1f} bits, harvest {harvest};"
        f" `iolaus explain {case.network}` says why",
    )
    _say(console, f"{case.reason.replace('_', ' ')}: {case.says}")
    print_causes(console, case.explanations)


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
    _say_rest(console, len(network.accounts))


def _say_rest(console: Console, n: int) -> None:
    if n > SHOWN_ROWS:
        _say(console, f"  and {n - SHOWN_ROWS:,} more, in report.json")


def _say(console: Console, words: str) -> None:
    console.print(words, markup=False)
