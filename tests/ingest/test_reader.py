"""Files and folders as people keep them -> one set of exchanges, read as often as one likes."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.arrow import EXCHANGE
from iolaus.errors import ColumnError, EmptyError, FormatError, InputError
from iolaus.ingest.reader import LogSet, open_logs
from iolaus.ingest.rejects import Rejects

KEY = b"a key for tests!"


def row(number: int, **more: object) -> dict[str, object]:
    """Return one good exchange."""
    return {"id": f"r{number}", "at": "2026-03-01T10:00:00Z", "account": f"a{number % 3}", **more}


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(entry) + "\n" for entry in rows), encoding="utf-8")
    return path


def read(log: LogSet, rejects: Rejects | None = None) -> pa.Table:
    """Read a whole set."""
    return pa.Table.from_batches(list(log.batches(rejects)), schema=EXCHANGE)


def test_jsonl_and_parquet_are_read_alike(tmp_path: Path) -> None:
    """The same rows give the same exchanges, whichever file they lie in."""
    rows = [row(i, temperature=0.7, tools=["b", "a"], stream=True) for i in range(5)]
    write_jsonl(tmp_path / "log.jsonl", rows)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "log.parquet")
    tables = [
        read(open_logs([tmp_path / name], key=KEY, rejects=Rejects()))
        for name in ("log.jsonl", "log.parquet")
    ]
    assert tables[0].equals(tables[1])
    assert tables[0].num_rows == 5


def test_mixed_formats_in_a_folder_are_read_and_the_rest_is_listed(tmp_path: Path) -> None:
    """A folder may hold several formats and a README; hidden files are not looked at."""
    write_jsonl(tmp_path / "b.jsonl", [row(1)])
    (tmp_path / "deep").mkdir()
    pq.write_table(pa.Table.from_pylist([row(2)]), tmp_path / "deep" / "a.parquet")
    (tmp_path / "README").write_text("our logs", encoding="utf-8")
    (tmp_path / ".hidden.jsonl").write_text("{", encoding="utf-8")
    rejects = Rejects()
    log = open_logs([tmp_path], key=KEY, rejects=rejects)
    assert sorted(read(log, rejects)["id"].to_pylist()) == ["r1", "r2"]
    assert log.skipped == ("README: text",)
    assert rejects.n_rows == 0


def test_a_second_reading_gives_the_same_rows_and_counts_no_reject_again(tmp_path: Path) -> None:
    """The way reads a log twice; what is refused is counted in one of the readings."""
    write_jsonl(tmp_path / "log.jsonl", [row(1), row(1), row(2)])
    rejects = Rejects()
    log = open_logs([tmp_path], key=KEY, rejects=rejects)
    first, second = read(log), read(log, rejects)
    assert first.equals(second)
    assert rejects.by_reason() == (("id was seen before", 1),)


def test_progress_ends_at_the_size_of_the_set(tmp_path: Path) -> None:
    """Progress is in bytes on disk and never runs backwards."""
    write_jsonl(tmp_path / "a.jsonl", [row(1)])
    write_jsonl(tmp_path / "b.jsonl", [row(2)])
    log = open_logs([tmp_path], key=KEY, rejects=Rejects())
    done: list[int] = []
    list(log.batches(on_progress=done.append))
    assert done == sorted(done)
    assert done[-1] == log.n_bytes


def test_a_file_without_a_required_column_is_an_error_that_names_it(tmp_path: Path) -> None:
    """The error says which column is missing and which setting names it."""
    path = write_jsonl(tmp_path / "log.jsonl", [{"id": "1", "account": "a"}])
    with pytest.raises(ColumnError, match=r'no column for "at".*\[ingest.map\] at ='):
        open_logs([path], key=KEY, rejects=Rejects())


def test_nothing_that_is_recognised_is_an_error_that_says_what_was_seen(tmp_path: Path) -> None:
    """A folder of pictures is no empty log."""
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\x02")
    with pytest.raises(FormatError, match=r"a\.bin: binary data"):
        open_logs([tmp_path], key=KEY, rejects=Rejects())


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_log_is_an_error_of_its_own(tmp_path: Path, content: str) -> None:
    """An empty file is neither a good log nor a bad format."""
    (tmp_path / "log.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(EmptyError, match="every file is empty"):
        open_logs([tmp_path / "log.jsonl"], key=KEY, rejects=Rejects())


def test_an_empty_folder_is_an_error_of_its_own(tmp_path: Path) -> None:
    """A folder without files says so."""
    with pytest.raises(EmptyError, match="no files here"):
        open_logs([tmp_path], key=KEY, rejects=Rejects())


def test_a_table_without_rows_is_empty_when_it_is_read(tmp_path: Path) -> None:
    """A Parquet file may have every column and not one row."""
    pq.write_table(EXCHANGE.empty_table(), tmp_path / "log.parquet")
    log = open_logs([tmp_path], key=KEY, rejects=Rejects())
    with pytest.raises(EmptyError, match="no row"):
        list(log.batches())


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """A typo in a path is said at once."""
    with pytest.raises(InputError, match="no such file or folder"):
        open_logs([tmp_path / "nowhere"], key=KEY, rejects=Rejects())
