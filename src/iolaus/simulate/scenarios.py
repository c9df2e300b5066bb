"""The named scenarios: who is in the world, for how long, and how large it is by default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iolaus.errors import NotFoundError
from iolaus.simulate.campaigns import add_relay
from iolaus.simulate.innocents import add_enterprise
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

Build = Callable[[World], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A world by name; `scale` is the default size and `days` the length of its log."""

    name: str
    summary: str
    build: Build
    days: float = 7.0
    scale: float = 1.0


def _relay(world: World) -> None:
    add_ordinary(world, world.scaled(1200))
    add_enterprise(world, name="enterprise-1", seats=world.scaled(80, least=6))
    add_enterprise(
        world, name="enterprise-2", seats=world.scaled(40, least=4), declared=False, vetted=False
    )
    add_relay(
        world,
        name="relay-1",
        n_slots=world.scaled(90, least=8),
        n_exchanges=world.scaled(9000, least=300),
        mix_share=float(world.rng.uniform(0.4, 0.7)),
    )


_SCENARIOS = (
    Scenario(
        name="relay", summary="one relay with a harvest inside, two firms, strangers", build=_relay
    ),
)
SCENARIOS = {s.name: s for s in _SCENARIOS}


def scenario_of(name: str) -> Scenario:
    """Return a scenario by name."""
    if name not in SCENARIOS:
        raise NotFoundError(
            f'there is no scenario "{name}"', remedy="choose one of " + ", ".join(sorted(SCENARIOS))
        )
    return SCENARIOS[name]
