"""The operator's account file -> one row per (channel, account), types read leniently."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.arrow import ACCOUNT_TABLE
from iolaus.contracts import RejectSink
from iolaus.errors import ColumnError
from iolaus.ingest.admission import FIRST_PARTY, NO_ACCOUNT
from iolaus.ingest.casting import as_type, plain, well_formed
from iolaus.ingest.instants import WITHOUT_ZONE
from iolaus.ingest.rejects import reject_rows, warn
from iolaus.ingest.tables import read_table

SAID_TWICE = "account table names an account twice; the last row counts"

_ALIASES = {
    "account": ("account_id", "accountid", "customer", "customer_id", "user_id"),
    "organization": ("organisation", "org", "org_id", "organization_id", "team_id"),
    "opened_at": ("created_at", "created", "signup_at", "opened"),
    "closed_at": ("banned_at", "suspended_at", "deleted_at", "closed"),
    "closed_reason": ("ban_reason", "reason"),
    "payment": ("payment_id", "payment_hash", "card", "card_fingerprint"),
    "email_domain": ("domain",),
    "phone": ("phone_hash", "phone_number"),
    "device": ("device_id",),
    "country": ("country_code",),
}


def read_account_table(path: str | Path, *, rejects: RejectSink) -> pa.Table:
    """
    Return the ACCOUNT_TABLE, sorted by nothing: the order of the file is kept.

    A row without an account is rejected. Of rows for the same (channel, account) the last
    counts, the others are counted as a warning.
    """
    theirs = read_table(path)
    names = _names(theirs.column_names)
    if "account" not in names:
        raise ColumnError(
            'the account table has no column "account"; it has '
            + (", ".join(theirs.column_names[:12]) or "none"),
            where=str(path),
            remedy='name the column that identifies an account "account"',
        )
    columns = [
        _column(theirs, names.get(field.name), field, sink=rejects) for field in ACCOUNT_TABLE
    ]
    table = pa.table(columns, schema=ACCOUNT_TABLE)
    missing = pc.or_kleene(table["account"].is_null(), pc.equal(table["account"], ""))
    n_missing = pc.sum(missing).as_py() or 0
    if n_missing:
        reject_rows(rejects, str(path), n_rows=n_missing, reason=NO_ACCOUNT)
        table = table.filter(pc.invert(missing))
    return _last_of_each(table, rejects)


def _names(columns: list[str]) -> dict[str, str]:
    """Return our name -> theirs; our own names come first, in any letter case."""
    lowered = {name.lower(): name for name in reversed(columns)}
    found = {name: lowered[name] for name in ACCOUNT_TABLE.names if name in lowered}
    for name, aliases in _ALIASES.items():
        for alias in aliases:
            if name not in found and alias in lowered:
                found[name] = lowered[alias]
    return found


def _column(table: pa.Table, theirs: str | None, field: pa.Field, *, sink: RejectSink) -> pa.Array:
    if theirs is None:
        filled = FIRST_PARTY if field.name == "channel" else None
        return pa.repeat(pa.scalar(filled, field.type), table.num_rows)
    array = plain(_joined(table.column(theirs)))
    n_bad = 0
    if pa.types.is_string(array.type):
        array, n_bad = well_formed(array, mend=False)
    array, n_misfits, n_naive = as_type(array, field.type)
    warn(sink, f"account table: {field.name} could not be read", n_rows=n_misfits + n_bad)
    warn(sink, f"account table: {WITHOUT_ZONE}", n_rows=n_naive)
    if field.name == "channel":
        empty = pc.fill_null(pc.equal(array, ""), True)
        array = pc.if_else(empty, FIRST_PARTY, array)
    return array


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _last_of_each(table: pa.Table, sink: RejectSink) -> pa.Table:
    order = pa.array(np.arange(table.num_rows))
    last = (
        table.select(["channel", "account"])
        .append_column("row", order)
        .group_by(["channel", "account"])
        .aggregate([("row", "max")])["row_max"]
    )
    warn(sink, SAID_TWICE, n_rows=table.num_rows - len(last))
    kept = np.sort(last.to_numpy())
    return table.take(pa.array(kept)).combine_chunks()
