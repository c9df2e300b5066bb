"""A finished world -> the files of a simulation, written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from iolaus.arrow import ACCOUNT_TABLE, TRUTH_ACCOUNT, TRUTH_EXCHANGE
from iolaus.errors import OutputError
from iolaus.simulate.columns import NEVER, Accounts, FlowLabel, Rows

Array = NDArray[Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(us: int) -> datetime:
    """Return microseconds since 1970 as an aware moment."""
    return _EPOCH + timedelta(microseconds=us)


def account_table(accounts: Accounts, *, end_us: int) -> pa.Table:
    """Return the operator's table, in order of account name; later closures are not known yet."""
    order = np.argsort(accounts.name.astype(str))
    a = accounts.take(order)
    shut = (a.closed_at != NEVER) & (a.closed_at < end_us)
    stamp = ACCOUNT_TABLE.field("opened_at").type
    columns: dict[str, Any] = {
        "account": a.name,
        "channel": a.channel,
        "organization": a.organization,
        "opened_at": pa.array(a.opened_at, type=stamp),
        "closed_at": pa.array(a.closed_at, type=stamp, mask=~shut),
        "closed_reason": np.where(shut, a.closed_reason, None),
        "pathway": a.pathway,
        "vetted": pa.array(a.vetted == 1, mask=a.vetted == -1),
        "payment": a.payment,
        "email_domain": a.email_domain,
        "phone": a.phone,
        "device": a.device,
        "country": a.country,
    }
    return _table(columns, ACCOUNT_TABLE)


def _table(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    arrays = [
        c if isinstance(c, pa.Array) else pa.array(c, type=f.type, from_pandas=True)
        for f, c in ((f, columns[f.name]) for f in schema)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def truth_accounts(rows: Rows, accounts: Accounts, *, campaigns: list[str]) -> pa.Table:
    """
    Return one row per account; its campaign is the one with most of its extraction.

    An account that a campaign's operator runs is not innocent even where it carried none.
    """
    n = len(accounts)
    tally = np.zeros((n, max(1, len(campaigns))), dtype=np.int64)
    hit = rows.extraction & (rows.campaign != NEVER)
    np.add.at(tally, (rows.account[hit], rows.campaign[hit]), 1)
    names = np.array([*campaigns, None], dtype=object)
    most = np.where(tally.max(axis=1) > 0, tally.argmax(axis=1), len(names) - 1)
    columns = {
        "account": accounts.name,
        "group": accounts.group,
        "operator": accounts.operator,
        "campaign": names[most],
        "is_innocent": (tally.max(axis=1) == 0)
        & ~np.isin(accounts.operator.astype(str), campaigns),
    }
    return _table(columns, TRUTH_ACCOUNT).sort_by("account")


def truth_exchanges(
    ids: Array, rows: Rows, *, campaigns: list[str], flows: list[FlowLabel]
) -> pa.Table:
    """Return one row per exchange, in order of id so that order carries nothing."""
    names = np.array([*campaigns, None], dtype=object)
    columns = {
        "id": ids,
        "campaign": names[np.where(rows.extraction, rows.campaign, len(names) - 1)],
        "flow": np.array([f.name for f in flows], dtype=object)[rows.flow],
        "is_extraction": rows.extraction,
    }
    return _table(columns, TRUTH_EXCHANGE).sort_by("id")


def truth_of(
    rows: Rows, accounts: Accounts, *, ids: Array, campaigns: list[str], flows: list[FlowLabel]
) -> tuple[pa.Table, pa.Table]:
    """Return who runs which account, and which exchanges are extraction."""
    return (
        truth_accounts(rows, accounts, campaigns=campaigns),
        truth_exchanges(ids, rows, campaigns=campaigns, flows=flows),
    )


def write_log(parts: Iterable[pa.Table], folder: Path) -> None:
    """Write the log as a few files in time order."""
    folder.mkdir()
    for number, part in enumerate(parts):
        pq.write_table(part, folder / f"part-{number:04d}.parquet", compression="zstd")


def write_simulation(
    out: Path,
    *,
    log: Iterable[pa.Table],
    accounts: pa.Table,
    releases: list[dict[str, str]],
    truth: tuple[pa.Table, pa.Table],
) -> None:
    """Write `out` and, beside it, `out`.truth; an existing simulation there is replaced."""
    truth_dir = out.with_name(out.name + ".truth")
    refuse_strangers(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        seen, apart = Path(scratch) / "seen", Path(scratch) / "truth"
        seen.mkdir()
        apart.mkdir()
        write_log(log, seen / "log")
        pq.write_table(accounts, seen / "account_table.parquet", compression="zstd")
        (seen / "releases.json").write_text(json.dumps(releases, indent=2) + "\n", encoding="utf-8")
        pq.write_table(truth[0], apart / "accounts.parquet", compression="zstd")
        pq.write_table(truth[1], apart / "exchanges.parquet", compression="zstd")
        for source, target in ((apart, truth_dir), (seen, out)):
            if target.exists():
                shutil.rmtree(target)
            source.rename(target)


def refuse_strangers(out: Path) -> None:
    """Replace only what a simulation wrote before."""
    truth_dir = out.with_name(out.name + ".truth")
    for folder, mark in ((out, "releases.json"), (truth_dir, "exchanges.parquet")):
        if folder.exists() and not folder.is_dir():
            raise OutputError(
                "it is a file, not a folder", where=str(folder), remedy="choose another --out"
            )
        if folder.exists() and any(folder.iterdir()) and not (folder / mark).exists():
            raise OutputError(
                "the folder holds something else than a simulation",
                where=str(folder),
                remedy="choose an empty or a new folder for --out",
            )
