"""A file of accounts and organisations that the operator vouches for -> two sets of names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from iolaus.errors import ColumnError, InputError
from iolaus.ingest.tables import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowList:
    """Names exactly as the log writes them; a bare account is vouched for in every channel."""

    accounts: frozenset[str]
    organizations: frozenset[str]
    channel_accounts: frozenset[tuple[str, str]] = frozenset()


NOBODY = AllowList(accounts=frozenset(), organizations=frozenset())


def read_allow(path: str | Path) -> AllowList:
    """
    Read one account a line, `organization:NAME` for an organisation, # for a remark;
    or a CSV with a column `account` or `organization` (and `channel`, if wanted).
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the allow list cannot be read as UTF-8 text", where=str(path), remedy="check the path"
        ) from error
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        return NOBODY
    header = {name.strip().strip('"').lower() for name in lines[0].split(",")}
    if header & {"account", "organization", "organisation"}:
        return _of_table(path)
    if len(header) > 1:
        raise ColumnError(
            "the allow list is a table without an account or organization column",
            where=str(path),
            remedy='name the column "account" or "organization", or write one account a line',
        )
    organizations = {name.partition(":")[2].strip() for name in lines if _is_organization(name)}
    accounts = {name for name in lines if not _is_organization(name)}
    return AllowList(accounts=frozenset(accounts), organizations=frozenset(organizations))


def _is_organization(line: str) -> bool:
    return line.startswith(("organization:", "organisation:"))


def _of_table(path: str | Path) -> AllowList:
    table = read_table(path)
    columns = {
        name.lower().replace("organisation", "organization"): name for name in table.column_names
    }
    values = {
        ours: table.column(theirs).to_pylist()
        for ours, theirs in columns.items()
        if ours in ("account", "organization", "channel")
    }
    nothing: list[str | None] = [None] * table.num_rows
    accounts, channels = values.get("account", nothing), values.get("channel", nothing)
    pairs = list(zip(channels, accounts, strict=True))
    return AllowList(
        accounts=frozenset(account for channel, account in pairs if account and not channel),
        organizations=frozenset(name for name in values.get("organization", nothing) if name),
        channel_accounts=frozenset((c, account) for c, account in pairs if c and account),
    )
