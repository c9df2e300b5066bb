"""Files and folders -> one LogSet of exchanges that can be read again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

import pyarrow as pa

from iolaus.arrow import EXCHANGE
from iolaus.contracts import RejectSink, Source
from iolaus.errors import (
    ColumnError,
    ContractError,
    EmptyError,
    FormatError,
    InputError,
    UsageError,
)
from iolaus.ingest.admission import Admission
from iolaus.ingest.canonical import Canonical
from iolaus.ingest.columns import Plan
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.lines import head_of
from iolaus.ingest.litellm import Litellm
from iolaus.ingest.mapped import Mapped
from iolaus.ingest.parquet import DamagedFileError
from iolaus.ingest.places import Placed, nowhere
from iolaus.ingest.rejects import Ignored
from iolaus.ingest.sniffing import described

Progress = Callable[[int], None]
"""Told how many bytes of the set have been read."""

TORN = "file cannot be opened or unpacked"
CUT_SHORT = "file is truncated or corrupt from here on; copy it again to have the rest"


@runtime_checkable
class PlacingSource(Source, Protocol):
    """A source that also says where its rows stand; the built-in ones do."""

    def plan_of(self, location: str) -> Plan:
        """Return which columns are read, or raise what is wrong with the file."""

    def columns_of(self, location: str) -> list[str]:
        """Return the file's own column names."""

    def place(self, location: str, rejects: RejectSink) -> Iterator[Placed]:
        """Yield batches and where their rows stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """One file that a source recognised."""

    location: str
    n_bytes: int
    source: Source


class LogSet:
    """
    Every exchange of some files and folders.

    `skipped` names what no source recognised, and why. Every reading starts afresh and
    yields the same batches; pass `rejects` to one of them only.
    """

    def __init__(
        self,
        files: Sequence[LogFile],
        *,
        skipped: Sequence[str],
        key: bytes,
        now: datetime | None = None,
        limits: ReadLimits = LIMITS,
    ) -> None:
        self.files = tuple(files)
        self.skipped = tuple(skipped)
        self.n_bytes = sum(file.n_bytes for file in files)
        self._key = key
        self._now = now
        self._limits = limits

    def batches(
        self, rejects: RejectSink | None = None, *, on_progress: Progress | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield admitted exchanges; raise EmptyError when there was no row to admit or refuse."""
        sink = Ignored() if rejects is None else rejects
        admission = self.admission()
        read = self._admitted(admission, sink, on_progress)
        yield from _coalesced(read, self._limits)
        if admission.n_rows == 0:
            raise EmptyError(
                "the log has no row that can be read",
                where=", ".join(file.location for file in self.files[:3]),
                remedy="check that the export finished and that the path is the one you mean",
            )

    def admission(self) -> Admission:
        """Return what decides, for one reading, which rows count."""
        return Admission(key=self._key, now=self._now, limits=self._limits)

    def _admitted(
        self, admission: Admission, sink: RejectSink, on_progress: Progress | None
    ) -> Iterator[pa.RecordBatch]:
        done = 0
        for file in self.files:
            for placed in placed_in(file, sink):
                batch = admission.admit(placed, file=file.location, sink=sink)
                if batch.num_rows:
                    yield batch
                if on_progress is not None:
                    on_progress(done + min(placed.bytes_done, file.n_bytes))
            done += file.n_bytes
            if on_progress is not None:
                on_progress(done)


def placed_in(file: LogFile, sink: RejectSink) -> Iterator[Placed]:
    """Read one file; what cuts it short is one reject, and what came before counts."""
    try:
        if isinstance(file.source, PlacingSource):
            yield from file.source.place(file.location, sink)
            return
        for batch in file.source.read(file.location, sink):
            if not batch.schema.equals(EXCHANGE):
                raise ContractError(
                    f"source {file.source.name} yields another schema than EXCHANGE",
                    where=file.location,
                    remedy="cast its batches to iolaus.arrow.EXCHANGE",
                )
            yield Placed(batch=batch, places=nowhere, bytes_done=0)
    except OSError:
        sink.add(file.location, line=None, offset=None, reason=CUT_SHORT)


def _coalesced(batches: Iterator[pa.RecordBatch], limits: ReadLimits) -> Iterator[pa.RecordBatch]:
    """Join small batches and split large ones, order kept, within rows and bytes of one batch."""
    held: list[pa.RecordBatch] = []
    n_rows = n_bytes = 0
    for batch in batches:
        for piece in _pieces(batch, limits):
            size = piece.get_total_buffer_size() if piece.num_rows == batch.num_rows else 0
            size = size or piece.nbytes
            if held and (
                n_rows + piece.num_rows > limits.batch_rows or n_bytes + size > limits.batch_bytes
            ):
                yield _joined(held)
                held, n_rows, n_bytes = [], 0, 0
            held.append(piece)
            n_rows, n_bytes = n_rows + piece.num_rows, n_bytes + size
    if held:
        yield _joined(held)


def _joined(held: list[pa.RecordBatch]) -> pa.RecordBatch:
    return held[0] if len(held) == 1 else pa.concat_batches(held)


