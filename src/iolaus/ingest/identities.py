"""Hashes beside the values they stand for -> identities.parquet, for the operator's eyes only."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.arrow import IDENTITY
from iolaus.errors import InputError
from iolaus.ingest.duplicates import SeenIds
from iolaus.ingest.whole_files import OWNER_ONLY, whole_file

NAMES = pa.schema(
    [("account_hash", pa.int64()), ("channel", pa.string()), ("account", pa.string())]
)
"""What a book gives back: each account's own name."""


class IdentityBook:
    """Keep, once for each hash, the account and the channel it was made of."""

    def __init__(self) -> None:
        self._seen = SeenIds()
        self._pages: list[pa.RecordBatch] = []

    def add(self, account_hash: pa.Array, *, channel: pa.Array, account: pa.Array) -> None:
        """Note the accounts of a batch; those noted before cost a look-up only."""
        fresh = pa.array(self._seen.first_seen(account_hash.to_numpy(zero_copy_only=False)))
        page = pa.RecordBatch.from_arrays([account_hash, channel, account], schema=NAMES)
        page = page.filter(fresh)
        if page.num_rows:
            self._pages.append(page)

    def names(self) -> pa.Table:
        """Return hash, channel and account, in order of the hash."""
        return pa.Table.from_batches(self._pages, schema=NAMES).sort_by("account_hash")

    def table(self) -> pa.Table:
        """Return the IDENTITY rows: two kinds, `account` and `channel`, under one hash."""
        names = self.names()
        parts = [
            pa.table(
                [names["account_hash"], pa.repeat(pa.scalar(kind), names.num_rows), names[kind]],
                schema=IDENTITY,
            )
            for kind in ("account", "channel")
        ]
        return pa.concat_tables(parts)

    def write(self, path: Path) -> None:
        """Write identities.parquet whole or not at all, readable by its owner only."""
        write_identities(self.table(), path)


def write_identities(table: pa.Table, path: Path) -> None:
    """Write IDENTITY rows, never readable by anybody else, not even while being written."""
    with whole_file(path, "wb", permissions=OWNER_ONLY) as out:
        pq.write_table(table, out, compression="zstd")


def read_names(path: Path) -> pa.Table:
    """Return hash, channel and account of an identities.parquet, in order of the hash."""
    try:
        table = pq.read_table(path, schema=IDENTITY)
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            "the identities cannot be read", where=str(path), remedy="run the scan again"
        ) from error
    accounts = table.filter(pc.equal(table["kind"], "account")).select(["hash", "value"])
    channels = table.filter(pc.equal(table["kind"], "channel")).select(["hash", "value"])
    joined = accounts.rename_columns(["hash", "account"]).join(
        channels.rename_columns(["hash", "channel"]), "hash"
    )
    names = joined.select(["hash", "channel", "account"]).rename_columns(NAMES.names)
    return names.cast(NAMES).sort_by("account_hash")
