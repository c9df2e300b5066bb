"""Account tables, release calendars and allow lists, as people write them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.arrow import ACCOUNT_TABLE, RELEASES
from iolaus.errors import ColumnError, EmptyError, FormatError, InputError
from iolaus.ingest.account_table import read_account_table
from iolaus.ingest.allow_list import NOBODY, read_allow
from iolaus.ingest.rejects import Rejects
from iolaus.ingest.release_calendar import read_releases

NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ACCOUNTS: list[dict[str, Any]] = [
    {"account": "a", "opened_at": "2026-01-01", "vetted": "yes", "payment": "p1", "note": "x"},
    {"account": "b", "opened_at": "2026-01-01T00:00:00Z", "vetted": "", "payment": "p,2"},
]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet"])
def test_an_account_table_is_read_from_any_format(tmp_path: Path, kind: str) -> None:
    """Missing columns are null, others are passed over, types are lenient."""
    path = tmp_path / f"accounts.{kind}"
    if kind == "csv":
        lines = ["account,opened_at,vetted,payment,note", "a,2026-01-01,yes,p1,x"]
        path.write_text(
            "\r\n".join([*lines, 'b,2026-01-01T00:00:00Z,,"p,2",']), encoding="utf-8-sig"
        )
    elif kind == "jsonl":
        path.write_text("\n".join(map(json.dumps, ACCOUNTS)), encoding="utf-8")
    elif kind == "json":
        path.write_text(json.dumps(ACCOUNTS), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(ACCOUNTS), path)
    rejects = Rejects()
    table = read_account_table(path, rejects=rejects)
    assert table.schema.equals(ACCOUNT_TABLE)
    rows = table.select(["account", "channel", "opened_at", "vetted", "payment"]).to_pylist()
    assert [list(row.values()) for row in rows] == [
        ["a", "first_party", NEW_YEAR, True, "p1"],
        ["b", "first_party", NEW_YEAR, None, "p,2"],
    ]
    assert rejects.n_rows == 0


def test_the_last_row_of_an_account_counts(tmp_path: Path) -> None:
    """The same account in another channel is another account; a nameless row is rejected."""
    path = tmp_path / "accounts.csv"
    path.write_text(
        "account,channel,payment\na,,old\na,aws.bedrock,x\n,,nobody\na,first_party,new\n",
        encoding="utf-8",
    )
    rejects = Rejects()
    table = read_account_table(path, rejects=rejects)
    assert table.select(["channel", "payment"]).to_pylist() == [
        {"channel": "aws.bedrock", "payment": "x"},
        {"channel": "first_party", "payment": "new"},
    ]
    assert rejects.by_reason() == (("no account", 1),)
    assert rejects.warnings() == (
        "account table names an account twice; the last row counts (1 rows)",
    )


def test_well_known_names_of_account_columns_are_understood(tmp_path: Path) -> None:
    """An export of another system has `customer_id` and `banned_at`."""
    path = tmp_path / "accounts.csv"
    path.write_text("Customer_ID,banned_at\na,2026-01-01T00:00:00Z\n", encoding="utf-8")
    [row] = read_account_table(path, rejects=Rejects()).to_pylist()
    assert (row["account"], row["closed_at"]) == ("a", NEW_YEAR)


def test_an_empty_account_table_is_an_error(tmp_path: Path) -> None:
    """An export that failed is not a table of nobody."""
    (tmp_path / "accounts.csv").write_text("", encoding="utf-8")
    with pytest.raises(EmptyError, match="empty"):
        read_account_table(tmp_path / "accounts.csv", rejects=Rejects())


@pytest.mark.parametrize("content", [b"[1, 2]", b'{"account": "a"\n', b"account\n\xff\n"])
def test_a_broken_account_table_is_an_error(tmp_path: Path, content: bytes) -> None:
    """It is small and written by hand: better to mend it than to read half of it."""
    (tmp_path / "accounts").write_bytes(content)
    with pytest.raises(FormatError):
        read_account_table(tmp_path / "accounts", rejects=Rejects())


def test_a_release_calendar_is_sorted_by_time(tmp_path: Path) -> None:
    """Whatever the order in the file."""
    path = tmp_path / "releases.json"
    entries = [{"model": "m2", "at": "2026-02-01T00:00:00Z"}, {"model": "m1", "at": "2026-01-01"}]
    path.write_text(json.dumps(entries), encoding="utf-8")
    table = read_releases(path)
    assert table.schema.equals(RELEASES)
    assert table["model"].to_pylist() == ["m1", "m2"]
    assert table["at"].to_pylist()[0] == NEW_YEAR


def test_an_empty_calendar_is_no_error(tmp_path: Path) -> None:
    """Nothing was released."""
    (tmp_path / "releases.json").write_text("[]", encoding="utf-8")
    assert read_releases(tmp_path / "releases.json").num_rows == 0


def test_a_calendar_with_a_bad_entry_is_an_error_that_names_it(tmp_path: Path) -> None:
    """The entry's number, and how to write a time."""
    path = tmp_path / "releases.json"
    path.write_text('[{"model": "a", "at": "2026-01-01"}, {"model": "b", "at": "soon"}]', "utf-8")
    with pytest.raises(InputError, match=r'entry 2 .* no readable "at"'):
        read_releases(path)
    path.write_text('[{"name": "a"}]', "utf-8")
    with pytest.raises(ColumnError, match="no model and no at"):
        read_releases(path)


def test_an_allow_list_may_be_lines(tmp_path: Path) -> None:
    """Accounts, organisations and remarks."""
    path = tmp_path / "allow.txt"
    path.write_text("# ours\nacct-1\n\norganization: Big Lab\n", encoding="utf-8")
    allowed = read_allow(path)
    assert allowed.accounts == {"acct-1"}
    assert allowed.organizations == {"Big Lab"}


def test_an_allow_list_may_be_a_table(tmp_path: Path) -> None:
    """With a channel an account is vouched for there only."""
    path = tmp_path / "allow.csv"
    path.write_text("account,channel,organisation\na,,\nb,aws.bedrock,\n,,Lab\n", encoding="utf-8")
    allowed = read_allow(path)
    assert allowed.accounts == {"a"}
    assert allowed.channel_accounts == {("aws.bedrock", "b")}
    assert allowed.organizations == {"Lab"}


def test_an_empty_allow_list_vouches_for_nobody(tmp_path: Path) -> None:
    """And a table without a known column is an error, not a list of odd names."""
    (tmp_path / "allow").write_text("\n# nobody yet\n", encoding="utf-8")
    assert read_allow(tmp_path / "allow") == NOBODY
    (tmp_path / "allow").write_text("name,city\nx,y\n", encoding="utf-8")
    with pytest.raises(ColumnError, match="without an account or organization"):
        read_allow(tmp_path / "allow")
