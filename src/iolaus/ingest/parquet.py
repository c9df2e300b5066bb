"""Parquet -> batches of exchanges; a row group that fails is counted, the others are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.contracts import RejectSink
from iolaus.errors import FormatError
from iolaus.ingest.columns import Plan, constant, exchanges_of
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.places import Placed, rows_from
from iolaus.ingest.rejects import reject_rows

BROKEN_GROUP = "row group cannot be read; write the file again to have its rows"
Finish = Callable[[dict[str, pa.Array], int], pa.RecordBatch]
"""Makes exchanges of the columns taken and the number of rows."""

_FAILURES = (pa.ArrowException, OSError)


class DamagedFileError(FormatError):
    """A file of a known format that is broken as a whole."""


def open_parquet(location: str) -> pq.ParquetFile:
    """Open a file, or say that its footer is gone."""
    try:
        return pq.ParquetFile(location)
    except _FAILURES as error:
        raise DamagedFileError(
            "Parquet whose footer cannot be read: truncated, or still being written",
            where=location,
            remedy="copy it again, or leave it out",
        ) from error


def read_parquet(
    location: str,
    *,
    plan: Plan,
    sink: RejectSink,
    limits: ReadLimits = LIMITS,
    finish: Finish | None = None,
) -> Iterator[Placed]:
    """Yield the exchanges of a Parquet file, row group by row group."""
    if finish is None:
        finish = partial(exchanges_of, plan=plan, sink=sink)
    with open_parquet(location) as file:
        metadata, size = file.metadata, Path(location).stat().st_size
        first = 1
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            done = int(size * (number + 1) / metadata.num_row_groups)
            rows = min(limits.batch_rows, _rows_within(group, limits.batch_bytes))
            at = first
            batches = file.iter_batches(
                batch_size=rows, row_groups=[number], columns=_columns(plan)
            )
            while (batch := _next(batches)) is not None:
                exchanges = finish(_taken(batch, plan), batch.num_rows)
                yield Placed(batch=exchanges, places=rows_from(at), bytes_done=done)
                at += batch.num_rows
            first += group.num_rows
            if at < first:
                reject_rows(sink, location, n_rows=first - at, reason=BROKEN_GROUP, line=at)


def _next(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    """Return the next batch, or None at the end and where the row group cannot be read on."""
    try:
        return next(batches, None)
    except _FAILURES:
        return None


def _taken(batch: pa.RecordBatch, plan: Plan) -> dict[str, pa.Array]:
    return {
        reading.name: constant(reading, batch.num_rows)
        if reading.path is None
        else _leaf(batch, reading.path)
        for reading in plan
    }


def _rows_within(group: pq.RowGroupMetaData, n_bytes: int) -> int:
    per_row = max(1, group.total_byte_size // max(1, group.num_rows))
    return max(1, int(n_bytes // per_row))


def _columns(plan: Plan) -> list[str]:
    return sorted({reading.path[0] for reading in plan if reading.path is not None})


def _leaf(batch: pa.RecordBatch, path: tuple[str, ...]) -> pa.Array:
    array = batch.column(path[0])
    return pc.struct_field(array, list(path[1:])) if len(path) > 1 else array
