"""Parquet and JSON lines whose columns have our names -> exchanges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from iolaus.arrow import EXCHANGE
from iolaus.contracts import RejectSink
from iolaus.errors import ColumnError
from iolaus.ingest.columns import REQUIRED, Plan, canonical_plan, missing_required
from iolaus.ingest.jsonl import read_lines
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.lines import head_of
from iolaus.ingest.parquet import open_parquet, read_parquet
from iolaus.ingest.places import Placed
from iolaus.ingest.sniffing import is_json_lines, is_parquet, keys_of, records_in, sample_records


class Canonical:
    """The exchange schema itself; columns may be absent and types are read leniently."""

    name = "canonical"
    version = 1
    summary = "Parquet or JSON lines whose columns are named as in the exchange schema"

    def __init__(self, *, limits: ReadLimits = LIMITS) -> None:
        self._limits = limits

    def sniff(self, head: bytes) -> bool:
        """Say yes to any Parquet, and to JSON lines that carry a required key or may yet."""
        if is_parquet(head):
            return True
        if not is_json_lines(head):
            return False
        records = records_in(head)
        return not records or bool(set(REQUIRED) & set(keys_of(records)))

    def columns_of(self, location: str) -> list[str]:
        """Return the file's own top-level column names."""
        if is_parquet(head_of(location, limits=self._limits)):
            with open_parquet(location) as file:
                return list(file.schema_arrow.names)
        return keys_of(sample_records(location, limits=self._limits))

    def plan_of(self, location: str) -> Plan:
        """Return which columns are read, or say which required ones are missing."""
        plan = canonical_plan(self.columns_of(location))
        missing = missing_required(plan)
        if missing:
            raise missing_columns(location, missing)
        if is_parquet(head_of(location, limits=self._limits)):
            return plan
        # A line of JSON need not have every key: tools may first be offered in line 100,000.
        return canonical_plan(EXCHANGE.names)

    def place(self, location: str, rejects: RejectSink) -> Iterator[Placed]:
        """Yield batches and where their rows stand."""
        plan = self.plan_of(location)
        if is_parquet(head_of(location, limits=self._limits)):
            yield from read_parquet(location, plan=plan, sink=rejects, limits=self._limits)
        else:
            yield from read_lines(location, plan=plan, sink=rejects, limits=self._limits)

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Yield batches of the EXCHANGE schema; rows that fail go to `rejects`."""
        for placed in self.place(location, rejects):
            yield placed.batch


def missing_columns(
    location: str, missing: list[str], *, theirs: Sequence[str] = ()
) -> ColumnError:
    """Say which required columns a log lacks and how to name them."""
    names = " and ".join(f'"{name}"' for name in missing)
    settings = ", ".join(f'{name} = "their column"' for name in missing)
    has = f"; it has {', '.join(theirs[:20])}" if theirs else ""
    return ColumnError(
        f"no column for {names}{has}",
        where=location,
        remedy=f"say which column it is in iolaus.toml: [ingest.map] {settings}",
    )
