"""`iolaus simulate` says what it made and where, and names the scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

from iolaus.cli.simulate import simulate
from iolaus.errors import UsageError
from iolaus.simulate import SCENARIOS


def test_simulate_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message holds the folder of the log, the folder of the truth, and the counts."""
    simulate("graders", out=tmp_path / "sim", scale=0.05, no_text=True)
    said = capsys.readouterr().out
    assert str(tmp_path / "sim.truth") in said
    assert "are extraction" in said
    assert sorted(p.name for p in (tmp_path / "sim").iterdir()) == [
        "account_table.parquet",
        "log",
        "releases.json",
    ]


def test_list_names_every_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    """The list is complete and nothing is written."""
    simulate(list=True)
    said = capsys.readouterr().out
    assert all(name in said for name in SCENARIOS)


def test_no_scenario_is_bad_usage() -> None:
    """Without a scenario the error says how to find one."""
    with pytest.raises(UsageError, match="--list"):
        simulate()
