"""One knob of an attacker and its setting -> a scenario: the points of the curves.

Every world has one pool of accounts that harvests, ordinary accounts, and a few innocents. One
thing changes along a curve, all else stays as `Attack` has it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.errors import NotFoundError
from iolaus.simulate import crowds, firms
from iolaus.simulate.columns import HOUR_US, NEVER, Accounts, Rows
from iolaus.simulate.habits import sample_accounts, sample_clients
from iolaus.simulate.people import add_ordinary, languages_of, rhythm_of
from iolaus.simulate.relay import Pool, build_pool, route
from iolaus.simulate.scenarios import Scenario
from iolaus.simulate.scripts import Script
from iolaus.simulate.tokens import tokens
from iolaus.simulate.traffic import job_rows, stranger_rows
from iolaus.simulate.world import World, alive

Array = NDArray[Any]

CAMPAIGN = "adaptive"
_CAPABILITIES = ("reasoning", "coding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """
    What an attacker chooses; shares are 0 to 1.

    `mix_share` of the pool's traffic is customers'; `accounts_a_card` pay with one instrument;
    a head lives `life_days`; `seeded` accounts that nothing ties to the pool send its recipe
    slowly from the first day; `flooded` of its exchanges come from strangers' own addresses;
    `framed` as many again copy a firm's template and
    come from its egress; `repeated` of
    them ask again what was asked before.
    """

    n_ordinary: int = 1100
    ordinary_daily: float = 1.1
    n_slots: int = 36
    n_exchanges: int = 2600
    mix_share: float = 0.4
    variants: int = 2
    turns: float = 1.6
    accounts_a_card: int = 4
    life_days: float = 12.0
    seeded: int = 0
    flooded: float = 0.0
    framed: float = 0.0
    repeated: float = 0.0


USUAL = Attack()


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One thing that an attacker can change, and the settings that a curve shows."""

    name: str
    words: str
    settings: tuple[float, ...]


KNOBS = (
    Knob(name="mix", words="share of strangers in the pool's traffic", settings=(0.0, 0.3, 0.6, 0.8, 0.95)),
    Knob(name="paraphrase", words="variants of each recipe", settings=(1, 5, 20, 60, 200)),
    Knob(name="exchanges", words="exchanges an account", settings=(2, 5, 15, 60, 300, 2000)),
    Knob(name="cards", words="accounts that pay with one instrument", settings=(1, 2, 4, 12, 36)),
    Knob(name="churn", words="days that a head lives", settings=(0.5, 1, 3, 12, 60)),
    Knob(name="turns", words="turns a conversation", settings=(1, 3, 8, 20)),
    Knob(name="ramp", words="strangers' accounts seeded with the recipe", settings=(0, 10, 50, 200)),
    Knob(name="flood", words="share sent from strangers' addresses", settings=(0.0, 0.3, 0.6, 0.95)),
    Knob(name="framing", words="copies of a firm's template from its egress, to its own harvest", settings=(0.0, 0.1, 0.3, 0.6)),
    Knob(name="repeats", words="share that asks again what was asked", settings=(0.0, 0.3, 0.6, 0.9)),
    Knob(name="share", words="campaign accounts among all", settings=(0.0001, 0.001, 0.01, 0.1, 0.3, 0.6)),
)  # fmt: skip
"""The curves; `share` at 0.0001 is 6 accounts of 60,000."""


def knob_of(name: str) -> Knob:
    """Return a knob by name."""
    for knob in KNOBS:
        if knob.name == name:
            return knob
    raise NotFoundError(
        f'no knob is called "{name}"', remedy="choose one of " + ", ".join(k.name for k in KNOBS)
    )


def attack_of(name: str, setting: float) -> Attack:
    """Return the usual attack with one knob turned to a setting."""
    return dataclasses.replace(USUAL, **_CHANGES[knob_of(name).name](setting))


