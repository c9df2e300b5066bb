"""Every way in which a log can be bad: a clear error or a counted reject, and good rows count."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.errors import ColumnError, InputError
from iolaus.ingest.account_table import read_account_table
from iolaus.ingest.limits import ReadLimits
from iolaus.ingest.rejects import Rejects

MIB = 1024**2


def test_a_truncated_parquet_is_one_reject_and_other_files_count(
    tmp_path: Path, row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """Without its footer nothing of a Parquet file can be read; the folder still can."""
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.Table.from_pylist([row(i) for i in range(100)]), whole)
    (tmp_path / "cut.parquet").write_bytes(whole.read_bytes()[:-200])
    whole.unlink()
    write_jsonl([row(1), row(2)])
    table, rejects = read(tmp_path)
    assert table.num_rows == 2
    [(reason, n)] = rejects.by_reason()
    assert n == 1
    assert "footer" in reason and "copy it again" in reason


def test_a_truncated_parquet_alone_is_an_error(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """A scan of nothing but a broken file cannot end well."""
    path = tmp_path / "log.parquet"
    pq.write_table(pa.Table.from_pylist([row(1)]), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"footer cannot be read.*copy it again"):
        read(path)


def test_a_corrupt_row_group_costs_its_own_rows_only(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """Row groups before and after a damaged one are read."""
    path = tmp_path / "log.parquet"
    table = pa.Table.from_pylist([row(i, prompt=f"text {i} " * 20) for i in range(300)])
    pq.write_table(table, path, row_group_size=100, compression="zstd", use_dictionary=False)
    column = pq.ParquetFile(path).metadata.row_group(1).column(3)
    data = bytearray(path.read_bytes())
    start = column.data_page_offset
    data[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(data)
    exchanges, rejects = read(path)
    ids = set(exchanges["id"].to_pylist())
    assert {f"r{i}" for i in (*range(100), *range(200, 300))} <= ids
    assert rejects.n_rows == 300 - exchanges.num_rows == 100


def test_half_a_line_of_json_is_one_reject_with_its_place(
    tmp_path: Path, row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """A writer that was killed leaves half a line; the lines before it count."""
    path = write_jsonl([row(i) for i in range(10)])
    size = path.stat().st_size
    with path.open("a", encoding="utf-8") as out:
        out.write('{"id": "r11", "at": "2026-')
    table, rejects = read(path)
    assert table.num_rows == 10
    assert rejects.by_reason() == (("not valid JSON", 1),)
    rejects.write(tmp_path / "rejects.jsonl")
    [entry] = [json.loads(line) for line in (tmp_path / "rejects.jsonl").open(encoding="utf-8")]
    assert (entry["line"], entry["offset"]) == (11, size)


def test_a_bad_line_in_the_middle_costs_itself_only(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """Two objects on one line, a bare list and a torn line are each one reject."""
    good = [json.dumps(row(i)) for i in range(6)]
    lines = [good[0], good[1] + good[2], "[1, 2]", good[3][:20], "", good[4], good[5]]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["r0", "r4", "r5"]
    assert dict(rejects.by_reason()) == {"not valid JSON": 2, "not a JSON object": 1}


def test_an_id_said_twice_counts_once_within_and_across_files(
    row: Callable, write_jsonl: Callable, tmp_path: Path, read: Callable
) -> None:
    """The first row with an id counts, in the order of the files."""
    write_jsonl([row(1, model="first"), row(2), row(1, model="again")], "a.jsonl")
    write_jsonl([row(2), row(3)], "b.jsonl")
    table, rejects = read(tmp_path)
    assert table["id"].to_pylist() == ["r1", "r2", "r3"]
    assert table["model"].to_pylist()[0] == "first"
    assert rejects.by_reason() == (("id was seen before", 2),)


def test_a_file_given_twice_is_read_once(
    row: Callable, write_jsonl: Callable, tmp_path: Path, read: Callable
) -> None:
    """A folder and a file in it are one log, not a log of duplicates."""
    path = write_jsonl([row(1)])
    table, rejects = read(tmp_path, path)
    assert table.num_rows == 1
    assert rejects.n_rows == 0


def test_times_without_zone_are_read_as_utc_and_counted(
    row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """A zone that is written is respected; one that is not is taken as UTC, with a warning."""
    path = write_jsonl(
        [row(1, at="2026-03-01 10:00:00"), row(2, at="2026-03-01T12:00:00+02:00"), row(3)]
    )
    table, rejects = read(path)
    ten = dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)
    assert table["at"].to_pylist() == [ten, ten, ten]
    assert rejects.warnings() == ("time without a zone, read as UTC (1 rows)",)


def test_times_out_of_all_reason_are_rejected(
    row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """A year 9999, a year 1999, and nothing that is a time at all."""
    path = write_jsonl(
        [row(1), row(2, at="9999-12-31T00:00:00Z"), row(3, at="1999-01-01T00:00:00Z")]
        + [row(4, at="soon"), row(5)]
    )
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["r1", "r5"]
    assert dict(rejects.by_reason()) == {
        "time in the far future": 1,
        "time too early": 1,
        "no time that can be read": 1,
    }


def test_a_time_years_after_all_others_is_rejected_without_a_now(
    row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """Without a `now` the log's own median tells what is far; a year of growth is not."""
    path = write_jsonl(
        [row(i) for i in range(9)]
        + [row(10, at="2041-01-01T00:00:00Z"), row(11, at="2027-02-01T00:00:00Z")]
    )
    table, rejects = read(path)
    assert "r10" not in table["id"].to_pylist()
    assert "r11" in table["id"].to_pylist()
    assert rejects.by_reason() == (("time in the far future", 1),)


