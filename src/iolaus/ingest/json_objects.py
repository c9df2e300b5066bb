"""A stream of JSON in any layout, an array or pretty-printed -> blocks of whole objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

import numba
import numpy as np
import numpy.typing as npt

from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.lines import BOM, Block, Dropped

Bytes = npt.NDArray[np.uint8]
Edges = npt.NDArray[np.int64]
State = tuple[int, bool, bool]
"""Depth of braces, inside a string, after a backslash."""


@numba.njit(cache=True, nogil=True)
def _edges(
    data: Bytes, depth: int, in_string: bool, escaped: bool, edges: Edges
) -> tuple[int, int, bool, bool]:
    """Note where outermost objects begin (as the position) and end (as its complement)."""
    n = 0
    for at in range(data.size):
        byte = data[at]
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte == 0x7B:
            if depth == 0:
                edges[n] = at
                n += 1
            depth += 1
        elif byte == 0x7D and depth > 0:
            depth -= 1
            if depth == 0:
                edges[n] = ~(at + 1)
                n += 1
    return n, depth, in_string, escaped


def _scanned(chunk: bytes, state: State) -> tuple[list[int], State]:
    view = np.frombuffer(chunk, np.uint8)
    edges = np.empty(chunk.count(b"{") + chunk.count(b"}") + 1, np.int64)
    n, *rest = _edges(view, *state, edges)
    return edges[:n].tolist(), (int(rest[0]), bool(rest[1]), bool(rest[2]))


def object_blocks(
    stream: IO[bytes],
    *,
    on_dropped: Dropped,
    limits: ReadLimits = LIMITS,
    tell: Callable[[], int] | None = None,
) -> Iterator[Block]:
    """
    Yield blocks whose spans are the outermost objects; whatever stands between is passed over.

    An object over the limit is read past without being held; one that never ends is dropped.
    """
    size = min(limits.block_bytes, limits.line_bytes)
    state: State = (0, False, False)
    line, offset, held, skipping = 1, 0, b"", False
    while chunk := stream.read(size):
        if offset == 0 and not held:
            chunk = bytes(chunk).removeprefix(BOM)
        edges, state = _scanned(chunk, state)
        if skipping:
            ends = [~edge for edge in edges if edge < 0]
            cut = ends[0] if ends else len(chunk)
            line, offset = line + chunk.count(b"\n", 0, cut), offset + cut
            if not ends:
                continue
            chunk, skipping = chunk[cut:], False
            edges = [e - cut if e >= 0 else ~(~e - cut) for e in edges[edges.index(~cut) + 1 :]]
        data = held + chunk
        block, held, began = _cut(data, edges, len(held), line, offset, tell)
        if block is not None:
            yield block
        done = len(data) - len(held)
        line, offset = line + data.count(b"\n", 0, done), offset + done
        if began and len(held) > limits.line_bytes:
            on_dropped(line, offset)
            line, offset = line + held.count(b"\n"), offset + len(held)
            held, skipping = b"", True
    if held.strip():
        on_dropped(line, offset)


def _cut(
    data: bytes,
    edges: list[int],
    n_held: int,
    line: int,
    offset: int,
    tell: Callable[[], int] | None,
) -> tuple[Block | None, bytes, bool]:
    """Return the whole objects as a block, and what is left of one that has begun."""
    starts = [edge + n_held for edge in edges if edge >= 0]
    ends = [~edge + n_held for edge in edges if edge < 0]
    if n_held:
        starts.insert(0, 0)
    spans = tuple(zip(starts, ends, strict=False))
    rest = data[starts[len(ends)] :] if len(starts) > len(ends) else b""
    if not spans:
        return None, rest, bool(rest)
    packed_end = tell() if tell else 0
    return Block(data, line, offset, packed_end=packed_end, spans=spans), rest, bool(rest)
