"""Names of their columns -> a plan: which of theirs is which of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from iolaus.arrow import EXCHANGE
from iolaus.contracts import RejectSink
from iolaus.errors import UsageError
from iolaus.ingest.casting import as_type, plain, well_formed
from iolaus.ingest.instants import UNIT_IN_US, WITHOUT_ZONE
from iolaus.ingest.rejects import warn

REQUIRED = ("id", "at", "account")
TEXT = ("system", "prompt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where one of our columns comes from: their column, or a constant."""

    name: str
    path: tuple[str, ...] | None = None
    unit: str | None = None
    value: str | None = None

    @property
    def theirs(self) -> str:
        """Their name for it, as the map writes it."""
        return ".".join(self.path) if self.path else f"the constant {self.value!r}"


Plan = tuple[Reading, ...]


def canonical_plan(names: Iterable[str]) -> Plan:
    """Read every column that already has our name, in the schema's order."""
    present = set(names)
    return tuple(Reading(name=name, path=(name,)) for name in EXCHANGE.names if name in present)


def missing_required(plan: Plan) -> list[str]:
    """Name the required columns that the plan does not fill."""
    known = {reading.name for reading in plan}
    return [name for name in REQUIRED if name not in known]


def exchanges_of(
    columns: Mapping[str, pa.Array], n_rows: int, *, plan: Plan, sink: RejectSink
) -> pa.RecordBatch:
    """Cast what the plan names and fill the rest with nulls; values that do not fit are counted."""
    units = {reading.name: reading.unit for reading in plan}
    arrays = []
    for field in EXCHANGE:
        if field.name not in columns:
            arrays.append(pa.nulls(n_rows, field.type))
            continue
        array, n_misfits, n_naive = _cast(
            columns[field.name], field, unit=units.get(field.name), sink=sink
        )
        warn(sink, f"{field.name} could not be read and is taken as missing", n_rows=n_misfits)
        if field.name == "at":
            warn(sink, WITHOUT_ZONE, n_rows=n_naive)
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=EXCHANGE)


def _cast(
    array: pa.Array, field: pa.Field, *, unit: str | None, sink: RejectSink
) -> tuple[pa.Array, int, int]:
    array, n_bad = plain(array), 0
    if pa.types.is_string(array.type):
        is_text = field.name in TEXT
        array, n_bad = well_formed(array, mend=is_text)
        if is_text:
            warn(sink, f"{field.name} held invalid UTF-8 and was mended", n_rows=n_bad)
            n_bad = 0
    cast, n_misfits, n_naive = as_type(array, field.type, unit=unit)
    return cast, n_misfits + n_bad, n_naive


def constant(reading: Reading, n_rows: int) -> pa.Array:
    """Return the constant of a reading, as often as there are rows."""
    return pa.repeat(pa.scalar(reading.value, pa.string()), n_rows)


def plan_of_map(mapping: Mapping[str, object]) -> Plan:
    """
    Read `[ingest.map]`: `account = "user.id"`, `at = {column = "ts", unit = "ms"}`,
    `channel = {value = "aws.bedrock"}`.
    """
    return tuple(_reading_of(name, entry) for name, entry in sorted(mapping.items()))


def _reading_of(name: str, entry: object) -> Reading:
    where = f"[ingest.map] {name}"
    if name not in EXCHANGE.names and name != "messages":
        raise UsageError(
            "no such column",
            where=where,
            remedy=f"use one of: {', '.join(EXCHANGE.names)}, messages",
        )
    if isinstance(entry, str):
        return Reading(name=name, path=tuple(entry.split(".")))
    remedy = 'write "their.column", {column = "their.column", unit = "ms"} or {value = "constant"}'
    if not isinstance(entry, Mapping) or not set(entry) <= {"column", "unit", "value"}:
        raise UsageError("is not understood", where=where, remedy=remedy)
    column, unit, value = (entry.get(key) for key in ("column", "unit", "value"))
    if (column is None) == (value is None):
        raise UsageError("needs either a column or a value", where=where, remedy=remedy)
    if unit is not None and unit not in UNIT_IN_US:
        raise UsageError(f"unknown unit {unit!r}", where=where, remedy="use s, ms, us or ns")
    return Reading(
        name=name,
        path=tuple(str(column).split(".")) if column is not None else None,
        unit=None if unit is None else str(unit),
        value=None if value is None else str(value),
    )
