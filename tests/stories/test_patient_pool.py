"""A pool of a few exchanges a day each, beside strangers who run one public pipeline."""

from __future__ import annotations

import pytest

from iolaus.simulate import Scenario
from iolaus.simulate.campaigns import add_patient_pool
from iolaus.simulate.crowds import add_pipeline_users, add_tool
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("patient_pool")]


def build(world: World) -> None:
    """A patient pool, and strangers with one recipe: a pipeline's, a tool's."""
    add_ordinary(world, 300, daily=0.9)
    add_patient_pool(world, name="patient-1", n_accounts=50)
    add_pipeline_users(world, name="pipeline-1", users=24)
    add_pipeline_users(world, name="pipeline-2", users=12)
    add_tool(world, name="tool-1", users=50)


@pytest.fixture(scope="module")
def told(simulate, judge):
    """Return the scan of that world."""
    scenario = Scenario(name="story_patient_pool", summary=str(build.__doc__), build=build)
    return judge(simulate(scenario, 1.0, 35))


def test_what_the_pool_shares_links_it(told) -> None:
    """Few exchanges each, but cards and a recipe in common: most of it is one network."""
    assert told.linked_share("patient-1") >= 0.5


def test_strangers_with_one_recipe_are_in_no_campaign(told) -> None:
    """Whoever runs a public pipeline asks for what harvesters ask for, and is no pool."""
    assert set() == told.wronged()
    assert 0.0 == told.stranger_share()
