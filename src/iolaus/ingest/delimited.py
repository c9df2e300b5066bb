"""CSV, with quotes and newlines in them -> batches of exchanges; a bad record costs only itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.csv as pc_csv

from iolaus.contracts import RejectSink
from iolaus.ingest.jsonl import too_long
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.lines import Block, blocks_of, opened, rejecting
from iolaus.ingest.places import Places, lines_of

WRONG_WIDTH = "another number of fields than the header"

_DELIMITERS = (",", "\t", ";", "|")
_NAME = re.compile(r"[A-Za-z_@#][\w .@:/#()\-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first record of a file."""

    names: tuple[str, ...]
    delimiter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimited:
    """One block's columns, as strings."""

    table: pa.Table
    places: Places
    bytes_done: int


def header_of(head: bytes) -> Header | None:
    """Return the header that a file starts with, or None where it does not look like one."""
    first = next(iter(Block(head, 1, 0).records(quoted=True)), (0, 0, b""))[2]
    try:
        line = first.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    delimiter = max(_DELIMITERS, key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    names = [name.strip() for name in names]
    looks_right = len(set(names)) == len(names) >= 2 and all(map(_NAME.fullmatch, names))
    return Header(names=tuple(names), delimiter=delimiter) if looks_right else None


def read_delimited(
    location: str,
    *,
    header: Header,
    columns: list[str],
    sink: RejectSink,
    limits: ReadLimits = LIMITS,
) -> Iterator[Delimited]:
    """Yield the wanted columns block by block, the header left out."""
    with opened(location) as (stream, tell):
        blocks = blocks_of(
            stream,
            on_dropped=rejecting(sink, location, reason=too_long(limits)),
            quoted=True,
            limits=limits,
            tell=tell,
        )
        is_first = True
        for block in blocks:
            body = _without_header(block) if is_first else block
            is_first = False
            if body.data.strip():
                yield _parsed(body, location, header=header, columns=columns, sink=sink)


def _without_header(block: Block) -> Block:
    records = block.records(quoted=True)
    next(records, None)
    line, offset, _ = next(records, (0, block.offset + len(block.data), b""))
    rest = block.data[offset - block.offset :]
    return replace(block, data=rest, first_line=line, offset=offset)


def _parsed(
    block: Block, location: str, *, header: Header, columns: list[str], sink: RejectSink
) -> Delimited:
    table = _fast(block, header, columns)
    kept: list[int] | None = None
    if table is None:
        table, kept = _slow(block, location, header=header, columns=columns, sink=sink)
    return Delimited(
        table=table, places=lines_of(block, quoted=True, kept=kept), bytes_done=block.packed_end
    )


def _fast(block: Block, header: Header, columns: list[str]) -> pa.Table | None:
    try:
        table = pc_csv.read_csv(
            pa.BufferReader(block.data),
            read_options=pc_csv.ReadOptions(
                column_names=list(header.names),
                block_size=len(block.data) + 1,
                use_threads=False,
            ),
            parse_options=pc_csv.ParseOptions(delimiter=header.delimiter, newlines_in_values=True),
            convert_options=pc_csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(header.names, pa.string()),
                include_columns=columns,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    # A quote that never closes makes one record of many lines; then each is read by itself.
    n_rows = table.num_rows
    is_whole = n_rows == block.n_records(quoted=True) or n_rows == sum(
        1 for _ in block.records(quoted=True)
    )
    return table.combine_chunks() if is_whole else None


def _slow(
    block: Block, location: str, *, header: Header, columns: list[str], sink: RejectSink
) -> tuple[pa.Table, list[int]]:
    wanted = [header.names.index(name) for name in columns]
    rows: list[list[str | None]] = []
    kept: list[int] = []
    for number, (line, offset, raw) in enumerate(block.records(quoted=True)):
        text = io.StringIO(raw.decode(errors="replace"), newline="")
        fields = next(csv.reader(text, delimiter=header.delimiter), [])
        if len(fields) != len(header.names):
            sink.add(location, line=line, offset=offset, reason=WRONG_WIDTH)
            continue
        rows.append([fields[at] or None for at in wanted])
        kept.append(number)
    arrays = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(columns))]
    return pa.table(arrays, names=columns), kept
