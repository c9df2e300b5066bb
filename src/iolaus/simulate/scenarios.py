"""The named scenarios: who is in the world, for how long, and how large it is by default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iolaus.errors import NotFoundError
from iolaus.simulate import campaigns, crowds, firms, twins
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

Build = Callable[[World], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """
    A world by name.

    `scale` is the size it has when none is asked for and `days` the length of its log;
    `full_exchanges` is about what scale 1 would write.
    """

    name: str
    summary: str
    build: Build
    days: float = 7.0
    scale: float = 1.0
    full_exchanges: int = 60_000


def _few_innocents(world: World) -> None:
    """One or two of each innocent that matters most."""
    n = world.scaled
    firms.add_enterprise(world, name="enterprise-1", seats=n(70, least=6))
    firms.add_enterprise(world, name="enterprise-2", seats=n(35, least=5), vetted=False)
    firms.add_enterprise(world, name="egress-1", seats=n(40, least=5), declared=False, vetted=False)
    firms.add_saas(world, name="saas-1", customers=n(40, least=5))
    firms.add_lab(world, name="lab-1", keys=n(6, least=3), items=n(250, least=30), judge=False)
    firms.add_lab(world, name="lab-2", keys=n(5, least=3), items=n(200, least=30), judge=True)
    firms.add_reseller(
        world, name="reseller-1", slots=n(20, least=4), n_exchanges=n(1500, least=80)
    )
    firms.add_batch_firm(
        world,
        name="batch-1",
        keys=n(3, least=1),
        purpose="translation",
        daily=min(60.0, n(60, least=6)),
    )
    crowds.add_class(world, name="class-1", students=n(55, least=8))
    crowds.add_tool(world, name="tool-1", users=n(220, least=12))
    crowds.add_carrier_nat(world, name="carrier-1", people=n(90, least=8))
    crowds.add_coders(world, name="coder-1", users=n(30, least=4))
    crowds.add_pipeline_users(world, name="pipeline-1", users=n(20, least=4))
    firms.add_pipeline_ci(world, name="ci-1", keys=n(2))
    crowds.add_several_accounts(world, n(15, least=4))
    crowds.add_reregistered(world, n(12, least=4))


def _many_innocents(world: World, *, times: int = 1) -> None:
    """Several instances of each innocent, so that a look-alike is a group and not an anecdote."""
    n, rng = world.scaled, world.rng
    for k in range(5 * times):
        firms.add_enterprise(
            world, name=f"enterprise-{k + 1}", seats=n(rng.integers(15, 70), least=4),
            declared=k % 5 < 3, vetted=k % 5 < 2,
        )  # fmt: skip
    for k in range(6 * times):
        firms.add_saas(world, name=f"saas-{k + 1}", customers=n(rng.integers(10, 40), least=3))
        firms.add_lab(
            world, name=f"lab-{k + 1}", keys=n(rng.integers(3, 10), least=2), judge=k % 2 == 0,
            items=n(rng.integers(80, 300), least=20),
        )  # fmt: skip
        firms.add_pipeline_ci(world, name=f"ci-{k + 1}", keys=n(rng.integers(1, 5)))
        firms.add_batch_firm(
            world, name=f"batch-{k + 1}", keys=n(rng.integers(1, 5)),
            daily=max(6.0, 50.0 * min(1, world.size)),
            purpose=("translation", "moderation", "labelling")[k % 3],
        )  # fmt: skip
    for k in range(3 * times):
        firms.add_cohort(world, name=f"cohort-{k + 1}", members=n(rng.integers(12, 30), least=4))
        firms.add_reseller(
            world, name=f"reseller-{k + 1}", slots=n(rng.integers(8, 25), least=3),
            n_exchanges=n(1200, least=60),
        )  # fmt: skip
    for k in range(24 * times):
        firms.add_office(world, name=f"office-{k + 1}", people=n(rng.integers(2, 9), least=2))
    for k in range(2 * times):
        firms.add_authorised(
            world,
            name=f"authorised-{k + 1}",
            keys=n(rng.integers(1, 6)),
            n_exchanges=n(900, least=60),
        )
    firms.add_researchers(world, 6 * times)
    _many_crowds(world, times=times)


def _many_crowds(world: World, *, times: int) -> None:
    n, rng = world.scaled, world.rng
    for k in range(8 * times):
        crowds.add_class(world, name=f"class-{k + 1}", students=n(rng.integers(20, 80), least=5))
    for k in range(6 * times):
        crowds.add_tool(world, name=f"tool-{k + 1}", users=n(rng.integers(60, 220), least=6))
    for k in range(4 * times):
        users = n(rng.integers(12, 45), least=4)
        crowds.add_pipeline_users(world, name=f"pipeline-{k + 1}", users=users)
    for k in range(3 * times):
        crowds.add_coders(world, name=f"coder-{k + 1}", users=n(rng.integers(25, 70), least=4))
        crowds.add_carrier_nat(world, name=f"carrier-{k + 1}", people=n(70, least=5))
        crowds.add_surge(world, name=f"surge-{k + 1}", people=n(rng.integers(40, 160), least=6))
    for k in range(2 * times):
        guests = n(rng.integers(30, 70), least=5)
        crowds.add_hackathon(world, name=f"hackathon-{k + 1}", guests=guests)
    crowds.add_several_accounts(world, n(40 * times, least=4))
    crowds.add_reregistered(world, n(40 * times, least=4))


def _demo(world: World) -> None:
    n = world.scaled
    add_ordinary(world, n(2200, least=40), daily=1.1)
    _few_innocents(world)
    campaigns.add_relay(
        world, name="relay-1", n_slots=n(75, least=8), n_exchanges=n(7000, least=300),
        mix_share=float(world.rng.uniform(0.4, 0.6)), proxy_homes=n(6, least=2),
    )  # fmt: skip
    campaigns.add_graders(
        world, name="graders-1", n_accounts=n(18, least=5), n_exchanges=n(2400, least=120)
    )


def _relay(world: World) -> None:
    n = world.scaled
    add_ordinary(world, n(1500, least=40))
    _few_innocents(world)
    campaigns.add_relay(
        world, name="relay-1", n_slots=n(90, least=8), n_exchanges=n(9000, least=300),
        mix_share=float(world.rng.uniform(0.3, 0.95)), proxy_homes=n(6, least=2),
    )  # fmt: skip


def _graders(world: World) -> None:
    n = world.scaled
    add_ordinary(world, n(1500, least=40))
    _few_innocents(world)
    campaigns.add_graders(
        world, name="graders-1", n_accounts=n(24, least=5), n_exchanges=n(3600, least=120)
    )


def _mixed_paths(world: World) -> None:
    n = world.scaled
    add_ordinary(world, n(1500, least=40))
    _few_innocents(world)
    campaigns.add_mixed_paths(
        world, name="mixed-1", n_accounts=n(80, least=8), n_exchanges=n(6000, least=300)
    )


def _patient_pool(world: World) -> None:
    add_ordinary(world, world.scaled(1500, least=40))
    _few_innocents(world)
    campaigns.add_patient_pool(world, name="patient-1", n_accounts=world.scaled(90, least=10))


def _lone_harvester(world: World) -> None:
    add_ordinary(world, world.scaled(1500, least=40))
    _few_innocents(world)
    campaigns.add_lone_harvester(world, name="lone-1", n_exchanges=world.scaled(3000, least=150))


def _trajectories(world: World) -> None:
    n = world.scaled
    add_ordinary(world, n(1500, least=40))
    _few_innocents(world)
    campaigns.add_trajectories(world, name="trajectories-1", n_accounts=n(40, least=6), daily=14.0)
    campaigns.add_sub_questions(
        world, name="sub-questions-1", n_accounts=n(30, least=6), daily=12.0
    )


def _innocents(world: World) -> None:
    add_ordinary(world, world.scaled(4000, least=60))
    _many_innocents(world, times=2)


def _everything(world: World) -> None:
    n, rng = world.scaled, world.rng
    add_ordinary(world, n(4000, least=60))
    _many_innocents(world)
    for k, capabilities in enumerate(
        (("reasoning", "agentic_coding"), ("coding", "rubric_grading"))
    ):
        campaigns.add_relay(
            world, name=f"relay-{k + 1}", n_slots=n((80, 40)[k], least=6),
            n_exchanges=n((7000, 3000)[k], least=200), mix_share=float(rng.uniform(0.3, 0.9)),
            capabilities=capabilities, proxy_homes=n(6, least=2),
        )  # fmt: skip
    campaigns.add_graders(
        world, name="graders-1", n_accounts=n(20, least=5), n_exchanges=n(2600, least=120)
    )
    campaigns.add_mixed_paths(
        world, name="mixed-1", n_accounts=n(70, least=8), n_exchanges=n(5000, least=200)
    )
    campaigns.add_patient_pool(world, name="patient-1", n_accounts=n(80, least=8))
    campaigns.add_lone_harvester(world, name="lone-1", n_exchanges=n(2500, least=120))
    campaigns.add_trajectories(world, name="trajectories-1", n_accounts=n(30, least=5), daily=12.0)
    campaigns.add_sub_questions(
        world, name="sub-questions-1", n_accounts=n(24, least=5), daily=10.5
    )


def _february(world: World) -> None:
    """24,000 accounts and 16.55 M exchanges in three campaigns of 150 k, 3.4 M and 13 M."""
    n = world.scaled
    add_ordinary(world, n(250_000, least=200), daily=0.7)
    campaigns.add_graders(
        world, name="lab-a", n_accounts=n(400, least=8), n_exchanges=n(150_000, least=100)
    )
    campaigns.add_mixed_paths(
        world, name="lab-b", n_accounts=n(800, least=10), n_exchanges=n(3_400_000, least=300)
    )
    campaigns.add_relay(
        world, name="lab-c", n_slots=n(20_500, least=8), n_exchanges=n(13_000_000, least=900),
        mix_share=0.3, capabilities=("agentic_coding", "tool_use", "reasoning"), life_days=250.0, turns=3.0,
    )  # fmt: skip


def _june(world: World) -> None:
    """25,000 accounts, 28.8 M exchanges in 45 days: 25.6 a day for each account."""
    n = world.scaled
    add_ordinary(world, n(250_000, least=200), daily=0.5)
    campaigns.add_pool(
        world, name="june", group="pool", n_accounts=n(25_000, least=12),
        daily=25.6, turns=1.5, life_days=40.0,
        capabilities=("agentic_coding", "reasoning", "tool_use", "coding"),
    )  # fmt: skip


_SCENARIOS = (
    Scenario(name="demo", summary="a relay and graders among firms, a class, a tool, labs", build=_demo),
    Scenario(name="everything", summary="every campaign and every innocent, several of each", build=_everything, full_exchanges=160_000),
    Scenario(name="relay", summary="one relay: a harvest inside strangers' traffic", build=_relay),
    Scenario(name="graders", summary="synchronised graders that share instruments", build=_graders),
    Scenario(name="mixed_paths", summary="one operator on three access paths, six capabilities", build=_mixed_paths),
    Scenario(name="patient_pool", summary="accounts of 2 to 10 exchanges a day, one paraphrased recipe", build=_patient_pool),
    Scenario(name="lone_harvester", summary="one account that harvests in bulk", build=_lone_harvester),
    Scenario(name="trajectories", summary="multi-turn harvests: agents' steps, hidden reasoning by sub-questions", build=_trajectories),
    Scenario(name="innocents", summary="no campaign at all: whoever looks like one, several of each", build=_innocents, full_exchanges=220_000),
    Scenario(name="february_2026", summary="24,000 accounts, 16.5 M exchanges, three campaigns (scale 1 is the real size)", build=_february, days=28.0, scale=0.01, full_exchanges=27_000_000),
    Scenario(name="june_2026", summary="25,000 accounts, 25.6 exchanges a day each, 45 days (scale 1 is the real size)", build=_june, days=45.0, scale=0.01, full_exchanges=34_000_000),
    Scenario(name="bulk_relay", summary="a relay with a harvest beside a clean reseller of bulk work", build=twins.bulk_relay),
    Scenario(name="shared_relay", summary="two harvesters among the customers of one relay", build=twins.shared_relay),
    Scenario(name="two_relays", summary="one harvest over two relays and two channels", build=twins.two_relays),
    Scenario(name="device_farm", summary="emulators and rented phones, quotas worked off, beside labellers", build=twins.device_farm),
    Scenario(name="decoys", summary="a farm that repeats a third of its questions, beside help desks", build=twins.decoys),
    Scenario(name="personas", summary="a farm that asks as thousands of personas, beside an app of characters", build=twins.personas),
    Scenario(name="stolen_keys", summary="a harvest through stolen keys as well, whose owners work on", build=twins.stolen_keys),
    Scenario(name="framed_firm", summary="a harvest behind a firm's copied template and address, and that firm", build=twins.framed_firm),
    Scenario(name="slow_ramp", summary="a recipe that strangers copied before its owner harvests with it", build=twins.slow_ramp),
    Scenario(name="front_firm", summary="a relay that declares itself one firm, beside real analysts", build=twins.front_firm),
    Scenario(name="look_alikes", summary="no campaign: analysts, judging classes, labellers, a small country", build=twins.look_alikes, full_exchanges=110_000),
    Scenario(name="speck", summary="a campaign of one exchange in ten thousand", build=twins.speck, full_exchanges=130_000),
    Scenario(name="flood", summary="a campaign that is six exchanges in ten", build=twins.flood),
)  # fmt: skip
SCENARIOS = {s.name: s for s in _SCENARIOS}


def scenario_of(name: str) -> Scenario:
    """Return a scenario by name."""
    if name not in SCENARIOS:
        raise NotFoundError(
            f'there is no scenario "{name}"', remedy="choose one of " + ", ".join(SCENARIOS)
        )
    return SCENARIOS[name]
