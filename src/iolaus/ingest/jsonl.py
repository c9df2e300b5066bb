"""Lines of JSON -> batches of exchanges; only a block that fails is read again line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from iolaus.arrow import EXCHANGE
from iolaus.contracts import RejectSink
from iolaus.ingest.columns import Plan, Reading, constant, exchanges_of
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.lines import Block, blocks_of, opened, rejecting
from iolaus.ingest.places import Placed, lines_of

NOT_JSON = "not valid JSON"
NOT_AN_OBJECT = "not a JSON object"

_DECODER = msgspec.json.Decoder()
_STRINGS = pa.list_(pa.string())
_KINDS: dict[frozenset[str], pa.DataType] = {
    frozenset({"str"}): pa.string(),
    frozenset({"int"}): pa.int64(),
    frozenset({"float"}): pa.float64(),
    frozenset({"int", "float"}): pa.float64(),
    frozenset({"bool"}): pa.bool_(),
    frozenset({"strings"}): _STRINGS,
}


def too_long(limits: ReadLimits) -> str:
    """Return the reason for a record over the limit."""
    return f"longer than {limits.line_bytes // 1024**2} MiB"


def read_lines(
    location: str, *, plan: Plan, sink: RejectSink, limits: ReadLimits = LIMITS
) -> Iterator[Placed]:
    """Yield the exchanges of a file of JSON lines, in order."""
    with opened(location) as (stream, tell):
        blocks = blocks_of(
            stream,
            on_dropped=rejecting(sink, location, reason=too_long(limits)),
            limits=limits,
            tell=tell,
        )
        for block in blocks:
            yield from _read_block(block, location, plan=plan, sink=sink, limits=limits)


def _read_block(
    block: Block, location: str, *, plan: Plan, sink: RejectSink, limits: ReadLimits
) -> Iterator[Placed]:
    columns = _parse(block, plan, limits)
    kept: Sequence[int] | None = None
    if columns is None:
        records, kept = decode_lines(block, location, sink=sink)
        columns = {reading.name: _gathered(records, reading) for reading in plan}
        n_rows = len(records)
    else:
        n_rows = len(next(iter(columns.values())))
    if n_rows:
        batch = exchanges_of(columns, n_rows, plan=plan, sink=sink)
        places = lines_of(block, kept=kept)
        yield Placed(batch=batch, places=places, bytes_done=block.packed_end)


def _parse(block: Block, plan: Plan, limits: ReadLimits) -> dict[str, pa.Array] | None:
    """Parse a block in one go, or return None where it must be read line by line."""
    schema = _schema_of(block, plan, limits)
    if schema is None:
        return None
    try:
        table = pj.read_json(
            pa.BufferReader(block.data),
            read_options=pj.ReadOptions(block_size=len(block.data) + 1, use_threads=False),
            parse_options=pj.ParseOptions(
                explicit_schema=schema, unexpected_field_behavior="ignore"
            ),
        )
    # Not an error yet: the caller reads this block again, line by line, and says which failed.
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError):
        return None
    # Two objects on one line, or one over two lines, are no JSON lines though Arrow reads them.
    if table.num_rows != block.n_lines and table.num_rows != sum(1 for _ in block.records()):
        return None
    return {
        reading.name: constant(reading, table.num_rows)
        if reading.path is None
        else _leaf(table, reading.path)
        for reading in plan
    }


def _leaf(table: pa.Table, path: tuple[str, ...]) -> pa.Array:
    column = table.column(path[0]).combine_chunks()
    array = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    return pc.struct_field(array, list(path[1:])) if len(path) > 1 else array


def _schema_of(block: Block, plan: Plan, limits: ReadLimits) -> pa.Schema | None:
    """Choose each column's type by a look at the first lines; None when a column is mixed."""
    sample = []
    for _, _, record in block.records():
        try:
            sample.append(_DECODER.decode(record))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        if len(sample) >= limits.sampled_lines:
            break
    tree: dict[str, Any] = {}
    for reading in plan:
        if reading.path is not None:
            kind = _kind_of(sample, reading)
            if kind is None or not _grow(tree, reading.path, kind):
                return None
    return pa.schema(_fields_of(tree))


