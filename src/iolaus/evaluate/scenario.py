"""A scenario's name and a seed -> simulated traffic, scanned and measured."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from iolaus import pipeline
from iolaus.config import Settings
from iolaus.errors import InputError
from iolaus.evaluate.linking import linked_of
from iolaus.evaluate.measures import Measures, measure
from iolaus.evaluate.peers import PeerMeasures, measure_peers
from iolaus.evaluate.seeds import Evaluation
from iolaus.schema import Report
from iolaus.simulate import simulate_scenario
from iolaus.simulate.scenarios import Scenario, scenario_of

KEY = b"iolaus evaluate: nobody's secret"
"""Simulated identities need no secret; a fixed key makes two evaluations comparable."""


def evaluate_scenario(
    name: str | Scenario,
    *,
    seed: int,
    scale: float | None,
    prompts: Path | None,
    work: Path,
    text: bool = True,
    peers: bool = False,
    settings: Settings | None = None,
) -> Evaluation:
    """
    Simulate, scan without the truth in reach, and measure.

    `scale` None is the scenario's own size. Writes to `work`/NAME-SEED: the world, `world.truth` beside it, and the scan's `result`.
    """
    scenario = scenario_of(name) if isinstance(name, str) else name
    place = work / f"{scenario.name}-{seed}"
    world = place / "world"
    simulated = simulate_scenario(
        scenario, out=world, seed=seed, scale=scale, prompts=prompts, text=text
    )
    report = scan_world(world, out=place / "result", settings=settings)
    return Evaluation(
        scenario=scenario.name,
        seed=seed,
        scale=simulated.scale,
        has_text=text,
        n_exchanges=report.summary.n_exchanges,
        n_accounts=report.summary.n_accounts,
        measures=measure_result(place / "result", world=world),
        linking=linked_of(
            _read(place / "result" / "accounts.parquet"),
            _read(truth_beside(world) / "accounts.parquet"),
            fates=fates_of(report),
        ),
        peers=peers_on(world) if peers else (),
    )


def scan_world(world: Path, *, out: Path, settings: Settings | None = None) -> Report:
    """Scan a simulated world, which never shows its truth, and write the result files to `out`."""
    return pipeline.scan(
        [world / "log"],
        accounts=world / "account_table.parquet",
        releases=world / "releases.json",
        out=out,
        key=KEY,
        settings=settings,
    )


def fates_of(report: Report) -> dict[str, str]:
    """Return what was decided about each network, in a word."""
    cleared = {one.network: f"cleared, {one.reason}" for one in report.cleared}
    return cleared | {one.network: f"campaign {one.id}" for one in report.campaigns}


def measure_result(result: Path, *, world: Path) -> Measures:
    """Measure a scan's output folder against the truth beside a simulated world."""
    truth = truth_beside(world)
    return measure(
        _read(result / "accounts.parquet"),
        _read(result / "exchanges.parquet"),
        truth_accounts=_read(truth / "accounts.parquet"),
        truth_exchanges=_read(truth / "exchanges.parquet"),
        log=_read(world / "log", columns=["id", "account", "end_user"]),
    )


def peers_on(world: Path) -> tuple[PeerMeasures, ...]:
    """Run the peers on a simulated world."""
    return measure_peers(
        _read(world / "log", columns=["account", "address"]),
        account_table=_read(world / "account_table.parquet"),
        truth_accounts=_read(truth_beside(world) / "accounts.parquet"),
    )


def truth_beside(world: Path) -> Path:
    """Return where `simulate` puts the truth: apart, so that no scan can read it."""
    return world.with_name(f"{world.name}.truth")


def _read(path: Path, columns: list[str] | None = None) -> pa.Table:
    if not path.exists():
        raise InputError(
            "there is no such file", where=str(path), remedy="simulate and scan write it"
        )
    return pq.read_table(path, columns=columns)