def test_with_a_now_nothing_later_than_a_day_after_it_counts(
    row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """Drifting clocks are forgiven for a day."""
    now = dt.datetime(2026, 3, 1, 0, tzinfo=dt.UTC)
    path = write_jsonl([row(1), row(2, at="2026-03-02T00:00:01Z")])
    table, rejects = read(path, now=now)
    assert table["id"].to_pylist() == ["r1"]
    assert rejects.by_reason() == (("time in the far future", 1),)


def test_a_prompt_of_fifty_megabytes_is_rejected_and_the_rest_counts(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """A line over the limit is dropped while streaming; its place is known."""
    path = tmp_path / "log.jsonl"
    first = json.dumps(row(1)) + "\n"
    with path.open("w", encoding="utf-8") as out:
        out.write(first + '{"id": "big", "at": "2026-03-01T10:00:00Z", "account": "a", "prompt": "')
        for _ in range(50):
            out.write("x" * MIB)
        out.write('"}\n' + json.dumps(row(2)) + "\n")
    before = pa.total_allocated_bytes()
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["r1", "r2"]
    assert rejects.by_reason() == (("longer than 16 MiB", 1),)
    assert pa.total_allocated_bytes() - before < 16 * MIB
    rejects.write(tmp_path / "rejects.jsonl")
    [entry] = [json.loads(line) for line in (tmp_path / "rejects.jsonl").open(encoding="utf-8")]
    assert (entry["line"], entry["offset"]) == (2, len(first))


def test_a_prompt_over_the_limit_in_parquet_is_rejected_alike(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """The limit on text is the same in every format."""
    path = tmp_path / "log.parquet"
    rows = [row(1, prompt="x" * 3000), row(2, prompt="x" * 1000)]
    pq.write_table(pa.Table.from_pylist(rows), path)
    table, rejects = read(path, limits=ReadLimits(line_bytes=2000))
    assert table["id"].to_pylist() == ["r2"]
    assert rejects.by_reason() == (("prompt too long", 1),)


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"\xc3", b"\\ud800"])
def test_invalid_utf8_in_a_prompt_is_mended_and_hides_nothing(
    tmp_path: Path, row: Callable, read: Callable, bad: bytes
) -> None:
    """A stray byte, or half of a surrogate pair, must not take a prompt out of sight."""
    line = json.dumps(row(1, prompt="say @ this")).encode().replace(b"@", bad)
    path = tmp_path / "log.jsonl"
    path.write_bytes(line + b"\n" + json.dumps(row(2)).encode() + b"\n")
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["r1", "r2"]
    prompt = table["prompt"].to_pylist()[0]
    assert prompt.startswith("say \ufffd") and prompt.endswith(" this")
    assert len(rejects.warnings()) == 1
    assert rejects.n_rows == 0


def test_invalid_utf8_in_an_account_is_a_reject(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """Two mended names might be taken for one account."""
    line = json.dumps(row(1, account="a@b")).encode().replace(b"@", b"\xff")
    path = tmp_path / "log.jsonl"
    path.write_bytes(line + b"\n" + json.dumps(row(2)).encode() + b"\n")
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["r2"]
    assert rejects.by_reason() == (("no account", 1),)


@pytest.mark.parametrize("column", ["id", "account"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_row_without_id_or_account_is_a_reject(
    row: Callable, write_jsonl: Callable, read: Callable, column: str, value: str | None
) -> None:
    """Null and the empty string both name nobody."""
    path = write_jsonl([row(1), row(2, **{column: value})])
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["r1"]
    assert rejects.by_reason() == ((f"no {column}", 1),)


def test_a_negative_count_is_missing_and_the_row_counts(
    row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """-1 is how some gateways write that they do not know."""
    path = write_jsonl([row(1, input_tokens=-1), row(2, input_tokens=5)])
    table, rejects = read(path)
    assert table["input_tokens"].to_pylist() == [None, 5]
    assert rejects.warnings() == ("input_tokens was negative and is taken as missing (1 rows)",)


def test_a_value_that_does_not_fit_is_missing_and_counted(
    row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """Types are read leniently, column by column, even when a block mixes them."""
    path = write_jsonl(
        [
            row(1, temperature="0.5", stream="true", status="200"),
            row(2, temperature=0.7, stream=1, status=429.0),
            row(3, temperature="hot", stream=False, status=None),
        ]
    )
    table, rejects = read(path)
    assert table["temperature"].to_pylist() == [0.5, 0.7, None]
    assert table["stream"].to_pylist() == [True, True, False]
    assert table["status"].to_pylist() == [200, 429, None]
    assert rejects.warnings() == ("temperature could not be read and is taken as missing (1 rows)",)


def test_byte_order_mark_and_windows_line_ends_are_no_matter(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """Files from Windows are read like others."""
    path = tmp_path / "log.jsonl"
    lines = "\r\n".join(json.dumps(row(i)) for i in range(3)) + "\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + lines.encode())
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["r0", "r1", "r2"]
    assert rejects.n_rows == 0


def test_a_packed_log_is_unpacked_and_a_torn_one_counts_up_to_the_tear(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """What gzip can still give back is read; the tear is one reject."""
    text = "".join(json.dumps(row(i)) + "\n" for i in range(2000)).encode()
    packed = gzip.compress(text)
    (tmp_path / "log.jsonl.gz").write_bytes(packed)
    table, rejects = read(tmp_path)
    assert (table.num_rows, rejects.n_rows) == (2000, 0)
    (tmp_path / "log.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    table, rejects = read(tmp_path, limits=ReadLimits(block_bytes=1024))
    assert 0 < table.num_rows < 2000
    assert rejects.n_rows >= 1


def test_a_column_that_changes_its_type_half_way_is_read_throughout(
    row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """Blocks choose their types by themselves."""
    path = write_jsonl([row(i) for i in range(200)] + [{**row(0), "id": i} for i in range(200)])
    table, rejects = read(path, limits=ReadLimits(block_bytes=2048))
    assert table["id"].to_pylist() == [f"r{i}" for i in range(200)] + [str(i) for i in range(200)]
    assert rejects.n_rows == 0


def test_an_account_table_without_accounts_is_an_error(tmp_path: Path) -> None:
    """The one column that must be there is named, beside those that are."""
    path = tmp_path / "accounts.csv"
    path.write_text("name,payment\nx,y\n", encoding="utf-8")
    with pytest.raises(ColumnError, match='no column "account"; it has name, payment'):
        read_account_table(path, rejects=Rejects())


def test_an_account_table_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A wrong --accounts is said, not passed over."""
    with pytest.raises(InputError, match="cannot be read"):
        read_account_table(tmp_path / "accounts.csv", rejects=Rejects())


def test_a_key_that_comes_late_is_read_all_the_same(
    row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """A line need not have every key, and the first thousand may lack one."""
    rows = [row(i) for i in range(1000)] + [row(1000, tools=["t"], seed=5, prompt="late")]
    table, rejects = read(write_jsonl(rows))
    assert table.slice(1000).select(["tools", "seed", "prompt"]).to_pylist() == [
        {"tools": ["t"], "seed": 5, "prompt": "late"}
    ]
    assert rejects.warnings() == ()


def test_json_nested_without_end_is_a_reject(tmp_path: Path, row: Callable, read: Callable) -> None:
    """A line made to exhaust the stack costs itself only."""
    deep = json.dumps(row(1))[:-1] + ', "x": ' + "[" * 3_000_000 + "]" * 3_000_000 + "}"
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join([deep, json.dumps(row(2))]), encoding="utf-8")
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["r2"]
    assert rejects.by_reason() == (("JSON nested too deeply", 1),)


def test_ids_that_are_uuids_or_numbers_are_read(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """Whatever type a Parquet writer chose."""
    columns = {
        "id": pa.array([b"\x01" * 16], pa.binary(16)),
        "at": pa.array([1772359200000], pa.timestamp("ms", "UTC")),
        "account": pa.array([7], pa.int16()).dictionary_encode(),
        "prompt": pa.array([b"as bytes"], pa.large_binary()),
    }
    pq.write_table(pa.table(columns), tmp_path / "log.parquet")
    table, _ = read(tmp_path)
    assert table.select(["id", "account", "prompt"]).to_pylist() == [
        {"id": "01" * 16, "account": "7", "prompt": "as bytes"}
    ]
