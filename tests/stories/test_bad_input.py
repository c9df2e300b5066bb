"""Logs as they come in the field: what is wrong is named, and every good row still counts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.cli.app import run
from iolaus.report.as_json import report_from_json

pytestmark = pytest.mark.story

N_GOOD = 120
SECRET = "CONFIDENTIAL WORDS"
FILES = {
    "accounts.parquet",
    "exchanges.parquet",
    "identities.parquet",
    "iolaus.db.sketch",
    "rejects.jsonl",
    "report.html",
    "report.json",
    "iolaus.db",
}


def rows() -> list[dict[str, object]]:
    """Return good rows of eight accounts."""
    return [
        {
            "id": f"r{i}",
            "at": f"2026-03-0{1 + i % 7}T{i % 24:02d}:{i % 60:02d}:00Z",
            "account": f"acct-{i % 8}",
            "prompt": f"tell me of the number {i * 7919 % 1000}, and then of {i}",
        }
        for i in range(N_GOOD)
    ]


def lines(*more: object) -> bytes:
    """Return the good rows and some others as JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in [*rows(), *more]).encode()


def row(**changes: object) -> dict[str, object]:
    """Return one more good row, changed."""
    return {**rows()[0], "id": "more", "prompt": SECRET, **changes}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, with a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IOLAUS_KEY", "a key of the stories alone")
    return tmp_path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lines() + b'{"id": "cut", "prompt": "CONFIDENTIAL', "not valid JSON"),
        (lines(rows()[3]), "id was seen before"),
        (lines(row(at="2199-01-01T00:00:00Z")), "time in the far future"),
        (lines(row(at="yesterday")), "no time that can be read"),
        (lines(row(account=None)), "no account"),
        (lines(row(prompt="x" * 17_000_000)), "longer than 16 MiB"),
        (lines() + b'{"id":"u","at":"2026-03-01T00:00:00Z","account":"a\xff\xfe"}\n', "no account"),
    ],
    ids=["half a line", "twice", "future", "no time", "no account", "a huge line", "no UTF-8"],
)
def test_a_bad_row_is_counted_and_the_others_are_scanned(
    here: Path, capfd: pytest.CaptureFixture[str], content: bytes, reason: str
) -> None:
    """Exit status 0: one row in a hundred is no wrong format; the terminal and the file say why."""
    (here / "log.jsonl").write_bytes(content)
    assert 0 == run(["scan", "log.jsonl"])
    said = capfd.readouterr().out
    assert f"Read {N_GOOD} exchanges of 8 accounts; 1 row rejected." in said
    assert f"rejected: 1 x {reason}" in said
    assert "where: iolaus-out/rejects.jsonl" in said
    (reject,) = (here / "iolaus-out" / "rejects.jsonl").read_text().splitlines()
    assert N_GOOD + 1 == json.loads(reject)["line"]
    assert "CONFIDENTIAL" not in said + reject
    assert FILES == {path.name for path in (here / "iolaus-out").iterdir()}


def test_a_folder_of_all_sorts_is_read_for_what_is_good_in_it(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Parquet, JSON lines and CSV count; a truncated Parquet is a reject, a picture is skipped."""
    folder = here / "logs"
    folder.mkdir()
    good = rows()
    pq.write_table(pa.Table.from_pylist(good[:40]), folder / "a.parquet")
    whole = (folder / "a.parquet").read_bytes()
    (folder / "b.parquet").write_bytes(whole[: len(whole) // 2])
    (folder / "c.jsonl").write_text("".join(json.dumps(one) + "\n" for one in good[40:80]))
    csv = [",".join(str(one[name]).replace(",", ";") for name in one) for one in good[80:]]
    (folder / "d.csv").write_text("id,at,account,prompt\n" + "\n".join(csv) + "\n")
    (folder / "e.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert 0 == run(["scan", "logs"])
    said = capfd.readouterr().out
    assert f"Read {N_GOOD} exchanges of 8 accounts; 1 row rejected; 1 file skipped." in said
    assert "truncated" in said
    report = report_from_json((here / "iolaus-out" / "report.json").read_bytes())
    assert ["e.png: binary data"] == [*report.summary.skipped_files]


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        ("log.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no log format recognises this"),
        ("log.parquet", b"PAR1" + bytes(300), "truncated, or still being written"),
        ("log.csv", b"id,when,who\n1,2026-03-01T00:00:00Z,x\n", 'account = "their column"'),
        ("log.jsonl", b"", "every file is empty"),
    ],
    ids=["a picture", "a truncated file", "no account column", "an empty file"],
)
def test_a_log_that_cannot_be_read_is_an_error_with_a_way_out(
    here: Path, capfd: pytest.CaptureFixture[str], name: str, content: bytes, answer: str
) -> None:
    """Exit status 2, the file is named, nothing is written."""
    (here / name).write_bytes(content)
    assert 2 == run(["scan", name])
    said = capfd.readouterr()
    assert f"iolaus: {name}: " in said.err
    assert answer in said.err
    assert "" == said.out
    assert [name] == [path.name for path in here.iterdir()]


def test_too_many_rejects_end_with_3_and_are_all_written(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The results stand, the status warns, and --max-rejected lets them pass."""
    (here / "log.jsonl").write_bytes(lines(*rows()[:20]))
    assert 3 == run(["scan", "log.jsonl"])
    assert "iolaus-out/rejects.jsonl says where and why" in capfd.readouterr().err
    assert FILES == {path.name for path in (here / "iolaus-out").iterdir()}
    assert 20 == len((here / "iolaus-out" / "rejects.jsonl").read_text().splitlines())
    assert 0 == run(["scan", "log.jsonl", "--max-rejected", "0.2"])


def _as_soon_as(done: Callable[[], bool], *, within_s: float = 60.0) -> None:
    """Wait for a thing to happen."""
    end = time.monotonic() + within_s
    while not done() and time.monotonic() < end:
        time.sleep(0.02)


def test_an_interrupted_scan_leaves_nothing(here: Path, scanned) -> None:
    """Ctrl-C while it works: status 130, one line, no results and no half of them."""
    spool = here / "spool"
    spool.mkdir()
    scan = subprocess.Popen(
        [sys.executable, "-c", "from iolaus.cli import main; main()", "scan"]
        + [str(scanned.traffic / "log"), "--out", "out"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"IOLAUS_KEY": "a key of the stories alone", "TMPDIR": str(spool)},
    )
    # Something is in its work folder: it is in the midst of it. The folder alone would be too soon:
    # between its making and Python's knowing of it lies a moment in which nobody can clean up.
    _as_soon_as(lambda: any(spool.glob("*/*")))
    scan.send_signal(signal.SIGINT)
    out, err = scan.communicate()
    assert (130, "") == (scan.returncode, out)
    assert "iolaus: interrupted\n" == err
    assert ["spool"] == [path.name for path in here.iterdir()]
    assert [] == [*spool.iterdir()]
