"""A contestant in a process of its own answers each call with the time of one fresh pass."""

import sys
from pathlib import Path

import pytest

from benchmarks.turns import Worker

MODULE = """
import sys
from benchmarks.turns import serve

def counting(path):
    print("loud libraries print")
    seen = {"ready": 0}
    def ready():
        seen["ready"] += 1
        return lambda: {"ready": seen["ready"], "read": len(path.read_bytes())}
    return ready

def failing(path):
    raise SystemExit("no such library")

if __name__ == "__main__":
    serve({"counting": counting, "failing": failing, "silent": lambda path: lambda: lambda: 1})
"""


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """Start a process of three contestants."""
    (tmp_path / "three_contestants.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "texts").write_bytes(b"12345")
    monkeypatch.syspath_prepend(tmp_path)
    return Worker(sys.executable, "three_contestants", texts=tmp_path / "texts")


def test_each_call_is_one_fresh_pass(worker: Worker) -> None:
    """The pass is made ready anew, timed, and says what it timed itself; prints do not disturb."""
    with worker:
        first, second = worker.run("counting"), worker.run("counting")
        silent = worker.run("silent")
    assert (1, 2) == (first["ready"], second["ready"])
    assert 5 == first["read"]
    assert {"cpu_s", "wall_s"} == silent.keys()
    assert first["cpu_s"] >= 0 and first["wall_s"] > 0


def test_contestant_that_dies_is_named(worker: Worker) -> None:
    """A peer that cannot run is an error, never a missing figure."""
    with worker, pytest.raises(RuntimeError, match="failing"):
        worker.run("failing")