def adaptive_scenario(name: str, setting: float) -> Scenario:
    """Return the world in which a knob stands at a setting."""
    attack = attack_of(name, setting)

    def build(world: World) -> None:
        add_ordinary(world, world.scaled(attack.n_ordinary, least=30), daily=attack.ordinary_daily)
        _add_innocents(world)
        add_attack(world, attack)

    n_people = attack.n_ordinary * attack.ordinary_daily * 7
    return Scenario(
        name=f"{name}-{setting:g}",
        summary=f"{knob_of(name).words}: {setting:g}",
        build=build,
        full_exchanges=int(n_people + attack.n_exchanges / max(0.05, 1 - attack.mix_share) + 4000),
    )


def add_attack(world: World, attack: Attack) -> None:
    """Add the pool, what it harvests, what hides it, and whom it frames."""
    rng, n = world.rng, world.scaled
    slots = n(attack.n_slots, least=4)
    pool = build_pool(rng, world.window, name=CAMPAIGN, n_slots=slots, life_days=attack.life_days)
    _pay(rng, pool.accounts, each=attack.accounts_a_card)
    first = int(world.add_accounts(pool.accounts)[0])
    campaign = world.add_campaign(CAMPAIGN)
    n_exchanges = n(attack.n_exchanges, least=4)
    homes = _strangers_homes(world) if attack.flooded else None
    for capability in _CAPABILITIES:
        script = world.library.harvest(capability, variants=attack.variants, turns=attack.turns)
        rows = _harvest(
            world, pool, script=script, campaign=campaign, n=n_exchanges // len(_CAPABILITIES)
        )
        rows = route(rng, pool, rows=rows, sticky=rows.conversation, first=first)
        _repeat(rng, rows, share=attack.repeated)
        if homes is not None:
            borrowed = rng.random(len(rows)) < attack.flooded
            rows.address = np.where(borrowed, rng.choice(homes, len(rows)), rows.address)
        world.add_rows(rows)
        if attack.seeded:
            _seed(world, script, n_accounts=n(attack.seeded))
    if attack.framed:
        _frame(world, pool, first=first, campaign=campaign, n=int(n_exchanges * attack.framed))
    _add_customers(world, pool, first=first, n_exchanges=n_exchanges, mix_share=attack.mix_share)


def _of_volume(setting: float) -> dict[str, Any]:
    """Fewer accounts where each sends much: a curve of volumes, not of sizes of logs."""
    slots = 36 if setting <= 300 else 8
    return {
        "n_slots": slots, "n_exchanges": int(setting * slots), "mix_share": 0.0, "life_days": 400.0,
    }  # fmt: skip


def _of_share(share: float) -> dict[str, Any]:
    """Keep the log at some ten thousands of exchanges, whatever the share of accounts is."""
    slots = 6 if share < 0.01 else 12 if share < 0.1 else 60 if share < 0.6 else 300
    ordinary = round(slots / share - slots)
    return {
        "n_slots": slots, "n_ordinary": ordinary, "n_exchanges": 40 * slots, "life_days": 400.0,
        "mix_share": 0.0, "ordinary_daily": 1.1 if ordinary < 5000 else 0.25,
    }  # fmt: skip


_CHANGES: dict[str, Callable[[float], dict[str, Any]]] = {
    "mix": lambda x: {"mix_share": x, "n_exchanges": 2600 if x < 0.9 else 1000},
    "paraphrase": lambda x: {"variants": int(x)},
    "exchanges": _of_volume,
    "cards": lambda x: {"accounts_a_card": int(x)},
    "churn": lambda x: {"life_days": x},
    "turns": lambda x: {"turns": x},
    "ramp": lambda x: {"seeded": int(x)},
    "flood": lambda x: {"flooded": x},
    "framing": lambda x: {"framed": x},
    "repeats": lambda x: {"repeated": x},
    "share": _of_share,
}
"""What each knob changes of the usual attack."""


def _add_innocents(world: World) -> None:
    """Add some who look alike: seats of a firm, an undeclared egress, a class, a tool, a lab."""
    n = world.scaled
    firms.add_enterprise(world, name="seats", seats=n(40, least=5))
    firms.add_enterprise(world, name="egress", seats=n(24, least=4), declared=False, vetted=False)
    firms.add_lab(world, name="lab", keys=n(5, least=3), items=n(120, least=30), judge=True)
    crowds.add_class(world, name="class", students=n(40, least=6))
    crowds.add_tool(world, name="tool", users=n(80, least=8))


