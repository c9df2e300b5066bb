"""The dishonest: each function adds one campaign and whoever hides it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate.columns import DAY_US, HOUR_US, NEVER
from iolaus.simulate.crowds import add_proxy_homes
from iolaus.simulate.habits import sample_accounts, sample_clients
from iolaus.simulate.people import rhythm_of
from iolaus.simulate.relay import FAILOVER_EXCESS, Pool, build_pool, route, share_instruments
from iolaus.simulate.rhythm import Arrivals
from iolaus.simulate.traffic import job_rows, stranger_rows
from iolaus.simulate.world import World, alive

Array = NDArray[Any]


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
    proxy_homes: int = 0,
) -> None:
    """Add a relay with `n_exchanges` of extraction; `mix_share` of all its traffic is strangers'."""
    rng = world.rng
    pool = build_pool(rng, world.window, name=name, n_slots=n_slots, life_days=life_days)
    first = int(world.add_accounts(pool.accounts)[0])
    campaign = world.add_campaign(name)
    for capability in capabilities:
        script = world.library.harvest(capability, variants=int(rng.integers(1, 4)), turns=turns)
        rows = job_rows(
            world, campaign=campaign, name=name, script=script,
            n_exchanges=n_exchanges // len(capabilities), workers=max(2, n_slots // 3), users=pool.names_users,
        )  # fmt: skip
        world.add_rows(route(rng, pool, rows=rows, sticky=rows.conversation, first=first))
    if mix_share > 0:
        strangers = int(n_exchanges * mix_share / (1 - mix_share))
        for part in stranger_rows(world, name=name, n_exchanges=strangers, users=pool.names_users):
            # A customer stays in one slot for about a day, and comes back to another.
            sticky = part.client * 1009 + part.at // (30 * HOUR_US)
            world.add_rows(route(rng, pool, rows=part, sticky=sticky, first=first))
    if proxy_homes:
        add_proxy_homes(world, rng.choice(pool.exits, proxy_homes, replace=False))


def add_graders(world: World, *, name: str, n_accounts: int, n_exchanges: int) -> None:
    """Add graders: one rubric, a round robin in the same minutes, shared instruments."""
    rng = world.rng
    accounts = sample_accounts(
        rng, n_accounts, window=world.window, group="graders", operator=name, pathway="api"
    )
    share_instruments(rng, accounts, low=3, high=8, prepaid=0.15)
    numbers = world.add_accounts(accounts)
    clients = sample_clients(rng, n_accounts)
    for habit in ("temperature", "top_p", "max_output_tokens", "stream", "choices"):
        getattr(clients, habit)[:] = getattr(clients, habit)[0]
    software = world.add_clients(clients)
    n_bursts = max(3, int(n_exchanges / n_accounts / 3))
    span = world.window.end_us - world.window.start_us
    begin = np.sort(world.window.start_us + (rng.random(n_bursts) * span).astype(np.int64))
    fired = np.sort(rng.integers(0, n_bursts, n_exchanges))
    place = np.arange(n_exchanges) - np.searchsorted(fired, fired)
    at = begin[fired] + (place * rng.uniform(0.4, 2.5) * 1e6).astype(np.int64)
    at += rng.exponential(6e6, n_exchanges).astype(np.int64)
    client = (place + fired) % n_accounts
    order = np.lexsort((at, client))
    times = Arrivals(client=client[order], at=at[order], session=(client * n_bursts + fired)[order])
    campaign = world.add_campaign(name)
    script = world.library.harvest("rubric_grading", variants=int(rng.integers(1, 3)))
    flow = world.add_flow(f"{name}/rubric_grading", script)
    rows = world.rows_of(
        times, script, accounts=numbers, clients=software, flow=flow, campaign=campaign
    )
    world.add_rows(rows.take(alive(rows, accounts, first=numbers[0])))


_MIXED = ("agentic_coding", "tool_use", "coding", "data_analysis", "computer_use", "vision")


