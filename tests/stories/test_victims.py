"""Attacks with a victim: stolen keys, a framed firm, a copied recipe, a borrowed name."""

from __future__ import annotations

import pyarrow.compute as pc
import pytest

from iolaus.simulate import Scenario
from iolaus.simulate.crowds import add_class
from iolaus.simulate.farms import add_front_firm
from iolaus.simulate.lookalikes import add_analysts
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.victims import add_framed_firm, add_slow_ramp, add_thief
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("victims")]


def stolen(world: World) -> None:
    """A pool with stolen keys among its heads."""
    add_ordinary(world, 220, daily=0.8)
    add_thief(world, name="thief-1", n_own=26, n_stolen=10, n_exchanges=1500)


def framed(world: World) -> None:
    """A firm whose words and address a harvester uses."""
    add_ordinary(world, 220, daily=0.8)
    add_framed_firm(
        world, name="framer-1", firm="framed-1", seats=24, n_accounts=28, n_exchanges=1500
    )


def ramped(world: World) -> None:
    """A recipe that strangers copied first."""
    add_ordinary(world, 220, daily=0.8)
    add_slow_ramp(world, name="ramp-1", n_copiers=60, n_accounts=30, n_exchanges=1500)
    add_class(world, name="class-1", students=16)


def fronted(world: World) -> None:
    """A relay that poses as one firm, and a firm."""
    add_ordinary(world, 220, daily=0.8)
    add_front_firm(world, name="front-1", n_slots=26, n_exchanges=1500, mix_share=0.3)
    add_analysts(world, name="analysts-1", keys=26)


@pytest.fixture(scope="module")
def told(telling):
    """Return a function that scans one of these worlds once."""
    return telling(42)


def test_of_a_stolen_key_only_the_flow_is_named(told) -> None:
    """The thief's exchanges are attributed; what the owner asks in the same account is not."""
    one = told(stolen)
    assert one.named_share(truly="thief-1") >= 0.8
    assert one.stranger_share() <= 0.01
    owners = one.exchanges.filter(pc.equal(one.exchanges["flow"], "stolen_key"))
    assert owners.num_rows <= 0.005 * one.exchanges.num_rows


def test_the_other_account_of_a_robbed_person_is_not_drawn_in(told) -> None:
    """It shares card, device and place with the stolen one, and the thief was never in it."""
    one = told(stolen)
    assert one.wronged() == set()
    assert 0.0 == one.named_share(group="owners_other")


def test_a_framed_firm_is_in_no_campaign(told) -> None:
    """Its template and its address are adoptable: whoever copies them does not make it an accomplice."""
    one = told(framed)
    assert one.named_share(truly="framer-1") >= 0.8
    assert one.wronged() == set()
    assert one.stranger_share() <= 0.01


def test_copiers_of_a_recipe_are_in_no_campaign(told) -> None:
    """They use the words from the first day on, and nothing else ties them."""
    one = told(ramped)
    assert one.wronged() == set()
    assert one.stranger_share() <= 0.01


def test_a_pool_whose_recipe_was_seeded_is_still_found(told) -> None:
    """Its cards are its own; a poisoned background takes the recipe's bits and no more."""
    assert told(ramped).named_share(truly="ramp-1") >= 0.5


@pytest.mark.xfail(
    raises=AssertionError, strict=True, reason="one bought mail domain bears a declaration out"
)
def test_a_declared_name_hides_no_relay(told) -> None:
    """One name and mail domain for all, many payers, hand-overs, exits in six countries."""
    assert told(fronted).named_share(truly="front-1") >= 0.5


def test_a_real_firm_beside_it_is_in_no_campaign(told) -> None:
    """One payer, one office, its own desks."""
    assert told(fronted).wronged() == set()


def offices(world: World) -> None:
    """Firms that each have one analysis template on many keys, some on the other side of the world."""
    add_ordinary(world, 220, daily=0.8)
    for k in range(4):
        add_analysts(world, name=f"analysts-{k + 1}", keys=22, declared=k < 3)


@pytest.mark.parametrize("seed", [42, 44])
def test_firms_with_a_template_are_in_no_campaign_wherever_they_sleep(
    simulate, judge, seed: int
) -> None:
    """Each pays with one card, sits in one office, keeps its own hours and hides nothing."""
    scenario = Scenario(name="story_offices", summary=str(offices.__doc__), build=offices)
    assert set() == judge(simulate(scenario, 1.0, seed)).wronged()
