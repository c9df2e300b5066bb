"""Innocent strangers who share something: a course, a tool, a recipe, a room, an address."""

from __future__ import annotations

import numpy as np

from iolaus.simulate import places
from iolaus.simulate.columns import DAY_US, HOUR_US, NEVER, Accounts, Array
from iolaus.simulate.fleets import (
    add_fleet,
    any_country,
    burst,
    one_payment,
    open_together,
    share_egress,
    share_software,
)
from iolaus.simulate.habits import organization_names, sample_accounts, sample_clients, share_habits
from iolaus.simulate.people import hours_of, languages_of, rhythm_of
from iolaus.simulate.rhythm import volumes
from iolaus.simulate.world import World, alive


def add_class(world: World, *, name: str, students: int) -> None:
    """Add a course: one assignment, one evening, mostly from the campus."""
    rng = world.rng
    accounts = sample_accounts(
        rng, students, window=world.window, group="class", operator=name, pathway="education",
        country=any_country(rng),
    )  # fmt: skip
    town = str(organization_names(rng, 1)[0]).split()[0]
    campus, college = f"{town.lower()}-{rng.integers(10, 99)}.edu.example", f"{town} University"
    accounts.email_domain = np.where(rng.random(students) < 0.85, campus, accounts.email_domain)
    accounts.organization = np.where(rng.random(students) < 0.8, college, None).astype(object)
    accounts.pathway = np.where(rng.random(students) < 0.85, "education", "consumer").astype(object)
    share_egress(rng, accounts, n_addresses=int(rng.integers(1, 4)), share=0.7)
    if rng.random() < 0.4:
        open_together(world, accounts, from_day=float(rng.uniform(-4, 1)), hours=30.0, share=0.8)
    day = int(rng.integers(1, max(2, int(world.window.days))))
    evening = world.window.start_us + day * DAY_US + (18.0 - hours_of(accounts)[0]) % 24 * HOUR_US
    times = burst(
        world,
        students,
        counts=rng.poisson(9.0, students) + 1,
        start_us=evening,
        hours=4.0,
        gap_s=150.0,
    )
    add_fleet(
        world, accounts, clients=sample_clients(rng, students), name=name,
        script=world.library.work("coursework"), times=times,
    )  # fmt: skip


def add_tool(world: World, *, name: str, users: int) -> None:
    """Add users of a popular tool: strangers with one public template, client and habits."""
    rng = world.rng
    accounts = sample_accounts(rng, users, window=world.window, group="tool", operator=name)
    share_software(rng, accounts, share=0.8)
    clients = sample_clients(rng, users)
    share_habits(rng, clients, share=0.85)
    # Half of the tools start every conversation from the same worked examples.
    history = int(rng.integers(2**50, 2**60)) if rng.random() < 0.5 else NEVER
    add_fleet(
        world, accounts, clients=clients, name=name, script=world.library.public(name, "tool"), daily=1.2,
        history=history,
    )  # fmt: skip


def add_pipeline_users(world: World, *, name: str, users: int) -> None:
    """Add users of one open-source synthesis pipeline: each makes a small set of his own."""
    rng = world.rng
    accounts = sample_accounts(
        rng, users, window=world.window, group="pipeline", operator=name, pathway="api"
    )
    share_software(rng, accounts, share=0.7)
    clients = sample_clients(rng, users)
    share_habits(rng, clients, share=0.8)
    counts = volumes(rng, users, mean=40.0, sigma=1.0)
    day = rng.uniform(0, max(0.5, world.window.days - 1), users)
    times = burst(
        world, users, counts=counts, start_us=world.window.start_us, hours=0.001, gap_s=9.0
    )
    times.at = times.at + (day[times.client] * DAY_US).astype(np.int64)
    add_fleet(
        world,
        accounts,
        clients=clients,
        name=name,
        script=world.library.public(name, "pipeline"),
        times=times,
    )


def add_coders(world: World, *, name: str, users: int) -> None:
    """Add users of one public coding agent, each in his own repository."""
    rng = world.rng
    accounts = sample_accounts(rng, users, window=world.window, group="coder", operator=name)
    share_software(rng, accounts, share=0.9)
    clients = sample_clients(rng, users)
    share_habits(rng, clients, share=0.9)
    add_fleet(
        world, accounts, clients=clients, name=name, script=world.library.public(name, "coder"), daily=6.0,
        session=14.0, gap_s=25.0,
    )  # fmt: skip


def add_hackathon(world: World, *, name: str, guests: int) -> None:
    """Add a hackathon: accounts opened on arrival, one hall's address, a voucher as payer."""
    rng = world.rng
    accounts = sample_accounts(
        rng, guests, window=world.window, group="hackathon", operator=name, pathway="startup",
        country=any_country(rng),
    )  # fmt: skip
    day = float(rng.integers(0, max(1, int(world.window.days) - 2))) + 0.3
    open_together(world, accounts, from_day=day, hours=5.0, share=0.8)
    share_egress(rng, accounts, n_addresses=2, share=0.9)
    accounts.payment[:] = one_payment(rng)
    start = world.window.start_us + (day + 0.25) * DAY_US
    times = burst(
        world, guests, counts=rng.poisson(22.0, guests) + 1, start_us=start, hours=16.0, gap_s=120.0
    )
    add_fleet(
        world, accounts, clients=sample_clients(rng, guests), name=name,
        script=world.library.people(languages_of(accounts)), times=times,
    )  # fmt: skip


