"""Graders in the same minutes, beside a judge lab, a judging class and strangers on release day."""

from __future__ import annotations

import pytest

from iolaus.simulate import Scenario
from iolaus.simulate.campaigns import add_graders
from iolaus.simulate.crowds import add_class
from iolaus.simulate.firms import add_lab
from iolaus.simulate.lookalikes import add_benchmark_day, add_judging_class
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.xdist_group("graders")]


def build(world: World) -> None:
    """Graders of one operator, and four kinds of people who grade or work at once."""
    add_ordinary(world, 300, daily=0.9)
    add_graders(world, name="graders-1", n_accounts=28, n_exchanges=1500)
    add_lab(world, name="lab-1", keys=6, items=120, judge=True)
    add_judging_class(world, name="judging-1", students=24)
    add_benchmark_day(world, name="benchmarks-1", people=20)
    add_class(world, name="class-1", students=30)


@pytest.fixture(scope="module")
def told(simulate, judge):
    """Return the scan of that world."""
    scenario = Scenario(name="story_graders", summary=str(build.__doc__), build=build)
    return judge(simulate(scenario, 1.0, 32))


def test_the_graders_are_found(told) -> None:
    """Cards in batches, one recipe, the same minutes, and nobody who says so."""
    assert told.named_share(truly="graders-1") >= 0.7
    assert told.attributed_share() >= 0.6


def test_who_grades_openly_is_in_no_campaign(told) -> None:
    """A lab, a course and strangers on release day ask for grades too, at the same hour."""
    assert set() == told.wronged()
    assert 0.0 == told.stranger_share()
