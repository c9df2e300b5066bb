"""JSON in lines, an array or one object -> decoded records, with the place of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from iolaus.contracts import RejectSink
from iolaus.ingest.json_objects import object_blocks
from iolaus.ingest.jsonl import NOT_JSON, too_long
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.lines import blocks_of, head_of, opened, rejecting
from iolaus.ingest.places import Places, lines_of
from iolaus.ingest.sniffing import is_json_lines

Record = TypeVar("Record")
Decode = Callable[[bytes], tuple[Record | None, str | None]]
"""Returns a record, or None and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded(Generic[Record]):
    """The records of one block."""

    records: list[Record]
    places: Places
    bytes_done: int


def read_records(
    location: str, *, decode: Decode[Record], sink: RejectSink, limits: ReadLimits = LIMITS
) -> Iterator[Decoded[Record]]:
    """Decode record by record; those that fail go to the sink."""
    split = blocks_of if is_json_lines(head_of(location, limits=limits)) else object_blocks
    reason = f"{NOT_JSON}, or {too_long(limits)}" if split is object_blocks else too_long(limits)
    with opened(location) as (stream, tell):
        blocks = split(
            stream,
            on_dropped=rejecting(sink, location, reason=reason),
            limits=limits,
            tell=tell,
        )
        for block in blocks:
            records: list[Record] = []
            kept: list[int] = []
            for number, (line, offset, raw) in enumerate(block.records()):
                record, reason_why = decode(raw)
                if record is None:
                    sink.add(location, line=line, offset=offset, reason=reason_why or NOT_JSON)
                    continue
                records.append(record)
                kept.append(number)
            if records:
                places = lines_of(block, kept=kept)
                yield Decoded(records=records, places=places, bytes_done=block.packed_end)