def add_surge(world: World, *, name: str, people: int) -> None:
    """Add strangers who all ask about one event on the evening it happens."""
    rng = world.rng
    accounts = sample_accounts(rng, people, window=world.window, group="surge", operator=name)
    day = float(rng.uniform(0.5, max(0.6, world.window.days - 1)))
    times = burst(
        world, people, counts=rng.poisson(3.0, people) + 1,
        start_us=world.window.start_us + day * DAY_US, hours=6.0, gap_s=90.0,
    )  # fmt: skip
    add_fleet(
        world, accounts, clients=sample_clients(rng, people), name=name,
        script=world.library.work("surge"), times=times,
    )  # fmt: skip


def add_carrier_nat(world: World, *, name: str, people: int) -> None:
    """Add strangers behind one carrier's few addresses."""
    rng = world.rng
    country = any_country(rng)
    accounts = sample_accounts(
        rng, people, window=world.window, group="carrier_nat", operator=name, pathway="consumer",
        country=country,
    )  # fmt: skip
    where = np.full(people, places.INDEX[country])
    for column in range(3):
        accounts.homes[:, column] = places.mobile_addresses(rng, where)
    add_fleet(
        world, accounts, clients=sample_clients(rng, people), name=name,
        script=world.library.people(languages_of(accounts)), daily=1.5, sigma=2.0,
    )  # fmt: skip


def add_several_accounts(world: World, people: int) -> None:
    """Add persons with two or three accounts, who go on in another when one is throttled."""
    rng = world.rng
    numbers = np.repeat(np.arange(people), rng.integers(2, 4, people))
    accounts = sample_accounts(rng, len(numbers), window=world.window, group="several_accounts")
    _same_person(accounts, numbers)
    accounts.operator = np.array([f"person-{k}" for k in numbers], dtype=object)
    first = int(world.add_accounts(accounts)[0])
    starts = np.searchsorted(numbers, np.arange(people))
    owners = accounts.take(starts)
    clients = world.add_clients(sample_clients(rng, people))
    times = rhythm_of(
        world, owners, counts=volumes(rng, people, mean=3.0 * world.window.days, sigma=1.5)
    )
    script = world.library.people(languages_of(owners))
    flow = world.add_flow("several_accounts", script)
    rows = world.rows_of(times, script, accounts=starts + first, clients=clients, flow=flow)
    size = np.bincount(numbers)
    person = times.client
    # A session stays in one account; in one of six the second half goes on in the next.
    hash_of_session = (rows.session * 2_654_435_761) % 1_000_003
    step = (rows.turn >= 2) & (hash_of_session % 6 == 0)
    rows.account = starts[person] + (hash_of_session + step) % size[person] + first
    world.add_rows(rows.take(alive(rows, accounts, first=first)))


def add_reregistered(world: World, people: int) -> None:
    """Add persons whose account was closed, and who opened a new one hours or days later."""
    rng = world.rng
    accounts = sample_accounts(rng, 2 * people, window=world.window, group="reregistered")
    numbers = np.arange(2 * people) // 2
    _same_person(accounts, numbers)
    accounts.operator = np.array([f"again-{k}" for k in numbers], dtype=object)
    span = world.window.end_us - world.window.start_us
    closed = world.window.start_us + (rng.uniform(0.1, 0.8, people) * span).astype(np.int64)
    accounts.closed_at[0::2] = closed
    accounts.closed_at[1::2] = NEVER
    reasons = np.array(("policy", "payment_failed", "duplicate", "user_request"), dtype=object)
    accounts.closed_reason[0::2] = rng.choice(reasons, people)
    accounts.closed_reason[1::2] = None
    accounts.opened_at[0::2] = np.minimum(accounts.opened_at[0::2], closed - 2 * DAY_US)
    wait = np.exp(rng.normal(2.2, 1.2, people)) * HOUR_US
    accounts.opened_at[1::2] = closed + wait.astype(np.int64)
    add_fleet(
        world, accounts, clients=sample_clients(rng, 2 * people), name="reregistered",
        script=world.library.people(languages_of(accounts)), daily=4.0,
    )  # fmt: skip


def add_proxy_homes(world: World, exits: Array) -> None:
    """Add people whose own line is, unknown to them, an exit of a proxy network."""
    n = len(exits)
    accounts = sample_accounts(world.rng, n, window=world.window, group="proxy_home")
    accounts.homes[:, 0] = exits
    where = places.country_of(exits)
    accounts.country = places.COUNTRIES[where]
    add_fleet(
        world, accounts, clients=sample_clients(world.rng, n), name="proxy_home",
        script=world.library.people(languages_of(accounts)), daily=3.0,
    )  # fmt: skip


def _same_person(accounts: Accounts, numbers: Array) -> None:
    """Give all accounts of one number the first one's card, device, phone, place and client."""
    first = np.searchsorted(numbers, numbers)
    for column in ("payment", "device", "phone", "country", "homes", "n_homes", "agents", "tls"):
        values = getattr(accounts, column)
        setattr(accounts, column, values[first])
