"""The dishonest: each function adds one campaign and whoever hides it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate import places
from iolaus.simulate.columns import HOUR_US, Rows
from iolaus.simulate.habits import sample_clients
from iolaus.simulate.relay import build_pool, route
from iolaus.simulate.rhythm import arrivals, volumes
from iolaus.simulate.world import World

Array = NDArray[Any]


def job_rows(
    world: World,
    *,
    campaign: int,
    name: str,
    capability: str,
    n_exchanges: int,
    workers: int,
    variants: int = 1,
    turns: float = 1.0,
    pivots: bool = True,
) -> Rows:
    """Return a harvest's exchanges as its workers send them, before any account is chosen."""
    rng = world.rng
    clients = sample_clients(rng, workers)
    if pivots:
        clients.adopt_after = (rng.uniform(1.0, 20.0, workers) * HOUR_US).astype(np.int64)
        clients.adopt_share = np.full(workers, rng.uniform(0.5, 0.9))
    numbers = world.add_clients(clients)
    script = world.library.harvest(capability, variants=variants, turns=turns)
    counts = rng.multinomial(n_exchanges, np.full(workers, 1 / workers))
    times = arrivals(
        rng,
        world.window,
        counts=np.maximum(counts, 1),
        hours_from_utc=rng.choice(places.HOURS_FROM_UTC, workers, p=places.SHARES),
        flatness=float(rng.uniform(0.2, 0.9)),
        session_size=float(rng.uniform(3, 14)),
        gap_s=float(np.exp(rng.normal(3.6, 0.6))),
    )
    flow = world.add_flow(f"{name}/{capability}", script)
    return world.rows_of(
        times, script, accounts=numbers, clients=numbers, flow=flow, campaign=campaign
    )


def stranger_rows(world: World, *, name: str, n_exchanges: int) -> Rows:
    """Return a relay's paying customers, who know nothing of the harvest."""
    rng = world.rng
    n = max(2, n_exchanges // 14)
    numbers = world.add_clients(sample_clients(rng, n))
    where = rng.choice(len(places.COUNTRIES), n, p=places.SHARES)
    times = arrivals(
        rng,
        world.window,
        counts=volumes(rng, n, mean=n_exchanges / n),
        hours_from_utc=places.HOURS_FROM_UTC[where],
        session_size=np.maximum(1.0, 5.0 * np.exp(rng.normal(0, 0.6, n))),
        gap_s=90.0 * np.exp(rng.normal(0, 0.8, n)),
    )
    script = world.library.people(places.LANGUAGES[where])
    flow = world.add_flow(f"{name}/customers", script)
    return world.rows_of(times, script, accounts=numbers, clients=numbers, flow=flow)


def add_relay(
    world: World,
    *,
    name: str,
    n_slots: int,
    n_exchanges: int,
    mix_share: float,
    capabilities: Sequence[str] = ("reasoning", "agentic_coding"),
    life_days: float = 12.0,
    turns: float = 1.6,
) -> None:
    """Add a relay with `n_exchanges` of extraction; `mix_share` of all its traffic is strangers'."""
    rng = world.rng
    pool = build_pool(rng, world.window, name=name, n_slots=n_slots, life_days=life_days)
    first = int(world.add_accounts(pool.accounts)[0])
    campaign = world.add_campaign(name)
    for capability in capabilities:
        rows = job_rows(
            world,
            campaign=campaign,
            name=name,
            capability=capability,
            n_exchanges=n_exchanges // len(capabilities),
            workers=max(2, n_slots // 3),
            variants=int(rng.integers(1, 4)),
            turns=turns,
        )
        world.add_rows(route(rng, pool, rows, sticky=rows.conversation, first=first))
    rows = stranger_rows(
        world, name=name, n_exchanges=int(n_exchanges * mix_share / (1 - mix_share))
    )
    world.add_rows(
        route(rng, pool, rows, sticky=rows.client * 1009 + rows.session // 4, first=first)
    )
