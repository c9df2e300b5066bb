"""Scenario, seed and size -> files: the way of a simulation from end to end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from iolaus.errors import UsageError
from iolaus.simulate.columns import DAY_US, Window
from iolaus.simulate.dressing import MODELS, NEW_MODEL, dress
from iolaus.simulate.library import Library
from iolaus.simulate.scenarios import scenario_of
from iolaus.simulate.shelf import Shelf
from iolaus.simulate.world import World
from iolaus.simulate.writing import (
    account_table,
    moment_of,
    truth_accounts,
    truth_exchanges,
    write_simulation,
)

_START_US = 1_772_409_600_000_000  # Monday, 2 March 2026, 00:00 UTC
_MOST_EXCHANGES = 6_000_000  # about 1.5 GB of text and columns at once
_OLDER_US = _START_US - 200 * DAY_US


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationSummary:
    """What was written, in numbers."""

    scenario: str
    seed: int
    scale: float
    out: Path
    truth: Path
    days: float
    n_exchanges: int
    n_accounts: int
    n_extraction: int
    n_campaign_accounts: int
    campaigns: tuple[str, ...]


def simulate_scenario(
    name: str,
    *,
    out: Path,
    seed: int,
    scale: float | None = None,
    prompts: Path | None = None,
    text: bool = True,
) -> SimulationSummary:
    """
    Write a scenario's log to `out` and its truth to `out`.truth, whole or not at all.

    `scale` multiplies every head count (None: the scenario's own size); `prompts` is a
    folder of prompt families to draw text from instead of the built-in grammars; without
    `text` the log carries neither system nor prompt. The same arguments give the same bytes.
    """
    scenario = scenario_of(name)
    size = scenario.scale if scale is None else scale
    if not size > 0:
        raise UsageError(f"scale {size} is not above 0", remedy="give for example --scale 0.5")
    if size * scenario.full_exchanges > _MOST_EXCHANGES:
        raise UsageError(
            f"{name} at scale {size:g} is about {size * scenario.full_exchanges:,.0f} exchanges, "
            "which would not fit in memory",
            remedy=f"stay under --scale {_MOST_EXCHANGES / scenario.full_exchanges:.2g}",
        )
    shelf = None if prompts is None else Shelf(prompts)
    rng = np.random.default_rng(seed)
    window = Window(start_us=_START_US, days=scenario.days)
    release_us = _START_US + int(scenario.days * 0.55 * DAY_US) + int(rng.uniform(0, 0.4) * DAY_US)
    world = World(rng, window=window, library=Library(rng, shelf), release_us=release_us, size=size)
    scenario.build(world)
    accounts, clients, rows = world.finished()
    rows = rows.take((rows.at >= window.start_us) & (rows.at < window.end_us))
    rows.at = rows.at + rng.integers(0, 1000, len(rows))
    rows = rows.take(np.lexsort((rng.random(len(rows)), rows.at)))
    log = dress(
        rng,
        rows,
        accounts=accounts,
        clients=clients,
        flows=world.flows,
        release_us=release_us,
        text=text,
    )
    seen = np.unique(rows.account)
    truth = (
        truth_accounts(rows, accounts, world.campaigns),
        truth_exchanges(log["id"], rows, world.campaigns, world.flows),
    )
    releases = [
        {"model": m, "at": moment_of(release_us if i == NEW_MODEL else _OLDER_US).isoformat()}
        for i, m in enumerate(MODELS)
    ]
    write_simulation(
        out,
        log=log,
        accounts=account_table(accounts, end_us=window.end_us),
        releases=releases,
        truth=truth,
    )
    return SimulationSummary(
        scenario=name,
        seed=seed,
        scale=size,
        out=out,
        truth=out.with_name(out.name + ".truth"),
        days=scenario.days,
        n_exchanges=len(rows),
        n_accounts=len(seen),
        n_extraction=int(rows.extraction.sum()),
        n_campaign_accounts=len(np.unique(rows.account[rows.extraction])),
        campaigns=tuple(world.campaigns),
    )
