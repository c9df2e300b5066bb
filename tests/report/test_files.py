"""The output folder: whole or not at all, and nobody else's files."""

from __future__ import annotations

import stat
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.arrow import ACCOUNT_RESULT, EXCHANGE_RESULT
from iolaus.errors import ContractError, OutputError
from iolaus.report.as_json import report_from_json
from iolaus.report.files import write_results


def tables(n: int = 2) -> dict[str, pa.Table]:
    """Return the two tables with n rows."""
    accounts = [
        {
            "channel": "first_party",
            "account": f"acct-{i}",
            "network": "n-1",
            "campaign": None,
            "role": "member",
            "campaign_share": 0.0,
            "coordination_bits": 2.5,
            "extraction_bits": -1.0,
        }
        for i in range(n)
    ]
    exchanges = [{"id": f"r-{i}", "campaign": "c-1", "flow": "f-1"} for i in range(n)]
    return {
        "accounts": pa.Table.from_pylist(accounts, schema=ACCOUNT_RESULT),
        "exchanges": pa.Table.from_pylist(exchanges, schema=EXCHANGE_RESULT),
    }


def write_identities(path: Path) -> None:
    """Write what only the operator may read."""
    pq.write_table(pa.table({"hash": [1], "kind": ["account"], "value": ["acct-0"]}), path)


def write_rejects(path: Path) -> None:
    """Write one reject."""
    path.write_text('{"file":"a.jsonl","line":3,"offset":120,"reason":"not JSON"}\n')


def fail(path: Path) -> None:
    """Fail as a full disk does."""
    raise OSError(28, "No space left on device", str(path))


def names(folder: Path) -> list[str]:
    """Return what lies in the folder."""
    return sorted(path.name for path in folder.iterdir())


def test_all_files_are_written_with_the_published_columns(
    tmp_path: Path, built: ModuleType
) -> None:
    """A new folder holds exactly the public files, and nothing temporary."""
    out = tmp_path / "deep" / "out"
    paths = write_results(
        out, report=built.report(), **tables(), identities=write_identities, rejects=write_rejects
    )
    expected = [
        "accounts.parquet",
        "exchanges.parquet",
        "identities.parquet",
        "rejects.jsonl",
        "report.html",
        "report.json",
    ]
    assert expected == names(out) == sorted(path.name for path in paths)
    assert ACCOUNT_RESULT == pq.read_schema(out / "accounts.parquet").remove_metadata()
    assert EXCHANGE_RESULT == pq.read_schema(out / "exchanges.parquet").remove_metadata()
    assert built.report() == report_from_json((out / "report.json").read_bytes())


def test_identities_are_for_the_operator_alone(tmp_path: Path, built: ModuleType) -> None:
    """Mode 0600, whatever the umask."""
    write_results(tmp_path, report=built.report(), **tables(), identities=write_identities)
    assert 0o600 == stat.S_IMODE((tmp_path / "identities.parquet").stat().st_mode)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, built: ModuleType) -> None:
    """Nothing in any file tells when or where it was written."""
    for name in ("a", "b"):
        write_results(tmp_path / name, report=built.report(), **tables())
    for name in names(tmp_path / "a"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_second_run_replaces_ours_and_leaves_theirs(tmp_path: Path, built: ModuleType) -> None:
    """Notes and the store in the folder stay; identities of the first run do not."""
    (tmp_path / "notes.txt").write_text("keep me")
    write_results(tmp_path, report=built.report(), **tables(), identities=write_identities)
    write_results(tmp_path, report=built.empty_report(), **tables(0))
    assert built.empty_report() == report_from_json((tmp_path / "report.json").read_bytes())
    assert 0 == pq.read_metadata(tmp_path / "accounts.parquet").num_rows
    assert "keep me" == (tmp_path / "notes.txt").read_text()
    assert not (tmp_path / "identities.parquet").exists()


def test_a_failure_leaves_a_new_folder_unmade(tmp_path: Path, built: ModuleType) -> None:
    """Not at all: neither files nor the folder."""
    out = tmp_path / "out"
    with pytest.raises(OutputError, match="No space left"):
        write_results(out, report=built.report(), **tables(), rejects=fail)
    assert not out.exists()


def test_a_failure_leaves_an_old_result_as_it_was(tmp_path: Path, built: ModuleType) -> None:
    """The earlier report is still whole, and nothing temporary stays."""
    write_results(tmp_path, report=built.report(), **tables())
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    with pytest.raises(OutputError):
        write_results(tmp_path, report=built.empty_report(), **tables(0), rejects=fail)
    assert before == {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}


def test_a_failure_while_moving_is_undone(
    tmp_path: Path, built: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even the last step, of many moves, is whole or not at all."""
    write_results(tmp_path, report=built.report(), **tables())
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    replace = Path.replace

    def fail_once(self: Path, target: Path) -> Path:
        if self.name == "report.html" and self.parent.name == "new":
            raise OSError(5, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_once)
    with pytest.raises(OutputError, match="Input/output error"):
        write_results(tmp_path, report=built.empty_report(), **tables(0))
    assert before == {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}


def test_what_a_killed_run_left_is_removed(tmp_path: Path, built: ModuleType) -> None:
    """It may hold names, and nobody would look for them there."""
    left = tmp_path / ".iolaus-partial" / "new"
    left.mkdir(parents=True)
    (left / "identities.parquet").write_text("acct-0")
    write_results(tmp_path, report=built.report(), **tables())
    assert not left.parent.exists()


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path, built: ModuleType) -> None:
    """It is not overwritten, and the remedy names the option."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="--out"):
        write_results(tmp_path / "out", report=built.report(), **tables())
    assert "a file" == (tmp_path / "out").read_text()


def test_a_foreign_folder_of_our_name_is_not_destroyed(tmp_path: Path, built: ModuleType) -> None:
    """A folder called report.html belongs to someone."""
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OutputError, match=r"report\.html is a folder"):
        write_results(tmp_path, report=built.report(), **tables())
    assert ["report.html"] == names(tmp_path)


def test_a_table_of_other_columns_is_refused(tmp_path: Path, built: ModuleType) -> None:
    """Files and columns are a public interface: nothing else is ever written."""
    wrong = tables() | {"exchanges": pa.table({"id": ["r-1"]})}
    with pytest.raises(ContractError, match=r"exchanges\.parquet"):
        write_results(tmp_path / "out", report=built.report(), **wrong)
    assert not (tmp_path / "out").exists()
