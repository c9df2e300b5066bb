"""CSV, JSON or Parquet with names of its own -> exchanges, by [ingest.map] and by alias."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from iolaus.contracts import RejectSink
from iolaus.errors import FormatError
from iolaus.ingest.aliases import matched
from iolaus.ingest.canonical import missing_columns
from iolaus.ingest.columns import (
    REQUIRED,
    Plan,
    Reading,
    constant,
    exchanges_of,
    missing_required,
    plan_of_map,
)
from iolaus.ingest.delimited import header_of, read_delimited
from iolaus.ingest.json_records import read_records
from iolaus.ingest.jsonl import array_of, decode_object, read_lines, value_at
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.lines import head_of
from iolaus.ingest.message_columns import columns_said
from iolaus.ingest.parquet import open_parquet, read_parquet
from iolaus.ingest.places import Placed
from iolaus.ingest.rejects import Ignored
from iolaus.ingest.sniffing import is_json_lines, is_json_objects, is_parquet

_DEEPEST = 4


class Mapped:
    """Any table whose columns can be named as ours."""

    name = "mapped"
    version = 1
    summary = "CSV, JSON or Parquet with other column names: by [ingest.map], or well-known ones"

    def __init__(
        self, *, mapping: Mapping[str, object] | None, key: bytes, limits: ReadLimits = LIMITS
    ) -> None:
        self._by_map = plan_of_map(mapping or {})
        self._key = key
        self._limits = limits

    def sniff(self, head: bytes) -> bool:
        """Say yes to Parquet, JSON objects and a CSV header; `plan_of` knows whether they fit."""
        if is_parquet(head) or is_json_lines(head) or is_json_objects(head):
            return True
        return header_of(head) is not None

    def columns_of(self, location: str) -> list[str]:
        """Return the file's own column names, nested ones with dots."""
        return [".".join(path) for path in self._paths_of(location)]

    def plan_of(self, location: str) -> Plan:
        """Return which of their columns is which of ours, the map first, then aliases."""
        paths = self._paths_of(location)
        head = head_of(location, limits=self._limits)
        is_open = is_json_lines(head) or is_json_objects(head)
        by_name = {".".join(path): path for path in paths}
        taken: dict[str, tuple[str, ...]] = {}
        plan: dict[str, Reading] = {}
        for reading in self._by_map:
            path = by_name.get(".".join(reading.path or ()))
            if reading.path is not None and path is None:
                if not is_open or reading.name in REQUIRED:
                    continue
                path = reading.path  # a key that comes later than the lines looked at
            plan[reading.name] = Reading(
                name=reading.name, path=path, unit=reading.unit, value=reading.value
            )
            if path is not None:
                taken[reading.name] = path
        matched([path for path in paths if path not in taken.values()], taken)
        for name, path in taken.items():
            plan.setdefault(name, Reading(name=name, path=path))
        return self._checked(location, tuple(plan.values()), sorted(by_name))

    def _checked(self, location: str, plan: Plan, theirs: Sequence[str]) -> Plan:
        missing = missing_required(plan)
        if len(missing) == len(REQUIRED):
            raise FormatError("no column is known", where=location)
        if missing:
            raise missing_columns(location, missing, theirs=theirs)
        return plan

    def place(self, location: str, rejects: RejectSink) -> Iterator[Placed]:
        """Yield batches and where their rows stand."""
        plan = self.plan_of(location)
        head = head_of(location, limits=self._limits)
        has_messages = any(reading.name == "messages" for reading in plan)
        if is_parquet(head):
            yield from self._of_parquet(location, plan, rejects)
        elif is_json_lines(head) and not has_messages:
            yield from read_lines(location, plan=plan, sink=rejects, limits=self._limits)
        elif is_json_lines(head) or is_json_objects(head):
            yield from self._of_records(location, plan, rejects)
        else:
            yield from self._of_delimited(location, plan, rejects)

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Yield batches of the EXCHANGE schema; rows that fail go to `rejects`."""
        for placed in self.place(location, rejects):
            yield placed.batch

    def _of_parquet(self, location: str, plan: Plan, sink: RejectSink) -> Iterator[Placed]:
        yield from read_parquet(
            location,
            plan=plan,
            sink=sink,
            limits=self._limits,
            finish=lambda columns, n_rows: self._finished(columns, n_rows, plan=plan, sink=sink),
        )

    def _of_records(self, location: str, plan: Plan, sink: RejectSink) -> Iterator[Placed]:
        blocks = read_records(location, decode=decode_object, sink=sink, limits=self._limits)
        for block in blocks:
            n_rows = len(block.records)
            columns: dict[str, Any] = {}
            for reading in plan:
                values = [value_at(record, reading.path or ()) for record in block.records]
                if reading.path is None:
                    columns[reading.name] = constant(reading, n_rows)
                elif reading.name == "messages":
                    columns[reading.name] = values
                else:
                    columns[reading.name] = array_of(values)
            batch = self._finished(columns, n_rows, plan=plan, sink=sink)
            yield Placed(batch=batch, places=block.places, bytes_done=block.bytes_done)

    def _of_delimited(self, location: str, plan: Plan, sink: RejectSink) -> Iterator[Placed]:
        header = header_of(head_of(location, limits=self._limits))
        if header is None:
            raise FormatError("no header in the first line", where=location)
        theirs = list(dict.fromkeys(r.path[0] for r in plan if r.path is not None))
        for part in read_delimited(
            location, header=header, columns=theirs, sink=sink, limits=self._limits
        ):
            n_rows = part.table.num_rows
            columns = {
                reading.name: constant(reading, n_rows)
                if reading.path is None
                else _chunk(part.table.column(reading.path[0]))
                for reading in plan
            }
            if n_rows:
                batch = self._finished(columns, n_rows, plan=plan, sink=sink)
                yield Placed(batch=batch, places=part.places, bytes_done=part.bytes_done)

    def _finished(
        self, columns: dict[str, Any], n_rows: int, *, plan: Plan, sink: RejectSink
    ) -> pa.RecordBatch:
        messages = columns.pop("messages", None)
        if messages is not None:
            values = messages.to_pylist() if isinstance(messages, pa.Array) else messages
            for name, array in columns_said(values, key=self._key).items():
                columns.setdefault(name, array)
        return exchanges_of(columns, n_rows, plan=plan, sink=sink)

    def _paths_of(self, location: str) -> list[tuple[str, ...]]:
        head = head_of(location, limits=self._limits)
        if is_parquet(head):
            with open_parquet(location) as file:
                return _schema_paths(file)
        if is_json_lines(head) or is_json_objects(head):
            paths: dict[tuple[str, ...], None] = {}
            for block in read_records(
                location, decode=decode_object, sink=Ignored(), limits=self._limits
            ):
                for record in block.records:
                    paths.update(dict.fromkeys(_record_paths(record)))
                break
            return list(paths)
        header = header_of(head)
        return [(name,) for name in header.names] if header else []


def _chunk(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _record_paths(
    record: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for key, value in record.items():
        yield (*above, key)
        if isinstance(value, dict) and len(above) + 1 < _DEEPEST:
            yield from _record_paths(value, (*above, key))


def _schema_paths(file: pq.ParquetFile) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []

    def walk(field: pa.Field, above: tuple[str, ...]) -> None:
        paths.append((*above, field.name))
        if pa.types.is_struct(field.type):
            for inner in field.type:
                walk(inner, (*above, field.name))

    for field in file.schema_arrow:
        walk(field, ())
    return paths