def _pieces(batch: pa.RecordBatch, limits: ReadLimits) -> Iterator[pa.RecordBatch]:
    per_row = max(1, batch.nbytes // max(1, batch.num_rows))
    step = max(1, min(limits.batch_rows, 2 * limits.batch_bytes // per_row))
    for start in range(0, batch.num_rows, step):
        yield batch.slice(start, step)


def builtin_sources(
    *, key: bytes, mapping: Mapping[str, object] | None = None, limits: ReadLimits = LIMITS
) -> tuple[Source, ...]:
    """Return the formats that Iolaus knows, in the order in which they are asked."""
    litellm, canonical = Litellm(key=key, limits=limits), Canonical(limits=limits)
    mapped = Mapped(mapping=mapping, key=key, limits=limits)
    # A map is the operator's word: it comes before our own reading of the same names.
    return (litellm, mapped, canonical) if mapping else (litellm, canonical, mapped)


def open_logs(
    locations: Sequence[str | Path],
    *,
    key: bytes,
    rejects: RejectSink,
    format: str | None = None,
    mapping: Mapping[str, object] | None = None,
    now: datetime | None = None,
    sources: Sequence[Source] = (),
    limits: ReadLimits = LIMITS,
) -> LogSet:
    """
    Find the log files in `locations` and what reads each; nothing but their heads is read.

    Args:
        locations: Files, and folders that are searched through, hidden files left out.
        key: The operator's key, for hashes of conversations and of ids.
        rejects: Told of files that are damaged; rows go to the sink of `LogSet.batches`.
        format: The name of a source; without it the sources are asked in turn.
        mapping: `[ingest.map]` of iolaus.toml.
        now: No exchange is later than a day after it; see Admission for a log without it.
        sources: Sources besides the built-in ones, asked first.
        limits: What is held at once, and what is refused.
    """
    known = (*sources, *builtin_sources(key=key, mapping=mapping, limits=limits))
    chosen = [source for source in known if format in (None, source.name)]
    if not chosen:
        names = ", ".join(sorted({source.name for source in known}))
        raise UsageError(f"no log format is called {format!r}", remedy=f"use one of: {names}")
    finding = _Finding(chosen, rejects=rejects, limits=limits)
    for path, shown in _files_in(locations):
        finding.look_at(path, shown)
    finding.raise_if_nothing(locations)
    return LogSet(finding.files, skipped=finding.skipped, key=key, now=now, limits=limits)


def _files_in(locations: Sequence[str | Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file once, folders sorted, beside the name by which a person knows it."""
    seen: set[Path] = set()
    for location in map(Path, locations):
        if not location.exists():
            raise InputError("no such file or folder", where=str(location), remedy="check the path")
        found = sorted(location.rglob("*")) if location.is_dir() else [location]
        for path in found:
            inside = path.relative_to(location)
            hidden = any(part.startswith(".") for part in inside.parts)
            if hidden or not path.is_file() or path.resolve() in seen:
                continue
            seen.add(path.resolve())
            yield path, str(inside) if location.is_dir() else path.name


class _Finding:
    """What looking at the files has found so far."""

    def __init__(
        self, sources: Sequence[Source], *, rejects: RejectSink, limits: ReadLimits
    ) -> None:
        self.files: list[LogFile] = []
        self.skipped: list[str] = []
        self._sources = sources
        self._rejects = rejects
        self._limits = limits
        self._damaged: list[InputError] = []
        self._near: list[ColumnError] = []
        self._n_filled = 0

    def look_at(self, path: Path, shown: str) -> None:
        """Give the file to the first source that can read it, or say why none can."""
        location = str(path)
        try:
            head = head_of(location, limits=self._limits)
        except OSError:
            self._damage(InputError(TORN, where=location, remedy="copy it again"))
            return
        if not head.strip():
            self.skipped.append(f"{shown}: empty")
            return
        self._n_filled += 1
        near: ColumnError | None = None
        for source in self._sources:
            if not source.sniff(head):
                continue
            try:
                if isinstance(source, PlacingSource):
                    source.plan_of(location)
            except ColumnError as error:
                near = near or error
                continue
            except DamagedFileError as error:
                self._damage(error)
                return
            except FormatError:
                continue
            except OSError:
                self._damage(InputError(TORN, where=location, remedy="copy it again"))
                return
            n_bytes = path.stat().st_size
            self.files.append(LogFile(location=location, n_bytes=n_bytes, source=source))
            return
        if near is not None:
            self._near.append(near)
        self.skipped.append(f"{shown}: {near.what if near else described(head)}")

    def _damage(self, error: InputError) -> None:
        reason = f"{error.what}; {error.remedy}" if error.remedy else error.what
        self._rejects.add(error.where or "", line=None, offset=None, reason=reason)
        self._damaged.append(error)

    def raise_if_nothing(self, locations: Sequence[str | Path]) -> None:
        """Raise the most telling of what was found, when no file can be read."""
        if self.files:
            return
        for error in (*self._damaged, *self._near):
            raise error
        where = ", ".join(map(str, locations))
        if not self._n_filled:
            raise EmptyError(
                "nothing to read: every file is empty" if self.skipped else "no files here",
                where=where,
                remedy="check that the export finished and that the path is the one you mean",
            )
        seen = "; ".join(self.skipped[:5]) + ("; ..." if len(self.skipped) > 5 else "")
        raise FormatError(
            f"no log format recognises this: {seen}",
            where=where,
            remedy="name the format with --format, or the columns in [ingest.map] of iolaus.toml",
        )
