"""An account as a person names it -> its case on the terminal; the log's own names come from a scan."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from iolaus.errors import NotFoundError
from iolaus.report.own_case import sentences_of
from iolaus.schema import Campaign, account_name

if TYPE_CHECKING:
    from rich.console import Console

    from iolaus.schema import Member, Network
    from iolaus.store import Store

HASHED = re.compile(r"^a[0-9a-f]{3,16}$")
"""How records write an account, or the beginning of it."""


NOT_TOLD_APART = (
    "it is a member, and of so large a network only a sample is told apart one by one; its own bits"
    " stand in accounts.parquet"
)


def accounts_named(name: str, folder: Path) -> tuple[str, ...]:
    """
    Return the hashed names of a log's own account name; none where the scan did not see it.

    They stand in identities.parquet of the results' folder, which only the operator has.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from iolaus.report.files import IDENTITIES

    path = folder / IDENTITIES
    if not path.is_file():
        return ()

    table = pq.read_table(path)
    mine = pc.and_(pc.equal(table["kind"], "account"), pc.equal(table["value"], name))
    return tuple(sorted(account_name(h) for h in table["hash"].filter(mine).to_pylist()))


def one_account(kept: Store, name: str) -> tuple[str, Campaign | Network]:
    """Return the only account that begins so, and what it is in."""
    found = kept.of_account(name)
    if not found:
        raise NotFoundError(
            f"the account {name} is in no network: nothing is claimed of it",
            where=str(kept.path),
            remedy="nothing needs to be done about it",
        )
    if name in found:
        return name, found[name]
    if len(found) > 1:
        raise NotFoundError(
            f"{name!r} begins {len(found)} accounts: {', '.join(list(found)[:5])}",
            where=str(kept.path),
            remedy="give more of the hash",
        )
    return next(iter(found.items()))


def member_of(record: Campaign | Network, account: str) -> Member | None:
    """Return the account's own entry; None where of so large a network it was not kept."""
    return next((m for m in record.members if m.account == account), None)


def print_member(console: Console, record: Campaign | Network, account: str) -> None:
    """Print what is claimed of one account, and what doubt leaves of it."""
    in_campaign = isinstance(record, Campaign)
    network = record.network if isinstance(record, Campaign) else record.id
    where = f"campaign {record.id} of network {network}" if in_campaign else f"network {network}"
    console.print(f"Account {account}, in {where}", markup=False)
    member = member_of(record, account)
    if member is None:
        words: tuple[str, ...] = (
            _alone_words(record) if len(record.accounts) == 1 else NOT_TOLD_APART,
        )
    else:
        words = sentences_of(member, in_campaign=in_campaign)
    for said in words:
        console.print(f"  {said[0].upper()}{said[1:]}.", markup=False)


def _alone_words(record: Campaign | Network) -> str:
    """Say of an account on watch that it is in no network, and where its sum is told."""
    return (
        "it is in no network with others and accused of nothing; it is on watch, and"
        f" `iolaus explain {record.id}` says why"
    )
