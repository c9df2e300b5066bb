"""Innocent organisations: firms, gateways, labs, batch shops, cohorts, resellers."""

from __future__ import annotations

import numpy as np

from iolaus.simulate import places
from iolaus.simulate.columns import HOUR_US
from iolaus.simulate.fleets import (
    add_fleet,
    any_country,
    burst,
    one_payment,
    open_together,
    share_egress,
    share_organization,
    share_software,
)
from iolaus.simulate.habits import sample_accounts, sample_clients, share_habits
from iolaus.simulate.people import languages_of, rhythm_of
from iolaus.simulate.relay import Pool, build_pool, route
from iolaus.simulate.rhythm import volumes
from iolaus.simulate.traffic import stranger_rows
from iolaus.simulate.world import World


def add_enterprise(
    world: World, *, name: str, seats: int, declared: bool = True, vetted: bool = True
) -> None:
    """Add a firm whose seats share payer, egress and mail domain, and each do their own work."""
    rng = world.rng
    accounts = sample_accounts(
        rng, seats, window=world.window, group="enterprise", operator=name, pathway="enterprise",
        country=any_country(rng),
    )  # fmt: skip
    share_organization(rng, accounts, declared=declared, vetted=vetted)
    share_egress(rng, accounts, n_addresses=int(rng.integers(1, 5)), share=0.85)
    if rng.random() < 0.5:
        share_software(rng, accounts, share=0.6)
    clients = sample_clients(rng, seats)
    numbers = add_fleet(
        world, accounts, clients=clients, name=name, script=world.library.people(languages_of(accounts)),
        daily=3.0, flat=0.06,
    )  # fmt: skip
    # The firm's own assistant, behind a gateway that fails over between seats as relays do.
    office = Pool(
        accounts=accounts, slot=np.arange(seats), n_slots=seats, exits=accounts.homes[:, 0]
    )
    script = world.library.work("support")
    times = rhythm_of(
        world,
        accounts,
        counts=volumes(rng, seats, mean=1.5 * world.window.days, sigma=1.0),
        flat=0.06,
    )
    flow = world.add_flow(f"{name}/assistant", script)
    software = world.add_clients(sample_clients(rng, seats))
    rows = world.rows_of(times, script, accounts=numbers, clients=software, flow=flow)
    world.add_rows(route(rng, office, rows=rows, sticky=rows.session, first=int(numbers[0])))


def add_saas(world: World, *, name: str, customers: int) -> None:
    """Add a product: one template, one payer and host, an account with its key per customer."""
    rng = world.rng
    accounts = sample_accounts(
        rng, customers, window=world.window, group="saas", operator=name, pathway="api",
        country=any_country(rng),
    )  # fmt: skip
    share_organization(
        rng, accounts, declared=bool(rng.random() < 0.6), vetted=bool(rng.random() < 0.5)
    )
    hosts = places.host_addresses(rng, 3)
    accounts.homes[:] = hosts[rng.integers(0, 3, (customers, 1))]
    share_software(rng, accounts)
    clients = sample_clients(rng, customers)
    share_habits(rng, clients)
    clients.end_user[:] = 2
    purpose = str(rng.choice(np.array(("product", "support"), dtype=object)))
    add_fleet(
        world,
        accounts,
        clients=clients,
        name=name,
        script=world.library.work(purpose),
        daily=5.0,
        session=3.0,
    )


def add_lab(world: World, *, name: str, keys: int, items: int, judge: bool) -> None:
    """Add an evaluation lab that runs a fixed list on release day, then now and then again."""
    rng = world.rng
    accounts = sample_accounts(
        rng, keys, window=world.window, group="lab", operator=name, country=any_country(rng),
        pathway="research" if rng.random() < 0.6 else "api",
    )  # fmt: skip
    share_organization(
        rng, accounts, declared=bool(rng.random() < 0.7), vetted=bool(rng.random() < 0.6)
    )
    share_egress(rng, accounts, n_addresses=2, share=0.8)
    share_software(rng, accounts)
    clients = sample_clients(rng, keys)
    share_habits(rng, clients)
    clients.adopt_after[:] = 1
    clients.adopt_share[:] = 0.9
    script = (
        world.library.work("judge", pool=items)
        if judge
        else world.library.public(f"benchmark-{rng.integers(0, 3)}", "benchmark")
    )
    counts = rng.poisson(items / max(1, keys) * 2.5, keys) + 1
    start = world.release_us + rng.uniform(0.3, 6.0) * HOUR_US
    times = burst(world, keys, counts=counts, start_us=start, hours=5.0, gap_s=6.0)
    add_fleet(world, accounts, clients=clients, name=name, script=script, times=times)


def add_batch_firm(world: World, *, name: str, keys: int, purpose: str, daily: float) -> None:
    """Add an undeclared shop that translates, moderates or labels in bulk, day and night."""
    rng = world.rng
    accounts = sample_accounts(
        rng, keys, window=world.window, group="batch_firm", operator=name, pathway="api",
        country=any_country(rng),
    )  # fmt: skip
    accounts.organization[:] = None
    accounts.payment[:] = one_payment(rng)
    share_software(rng, accounts)
    accounts.homes[:] = places.host_addresses(rng, 1)[0]
    clients = sample_clients(rng, keys)
    share_habits(rng, clients)
    add_fleet(
        world, accounts, clients=clients, name=name, script=world.library.work(purpose), daily=daily,
        flat=0.75, session=40.0, gap_s=8.0, sigma=0.3,
    )  # fmt: skip


