"""What is written in one go -> a file that is there whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal

from iolaus.errors import OutputError

OWNER_ONLY = 0o600
ANYBODY = 0o666
"""Less what the process's umask takes away, as for any new file."""


@contextmanager
def whole_file(
    path: Path, kind: Literal["w", "wb"], *, permissions: int = ANYBODY
) -> Iterator[IO[Any]]:
    """Open a file beside `path` that takes its place at the end, and goes where writing fails."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        # Made anew: one that was left behind keeps the permissions that it had.
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, permissions)
        with os.fdopen(handle, kind, encoding="utf-8" if kind == "w" else None) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror}",
            where=str(path),
            remedy="choose another --out or make room",
        ) from error
    finally:
        # Gone already where all went well; where the folder is none, the error above says so.
        with suppress(OSError):
            partial.unlink()
