"""Rows that cannot be read -> exact counts by reason, and places kept on disk; never any text."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import IO, Self

from iolaus.contracts import RejectSink
from iolaus.ingest.limits import LIMITS
from iolaus.ingest.whole_files import whole_file

__all__ = ["Ignored", "Rejects", "reject_rows", "warn"]


class Rejects:
    """
    Count what was rejected and what was mended, by reason.

    Places are kept in a temporary file, at most `kept_per_reason` for one reason, so that a
    log of nothing but bad rows costs no memory. Reasons are our own words.
    """

    def __init__(self, *, kept_per_reason: int = LIMITS.kept_per_reason) -> None:
        self._kept_per_reason = kept_per_reason
        self._counts: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()
        self._rows_kept: Counter[str] = Counter()
        self._warnings: Counter[str] = Counter()
        self._lines: IO[str] | None = None

    def add(
        self, file: str, *, line: int | None, offset: int | None, reason: str, n_rows: int = 1
    ) -> None:
        """Count `n_rows` rejected rows and keep their place."""
        self._counts[reason] += n_rows
        if self._kept[reason] >= self._kept_per_reason:
            return
        self._kept[reason] += 1
        self._rows_kept[reason] += n_rows
        if self._lines is None:
            # Open until close(): places are added for as long as the log is read.
            self._lines = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        entry: dict[str, object] = {"file": file, "line": line, "offset": offset, "reason": reason}
        if n_rows != 1:
            entry["n_rows"] = n_rows
        self._lines.write(json.dumps(entry) + "\n")

    def warn(self, says: str, *, n_rows: int = 1) -> None:
        """Count rows that were read all the same, and what was done to them."""
        self._warnings[says] += n_rows

    @property
    def n_rows(self) -> int:
        """How many rows were rejected, those that are not kept included."""
        return self._counts.total()

    def by_reason(self) -> tuple[tuple[str, int], ...]:
        """Return the exact counts, most frequent first."""
        return tuple(sorted(self._counts.items(), key=lambda item: (-item[1], item[0])))

    def warnings(self) -> tuple[str, ...]:
        """Return one sentence per kind of mended value, with its count."""
        return tuple(f"{says} ({n:,} rows)" for says, n in sorted(self._warnings.items()))

    def write(self, path: Path) -> None:
        """Write rejects.jsonl whole or not at all; an empty file says that nothing was rejected."""
        with whole_file(path, "w") as out:
            self._copy_to(out)

    def _copy_to(self, out: IO[str]) -> None:
        if self._lines is not None:
            self._lines.flush()
            self._lines.seek(0)
            out.writelines(self._lines)
            self._lines.seek(0, os.SEEK_END)
        for reason, n_kept in sorted(self._rows_kept.items()):
            n_more = self._counts[reason] - n_kept
            if n_more > 0:
                entry = {"file": None, "line": None, "offset": None, "reason": reason}
                out.write(json.dumps({**entry, "n_more": n_more}) + "\n")

    def close(self) -> None:
        """Drop the temporary file; counts stay."""
        if self._lines is not None:
            self._lines.close()
            self._lines = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Ignored:
    """A sink for a second reading: what it would say was already counted."""

    def add(self, file: str, *, line: int | None, offset: int | None, reason: str) -> None:
        """Count nothing."""


def reject_rows(
    sink: RejectSink, file: str, *, n_rows: int, reason: str, line: int | None = None
) -> None:
    """Reject several rows that share one place, such as a Parquet row group."""
    if isinstance(sink, Rejects):
        sink.add(file, line=line, offset=None, reason=reason, n_rows=n_rows)
    else:
        sink.add(file, line=line, offset=None, reason=reason)


def warn(sink: RejectSink, says: str, *, n_rows: int) -> None:
    """Pass a warning on to a sink that counts warnings; a plain RejectSink has no place for it."""
    if n_rows and isinstance(sink, Rejects):
        sink.warn(says, n_rows=n_rows)