def _kind_of(sample: Sequence[Any], reading: Reading) -> pa.DataType | None:
    kinds = {_kind_name(value_at(record, reading.path or ())) for record in sample}
    kinds.discard("")
    if kinds:
        return _KINDS.get(frozenset(kinds))
    wanted = EXCHANGE.field(reading.name).type
    if pa.types.is_timestamp(wanted):
        return pa.string()
    return pa.int64() if pa.types.is_integer(wanted) else wanted


def _kind_name(value: Any) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "strings"
    return type(value).__name__


def _grow(tree: dict[str, Any], path: tuple[str, ...], kind: pa.DataType) -> bool:
    """Put a leaf into the tree of nested fields; False where a leaf is in the way."""
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            return False
    return bool(tree.setdefault(path[-1], kind) == kind)


def _fields_of(tree: Mapping[str, Any]) -> list[pa.Field]:
    return [
        pa.field(name, pa.struct(_fields_of(kind)) if isinstance(kind, dict) else kind)
        for name, kind in tree.items()
    ]


def decode_lines(
    block: Block, location: str, *, sink: RejectSink
) -> tuple[list[dict[str, Any]], list[int]]:
    """Decode line by line; return the objects, and which record of the block each one was."""
    records: list[dict[str, Any]] = []
    kept: list[int] = []
    for number, (line, offset, raw) in enumerate(block.records()):
        record, reason = decode_object(raw)
        if record is None:
            sink.add(location, line=line, offset=offset, reason=reason or NOT_JSON)
        else:
            records.append(record)
            kept.append(number)
    return records, kept


def decode_object(raw: bytes) -> tuple[dict[str, Any] | None, str | None]:
    """Return one JSON object, mended where only its text is at fault, or the reason why not."""
    try:
        record = _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            # Stray bytes and lone surrogates stay in the strings until their column is known.
            record = json.loads(raw.decode(errors="surrogateescape"), parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            return None, NOT_JSON
    except RecursionError:
        return None, "JSON nested too deeply"
    return (record, None) if isinstance(record, dict) else (None, NOT_AN_OBJECT)


def value_at(record: Any, path: Sequence[str]) -> Any:
    """Return the value at a path; a key that holds the whole dotted name comes first."""
    if isinstance(record, dict) and len(path) > 1 and ".".join(path) in record:
        return record[".".join(path)]
    for step in path:
        if not isinstance(record, dict):
            return None
        record = record.get(step)
    return record


def _gathered(records: Sequence[Mapping[str, Any]], reading: Reading) -> pa.Array:
    """Return one column of decoded records; values of mixed types are written as strings."""
    if reading.path is None:
        return constant(reading, len(records))
    values = [value_at(record, reading.path) for record in records]
    return array_of(values)


def array_of(values: list[Any]) -> pa.Array:
    """
    Return decoded JSON values as one array, whatever they are.

    Strings that are no Unicode come out as their invalid bytes, for `well_formed` to judge.
    """
    kinds = {_kind_name(value) for value in values} - {""}
    kind = _KINDS.get(frozenset(kinds))
    if not kinds:
        return pa.array(values, _STRINGS if any(v == [] for v in values) else pa.null())
    if kinds == {"str"}:
        return strings_of(values)
    if kind is not None and kinds != {"strings"}:
        try:
            return pa.array(values, kind)
        except (pa.ArrowInvalid, OverflowError):
            kind = None
    if "strings" in kinds or "list" in kinds:
        return pa.array([_names(value) for value in values], _STRINGS)
    return strings_of([_written(value) for value in values])


def strings_of(values: Sequence[str | None]) -> pa.Array:
    """Return strings, or as binary when one of them is no Unicode."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([None if value is None else _raw(value) for value in values], pa.binary())


def _raw(text: str) -> bytes:
    """Return the bytes that a text was read from, or that would be read as no Unicode."""
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")


def _names(value: Any) -> list[str | None] | None:
    """Return tool names, from names or from tool objects of either big dialect."""
    if not isinstance(value, list):
        return None if value is None else [_written(value)]
    names = [_written(_name(item)) for item in value]
    return [None if name is None else _raw(name).decode(errors="replace") for name in names]


def _name(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    inner = item.get("function")
    return inner.get("name") if isinstance(inner, dict) else item.get("name")


def _written(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return msgspec.json.encode(value).decode()
