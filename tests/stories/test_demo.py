"""The first command that anyone types: `iolaus demo`, in small."""

from __future__ import annotations

from pathlib import Path

import pytest

from iolaus.cli.app import run
from iolaus.report.as_json import report_from_json

pytestmark = pytest.mark.story


def test_demo_ends_with_a_report_and_the_truth_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says where the page is, how much was found and who was wronged, and warns of no key."""
    monkeypatch.chdir(tmp_path)
    assert 0 == run(["demo", "--scale", "0.1"])
    said = capsys.readouterr()
    assert "Report: demo-out/report.html" in said.out
    assert "  found    " in said.out
    assert "  wronged  innocent accounts in a campaign: " in said.out
    assert "WARNING" not in said.err
    report = report_from_json((tmp_path / "demo-out" / "report.json").read_bytes())
    assert report.summary.n_rejected == 0
    assert report.summary.has_account_table
    assert 0 == run(["show", "--store", "sqlite:///demo-out/iolaus.db"])
