"""Queries in the restricted dialect -> Parquet datasets, by DuckDB inside the process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from iolaus.contracts import Mapper
from iolaus.errors import IolausError, UsageError

ROWS_A_BATCH = 65_536


class DuckDB:
    """The default engine: one process, spills to `folder`, every stage one Parquet file.

    Not safe to share between threads. Closing it removes its files.
    """

    name = "duckdb"
    version = 1
    summary = "DuckDB in the process; the default"

    def __init__(self, folder: Path, *, memory: str = "3GB", threads: int | None = None) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect(":memory:")
        try:
            self._connection.execute(f"set memory_limit = '{memory}'")
        except duckdb.Error as error:
            raise UsageError(
                f"cannot use {memory!r} as a memory limit", remedy='give a size such as "3GB"'
            ) from error
        self._connection.execute(f"set temp_directory = {_quoted(folder / 'spill')}")
        # Row order of equal keys must not depend on scheduling: same log, same bytes.
        self._connection.execute("set preserve_insertion_order = true")
        self._connection.execute("set timezone = 'UTC'")
        if threads is not None:
            self._connection.execute(f"set threads = {threads}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection and remove the stage files."""
        self._connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def scan(self, name: str, path: Path) -> None:
        """Register a Parquet file, or a folder of them, as a view."""
        pattern = f"{path}/*.parquet" if path.is_dir() else str(path)
        self._connection.execute(
            f"create or replace view {name} as select * from read_parquet({_quoted(pattern)})"
        )

    def map(self, name: str, query: str, fn: Mapper, schema: pa.Schema) -> None:
        """Pass the query's batches through `fn`, one Parquet row group each."""
        target = self._path(name)
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for batch in self._reader(query):
                writer.write_batch(fn(batch))
        self.scan(name, target)

    def sql(self, name: str, query: str) -> None:
        """Run the query, write its result, register it."""
        target = self._path(name)
        try:
            self._connection.execute(
                f"copy ({query}) to {_quoted(target)} (format parquet, codec zstd)"
            )
        except duckdb.Error as error:
            raise IolausError(f"the query of stage {name!r} failed: {error}") from error
        self.scan(name, target)

    def put(self, name: str, table: pa.Table) -> None:
        """Write and register a small table from the driver."""
        target = self._path(name)
        pq.write_table(table, target, compression="zstd")
        self.scan(name, target)

    def stream(self, name: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield a dataset's batches, in order; an empty dataset yields one, of its schema."""
        chosen = ", ".join(columns) if columns else "*"
        reader = self._reader(f"select {chosen} from {name}")
        empty = True
        for batch in reader:
            empty = False
            yield batch
        if empty:
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)

    def table(self, query: str) -> pa.Table:
        """Return a small result whole; for the driver's own tables only."""
        return self._connection.sql(query).to_arrow_table()

    def _reader(self, query: str) -> pa.RecordBatchReader:
        return self._connection.sql(query).to_arrow_reader(ROWS_A_BATCH)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"


def _quoted(path: Path | str) -> str:
    """Return a path as a string of the dialect."""
    return "'" + str(path).replace("'", "''") + "'"
