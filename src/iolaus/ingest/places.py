"""Where the rows of a batch stand in their file: worked out only for rows that are refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from iolaus.ingest.lines import Block

Place = tuple[int | None, int | None]
"""Line (or row, in Parquet), 1-based, and byte offset."""

Places = Callable[[Sequence[int]], list[Place]]
"""Given row numbers of a batch, return their places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A batch of exchanges, where its rows stand, and how far into the file it ends."""

    batch: pa.RecordBatch
    places: Places
    bytes_done: int


def nowhere(rows: Sequence[int]) -> list[Place]:
    """Place rows of a source that cannot tell."""
    return [(None, None)] * len(rows)


def rows_from(first: int) -> Places:
    """Place rows of a table: the row number, 1-based, and no offset."""
    return lambda rows: [(first + row, None) for row in rows]


def lines_of(block: Block, *, quoted: bool = False, kept: Sequence[int] | None = None) -> Places:
    """Place rows of a block; `kept` says which of its records became rows, if not all did."""

    def places(rows: Sequence[int]) -> list[Place]:
        if not rows:
            return []
        known = [(line, offset) for line, offset, _ in block.records(quoted=quoted)]
        return [known[kept[row] if kept is not None else row] for row in rows]

    return places
