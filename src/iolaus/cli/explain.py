"""The store -> the case of one campaign, network or account: `iolaus explain ID`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iolaus.cli.accounts import HASHED, accounts_named, member_of, one_account, print_member
from iolaus.cli.defaults import OUT, store_url
from iolaus.cli.stored import opened
from iolaus.cli.summary import print_attributions, print_causes
from iolaus.cli.terminal import print_table, results
from iolaus.errors import NotFoundError
from iolaus.report.case import (
    case_of_campaign,
    case_of_cleared,
    innocent_words,
    unseen_words,
)
from iolaus.report.waterfall import (
    campaign_waterfall,
    cleared_waterfalls,
    member_waterfall,
    network_waterfall,
)
from iolaus.schema import Campaign, Cleared, Network
from iolaus.store import path_of

if TYPE_CHECKING:
    from rich.console import Console

    from iolaus.report.case import Case
    from iolaus.report.waterfall import Step, Waterfall
    from iolaus.schema import Report
    from iolaus.store import Store

BAR_CELLS = 20
"""Characters of a bar on the terminal: beside the figure and the sentence in 80 columns."""

TITLES = {"coordination": "Run together?", "extraction": "Harvesting?"}


def explain(
    id: str,
    /,
    *,
    account: str | None = None,
    store: str = store_url(OUT),
    out: Path | None = None,
) -> int:
    """
    Explain a campaign, a network or an account: every term of both sums, in bits.

    ```
    iolaus explain c-3f9a
    iolaus explain n-77ab --account a51d0
    iolaus explain a51d0
    iolaus explain customer-17
    ```

    A bit doubles the odds: +10 bits make a thing a thousand times likelier than before. Of an
    account it tells what is attributed to it, its own sum without itself, and what is left of
    that without its strongest value, without each family, and with the others drawn anew.

    Parameters
    ----------
    id
        A campaign's or network's id, or an account: its hash, or the log's own name. As much of
        the beginning of an id or hash as only it has.
    account
        The one account of the campaign or network to tell of.
    store
        Where the scan kept it.
    out
        Where the scan wrote its results, for the log's own names; beside the store where not given.
    """
    folder = out or path_of(store).parent
    console = results()
    with opened(store) as kept:
        if account is None and _is_clear(kept, id, folder):
            console.print(f"{id} is in no network: nothing is claimed of it.", markup=False)
            return 0
        found, named = _found(kept, id, account, folder)
        report = kept.latest()
        if named is None:
            found = _campaign_on(found, report)
        case = None if named else _case(found, kept, report)
        falls = _waterfalls(found, kept, report)
        causes = found.explanations
    if named is not None and not isinstance(found, Cleared):
        _print_account(console, found, named, report)
        return 0
    if case is not None:
        console.print(f"{case.headline}.", markup=False)
    for fall in falls:
        print_waterfall(console, fall)
    print_causes(console, causes)
    if isinstance(found, Campaign):
        print_attributions(console, found.attributions)
    if case is not None:
        _print_case(console, case)
    return 0


def _campaign_on(
    found: Campaign | Network | Cleared, report: Report | None
) -> Campaign | Network | Cleared:
    """Return the campaign of a network that has one: its case is the network's."""
    if not isinstance(found, Network) or report is None:
        return found
    return next((c for c in report.campaigns if c.network == found.id), found)


def _is_clear(kept: Store, name: str, folder: Path) -> bool:
    """Say whether this is an account of the log, by its own name, that no network holds."""
    hashes = accounts_named(name, folder)
    return bool(hashes) and not any(kept.of_account(one) for one in hashes)


def _found(
    kept: Store, id: str, account: str | None, folder: Path
) -> tuple[Campaign | Network | Cleared, str | None]:
    """Return the record, and the account in it that is meant, if one is."""
    if account is not None:
        hashed = _hashed(account, folder)
        found = kept.find(id)
        record = kept.network(found.network) or found if isinstance(found, Cleared) else found
        if isinstance(record, Cleared):
            return record, None
        return record, _full_name(record, hashed, kept)
    if HASHED.match(id):
        name, record = one_account(kept, id)
        return record, name
    try:
        return kept.find(id), None
    except NotFoundError:
        hashes = accounts_named(id, folder)
        if not hashes:
            raise
        name, record = one_account(kept, _only(id, hashes))
        return record, name


def _hashed(account: str, folder: Path) -> str:
    if HASHED.match(account):
        return account
    return _only(account, accounts_named(account, folder))