def add_mixed_paths(world: World, *, name: str, n_accounts: int, n_exchanges: int) -> None:
    """Add one operator on several access paths, who later turns to reasoning traces."""
    rng = world.rng
    accounts = sample_accounts(
        rng, n_accounts, window=world.window, group="mixed_paths", operator=name,
        pathway_shares=(0.15, 0.6, 0.02, 0.03, 0.12, 0.06, 0.02),
    )  # fmt: skip
    paths = np.array(("first_party", "aws.bedrock", "gcp.vertex_ai"), dtype=object)
    accounts.channel = paths[rng.choice(3, n_accounts, p=(0.5, 0.3, 0.2))]
    share_instruments(rng, accounts, low=2, high=6, prepaid=0.3)
    pool = Pool(
        accounts=accounts,
        slot=np.arange(n_accounts),
        n_slots=n_accounts,
        exits=accounts.homes[:, 0],
    )
    first = int(world.add_accounts(accounts)[0])
    campaign = world.add_campaign(name)
    phases = [(c, 0.8 / len(_MIXED), 0.0) for c in _MIXED] + [("reasoning", 0.2, 0.65)]
    for capability, share, from_share in phases:
        agentic = capability in {"agentic_coding", "computer_use", "tool_use"}
        script = world.library.harvest(capability, turns=4.0 if agentic else 1.2)
        rows = job_rows(
            world, campaign=campaign, name=name, script=script,
            n_exchanges=max(4, int(n_exchanges * share)), workers=max(2, n_accounts // 4),
            from_share=from_share,
        )  # fmt: skip
        world.add_rows(route(rng, pool, rows=rows, sticky=rows.session, first=first))


def add_patient_pool(world: World, *, name: str, n_accounts: int) -> None:
    """Add patient accounts: 2 to 10 exchanges a day each, one recipe in many paraphrases."""
    rng = world.rng
    accounts = sample_accounts(
        rng, n_accounts, window=world.window, group="patient_pool", operator=name
    )
    few = rng.choice(accounts.payment, max(2, n_accounts // 14))
    accounts.payment = np.where(
        rng.random(n_accounts) < 0.6, few[rng.integers(0, len(few), n_accounts)], accounts.payment
    )
    counts = np.maximum(1, rng.poisson(rng.uniform(2, 10, n_accounts) * world.window.days))
    times = rhythm_of(world, accounts, counts=counts, flat=0.2, session=3.0)
    numbers = world.add_accounts(accounts)
    clients = world.add_clients(sample_clients(rng, n_accounts))
    campaign = world.add_campaign(name)
    capability = str(
        rng.choice(np.array(("reasoning", "math", "coding", "policy_rewrite"), dtype=object))
    )
    script = world.library.harvest(capability, variants=24)
    flow = world.add_flow(f"{name}/{capability}", script)
    rows = world.rows_of(
        times, script, accounts=numbers, clients=clients, flow=flow, campaign=campaign
    )
    world.add_rows(rows.take(alive(rows, accounts, first=numbers[0])))


def add_lone_harvester(world: World, *, name: str, n_exchanges: int) -> None:
    """Add one account that harvests in bulk, alone."""
    rng = world.rng
    accounts = sample_accounts(rng, 1, window=world.window, group="lone_harvester", operator=name)
    accounts.closed_at[:] = NEVER
    accounts.closed_reason[:] = None
    accounts.opened_at[:] = np.minimum(accounts.opened_at, world.window.start_us - DAY_US)
    numbers = world.add_accounts(accounts)
    campaign = world.add_campaign(name)
    capability = str(
        rng.choice(np.array(("reasoning", "coding", "math", "tool_use"), dtype=object))
    )
    rows = job_rows(
        world, campaign=campaign, name=name, script=world.library.harvest(capability),
        n_exchanges=n_exchanges, workers=1, pivots=bool(rng.random() < 0.5),
    )  # fmt: skip
    rows.account = np.full(len(rows), numbers[0])
    world.add_rows(rows)


def add_pool(
    world: World,
    *,
    name: str,
    group: str,
    capabilities: Sequence[str],
    n_accounts: int,
    daily: float,
    turns: float,
    life_days: float,
) -> None:
    """
    Add a pool of about `n_accounts` heads in all, with nothing but one operator's harvest.

    `daily` is what the whole sends, over all heads and the whole window: a closed head and
    the one that replaces it count as two.
    """
    rng = world.rng
    days = world.window.days
    # A slot sees 1 + days / (life + pause) heads on average, the last one cut off by the end.
    slots = max(2, round(n_accounts / (1 + days / (life_days + 0.25))))
    pool = build_pool(rng, world.window, name=name, n_slots=slots, life_days=life_days, group=group)
    first = int(world.add_accounts(pool.accounts)[0])
    campaign = world.add_campaign(name)
    n_exchanges = daily * days * len(pool.accounts) / (1 + FAILOVER_EXCESS)
    shares = rng.dirichlet(np.full(len(capabilities), 4.0))
    for capability, share in zip(capabilities, shares, strict=True):
        script = world.library.harvest(capability, variants=int(rng.integers(1, 5)), turns=turns)
        rows = job_rows(
            world, campaign=campaign, name=name, script=script,
            n_exchanges=max(4, int(n_exchanges * share)), workers=max(2, slots // 3), users=pool.names_users,
        )  # fmt: skip
        world.add_rows(route(rng, pool, rows=rows, sticky=rows.conversation, first=first))


def add_sub_questions(world: World, *, name: str, n_accounts: int, daily: float) -> None:
    """Add a pool that asks for hidden reasoning one step at a time, over long conversations."""
    add_pool(
        world, name=name, group="sub_questions", capabilities=("reasoning",), n_accounts=n_accounts,
        daily=daily, turns=7.0, life_days=3 * world.window.days,
    )  # fmt: skip


def add_trajectories(world: World, *, name: str, n_accounts: int, daily: float) -> None:
    """Add a pool that harvests whole agent trajectories, turn by turn."""
    add_pool(
        world, name=name, group="trajectories", capabilities=("agentic_coding", "computer_use"),
        n_accounts=n_accounts, daily=daily, turns=9.0, life_days=2 * world.window.days,
    )  # fmt: skip