def add_pipeline_ci(world: World, *, name: str, keys: int) -> None:
    """Add a firm's build machines, which send every change for review."""
    rng = world.rng
    accounts = sample_accounts(
        rng, keys, window=world.window, group="ci", operator=name, pathway="startup",
        country=any_country(rng),
    )  # fmt: skip
    share_organization(rng, accounts, declared=bool(rng.random() < 0.5), vetted=False)
    accounts.homes[:, 0] = places.host_addresses(rng, keys)
    share_software(rng, accounts)
    clients = sample_clients(rng, keys)
    share_habits(rng, clients)
    add_fleet(
        world, accounts, clients=clients, name=name, script=world.library.work("ci"), daily=22.0, flat=0.5,
        session=3.0, gap_s=20.0, sigma=0.8,
    )  # fmt: skip


def add_cohort(world: World, *, name: str, members: int) -> None:
    """Add an accelerator's start-ups: accounts opened on one day, credits from one payer."""
    rng = world.rng
    accounts = sample_accounts(
        rng, members, window=world.window, group="cohort", operator=name, pathway="startup",
        country=any_country(rng),
    )  # fmt: skip
    accounts.payment[:] = one_payment(rng)
    open_together(world, accounts, from_day=float(rng.uniform(-20, 2)), hours=7.0, share=0.95)
    share_egress(rng, accounts, n_addresses=2, share=0.5)
    add_fleet(
        world, accounts, clients=sample_clients(rng, members), name=name,
        script=world.library.people(languages_of(accounts)), daily=4.0,
    )  # fmt: skip


def add_reseller(world: World, *, name: str, slots: int, n_exchanges: int) -> None:
    """Add a clean reseller: pooled accounts, failover, regrown heads, and only customers."""
    rng = world.rng
    pool = build_pool(
        rng,
        world.window,
        name=name,
        n_slots=slots,
        life_days=float(rng.uniform(15, 60)),
        group="reseller",
    )
    if rng.random() < 0.5:
        pool.accounts.pathway[:] = "reseller"
        share_organization(rng, pool.accounts, declared=True, vetted=bool(rng.random() < 0.5))
    first = int(world.add_accounts(pool.accounts)[0])
    for part in stranger_rows(world, name=name, n_exchanges=n_exchanges, users=pool.names_users):
        sticky = part.client * 1009 + part.at // (30 * HOUR_US)
        world.add_rows(route(rng, pool, rows=part, sticky=sticky, first=first))


def add_office(world: World, *, name: str, people: int) -> None:
    """Add a small undeclared office: one address, one card, ordinary work."""
    rng = world.rng
    accounts = sample_accounts(
        rng, people, window=world.window, group="office", operator=name, country=any_country(rng)
    )
    accounts.payment[:] = one_payment(rng)
    share_egress(rng, accounts, n_addresses=1, share=0.95)
    add_fleet(
        world, accounts, clients=sample_clients(rng, people), name=name,
        script=world.library.people(languages_of(accounts)), daily=2.0, sigma=2.0,
    )  # fmt: skip


def add_authorised(world: World, *, name: str, keys: int, n_exchanges: int) -> None:
    """Add a vetted, declared customer who makes synthetic data under contract."""
    rng = world.rng
    accounts = sample_accounts(
        rng, keys, window=world.window, group="authorised", operator=name, country=any_country(rng),
        pathway="research" if rng.random() < 0.5 else "enterprise",
    )  # fmt: skip
    share_organization(rng, accounts, declared=True, vetted=True)
    accounts.vetted[:] = 1
    share_egress(rng, accounts, n_addresses=2, share=0.9)
    share_software(rng, accounts)
    clients = sample_clients(rng, keys)
    share_habits(rng, clients)
    capability = str(rng.choice(np.array(("reasoning", "coding", "math"), dtype=object)))
    add_fleet(
        world, accounts, clients=clients, name=name, script=world.library.harvest(capability),
        daily=n_exchanges / keys / world.window.days, flat=0.5, session=30.0, gap_s=15.0, sigma=0.4,
    )  # fmt: skip


def add_researchers(world: World, people: int) -> None:
    """Add academics, each with one account and one grading study of a few hundred items."""
    for k in range(people):
        accounts = sample_accounts(
            world.rng, 1, window=world.window, group="researcher", operator=f"study-{k + 1}",
            pathway="research" if k % 2 else "api",
        )  # fmt: skip
        add_fleet(
            world, accounts, clients=sample_clients(world.rng, 1), name=f"study-{k + 1}",
            script=world.library.work("judge", pool=int(world.rng.integers(80, 300))),
            daily=25.0, session=40.0, gap_s=12.0, sigma=0.4,
        )  # fmt: skip
