"""Scenario, seed and size -> files: the way of a simulation from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from iolaus.errors import UsageError
from iolaus.simulate.columns import DAY_US, Accounts, Array, Clients, Rows, Window
from iolaus.simulate.dressing import (
    MODELS,
    NEW_MODEL,
    Wardrobe,
    dress,
    programs_in_use,
    wardrobe_of,
)
from iolaus.simulate.habits import add_programs
from iolaus.simulate.library import Library
from iolaus.simulate.mishaps import add_retries
from iolaus.simulate.scenarios import Scenario, scenario_of
from iolaus.simulate.shelf import Shelf
from iolaus.simulate.tokens import tokens
from iolaus.simulate.world import World, alive
from iolaus.simulate.writing import (
    account_table,
    moment_of,
    refuse_strangers,
    truth_of,
    write_simulation,
)

_START_US = 1_772_409_600_000_000  # Monday, 2 March 2026, 00:00 UTC
_ROWS_A_FILE = 20_000
_MOST_EXCHANGES = 3_500_000  # about 1 kB each, measured on june_2026: 3.5 GiB
_OLDER_US = _START_US - 200 * DAY_US


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationSummary:
    """What was written, in numbers."""

    scenario: str
    seed: int
    scale: float
    out: Path
    days: float
    n_exchanges: int
    n_accounts: int
    n_extraction: int
    n_campaign_accounts: int
    campaigns: tuple[str, ...]

    @property
    def truth(self) -> Path:
        """Return the folder that holds the truth."""
        return self.out.with_name(self.out.name + ".truth")


def simulate_scenario(
    name: str | Scenario,
    *,
    out: Path,
    seed: int,
    scale: float | None = None,
    prompts: Path | None = None,
    text: bool = True,
) -> SimulationSummary:
    """
    Write a scenario's log to `out` and its truth to `out`.truth, whole or not at all.

    `name` is one of the named scenarios, or a Scenario of one's own.
    `scale` multiplies every head count (None: the scenario's own size); `prompts` is a folder
    of prompt families to draw text from; without `text` the log carries neither system nor
    prompt. The same arguments give the same bytes.
    """
    scenario = scenario_of(name) if isinstance(name, str) else name
    size = _checked_size(scenario, scale)
    refuse_strangers(out)
    world = _new_world(scenario, seed=seed, size=size, prompts=prompts)
    scenario.build(world)
    rows, accounts, clients = _settled(world)
    ids = tokens(world.rng, len(rows), prefix="req_", n_bytes=12)
    wardrobe = wardrobe_of(
        world.rng,
        accounts,
        clients=clients,
        flows=world.flows,
        release_us=world.release_us,
        text=text,
    )
    write_simulation(
        out,
        log=_dressed(world.rng, rows, ids=ids, wardrobe=wardrobe),
        accounts=account_table(accounts, end_us=world.window.end_us),
        releases=_releases(world.release_us),
        truth=truth_of(rows, accounts, ids=ids, campaigns=world.campaigns, flows=world.flows),
    )
    return _summary_of(rows, scenario, seed=seed, size=size, out=out, campaigns=world.campaigns)


def _summary_of(
    rows: Rows, scenario: Scenario, *, seed: int, size: float, out: Path, campaigns: list[str]
) -> SimulationSummary:
    return SimulationSummary(
        scenario=scenario.name,
        seed=seed,
        scale=size,
        out=out,
        days=scenario.days,
        n_exchanges=len(rows),
        n_accounts=len(np.unique(rows.account)),
        n_extraction=int(rows.extraction.sum()),
        n_campaign_accounts=len(np.unique(rows.account[rows.extraction])),
        campaigns=tuple(campaigns),
    )


def _new_world(scenario: Scenario, *, seed: int, size: float, prompts: Path | None) -> World:
    shelf = None if prompts is None else Shelf(prompts)
    rng = np.random.default_rng(seed)
    day = scenario.days * 0.55 + rng.uniform(0, 0.4)
    return World(
        rng,
        window=Window(start_us=_START_US, days=scenario.days),
        library=Library(rng, shelf),
        release_us=_START_US + int(day * DAY_US),
        size=size,
    )


def _checked_size(scenario: Scenario, scale: float | None) -> float:
    size = scenario.scale if scale is None else scale
    if not size > 0:
        raise UsageError(f"scale {size} is not above 0", remedy="give for example --scale 0.5")
    n = size * scenario.full_exchanges
    if n > _MOST_EXCHANGES:
        raise UsageError(
            f"{scenario.name} at scale {size:g} is about {n:,.0f} exchanges, "
            "which would not fit in memory",
            remedy=f"stay under --scale {_MOST_EXCHANGES / scenario.full_exchanges:.2g}",
        )
    return size


def _settled(world: World) -> tuple[Rows, Accounts, Clients]:
    """Return all rows in order of time, everybody's accounts, and every program in use."""
    rng, window = world.rng, world.window
    accounts, clients, rows = world.finished()
    rows = add_retries(rng, rows, n_accounts=len(accounts))
    inside = (rows.at >= window.start_us) & (rows.at < window.end_us)
    rows = rows.take(inside & alive(rows, accounts, first=0))
    # Equal moments fall in a drawn order, so that row order carries nothing.
    rows = rows.take(np.lexsort((rng.random(len(rows)), rows.at)))
    clients, begin = add_programs(rng, clients)
    rows.client = programs_in_use(rows, clients, begin=begin)
    return rows, accounts, clients


def _dressed(
    rng: np.random.Generator, rows: Rows, *, ids: Array, wardrobe: Wardrobe
) -> Iterator[pa.Table]:
    """Yield the log stretch by stretch; words are let go once they were handed on."""
    for start in range(0, max(1, len(rows)), _ROWS_A_FILE):
        part = slice(start, start + _ROWS_A_FILE)
        yield dress(rng, rows.take(np.arange(len(rows))[part]), ids=ids[part], wardrobe=wardrobe)
        rows.prompt[part] = None
        rows.system[part] = None


def _releases(release_us: int) -> list[dict[str, str]]:
    moments = [release_us if i == NEW_MODEL else _OLDER_US for i in range(len(MODELS))]
    return [
        {"model": model, "at": moment_of(us).isoformat()}
        for model, us in zip(MODELS, moments, strict=True)
    ]
