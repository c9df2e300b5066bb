"""A small relay, simulated and scanned once: what the stories about a real report look at."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import pytest

from iolaus import pipeline
from iolaus.config import Settings
from iolaus.schema import Report
from iolaus.simulate import simulate_scenario

SCALE = 0.3
EAGER = dataclasses.replace(Settings(), accept_bits=-6.0)
"""These stories are about what is told of a campaign, not about how sure one is of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A simulated folder, the results of its scan, and the report."""

    traffic: Path
    out: Path
    report: Report


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Return the scan of a relay whose operator moves to a new model on the day of its release."""
    folder = tmp_path_factory.mktemp("scanned")
    traffic, out = folder / "relay", folder / "out"
    simulate_scenario("relay", out=traffic, seed=1, scale=SCALE)
    report = pipeline.scan(
        [traffic / "log"],
        accounts=traffic / "account_table.parquet",
        releases=traffic / "releases.json",
        out=out,
        key=b"a key of the stories alone",
        settings=EAGER,
    )
    return Scanned(traffic=traffic, out=out, report=report)
