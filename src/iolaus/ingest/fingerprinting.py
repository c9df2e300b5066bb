"""A LogSet -> the fingerprints and accounts relations on disk, and the names to give back.

The log is read twice: a sample of rows teaches which words are scaffold, then every row is
fingerprinted. A third pass over the fingerprints, no longer over text, names the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.arrow import ACCOUNTS, FINGERPRINT, TEMPLATES
from iolaus.fingerprint.fingerprinter import TEXT_COLUMNS, Fingerprinter
from iolaus.fingerprint.sketch import Sketch
from iolaus.ingest.identities import IdentityBook
from iolaus.ingest.pseudonyms import Pseudonyms
from iolaus.ingest.reader import LogSet
from iolaus.ingest.rejects import Rejects

Progress = Callable[[str, float, float], None]

_AS_THEY_ARE = (
    "at",
    "channel",
    "turn",
    "asn",
    "country",
    "model",
    "operation",
    "max_output_tokens",
    "choices",
    "logprobs",
    "input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cached_tokens",
    "status",
    "finish",
)
_RESOLVED = ("account", "template", "family", "system_template")
_PART = pa.schema(
    [pa.field("account_hash", pa.int64()), *(f for f in FINGERPRINT if f.name not in _RESOLVED)]
)
_NO_REASONING = ("none", "off", "disabled", "minimal", "0", "false", "")
_SAMPLE_STRIDE = 4  # every fourth row teaches; the scaffold of 40 rows is then seen ten times
_SMALL = 200_000_000  # bytes under which every row teaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprinted:
    """
    What reading a log left behind, in `folder`.

    fingerprints.parquet (FINGERPRINT), templates.parquet (TEMPLATES), ids.parquet (id hash
    and the log's own id). `account_hashes` are the dense ids' hashes, in order. `learned` is
    what the next log may be told of templates; None without prompts.
    """

    folder: Path
    account_hashes: npt.NDArray[np.int64]
    book: IdentityBook
    n_rows: int
    columns_present: frozenset[str]
    learned: Sketch | None = None


def fingerprint_logs(
    logs: LogSet,
    *,
    key: bytes,
    rejects: Rejects,
    folder: Path,
    progress: Progress,
    prior: Sketch | None = None,
) -> Fingerprinted:
    """
    Read the logs and leave their fingerprints in `folder`.

    Rejected rows are counted once, on the second reading. `prior` is what earlier logs taught.
    Raises EmptyError without a row.
    """
    printer = Fingerprinter(key, prior=prior)
    _teach(printer, logs, progress)
    book, present, n_rows = IdentityBook(), set[str](), 0
    pseudonyms = Pseudonyms(key)
    with (
        pq.ParquetWriter(folder / "parts.parquet", _PART, compression="lz4") as parts,
        pq.ParquetWriter(folder / "ids.parquet", _ids_schema(), compression="lz4") as ids,
    ):
        for batch in logs.batches(
            rejects, on_progress=lambda done: progress("fingerprint", done, logs.n_bytes)
        ):
            hashed = pseudonyms.pseudonymise(batch)
            book.add(
                hashed["account_hash"],
                channel=pc.fill_null(batch.column("channel"), "first_party"),
                account=batch.column("account"),
            )
            present |= {n for n in batch.schema.names if batch.column(n).null_count < len(batch)}
            parts.write_batch(_part_of(batch, hashed, printer.text_columns_of(batch)))
            ids.write_batch(_ids_of(batch, hashed))
            n_rows += batch.num_rows
    hashes = _resolve(printer, folder, progress)
    (folder / "parts.parquet").unlink()
    return Fingerprinted(
        folder=folder,
        account_hashes=hashes,
        book=book,
        n_rows=n_rows,
        columns_present=frozenset(present),
        learned=printer.learned() if "prompt" in present else None,
    )


def _teach(printer: Fingerprinter, logs: LogSet, progress: Progress) -> None:
    """Read the logs once for what their prompts share."""
    stride = 1 if logs.n_bytes < _SMALL else _SAMPLE_STRIDE
    for batch in logs.batches(on_progress=lambda done: progress("learn", done, logs.n_bytes)):
        printer.observe(batch.take(pa.array(np.arange(0, batch.num_rows, stride))))


def _ids_of(batch: pa.RecordBatch, hashed: dict[str, pa.Array]) -> pa.RecordBatch:
    return pa.record_batch([hashed["id"], batch.column("id")], schema=_ids_schema())


def _ids_schema() -> pa.Schema:
    return pa.schema([("hash", pa.int64()), ("id", pa.string())])


def _part_of(
    batch: pa.RecordBatch, hashed: dict[str, pa.Array], text: pa.RecordBatch
) -> pa.RecordBatch:
    columns: dict[str, pa.Array] = {**hashed}
    columns |= {name: batch.column(name) for name in _AS_THEY_ARE}
    columns |= {name: text.column(name) for name in TEXT_COLUMNS.names}
    columns["channel"] = pc.fill_null(batch.column("channel"), "first_party")
    asked = pc.invert(
        pc.is_in(pc.utf8_lower(batch.column("reasoning")), value_set=pa.array(_NO_REASONING))
    )
    columns["reasoning"] = pc.if_else(pc.is_null(batch.column("reasoning")), None, asked)
    columns["sample_rate"] = pc.fill_null(batch.column("sample_rate"), 1.0).cast(pa.float32())
    return pa.record_batch([columns[name] for name in _PART.names], schema=_PART)


def _resolve(printer: Fingerprinter, folder: Path, progress: Progress) -> npt.NDArray[np.int64]:
    """Give rows their dense account and their templates; return the accounts' hashes in order."""
    parts = pq.ParquetFile(folder / "parts.parquet")
    seen = pq.read_table(folder / "parts.parquet", columns=["account_hash"])
    account = seen["account_hash"].to_numpy()
    hashes, first, dense = np.unique(account, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    codes = rank[dense]
    resolution = printer.resolve(codes)
    start = 0
    with pq.ParquetWriter(folder / "fingerprints.parquet", FINGERPRINT, compression="zstd") as out:
        for part in parts.iter_batches():
            named = resolution.columns_of(start, part.num_rows)
            columns = {name: part.column(name) for name in part.schema.names}
            columns |= {name: named.column(name) for name in named.schema.names}
            columns["account"] = pa.array(codes[start : start + part.num_rows])
            out.write_batch(
                pa.record_batch([columns[n] for n in FINGERPRINT.names], schema=FINGERPRINT)
            )
            start += part.num_rows
            progress("templates", start, len(codes))
    pq.write_table(resolution.templates().cast(TEMPLATES), folder / "templates.parquet")
    return hashes[order]


def accounts_relation(
    fingerprinted: Fingerprinted, seen: pa.Table, known: pa.Table | None
) -> pa.Table:
    """
    Return ACCOUNTS: one row per account in the log, in order of its dense id.

    `seen` has account, channel, n_exchanges, first_at, last_at by dense id; `known` is the
    hashed account table. Accounts that the table lacks have nulls, which are no evidence.
    """
    n = len(fingerprinted.account_hashes)
    columns: dict[str, pa.Array] = {name: seen[name].combine_chunks() for name in seen.column_names}
    columns["account_hash"] = pa.array(fingerprinted.account_hashes)
    if known is not None and len(known):
        keys = known["account_hash"].to_numpy()
        order = np.argsort(keys, kind="stable")
        at = np.minimum(np.searchsorted(keys[order], fingerprinted.account_hashes), len(keys) - 1)
        hit = keys[order][at] == fingerprinted.account_hashes
        index = pa.array(order[at], mask=~hit)
        for name in known.column_names:
            if name not in ("account_hash", "channel"):
                columns[name] = known[name].combine_chunks().take(index)
    return pa.table([columns.get(f.name, pa.nulls(n, f.type)) for f in ACCOUNTS], schema=ACCOUNTS)


def ids_of(folder: Path, wanted: npt.NDArray[np.int64]) -> Iterator[pa.RecordBatch]:
    """Yield hash and the log's own id for the hashes in `wanted`, which is sorted."""
    for batch in pq.ParquetFile(folder / "ids.parquet").iter_batches():
        hashes = batch.column("hash").to_numpy()
        at = np.minimum(np.searchsorted(wanted, hashes), max(len(wanted) - 1, 0))
        if len(wanted):
            yield batch.filter(pa.array(wanted[at] == hashes))
