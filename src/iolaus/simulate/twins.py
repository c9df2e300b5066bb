"""The builds of the harder scenarios: each attack in one world with the innocent it resembles."""

from __future__ import annotations

from iolaus.simulate import campaigns, crowds, farms, firms, lookalikes, victims
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World


def bulk_relay(world: World) -> None:
    """A relay with a harvest beside a clean reseller whose customers send bulk, and their judges."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    campaigns.add_relay(
        world, name="relay-1", n_slots=n(70, least=8), n_exchanges=n(5000, least=300),
        mix_share=0.6, capabilities=("coding", "policy_rewrite"), proxy_homes=n(6, least=2),
    )  # fmt: skip
    lookalikes.add_bulk_reseller(
        world, name="bulk-1", slots=n(50, least=6), n_exchanges=n(3500, least=200)
    )
    firms.add_reseller(
        world, name="reseller-1", slots=n(25, least=4), n_exchanges=n(1500, least=80)
    )
    _bystanders(world)


def shared_relay(world: World) -> None:
    """Two harvesters, who know nothing of each other, among the customers of one relay."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    farms.add_shared_relay(
        world,
        tenants=(("tenant-1", ("reasoning",)), ("tenant-2", ("agentic_coding", "tool_use"))),
        n_slots=n(80, least=10), n_exchanges=n(3500, least=200), mix_share=0.35,
    )  # fmt: skip
    lookalikes.add_bulk_reseller(
        world, name="bulk-1", slots=n(30, least=5), n_exchanges=n(1800, least=120)
    )
    _bystanders(world)


def two_relays(world: World) -> None:
    """One harvest over two relays on two channels, each with customers of its own."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    farms.add_two_relays(
        world, name="spread-1", n_slots=(n(60, least=8), n(40, least=8)),
        n_exchanges=n(7000, least=400), mix_share=0.4,
    )  # fmt: skip
    firms.add_reseller(
        world, name="reseller-1", slots=n(25, least=4), n_exchanges=n(1500, least=80)
    )
    _bystanders(world)


def device_farm(world: World) -> None:
    """A farm of emulators and rented phones that works quotas off, beside labellers on one queue."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    farms.add_farm(world, name="farm-1", n_accounts=n(70, least=10), n_exchanges=n(6000, least=400))
    for k in range(3):
        lookalikes.add_labellers(world, name=f"labellers-{k + 1}", people=n(14, least=4))
    _bystanders(world)


def decoys(world: World) -> None:
    """A farm that asks a third of its questions again and again, beside help desks that do so too."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    farms.add_farm(
        world, name="decoys-1", n_accounts=n(60, least=10), n_exchanges=n(5000, least=400),
        capabilities=("coding", "reasoning"), turns=1.3, repeats=0.33,
    )  # fmt: skip
    for k in range(3):
        firms.add_saas(world, name=f"saas-{k + 1}", customers=n(35, least=5))
    _bystanders(world)


def personas(world: World) -> None:
    """A farm that asks as another persona each time, beside an app of characters that people made."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    farms.add_farm(
        world, name="personas-1", n_accounts=n(60, least=10), n_exchanges=n(5000, least=400),
        scripts=[world.library.personas()],
    )  # fmt: skip
    lookalikes.add_characters(world, name="characters-1", people=n(80, least=8))
    _bystanders(world)


def stolen_keys(world: World) -> None:
    """A harvester who also sends through stolen keys, whose owners work on."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    victims.add_thief(
        world, name="thief-1", n_own=n(40, least=8), n_stolen=n(14, least=4),
        n_exchanges=n(4500, least=300),
    )  # fmt: skip
    crowds.add_several_accounts(world, n(30, least=5))
    _bystanders(world)


def framed_firm(world: World) -> None:
    """A harvester behind a firm's copied template and its address, and that firm."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    victims.add_framed_firm(
        world, name="framer-1", firm="framed-1", seats=n(45, least=8), n_accounts=n(50, least=8),
        n_exchanges=n(4500, least=300),
    )  # fmt: skip
    _bystanders(world)


