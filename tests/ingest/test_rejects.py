"""Rejected rows -> exact counts, and places on disk without any text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from iolaus.errors import OutputError
from iolaus.ingest.rejects import Rejects


def lines_of(path: Path) -> list[dict[str, object]]:
    """Return the entries of a rejects.jsonl."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_counts_stay_exact_beyond_what_is_kept(tmp_path: Path) -> None:
    """A log of nothing but bad rows writes a few of them and the number of the rest."""
    with Rejects(kept_per_reason=2) as rejects:
        for line in range(5):
            rejects.add("a.jsonl", line=line, offset=None, reason="not valid JSON")
        rejects.add("b.parquet", line=7, offset=None, reason="row group", n_rows=40)
        rejects.write(tmp_path / "rejects.jsonl")
    assert rejects.by_reason() == (("row group", 40), ("not valid JSON", 5))
    assert rejects.n_rows == 45
    entries = lines_of(tmp_path / "rejects.jsonl")
    assert [entry["line"] for entry in entries] == [0, 1, 7, None]
    assert entries[2]["n_rows"] == 40
    assert entries[3] == {
        "file": None,
        "line": None,
        "offset": None,
        "reason": "not valid JSON",
        "n_more": 3,
    }


def test_a_row_group_alone_has_no_rows_beyond_it(tmp_path: Path) -> None:
    """One entry that stands for many rows is not said to be cut short."""
    rejects = Rejects(kept_per_reason=1)
    rejects.add("b.parquet", line=7, offset=None, reason="row group", n_rows=40)
    rejects.write(tmp_path / "rejects.jsonl")
    assert len(lines_of(tmp_path / "rejects.jsonl")) == 1
    rejects.close()


def test_nothing_rejected_writes_an_empty_file(tmp_path: Path) -> None:
    """The file's being there says that the scan came so far."""
    Rejects().write(tmp_path / "rejects.jsonl")
    assert (tmp_path / "rejects.jsonl").read_text(encoding="utf-8") == ""


def test_it_can_be_written_again_after_more_rows(tmp_path: Path) -> None:
    """Writing neither ends nor repeats anything."""
    with Rejects() as rejects:
        rejects.add("a", line=1, offset=0, reason="x")
        rejects.write(tmp_path / "rejects.jsonl")
        rejects.add("a", line=2, offset=9, reason="x")
        rejects.write(tmp_path / "rejects.jsonl")
    assert [entry["line"] for entry in lines_of(tmp_path / "rejects.jsonl")] == [1, 2]


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """And leaves nothing half written behind."""
    with pytest.raises(OutputError, match="cannot be written"):
        Rejects().write(tmp_path / "nowhere" / "rejects.jsonl")
