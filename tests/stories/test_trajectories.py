"""Pools that harvest agents' trajectories and hidden reasoning, beside coders and build machines."""

from __future__ import annotations

import pytest

from iolaus.simulate import Scenario
from iolaus.simulate.campaigns import add_sub_questions, add_trajectories
from iolaus.simulate.crowds import add_coders
from iolaus.simulate.firms import add_pipeline_ci
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("trajectories")]


def build(world: World) -> None:
    """Two multi-turn harvests, and people whose agents work in their own repositories."""
    add_ordinary(world, 300, daily=0.9)
    add_trajectories(world, name="trajectories-1", n_accounts=30, daily=9.0)
    add_sub_questions(world, name="sub-questions-1", n_accounts=24, daily=9.0)
    add_coders(world, name="coder-1", users=30)
    add_pipeline_ci(world, name="ci-1", keys=5)


@pytest.fixture(scope="module")
def told(simulate, judge):
    """Return the scan of that world."""
    scenario = Scenario(name="story_trajectories", summary=str(build.__doc__), build=build)
    return judge(simulate(scenario, 1.0, 34))


def test_trajectories_are_found(told) -> None:
    """Agents' steps asked for turn by turn, by accounts that one hand deals the work to."""
    assert told.named_share(truly="trajectories-1") >= 0.8


def test_hidden_reasoning_asked_for_step_by_step_is_found(told) -> None:
    """No prompt of these asks for the whole chain; the conversation does."""
    assert told.named_share(truly="sub-questions-1") >= 0.8


def test_coders_and_build_machines_are_in_no_campaign(told) -> None:
    """One public agent, long conversations with tools, sleepless machines: work."""
    assert set() == told.wronged()
    assert 0.0 == told.stranger_share()
