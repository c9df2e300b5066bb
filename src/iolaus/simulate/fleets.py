"""What every population needs: accounts that share some traits, a rhythm, and a script."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate import places
from iolaus.simulate.columns import DAY_US, HOUR_US, NEVER, Accounts, Clients
from iolaus.simulate.habits import domain_of, organization_names
from iolaus.simulate.people import rhythm_of
from iolaus.simulate.rhythm import Arrivals, volumes
from iolaus.simulate.scripts import Script
from iolaus.simulate.tokens import tokens
from iolaus.simulate.world import World, alive

Array = NDArray[Any]


def any_country(rng: np.random.Generator) -> str:
    """Return one country by its share of accounts."""
    return str(rng.choice(places.COUNTRIES, p=places.SHARES))


def one_payment(rng: np.random.Generator) -> str:
    """Return a fresh instrument."""
    return str(tokens(rng, 1, prefix="pay_", n_bytes=6)[0])


def share_organization(
    rng: np.random.Generator,
    accounts: Accounts,
    *,
    declared: bool = True,
    vetted: bool = True,
    one_payer: bool = True,
) -> None:
    """Make the accounts one organisation's: name, mail domain, payer; not all in every field."""
    n = len(accounts)
    firm = str(organization_names(rng, 1)[0])
    if declared:
        accounts.organization = np.where(rng.random(n) < 0.97, firm, None).astype(object)
    elif rng.random() < 0.5:
        accounts.organization = np.full(n, None, dtype=object)
    own_mail = rng.random(n) < (0.95 if declared else 0.7)
    accounts.email_domain = np.where(own_mail, domain_of(firm), accounts.email_domain)
    accounts.vetted = np.where(rng.random(n) < 0.95, np.int8(vetted), accounts.vetted)
    if one_payer:
        accounts.payment[:] = one_payment(rng)


def share_egress(
    rng: np.random.Generator, accounts: Accounts, *, n_addresses: int, share: float
) -> None:
    """Let a share of the accounts work behind a few common addresses first."""
    n = len(accounts)
    where = np.full(n_addresses, places.INDEX[str(accounts.country[0])])
    egress = places.home_addresses(rng, where)
    behind = rng.random(n) < share
    accounts.lease_hours[behind] = 0.0
    accounts.homes[behind, 0] = egress[rng.integers(0, n_addresses, int(behind.sum()))]


def share_software(rng: np.random.Generator, accounts: Accounts, *, share: float = 1.0) -> None:
    """Let a share of the accounts use one and the same client and version."""
    uses = rng.random(len(accounts)) < share
    pick = int(rng.integers(0, len(accounts)))
    accounts.agents[uses] = accounts.agents[pick]
    accounts.tls[uses] = accounts.tls[pick]


def open_together(
    world: World, accounts: Accounts, *, from_day: float, hours: float, share: float = 1.0
) -> None:
    """Let a share of the accounts open within some hours from a day of the window on."""
    n = len(accounts)
    moment = world.window.start_us + from_day * DAY_US + world.rng.random(n) * hours * HOUR_US
    joins = world.rng.random(n) < share
    accounts.opened_at = np.where(joins, moment.astype(np.int64), accounts.opened_at)
    early = (accounts.closed_at != NEVER) & (accounts.closed_at <= accounts.opened_at)
    accounts.closed_at[early] = NEVER
    accounts.closed_reason[early] = None


def burst(
    world: World, n: int, *, counts: Array, start_us: float, hours: float, gap_s: float = 40.0
) -> Arrivals:
    """Place each of `n` clients' requests in one stretch of some hours, each its own part of it."""
    rng = world.rng
    client = np.repeat(np.arange(n), counts)
    begin = start_us + rng.beta(1.6, 2.2, n) * hours * HOUR_US
    gap = rng.weibull(0.7, len(client)) * gap_s * 1e6 + 8e5
    total = np.cumsum(gap)
    first = np.searchsorted(client, np.arange(n))
    at = begin[client] + total - total[first][client]
    at = np.minimum(at, start_us + 4 * hours * HOUR_US).astype(np.int64)
    keep = (at >= world.window.start_us) & (at < world.window.end_us)
    return Arrivals(client=client[keep], at=at[keep], session=client[keep])


def add_fleet(
    world: World,
    accounts: Accounts,
    *,
    clients: Clients,
    name: str,
    script: Script,
    daily: float = 0.0,
    times: Arrivals | None = None,
    flat: float = 0.1,
    session: float = 5.0,
    gap_s: float = 90.0,
    sigma: float = 1.4,
    history: int = NEVER,
) -> Array:
    """
    Add accounts with one script and a rhythm: `daily` exchanges each on average, or `times`.

    `history` marks conversations that begin from a fixed, shared first part. Returns the
    accounts' numbers.
    """
    numbers = world.add_accounts(accounts)
    software = world.add_clients(clients)
    if times is None:
        counts = volumes(world.rng, len(accounts), mean=daily * world.window.days, sigma=sigma)
        times = rhythm_of(world, accounts, counts=counts, flat=flat, session=session, gap_s=gap_s)
    flow = world.add_flow(name, script)
    rows = world.rows_of(times, script, accounts=numbers, clients=software, flow=flow)
    if history != NEVER:
        rows.history = np.where(rows.turn == 0, history, rows.history)
        rows.turn = rows.turn + 2  # the worked examples are turns 0 and 1
    world.add_rows(rows.take(alive(rows, accounts, first=numbers[0])))
    return numbers
