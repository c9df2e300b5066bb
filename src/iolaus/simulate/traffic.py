"""Traffic before any account is chosen: a harvest's jobs, and a relay's or reseller's customers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate import places
from iolaus.simulate.columns import HOUR_US, Clients, Rows
from iolaus.simulate.habits import sample_clients, share_habits
from iolaus.simulate.rhythm import arrivals, volumes
from iolaus.simulate.scripts import Script
from iolaus.simulate.world import World

Array = NDArray[Any]


def job_rows(
    world: World,
    *,
    campaign: int,
    name: str,
    script: Script,
    n_exchanges: int,
    workers: int,
    from_share: float = 0.0,
    pivots: bool = True,
    users: bool = True,
) -> Rows:
    """
    Return a harvest's exchanges as its workers send them.

    It starts after `from_share` of the window. A job that pivots moves half or more of its
    traffic to a new model within a day of the release. Without `users` whoever carries it
    removes the end users' names.
    """
    rng = world.rng
    clients = _job_clients(rng, workers, pivots=pivots)
    clients.end_user[:] = clients.end_user * users
    numbers = world.add_clients(clients)
    times = arrivals(
        rng,
        world.window,
        counts=np.maximum(1, rng.multinomial(n_exchanges, np.full(workers, 1 / workers))),
        hours_from_utc=rng.choice(places.HOURS_FROM_UTC, workers, p=places.SHARES),
        flatness=float(rng.uniform(0.2, 0.9)),
        session_size=float(rng.uniform(3, 14)) + script.turns,
        gap_s=float(np.exp(rng.normal(3.6, 0.6))),
        awake=_days_from(world, from_share, n=workers),
    )
    flow = world.add_flow(f"{name}/{script.capability}", script)
    return world.rows_of(
        times, script, accounts=numbers, clients=numbers, flow=flow, campaign=campaign
    )


def _job_clients(rng: np.random.Generator, workers: int, *, pivots: bool) -> Clients:
    """Draw the machines that work a harvest off."""
    clients = sample_clients(rng, workers)
    # One program does the work on every machine; a tenth of them were set up by hand.
    share_habits(rng, clients, share=0.9)
    clients.keeps_conversation[:] = rng.random() < 0.8
    if pivots:
        clients.adopt_after = (rng.uniform(1.0, 20.0, workers) * HOUR_US).astype(np.int64)
        clients.adopt_share = np.full(workers, rng.uniform(0.5, 0.9))
    return clients


def stranger_rows(world: World, *, name: str, n_exchanges: int, users: bool) -> list[Rows]:
    """Return a relay's customers: mostly people, and some bulk work that is nobody's harvest."""
    rng = world.rng
    parts = [_people_rows(world, name=name, n_exchanges=int(n_exchanges * 0.75), users=users)]
    bulk = ("translation", "support", "judge", "product")
    for purpose in bulk[: 4 if n_exchanges >= 400 else 1]:
        n = max(5, int(n_exchanges * 0.25 / 4 * rng.uniform(0.5, 1.5)))
        parts.append(bulk_rows(world, name=name, purpose=purpose, n_exchanges=n, users=users))
    return parts


def _people_rows(world: World, *, name: str, n_exchanges: int, users: bool) -> Rows:
    rng = world.rng
    n = max(2, n_exchanges // 14)
    clients = sample_clients(rng, n)
    clients.end_user[:] = clients.end_user * users
    numbers = world.add_clients(clients)
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


def bulk_rows(world: World, *, name: str, purpose: str, n_exchanges: int, users: bool) -> Rows:
    """One customer with a list to work off: a book, a knowledge base, papers to judge."""
    rng = world.rng
    clients = sample_clients(rng, 1)
    clients.end_user[:] = clients.end_user * users
    numbers = world.add_clients(clients)
    times = arrivals(
        rng,
        world.window,
        counts=np.array([n_exchanges]),
        hours_from_utc=rng.choice(places.HOURS_FROM_UTC, 1, p=places.SHARES),
        flatness=float(rng.uniform(0.0, 0.6)),
        session_size=25.0,
        gap_s=12.0,
    )
    script = world.library.work(purpose)
    flow = world.add_flow(f"{name}/customer-{purpose}", script)
    return world.rows_of(times, script, accounts=numbers, clients=numbers, flow=flow)


def _days_from(world: World, share: float, *, n: int) -> Array:
    """Return a client x day matrix that is 1 after a share of the window."""
    days = int(np.ceil(world.window.days))
    return np.broadcast_to(np.arange(days) >= int(share * days), (n, days)) + 1e-12