def _only(name: str, hashes: tuple[str, ...]) -> str:
    if len(hashes) == 1:
        return hashes[0]
    if not hashes:
        raise NotFoundError(
            f"no account is called {name!r} in the results",
            remedy="say where they are with --out, or give its hash",
        )
    raise NotFoundError(
        f"{len(hashes)} accounts are called {name!r}, one a channel: {', '.join(hashes[:5])}",
        remedy="give the hash of one",
    )


def _full_name(record: Campaign | Network, name: str, kept: Store) -> str:
    told = {m.account for m in record.members} | set(record.accounts)
    found = [account for account in sorted(told) if account.startswith(name)]
    if len(found) == 1:
        return found[0]
    raise NotFoundError(
        f"{name!r} begins {len(found)} accounts there" if found else f"{name!r} is not in it",
        where=f"{kept.path}, {record.id}",
        remedy="`iolaus explain` with the account alone says what it is in",
    )


def _print_account(
    console: Console, record: Campaign | Network, account: str, report: Report | None
) -> None:
    print_member(console, record, account)
    if isinstance(record, Campaign):
        console.print(f"  Of the whole: {innocent_words(record.explanations)}.", markup=False)
    member = member_of(record, account)
    fall = member_waterfall(member) if member is not None else None
    if fall is not None:
        print_waterfall(console, fall)
    print_causes(console, record.explanations)
    _print_list(console, "Not looked at", unseen_words(report.summary if report else None))


def _case(found: Campaign | Network | Cleared, kept: Store, report: Report | None) -> Case | None:
    if isinstance(found, Campaign):
        return case_of_campaign(found, kept.network(found.network), report)
    if isinstance(found, Cleared):
        return case_of_cleared(found, kept.network(found.network), report)
    return None


def _print_case(console: Console, case: Case) -> None:
    _print_list(console, "What speaks against it", case.against)
    _print_list(console, "Not looked at", case.unseen)
    _print_list(console, "What would change the verdict", (*case.would_change, *case.sweep))


def _print_list(console: Console, title: str, words: tuple[str, ...]) -> None:
    if not words:
        return
    console.print(title, style="bold", markup=False)
    for said in words:
        console.print(f"  - {said}", markup=False)
    console.print()


def _waterfalls(
    found: Campaign | Network | Cleared, kept: Store, report: Report | None
) -> list[Waterfall]:
    if isinstance(found, Campaign):
        return [
            campaign_waterfall(found, "coordination", report),
            campaign_waterfall(found, "extraction", report),
        ]
    if isinstance(found, Cleared):
        return list(cleared_waterfalls(found, kept.network(found.network), report))
    return [network_waterfall(found, report)]


def print_waterfall(console: Console, fall: Waterfall) -> None:
    """Print one claim's terms from the prior to the total, then those that do not count."""
    low, high = _range(fall)
    rows = [
        (_bar(step, low, high), f"{step.bits:+.1f}", f"{_named(step)}\n{step.says}")
        for step in (*fall.steps, *fall.uncounted)
    ]
    columns = ("", "bits", "term, and why")
    print_table(console, _title(fall), columns=columns, rows=rows, right=frozenset({"bits"}))


def _title(fall: Waterfall) -> str:
    title = f"{TITLES[fall.claim]}  {fall.total_bits:+.1f} bits"
    if fall.threshold_bits is None:
        return title
    verdict = "passed" if fall.total_bits > fall.threshold_bits else "not passed"
    return f"{title}, more than {fall.threshold_bits:+.1f} needed: {verdict}"


def _named(step: Step) -> str:
    about = [step.family, *["controlled"] * step.controlled, *["not counted"] * _left_out(step)]
    return f"{step.label.upper()}  {', '.join(word for word in about if word)}".rstrip()


def _left_out(step: Step) -> bool:
    return step.kind == "uncounted"


def _range(fall: Waterfall) -> tuple[float, float]:
    ends = [0.0]
    for step in (*fall.steps, *fall.uncounted):
        ends += [step.start_bits, step.end_bits]
    return min(ends), max(ends)


def _bar(step: Step, low: float, high: float) -> str:
    """Draw where the step begins and ends; dotted where it does not count."""
    scale = (BAR_CELLS - 1) / max(high - low, 1e-9)
    first, last = sorted(round((x - low) * scale) for x in (step.start_bits, step.end_bits))
    sign = {"uncounted": "·", "total": "█"}.get(step.kind, "▓" if step.bits >= 0 else "▒")
    return " " * first + sign * max(1, last - first)
