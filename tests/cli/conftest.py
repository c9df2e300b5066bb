"""A small log, a folder to stand in, and a way to type a command."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from iolaus.cli.app import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a command line left behind."""

    status: int
    out: str
    err: str


Type = Callable[..., Typed]


@pytest.fixture
def type_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Type:
    """Return a function that runs one command line in an empty folder, no key or width set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IOLAUS_KEY", raising=False)
    # pytest's import of readline sets it for the workers of xdist, and tables would wrap.
    monkeypatch.delenv("COLUMNS", raising=False)

    def typed(*arguments: str | Path) -> Typed:
        status = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Typed(status=status, out=captured.out, err=captured.err)

    return typed


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a log of six strangers who ask different things, and nothing to find."""
    path = tmp_path / "log.jsonl"
    words = ["tides", "glaciers", "sonnets", "carburettors", "lichens", "fugues"]
    rows = [
        {
            "id": f"r-{i}",
            "at": f"2026-03-0{1 + i % 7}T0{i % 10}:{i % 60:02d}:00Z",
            "account": f"acct-{i % 6}",
            "prompt": f"Tell me about {words[i % 6]}, please, and about {words[i % 5]} {i}.",
            "model": "lumen-3",
            "output_tokens": 100 + i,
        }
        for i in range(60)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def damaged_log(log: Path) -> Path:
    """Return the same log with two lines in twenty that are no JSON."""
    lines = log.read_text().splitlines()[:18]
    log.write_text("\n".join([*lines, '{"id": "cut', "CONFIDENTIAL WORDS"]) + "\n")
    return log
