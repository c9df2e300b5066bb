"""What the tests of reading share: a key, good rows, and ways to write and read a log."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from iolaus.arrow import EXCHANGE
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.reader import open_logs
from iolaus.ingest.rejects import Rejects

Row = dict[str, Any]


@pytest.fixture
def key() -> bytes:
    """Return an operator's key."""
    return b"a key for tests!"


@pytest.fixture
def row() -> Callable[..., Row]:
    """Return a maker of good exchanges."""

    def make(number: int, **more: object) -> Row:
        base = {"id": f"r{number}", "at": "2026-03-01T10:00:00Z", "account": f"a{number % 3}"}
        return {**base, **more}

    return make


@pytest.fixture
def write_jsonl(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of JSON lines."""

    def write(rows: Sequence[Row], name: str = "log.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(entry) + "\n" for entry in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def read(key: bytes) -> Callable[..., tuple[pa.Table, Rejects]]:
    """Return a reader of whole logs: the exchanges, and what was rejected."""

    def read_all(
        *paths: Path, limits: ReadLimits = LIMITS, **options: Any
    ) -> tuple[pa.Table, Rejects]:
        rejects = Rejects()
        log = open_logs(list(paths), key=key, rejects=rejects, limits=limits, **options)
        return pa.Table.from_batches(list(log.batches(rejects)), schema=EXCHANGE), rejects

    return read_all
