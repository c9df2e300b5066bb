"""One operator on three access paths, beside firms whose many keys share one analysis template."""

from __future__ import annotations

import pytest

from iolaus.simulate import Scenario
from iolaus.simulate.campaigns import add_mixed_paths
from iolaus.simulate.firms import add_enterprise
from iolaus.simulate.lookalikes import add_analysts
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("mixed_paths")]


def build(world: World) -> None:
    """A harvest over three channels, a firm that declares itself and one that does not."""
    add_ordinary(world, 300, daily=0.9)
    add_mixed_paths(world, name="mixed-1", n_accounts=40, n_exchanges=2000)
    add_analysts(world, name="analysts-1", keys=40)
    add_analysts(world, name="analysts-2", keys=16, declared=False)
    add_enterprise(world, name="enterprise-1", seats=24)


@pytest.fixture(scope="module")
def told(simulate, judge):
    """Return the scan of that world."""
    scenario = Scenario(name="story_mixed_paths", summary=str(build.__doc__), build=build)
    return judge(simulate(scenario, 1.0, 33))


def test_the_operator_is_found_on_all_his_paths(told) -> None:
    """One network over three channels, of which hardly an account is missed."""
    assert told.named_share(truly="mixed-1") >= 0.8


def test_most_of_what_he_asked_for_is_attributed(told) -> None:
    """Seven capabilities are seven flows, and each has to make its own claim."""
    assert told.attributed_share() >= 0.8


def test_firms_with_an_analysis_template_are_in_no_campaign(told) -> None:
    """They ask for reasoning in bulk on many keys, by day, and each desk for itself."""
    assert set() == told.wronged()
    assert 0.0 == told.stranger_share()
