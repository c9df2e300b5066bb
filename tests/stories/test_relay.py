"""A relay that harvests, beside clean resellers, one of which carries nothing but bulk work."""

from __future__ import annotations

import pytest

from iolaus.simulate import Scenario
from iolaus.simulate.campaigns import add_relay
from iolaus.simulate.firms import add_reseller
from iolaus.simulate.lookalikes import add_bulk_reseller
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.xdist_group("relay")]


def build(world: World) -> None:
    """A relay whose customers are half of its traffic, and two who only resell."""
    add_ordinary(world, 300, daily=0.9)
    add_relay(
        world, name="relay-1", n_slots=24, n_exchanges=1500, mix_share=0.5, proxy_homes=3,
        capabilities=("reasoning", "agentic_coding"),
    )  # fmt: skip
    add_reseller(world, name="reseller-1", slots=12, n_exchanges=500)
    add_bulk_reseller(world, name="bulk-1", slots=16, n_exchanges=900)


@pytest.fixture(scope="module")
def told(simulate, judge):
    """Return the scan of that world."""
    scenario = Scenario(name="story_relay", summary=str(build.__doc__), build=build)
    return judge(simulate(scenario, 1.0, 31))


def test_the_relay_is_found_and_most_of_its_harvest_is_attributed(told) -> None:
    """Nearly all of its accounts, and most of what it harvested."""
    assert told.named_share(truly="relay-1") >= 0.9
    assert told.attributed_share() >= 0.8


def test_who_only_resells_is_in_no_campaign(told) -> None:
    """Pooled accounts, failover and regrown heads are coordination; books and papers are no harvest."""
    assert set() == told.wronged()


def test_the_relays_customers_are_left_alone(told) -> None:
    """Of what is attributed hardly anything is a customer's."""
    assert told.exchanges.num_rows > 500
    assert told.stranger_share() <= 0.02


def test_homes_that_are_exits_are_not_drawn_in(told) -> None:
    """An address shared with a proxy network makes nobody its member."""
    assert 0.0 == told.named_share(group="proxy_home")


@pytest.mark.slow
def test_one_customers_judging_is_no_campaign_of_its_reseller(simulate, judge) -> None:
    """Ninety-five papers judged by one program, dealt over seventeen accounts by who carries them."""
    scenario = Scenario(name="story_relay", summary=str(build.__doc__), build=build)
    assert set() == judge(simulate(scenario, 1.0, 131)).wronged()
