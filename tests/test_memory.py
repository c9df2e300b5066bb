"""What scans teach one another: a template seen last week, and nothing when a log is read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.pipeline import scan
from iolaus.report.files import OURS

KEY = b"a key that only this test knows."
START = datetime(2026, 3, 2, tzinfo=UTC)
WORDS = [
    f"{one}{two}" for one in ("ri", "co", "sil", "win", "gar", "mo") for two in "abcdefghijklm"
]


def written(path: Path, *, days: int = 0, seed: int = 5) -> Path:
    """Write a week of a tool's traffic among people's own words, some days later."""
    luck = np.random.default_rng(seed)
    rows = []
    for i in range(240):
        words = " ".join(luck.choice(WORDS, 30))
        tool = f"Summarise what the customer below wrote in three short points and say what to do: {words}"
        rows.append(
            {
                "id": f"{days}-{i}",
                "at": START + timedelta(days=days, minutes=30 * i),
                "account": f"account-{i % 40}",
                "prompt": tool if i % 3 == 0 else words,
            }
        )
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.fixture
def log(tmp_path) -> Path:
    """The first week's log."""
    return written(tmp_path / "week.parquet")


def test_reading_a_log_again_with_memory_gives_the_same_bytes(log, tmp_path) -> None:
    """The first scan has nothing to remember, the second all that the first taught."""
    sketch = tmp_path / "store.sketch"
    scan([log], out=tmp_path / "one", key=KEY, sketch=sketch)
    first = sketch.read_bytes()
    scan([log], out=tmp_path / "two", key=KEY, sketch=sketch)
    assert first == sketch.read_bytes()
    for name in OURS:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_scan_without_memory_writes_none(log, tmp_path) -> None:
    """Who names no file leaves none."""
    scan([log], out=tmp_path / "one", key=KEY)
    assert {"week.parquet", "one"} == {path.name for path in tmp_path.iterdir()}


def test_memory_is_of_the_later_log_whichever_is_read_first(log, tmp_path) -> None:
    """Two weeks read in either order teach the same."""
    later = written(tmp_path / "later.parquet", days=7, seed=6)
    one, other = tmp_path / "one.sketch", tmp_path / "other.sketch"
    for path, logs in ((one, (log, later)), (other, (later, log))):
        for each in logs:
            scan([each], key=KEY, sketch=path)
    assert one.read_bytes() == other.read_bytes()


def test_another_key_is_told_and_teaches_nothing(log, tmp_path) -> None:
    """A scan with another key warns in its report and leaves the file as it was."""
    sketch = tmp_path / "store.sketch"
    scan([log], key=KEY, sketch=sketch)
    before = sketch.read_bytes()
    report = scan([log], key=b"quite another key, 32 bytes long", sketch=sketch)
    assert any("another key" in warning for warning in report.summary.warnings)
    assert before == sketch.read_bytes()


def test_a_damaged_memory_is_told_and_made_anew(log, tmp_path) -> None:
    """A file that nobody can read stops no scan."""
    sketch = tmp_path / "store.sketch"
    sketch.write_bytes(b"PAR1 and then nothing")
    report = scan([log], key=KEY, sketch=sketch)
    assert any("cannot be read" in warning for warning in report.summary.warnings)
    assert scan([log], key=KEY, sketch=sketch).summary.warnings != report.summary.warnings
