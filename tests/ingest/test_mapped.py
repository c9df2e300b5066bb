"""Logs with names of their own -> exchanges, by map and by alias."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.errors import ColumnError, UsageError
from iolaus.ingest.limits import ReadLimits

TEN = dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)


def test_well_known_names_need_no_map(tmp_path: Path, read: Callable) -> None:
    """Punctuation and case are no matter: userId, user_id and User-ID are one."""
    path = tmp_path / "log.jsonl"
    entry = {"requestId": "1", "ts": 1772359200000, "User-ID": "a", "ip": "10.0.0.1"}
    path.write_text(json.dumps({**entry, "maxTokens": 5, "prompt_tokens": 7}), encoding="utf-8")
    table, _ = read(path)
    [exchange] = table.to_pylist()
    assert (exchange["id"], exchange["at"], exchange["account"]) == ("1", TEN, "a")
    assert (exchange["address"], exchange["max_output_tokens"]) == ("10.0.0.1", 5)
    assert exchange["input_tokens"] == 7


def test_user_id_is_the_end_user_where_an_account_is_named(tmp_path: Path, read: Callable) -> None:
    """The same name means another thing beside an account."""
    path = tmp_path / "log.jsonl"
    entry = {"id": "1", "timestamp": "2026-03-01T10:00:00Z", "account_id": "a", "user_id": "u"}
    path.write_text(json.dumps(entry), encoding="utf-8")
    table, _ = read(path)
    assert table.select(["account", "end_user"]).to_pylist() == [{"account": "a", "end_user": "u"}]


def test_the_map_comes_before_every_name(tmp_path: Path, read: Callable) -> None:
    """Nested columns, units and constants, in an operator's own words."""
    path = tmp_path / "log.jsonl"
    entry = {
        "id": "x",
        "ref": {"no": 7},
        "when": 1772359200,
        "who": {"tenant": "t"},
        "account": "n",
    }
    path.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    mapping = {
        "id": "ref.no",
        "at": {"column": "when", "unit": "s"},
        "account": "who.tenant",
        "channel": {"value": "aws.bedrock"},
    }
    table, _ = read(path, mapping=mapping)
    [exchange] = table.to_pylist()
    assert (exchange["id"], exchange["at"], exchange["account"]) == ("7", TEN, "t")
    assert exchange["channel"] == "aws.bedrock"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"column": "ts", "unit": "weeks"}, "unknown unit"),
        ({"column": "ts", "value": "x"}, "needs either a column or a value"),
        ({"colum": "ts"}, "is not understood"),
    ],
)
def test_a_map_that_makes_no_sense_is_an_error(
    tmp_path: Path, read: Callable, entry: dict, says: str
) -> None:
    """The error names the entry."""
    (tmp_path / "log.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match=rf"\[ingest.map\] at: {says}"):
        read(tmp_path, mapping={"at": entry})


def test_a_name_that_is_none_of_ours_is_an_error(tmp_path: Path, read: Callable) -> None:
    """A typo in the map is not passed over."""
    (tmp_path / "log.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="promt: no such column; use one of"):
        read(tmp_path, mapping={"promt": "text"})


def test_csv_with_quotes_and_newlines_in_its_fields(
    tmp_path: Path, row: Callable, read: Callable
) -> None:
    """A prompt may hold the delimiter, quotes, and line ends of both kinds."""
    prompts = ['say "hi", please', "two\nlines", "win\r\ndows", "plain", ""]
    path = tmp_path / "log.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "at", "account", "prompt", "temperature"])
        for i, prompt in enumerate(prompts):
            writer.writerow([i, "2026-03-01T10:00:00Z", "a", prompt, 0.5])
    table, rejects = read(path)
    assert table["prompt"].to_pylist() == [*prompts[:-1], None]
    assert table["temperature"].to_pylist() == [0.5] * 5
    assert rejects.n_rows == 0


def test_csv_in_blocks_smaller_than_its_records(tmp_path: Path, read: Callable) -> None:
    """A newline inside quotes ends no block, wherever blocks happen to be cut."""
    path = tmp_path / "log.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "at", "account", "prompt"])
        for i in range(200):
            writer.writerow([i, "2026-03-01T10:00:00Z", "a", f'line "one"\nand, {i}\n' * (i % 4)])
    whole, _ = read(path)
    pieces, rejects = read(path, limits=ReadLimits(block_bytes=97))
    assert pieces.equals(whole)
    assert rejects.n_rows == 0


def test_a_csv_record_of_the_wrong_width_costs_itself_only(tmp_path: Path, read: Callable) -> None:
    """Its line is told, with newlines in earlier records counted."""
    path = tmp_path / "log.csv"
    lines = ["id;at;account;prompt", '1;2026-03-01T10:00:00Z;a;"x', 'y"', "2;2026", ""]
    path.write_text("\n".join([*lines, "3;2026-03-01T10:00:00Z;b;z"]), encoding="utf-8")
    table, rejects = read(path)
    assert table["id"].to_pylist() == ["1", "3"]
    assert rejects.by_reason() == (("another number of fields than the header", 1),)
    rejects.write(tmp_path / "rejects.jsonl")
    [entry] = [json.loads(line) for line in (tmp_path / "rejects.jsonl").open(encoding="utf-8")]
    assert entry["line"] == 4


def test_a_csv_record_over_the_limit_is_dropped_while_streaming(
    tmp_path: Path, read: Callable
) -> None:
    """As with JSON lines, the rest counts."""
    path = tmp_path / "log.csv"
    lines = ["id,at,account,prompt", f'1,2026-03-01T10:00:00Z,a,"{"x" * 5000}"']
    path.write_text("\n".join([*lines, "2,2026-03-01T10:00:00Z,a,y"]), encoding="utf-8")
    table, rejects = read(path, limits=ReadLimits(block_bytes=512, line_bytes=2048))
    assert table["id"].to_pylist() == ["2"]
    assert rejects.n_rows == 1


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_messages_become_system_prompt_and_prefix_in_every_format(
    tmp_path: Path, read: Callable, kind: str
) -> None:
    """As a JSON string or as nested values, in parts or in one piece."""
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": [{"type": "text", "text": "And?"}, {"type": "image_url"}]},
    ]
    entry = {"id": "1", "time": "2026-03-01T10:00:00Z", "account": "a", "messages": messages}
    flat = {**entry, "messages": json.dumps(messages)}
    path = tmp_path / f"log.{kind}"
    if kind == "jsonl":
        path.write_text(json.dumps(entry), encoding="utf-8")
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist([flat]), path)
    else:
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(flat))
            writer.writeheader()
            writer.writerow(flat)
    table, _ = read(path)
    [exchange] = table.to_pylist()
    assert (exchange["system"], exchange["prompt"], exchange["turn"]) == ("Be brief.", "And?", 1)
    assert exchange["input_modalities"] == ["text", "image"]
    assert exchange["prefix"] is not None


def test_a_table_that_lacks_one_column_is_an_error_that_shows_what_it_has(
    tmp_path: Path, read: Callable
) -> None:
    """With the names at hand a person can write the map."""
    path = tmp_path / "log.csv"
    path.write_text("id,time,payer\n1,2026-03-01T10:00:00Z,x\n", encoding="utf-8")
    with pytest.raises(ColumnError, match='no column for "account"; it has id, payer, time'):
        read(path)
    table, _ = read(path, mapping={"account": "payer"})
    assert table["account"].to_pylist() == ["x"]


def test_an_account_table_beside_the_log_is_skipped(
    tmp_path: Path, row: Callable, write_jsonl: Callable, read: Callable
) -> None:
    """A folder that holds the account table and the releases too is read as a log all the same."""
    write_jsonl([row(1)])
    columns = {"account": ["a"], "opened_at": ["2026-01-01T00:00:00Z"]}
    pq.write_table(pa.table(columns), tmp_path / "account_table.parquet")
    (tmp_path / "releases.json").write_text(
        '[{"model": "m", "at": "2026-01-01T00:00:00Z"}]', encoding="utf-8"
    )
    table, rejects = read(tmp_path)
    assert (table.num_rows, rejects.n_rows) == (1, 0)