def _pay(rng: np.random.Generator, accounts: Accounts, *, each: int) -> None:
    """Let every `each` accounts that were opened after one another pay with one instrument."""
    cards = tokens(rng, len(accounts), prefix="pay_", n_bytes=6)
    accounts.payment = cards[np.arange(len(accounts)) // max(1, each)]


def _repeat(rng: np.random.Generator, rows: Rows, *, share: float) -> None:
    """Put an earlier prompt of the job in the place of a share of its prompts."""
    again = np.flatnonzero(rng.random(len(rows)) < share)
    if len(again):
        source = rng.integers(0, len(rows), len(again))
        rows.prompt[again], rows.system[again] = rows.prompt[source], rows.system[source]


def _harvest(world: World, pool: Pool, *, script: Script, campaign: int, n: int) -> Rows:
    return job_rows(
        world, campaign=campaign, name=CAMPAIGN, script=script, users=pool.names_users,
        n_exchanges=max(2, n), workers=max(2, pool.n_slots // 3),
    )  # fmt: skip


def _strangers_homes(world: World) -> Array:
    """Add people with a fixed line each, and return their addresses: exits that a pool rents."""
    accounts = sample_accounts(
        world.rng, world.scaled(300, least=10), window=world.window, group="proxy_home"
    )
    accounts.lease_hours[:] = 0.0
    _work(world, accounts, world.library.people(languages_of(accounts)), daily=1.5)
    homes: Array = accounts.homes[:, 0]
    return homes


def _frame(world: World, pool: Pool, *, first: int, campaign: int, n: int) -> None:
    """Add a firm, and let the pool copy its product's template and send it from its egress."""
    rng = world.rng
    accounts = sample_accounts(
        rng, world.scaled(30, least=5), window=world.window, group="framed_firm", operator="framed"
    )
    accounts.homes[:, 0] = accounts.homes[0, 0]
    accounts.lease_hours[:] = 0.0
    accounts.payment[:] = accounts.payment[0]
    script = world.library.work("product")
    _work(world, accounts, script, daily=4.0)
    rows = _harvest(world, pool, script=script, campaign=campaign, n=n)
    # The firm's own wording, sent to frame it: nothing is harvested by it.
    rows.extraction[:] = False
    rows = route(rng, pool, rows=rows, sticky=rows.conversation, first=first)
    rows.address = np.full(len(rows), accounts.homes[0, 0])
    world.add_rows(rows)


def _seed(world: World, script: Script, *, n_accounts: int) -> None:
    """Add throwaway accounts that send the recipe, a few exchanges each, from the first day on."""
    rng = world.rng
    accounts = sample_accounts(
        rng, n_accounts, window=world.window, group="seeded", operator=CAMPAIGN
    )
    _work(world, accounts, script, daily=0.5)


def _work(world: World, accounts: Accounts, script: Script, *, daily: float) -> None:
    rng = world.rng
    counts = np.maximum(1, rng.poisson(daily * world.window.days, len(accounts)))
    times = rhythm_of(world, accounts, counts=counts)
    numbers = world.add_accounts(accounts)
    clients = world.add_clients(sample_clients(rng, len(accounts)))
    flow = world.add_flow(str(accounts.group[0]), script)
    rows = world.rows_of(
        times, script, accounts=numbers, clients=clients, flow=flow, campaign=NEVER
    )
    world.add_rows(rows.take(alive(rows, accounts, first=numbers[0])))


def _add_customers(
    world: World, pool: Pool, *, first: int, n_exchanges: int, mix_share: float
) -> None:
    if mix_share <= 0:
        return
    strangers = int(n_exchanges * mix_share / (1 - mix_share))
    parts: Sequence[Rows] = stranger_rows(
        world, name=CAMPAIGN, n_exchanges=strangers, users=pool.names_users
    )
    for part in parts:
        # A customer stays in one slot for about a day, as in campaigns.add_relay.
        sticky = part.client * 1009 + part.at // (30 * HOUR_US)
        world.add_rows(route(world.rng, pool, rows=part, sticky=sticky, first=first))
