"""Hashes -> the names they stand for, for their owner's eyes only."""

from __future__ import annotations

import stat
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.arrow import IDENTITY
from iolaus.errors import InputError
from iolaus.ingest.identities import IdentityBook, read_names


def book_of(*entries: tuple[int, str, str]) -> IdentityBook:
    """Return a book of (hash, channel, account)."""
    book = IdentityBook()
    hashes, channels, accounts = zip(*entries, strict=True)
    book.add(pa.array(hashes), channel=pa.array(channels), account=pa.array(accounts))
    return book


def test_names_come_back_as_they_were(tmp_path: Path) -> None:
    """Once for each hash, in order of the hash, however often an account was met."""
    book = book_of((5, "first_party", "a"), (-3, "aws.bedrock", "a"), (5, "first_party", "a"))
    book.add(pa.array([5]), channel=pa.array(["first_party"]), account=pa.array(["a"]))
    book.write(tmp_path / "identities.parquet")
    assert pq.read_schema(tmp_path / "identities.parquet").equals(IDENTITY)
    assert read_names(tmp_path / "identities.parquet").to_pylist() == [
        {"account_hash": -3, "channel": "aws.bedrock", "account": "a"},
        {"account_hash": 5, "channel": "first_party", "account": "a"},
    ]


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    """Mode 0600, also when a readable file stood there before."""
    path = tmp_path / "identities.parquet"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o644)
    book_of((1, "c", "a")).write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["identities.parquet"]


def test_a_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    """And says what to do."""
    with pytest.raises(InputError, match="run the scan again"):
        read_names(tmp_path / "identities.parquet")
