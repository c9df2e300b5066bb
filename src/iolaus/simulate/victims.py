"""Attacks with a victim: owners of stolen keys, a firm that is framed, strangers who copy a recipe."""

from __future__ import annotations

import numpy as np

from iolaus.simulate import places
from iolaus.simulate.columns import DAY_US, NEVER, Accounts, Array, Rows
from iolaus.simulate.fleets import add_fleet, share_egress, share_organization
from iolaus.simulate.habits import sample_accounts, sample_clients
from iolaus.simulate.people import languages_of, rhythm_of
from iolaus.simulate.relay import share_instruments
from iolaus.simulate.rhythm import arrivals, volumes
from iolaus.simulate.scripts import Script
from iolaus.simulate.tokens import mix
from iolaus.simulate.traffic import job_rows
from iolaus.simulate.world import World, alive


def add_thief(world: World, *, name: str, n_own: int, n_stolen: int, n_exchanges: int) -> None:
    """
    Add a harvester with a pool of his own who also sends through stolen keys.

    The owners work on as before; every second one has another account, in which the thief
    never was. What the thief sends comes from his exits and with his programs.
    """
    rng = world.rng
    own = _pool_of(world, n_own, name=name, group="thief")
    stolen = _working(world, n_stolen, group="stolen_key")
    _add_second_accounts(world, stolen)
    first = int(world.add_accounts(own)[0])
    numbers = world.add_accounts(stolen)
    _add_people(world, stolen, numbers, name="stolen_key")
    campaign = world.add_campaign(name)
    script = world.library.harvest("coding", variants=2, turns=2.0)
    rows = job_rows(
        world, campaign=campaign, name=name, script=script, n_exchanges=n_exchanges,
        workers=max(2, n_own // 4),
    )  # fmt: skip
    heads = np.concatenate([np.arange(n_own) + first, numbers])
    # A stolen key is used for some days only, until its limit or its owner stops it.
    begin = world.window.start_us + rng.uniform(0.1, 0.6, len(heads)) * world.window.days * DAY_US
    begin[:n_own] = 0
    dealt = (mix(rows.conversation + 5) % np.uint64(len(heads))).astype(np.int64)
    late = rows.at < begin[dealt]
    dealt = np.where(late, (mix(rows.conversation + 6) % np.uint64(n_own)).astype(np.int64), dealt)
    rows.account = heads[dealt]
    exits = places.host_addresses(rng, max(3, n_own // 3))
    rows.address = exits[(mix(rows.session + 7) % np.uint64(len(exits))).astype(np.int64)]
    everybody = Accounts.concat([own, stolen])
    world.add_rows(rows.take(alive(rows, everybody, first=first)))


def _pool_of(world: World, n: int, *, name: str, group: str) -> Accounts:
    """Draw a plain pool: people of anywhere, cards in batches of 2 to 5."""
    accounts = sample_accounts(
        world.rng, n, window=world.window, group=group, operator=name,
        pathway_shares=(0.3, 0.55, 0.03, 0.02, 0.06, 0.03, 0.01),
    )  # fmt: skip
    share_instruments(world.rng, accounts, low=2, high=5, prepaid=0.25)
    return accounts


def _working(world: World, n: int, *, group: str) -> Accounts:
    """Draw honest accounts, each a person of its own, alive all through the window."""
    accounts = sample_accounts(world.rng, n, window=world.window, group=group)
    accounts.operator = np.array([f"{group}-{k + 1}" for k in range(n)], dtype=object)
    accounts.closed_at[:] = NEVER
    accounts.closed_reason[:] = None
    accounts.opened_at = np.minimum(accounts.opened_at, world.window.start_us - DAY_US)
    return accounts


def _add_second_accounts(world: World, owners: Accounts) -> None:
    """Give every second owner another account of the same person."""
    some = owners.take(np.arange(0, len(owners), 2))
    others = sample_accounts(world.rng, len(some), window=world.window, group="owners_other")
    for column in ("payment", "device", "phone", "country", "homes", "n_homes", "operator"):
        setattr(others, column, getattr(some, column))
    add_fleet(
        world, others, clients=sample_clients(world.rng, len(some)), name="owners_other",
        script=world.library.people(languages_of(others)), daily=3.0, sigma=1.0,
    )  # fmt: skip


def _add_people(world: World, accounts: Accounts, numbers: Array, *, name: str) -> None:
    """Add the ordinary work of accounts that are registered already."""
    n = len(accounts)
    counts = volumes(world.rng, n, mean=4.0 * world.window.days, sigma=0.8)
    times = rhythm_of(world, accounts, counts=counts)
    script = world.library.people(languages_of(accounts))
    clients = world.add_clients(sample_clients(world.rng, n))
    flow = world.add_flow(name, script)
    rows = world.rows_of(times, script, accounts=numbers, clients=clients, flow=flow)
    world.add_rows(rows.take(alive(rows, accounts, first=numbers[0])))


def add_framed_firm(
    world: World, *, name: str, firm: str, seats: int, n_accounts: int, n_exchanges: int
) -> None:
    """
    Add a harvester who frames a firm, and the firm.

    He copied its product's instructions, which stand before all he asks, sends a third of
    his exchanges as its product would (those are no extraction), and goes out through a
    machine in its office for a third of his sessions.
    """
    rng = world.rng
    office = sample_accounts(
        rng, seats, window=world.window, group="framed_firm", operator=firm, pathway="api"
    )
    share_organization(rng, office, declared=bool(rng.random() < 0.6), vetted=False)
    share_egress(rng, office, n_addresses=2, share=0.9)
    product = world.library.work("product")
    add_fleet(
        world, office, clients=sample_clients(rng, seats), name=firm, script=product, daily=6.0,
        sigma=1.0,
    )  # fmt: skip
    accounts = _pool_of(world, n_accounts, name=name, group="framer")
    first = int(world.add_accounts(accounts)[0])
    campaign = world.add_campaign(name)
    rows = job_rows(
        world, campaign=campaign, name=name, script=world.library.harvest("reasoning", variants=2),
        n_exchanges=n_exchanges * 2 // 3, workers=max(2, n_accounts // 4),
    )  # fmt: skip
    decoys = job_rows(
        world, campaign=NEVER, name=f"{name}/decoy", script=product,
        n_exchanges=n_exchanges // 3, workers=max(2, n_accounts // 4),
    )  # fmt: skip
    rows.system = np.resize(decoys.system, len(rows))
    for part in (rows, decoys):
        part.account = first + (mix(part.conversation + 3) % np.uint64(n_accounts)).astype(np.int64)
        through = mix(part.session + 4) % np.uint64(3) == 0
        part.address = np.where(through, office.homes[0, 0], part.address).astype(np.uint32)
        world.add_rows(part.take(alive(part, accounts, first=first)))


def add_slow_ramp(
    world: World, *, name: str, n_copiers: int, n_accounts: int, n_exchanges: int
) -> None:
    """
    Add a harvester who had his recipe copied by strangers first, more of them every day.

    The copiers found it on a public page; each tries it now and then beside his own work.
    The pool itself works in the second half of the window.
    """
    script = world.library.harvest("math", variants=2)
    copiers = _working(world, n_copiers, group="copier")
    numbers = world.add_accounts(copiers)
    _add_people(world, copiers, numbers, name="copier")
    world.add_rows(_copied(world, copiers, numbers, script=script, name=name))
    accounts = _pool_of(world, n_accounts, name=name, group="slow_ramp")
    first = int(world.add_accounts(accounts)[0])
    rows = job_rows(
        world, campaign=world.add_campaign(name), name=name, script=script, n_exchanges=n_exchanges,
        workers=max(2, n_accounts // 4), from_share=0.45, pivots=False,
    )  # fmt: skip
    rows.account = first + (mix(rows.conversation + 2) % np.uint64(n_accounts)).astype(np.int64)
    world.add_rows(rows.take(alive(rows, accounts, first=first)))


def _copied(world: World, copiers: Accounts, numbers: Array, *, script: Script, name: str) -> Rows:
    """Return what copiers send of a recipe: on few days early in the window, on more later."""
    rng, n = world.rng, len(copiers)
    days = int(np.ceil(world.window.days))
    times = arrivals(
        rng,
        world.window,
        counts=1 + rng.poisson(2.5, n),
        hours_from_utc=np.zeros(n),
        session_size=2.0,
        awake=np.broadcast_to(np.linspace(0.2, 1.0, days), (n, days)),
    )
    flow = world.add_flow(f"{name}/copied", script)
    clients = world.add_clients(sample_clients(rng, n))
    return world.rows_of(times, script, accounts=numbers, clients=clients, flow=flow)
