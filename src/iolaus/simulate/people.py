"""Ordinary accounts: strangers with nothing in common but what strangers have in common."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate import places
from iolaus.simulate.columns import NEVER, Accounts
from iolaus.simulate.habits import sample_accounts, sample_clients
from iolaus.simulate.rhythm import Arrivals, arrivals, volumes
from iolaus.simulate.world import World, alive

Array = NDArray[Any]


def hours_of(accounts: Accounts) -> Array:
    """Return each account's hours from UTC."""
    return places.HOURS_FROM_UTC[[places.INDEX[c] for c in accounts.country]]


def languages_of(accounts: Accounts) -> Array:
    """Return the language that is spoken where each account is billed."""
    return places.LANGUAGES[[places.INDEX[c] for c in accounts.country]]


def awake_days(world: World, accounts: Accounts) -> Array:
    """Return an account x day matrix: 1 on days of an account's life."""
    days = int(np.ceil(world.window.days))
    edges = world.window.start_us + np.arange(days + 1) * 86_400_000_000
    closed = np.where(accounts.closed_at == NEVER, np.iinfo(np.int64).max, accounts.closed_at)
    lives = (accounts.opened_at[:, None] < edges[None, 1:]) & (closed[:, None] > edges[None, :-1])
    return lives.astype(float) + 1e-12


def rhythm_of(
    world: World,
    accounts: Accounts,
    *,
    counts: Array,
    flat: float = 0.12,
    session: float = 5.0,
    gap_s: float = 90.0,
) -> Arrivals:
    """Place accounts' requests; each has its own share of sleepless sessions, length and pace."""
    rng, n = world.rng, len(accounts)
    return arrivals(
        rng,
        world.window,
        counts=counts,
        hours_from_utc=hours_of(accounts),
        flatness=np.clip(rng.beta(1.0, 1.0 / flat - 1.0, n), 0, 1),
        session_size=np.maximum(1.0, session * np.exp(rng.normal(0, 0.6, n))),
        gap_s=gap_s * np.exp(rng.normal(0, 0.8, n)),
        awake=awake_days(world, accounts),
    )


def add_ordinary(world: World, n: int, *, daily: float = 1.6, group: str = "ordinary") -> None:
    """Add `n` strangers with `daily` exchanges a day on average, heavy-tailed."""
    rng = world.rng
    accounts = sample_accounts(rng, n, window=world.window, group=group)
    numbers = world.add_accounts(accounts)
    clients = world.add_clients(sample_clients(rng, n))
    counts = volumes(rng, n, mean=daily * world.window.days)
    times = rhythm_of(world, accounts, counts=counts)
    script = world.library.people(languages_of(accounts))
    flow = world.add_flow(group, script)
    rows = world.rows_of(times, script, accounts=numbers, clients=clients, flow=flow)
    world.add_rows(rows.take(alive(rows, accounts, first=numbers[0])))
