"""`iolaus scan` and the verbs that read what it kept, on the real pipeline."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from iolaus.report.as_json import report_from_json


def test_a_scan_writes_its_files_and_says_where(type_in, log: Path, tmp_path: Path) -> None:
    """Exit status 0, the summary on stdout, the public files and the store in the folder."""
    typed = type_in("scan", log)
    assert 0 == typed.status
    assert "Read 60 exchanges of 6 accounts." in typed.out
    assert "No campaign" in typed.out
    assert "iolaus-out/report.html" in typed.out
    expected = {
        "accounts.parquet",
        "exchanges.parquet",
        "identities.parquet",
        "iolaus.db",
        "iolaus.db.sketch",
        "rejects.jsonl",
        "report.html",
        "report.json",
    }
    assert expected == {path.name for path in (tmp_path / "iolaus-out").iterdir()}


def test_out_and_store_go_where_they_are_told(type_in, log: Path, tmp_path: Path) -> None:
    """And nowhere else."""
    store = tmp_path / "kept" / "all.db"
    assert 0 == type_in("scan", log, "--out", "here", "--store", f"sqlite:///{store}").status
    assert store.is_file()
    assert (tmp_path / "here" / "report.json").is_file()
    assert not (tmp_path / "here" / "iolaus.db").exists()
    assert not (tmp_path / "iolaus-out").exists()


def test_the_demo_key_is_warned_of_loudly(type_in, log: Path) -> None:
    """On stderr, with the way to a key of one's own."""
    typed = type_in("scan", log)
    assert "WARNING" in typed.err
    assert "demo key" in typed.err
    assert "--key-file" in typed.err


def test_a_key_of_ones_own_is_not(
    type_in, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file or from the environment; another key gives other hashes."""
    (tmp_path / "k").write_text("a secret of our own, long enough")
    from_file = type_in("scan", log, "--key-file", "k", "--json")
    monkeypatch.setenv("IOLAUS_KEY", "a secret of our own, long enough")
    from_environment = type_in("scan", log, "--json")
    assert "WARNING" not in from_file.err + from_environment.err
    assert from_file.out == from_environment.out


def test_json_prints_the_report_and_nothing_else(type_in, log: Path, tmp_path: Path) -> None:
    """Byte for byte what report.json holds, so that it can be piped."""
    typed = type_in("scan", log, "--json")
    assert (tmp_path / "iolaus-out" / "report.json").read_text() == typed.out
    assert 6 == report_from_json(typed.out.encode()).summary.n_accounts


def test_too_many_rejected_rows_end_with_3(type_in, damaged_log: Path, tmp_path: Path) -> None:
    """Results are written all the same; the words that could not be read are not."""
    typed = type_in("scan", damaged_log)
    assert 3 == typed.status
    assert "10.0% of the rows were rejected" in typed.err
    assert 2 == len((tmp_path / "iolaus-out" / "rejects.jsonl").read_text().splitlines())
    written = b"".join(p.read_bytes() for p in (tmp_path / "iolaus-out").iterdir())
    assert b"CONFIDENTIAL" not in written
    assert "CONFIDENTIAL" not in typed.out + typed.err


def test_as_many_as_allowed_end_with_0(type_in, damaged_log: Path) -> None:
    """The share is the operator's to set, and it is told how many there were."""
    typed = type_in("scan", damaged_log, "--max-rejected", "0.1")
    assert 0 == typed.status
    assert "2 rows rejected" in typed.out


def test_explain_input_scans_nothing(type_in, log: Path, tmp_path: Path) -> None:
    """It says what is understood, what is missing and what that costs; no key, no files."""
    typed = type_in("scan", log, "--explain-input")
    assert 0 == typed.status
    assert "prompt" in typed.out
    assert "what that costs" in typed.out
    assert "WARNING" not in typed.err
    assert not (tmp_path / "iolaus-out").exists()
    as_json = json.loads(type_in("scan", log, "--explain-input", "--json").out)
    assert "address" in as_json["missing"]


def test_columns_are_named_in_the_settings(type_in, log: Path, tmp_path: Path) -> None:
    """iolaus.toml in the folder is found; --config names another."""
    odd = tmp_path / "odd.jsonl"
    odd.write_text(log.read_text().replace('"account"', '"who_is_it"'))
    assert 2 == type_in("scan", odd).status
    settings = '[ingest.map]\nid = "id"\nat = "at"\naccount = "who_is_it"\nprompt = "prompt"\n'
    (tmp_path / "other.toml").write_text(settings)
    assert 0 == type_in("scan", odd, "--config", "other.toml").status
    (tmp_path / "iolaus.toml").write_text(settings)
    assert 0 == type_in("scan", odd).status


def test_what_was_kept_can_be_shown(type_in, log: Path) -> None:
    """The latest scan, without reading the log again."""
    type_in("scan", log)
    typed = type_in("show")
    assert 0 == typed.status
    assert "Read 60 exchanges of 6 accounts." in typed.out
    unknown = type_in("show", "c-404")
    assert 2 == unknown.status
    assert "nothing is known as 'c-404'" in unknown.err


def test_a_damaged_store_is_an_error_with_a_way_out(type_in, log: Path, tmp_path: Path) -> None:
    """Not a traceback."""
    type_in("scan", log)
    (tmp_path / "iolaus-out" / "iolaus.db").write_bytes(b"no database at all" * 100)
    typed = type_in("show")
    assert 2 == typed.status
    assert "--store" in typed.err


def test_the_store_holds_no_name(type_in, log: Path, tmp_path: Path) -> None:
    """Hashes only: names are in identities.parquet and in the operator's own tables."""
    type_in("scan", log)
    connection = sqlite3.connect(tmp_path / "iolaus-out" / "iolaus.db")
    dump = "\n".join(connection.iterdump())
    connection.close()
    assert "acct-" not in dump
    assert b"acct-" not in (tmp_path / "iolaus-out" / "report.json").read_bytes()
    assert b"acct-" not in (tmp_path / "iolaus-out" / "report.html").read_bytes()
