"""A file, packed or not -> blocks of whole records, whose over-long ones are dropped on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import numpy as np
import pyarrow as pa

from iolaus.contracts import RejectSink
from iolaus.ingest.limits import LIMITS, ReadLimits

CODECS = {".gz": "gzip", ".zst": "zstd"}
BOM = b"\xef\xbb\xbf"
_PIECE = 4 * 1024
NEWLINE, QUOTE = 0x0A, 0x22

Dropped = Callable[[int, int], None]
"""Told the line number and byte offset of a record that was too long."""


def rejecting(sink: RejectSink, location: str, *, reason: str) -> Dropped:
    """Return what puts the place of each record that is dropped into the sink."""
    return lambda line, offset: sink.add(location, line=line, offset=offset, reason=reason)


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records; `first_line` is 1-based, `offset` counts unpacked bytes."""

    data: bytes
    first_line: int
    offset: int
    packed_end: int = field(default=0, kw_only=True)
    spans: tuple[tuple[int, int], ...] | None = field(default=None, kw_only=True)

    @property
    def n_lines(self) -> int:
        """How many lines there are, blank ones and the unfinished last one included."""
        n_ended = np.count_nonzero(np.frombuffer(self.data, np.uint8) == NEWLINE)
        return int(n_ended) + (not self.data.endswith(b"\n"))

    def n_records(self, *, quoted: bool = False) -> int:
        """Return how many records there are, blank ones included."""
        return len(_ends(self.data, quoted=quoted)) if quoted else self.n_lines

    def _line_ends(self) -> Iterator[int]:
        """Yield ends one by one: whoever wants the first lines need not find them all."""
        end = 0
        while end < len(self.data):
            end = self.data.find(b"\n", end) + 1 or len(self.data)
            yield end

    def records(self, *, quoted: bool = False) -> Iterator[tuple[int, int, bytes]]:
        """Yield (line, offset, record) of every record that is not blank."""
        line, start = self.first_line, 0
        for begin, end in self.spans or ():
            line += self.data.count(b"\n", start, begin)
            yield line, self.offset + begin, self.data[begin:end]
            start = begin
        if self.spans is not None:
            return
        for end in _ends(self.data, quoted=True) if quoted else self._line_ends():
            record = self.data[start:end]
            if record.strip():
                yield line, self.offset + start, record
            line += record.count(b"\n") if quoted else 1
            start = end


def _newlines(data: bytes, *, quoted: bool) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the newlines that end a record; inside CSV quotes a newline ends nothing."""
    view = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(view == NEWLINE)
    if quoted and b'"' in data:
        quotes = np.flatnonzero(view == QUOTE)
        newlines = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    return newlines


def _ends(data: bytes, *, quoted: bool) -> list[int]:
    ends: list[int] = (_newlines(data, quoted=quoted) + 1).tolist()
    if not ends or ends[-1] != len(data):
        ends.append(len(data))
    return ends


def _first_end(data: bytes, *, quoted: bool) -> int:
    if not quoted or b'"' not in data:
        return data.find(b"\n") + 1
    newlines = _newlines(data, quoted=True)
    return int(newlines[0]) + 1 if newlines.size else 0


def _last_end(data: bytes, *, quoted: bool) -> int:
    if not quoted or b'"' not in data:
        return data.rfind(b"\n") + 1
    newlines = _newlines(data, quoted=True)
    return int(newlines[-1]) + 1 if newlines.size else 0


class Salvaging:
    """A packed stream that gives out all it can before it says that it is torn."""

    def __init__(self, stream: pa.NativeFile) -> None:
        self._stream = stream
        self._torn: OSError | None = None

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; raise only when a tear leaves nothing to return."""
        pieces: list[bytes] = []
        n_left = size
        while n_left and self._torn is None:
            try:
                piece = self._stream.read(min(n_left, _PIECE))
            except OSError as error:
                self._torn = error
                break
            if not piece:
                break
            pieces.append(piece)
            n_left -= len(piece)
        if self._torn is not None and not pieces:
            raise self._torn
        return b"".join(pieces)


@contextmanager
def opened(location: str) -> Iterator[tuple[IO[bytes], Callable[[], int]]]:
    """Open a file, unpacking .gz and .zst, beside a function that says how far on disk it is."""
    path = Path(location)
    with path.open("rb") as raw:
        codec = CODECS.get(path.suffix)
        if codec is None:
            yield raw, raw.tell
        else:
            with pa.CompressedInputStream(raw, codec) as unpacked:
                yield cast("IO[bytes]", Salvaging(unpacked)), raw.tell


def blocks_of(
    stream: IO[bytes],
    *,
    on_dropped: Dropped,
    quoted: bool = False,
    limits: ReadLimits = LIMITS,
    tell: Callable[[], int] | None = None,
) -> Iterator[Block]:
    """
    Yield blocks of whole records, in order.

    At most one block and one record below the limit are held; the rest of a record that
    is too long is read past, and `on_dropped` is told where it began.
    """
    size = min(limits.block_bytes, limits.line_bytes)
    line, offset, held = 1, 0, b""
    while chunk := stream.read(size):
        data = held + chunk if held else bytes(chunk)
        if offset == 0 and not held and data.startswith(BOM):
            data, offset = data[len(BOM) :], len(BOM)
        first = _first_end(data, quoted=quoted) if len(data) > limits.line_bytes else 0
        if first > limits.line_bytes:  # later ones began in this chunk and are shorter
            on_dropped(line, offset)
            line, offset = line + data.count(b"\n", 0, first), offset + first
            data = data[first:]
        end = _last_end(data, quoted=quoted)
        if end:
            block = Block(data[:end], line, offset, packed_end=tell() if tell else 0)
            yield block
            line += block.n_lines
            offset += end
        held = data[end:]
        if len(held) > limits.line_bytes:
            on_dropped(line, offset)
            held, n_lines, n_bytes = _past_record(stream, held, size)
            line, offset = line + n_lines, offset + n_bytes
    if held:
        yield Block(held, line, offset, packed_end=tell() if tell else 0)


def _past_record(stream: IO[bytes], held: bytes, size: int) -> tuple[bytes, int, int]:
    """Read past the next newline; return what follows it, and the lines and bytes passed."""
    n_lines, n_bytes = held.count(b"\n"), len(held)
    while chunk := stream.read(size):
        end = chunk.find(b"\n") + 1
        if end:
            return bytes(chunk[end:]), n_lines + 1, n_bytes + end
        n_bytes += len(chunk)
    return b"", n_lines, n_bytes


def head_of(location: str, *, limits: ReadLimits = LIMITS) -> bytes:
    """Return the first unpacked bytes of a file, without a byte order mark."""
    with opened(location) as (stream, _):
        head = bytes(stream.read(limits.head_bytes))
    return head.removeprefix(BOM)