def slow_ramp(world: World) -> None:
    """A recipe that strangers copied from a public page days before its owner harvests with it."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    victims.add_slow_ramp(
        world, name="ramp-1", n_copiers=n(120, least=12), n_accounts=n(60, least=8),
        n_exchanges=n(4500, least=300),
    )  # fmt: skip
    _bystanders(world)


def front_firm(world: World) -> None:
    """A relay that declares itself one firm, beside real firms with an analysis template."""
    n = world.scaled
    add_ordinary(world, n(1200, least=40))
    farms.add_front_firm(
        world, name="front-1", n_slots=n(70, least=8), n_exchanges=n(5000, least=300), mix_share=0.4
    )
    lookalikes.add_analysts(world, name="analysts-1", keys=n(110, least=10))
    lookalikes.add_analysts(world, name="analysts-2", keys=n(40, least=8), declared=False)
    _bystanders(world)


def look_alikes(world: World) -> None:
    """Nobody guilty: analysts on hundreds of keys, judging classes, labellers, a small country."""
    n, rng = world.scaled, world.rng
    add_ordinary(world, n(2500, least=60))
    lookalikes.add_analysts(world, name="analysts-0", keys=n(300, least=12))
    for k in range(6):
        lookalikes.add_analysts(
            world, name=f"analysts-{k + 1}", keys=n(rng.integers(15, 70), least=5),
            declared=k % 3 > 0,
        )  # fmt: skip
        lookalikes.add_judging_class(
            world, name=f"judging-{k + 1}", students=n(rng.integers(15, 50), least=5)
        )
        lookalikes.add_labellers(
            world, name=f"labellers-{k + 1}", people=n(rng.integers(6, 30), least=3)
        )
        lookalikes.add_small_country(
            world, name=f"country-{k + 1}", people=n(rng.integers(40, 120), least=6)
        )
        firms.add_authorised(
            world, name=f"authorised-{k + 1}", keys=n(rng.integers(2, 9)),
            n_exchanges=n(900, least=60),
        )  # fmt: skip
    for k in range(4):
        lookalikes.add_benchmark_day(
            world, name=f"benchmarks-{k + 1}", people=n(rng.integers(15, 45), least=5)
        )
        lookalikes.add_bulk_reseller(
            world, name=f"bulk-{k + 1}", slots=n(rng.integers(12, 40), least=4),
            n_exchanges=n(1500, least=100),
        )  # fmt: skip
    _bystanders(world)


def speck(world: World) -> None:
    """A campaign of about one exchange in ten thousand."""
    n = world.scaled
    add_ordinary(world, n(9000, least=400))
    for k in range(4):
        firms.add_enterprise(world, name=f"enterprise-{k + 1}", seats=n(60, least=6))
        crowds.add_tool(world, name=f"tool-{k + 1}", users=n(200, least=10))
    farms.add_farm(world, name="speck-1", n_accounts=n(4, least=3), n_exchanges=n(14, least=6))


def flood(world: World) -> None:
    """A campaign that is six exchanges in ten."""
    n = world.scaled
    add_ordinary(world, n(500, least=60), daily=1.1)
    farms.add_farm(
        world, name="flood-1", n_accounts=n(260, least=20), n_exchanges=n(16_000, least=700)
    )
    firms.add_enterprise(world, name="enterprise-1", seats=n(60, least=6))
    lookalikes.add_judging_class(world, name="judging-1", students=n(40, least=6))
    crowds.add_tool(world, name="tool-1", users=n(120, least=10))


def _bystanders(world: World) -> None:
    """One of each innocent that a pool is easily taken for."""
    n = world.scaled
    firms.add_enterprise(world, name="enterprise-9", seats=n(40, least=5), declared=False)
    firms.add_lab(world, name="lab-9", keys=n(6, least=3), items=n(200, least=30), judge=True)
    lookalikes.add_judging_class(world, name="judging-9", students=n(30, least=5))
    crowds.add_class(world, name="class-9", students=n(40, least=6))
    crowds.add_tool(world, name="tool-9", users=n(120, least=8))
    crowds.add_pipeline_users(world, name="pipeline-9", users=n(18, least=4))
    crowds.add_coders(world, name="coder-9", users=n(25, least=4))
    crowds.add_carrier_nat(world, name="carrier-9", people=n(50, least=6))
    crowds.add_reregistered(world, n(12, least=3))
