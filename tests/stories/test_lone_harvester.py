"""One account that harvests alone, beside batch firms, an academic and an authorised customer."""

from __future__ import annotations

import pyarrow.compute as pc
import pytest

from iolaus.simulate import Scenario
from iolaus.simulate.campaigns import add_lone_harvester
from iolaus.simulate.firms import add_authorised, add_batch_firm, add_researchers
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("lone_harvester")]


def build(world: World) -> None:
    """One harvester in bulk, and four who send as much for other reasons."""
    add_ordinary(world, 300, daily=0.9)
    add_lone_harvester(world, name="lone-1", n_exchanges=1200)
    add_batch_firm(world, name="batch-1", keys=1, purpose="translation", daily=60.0)
    add_batch_firm(world, name="batch-2", keys=1, purpose="labelling", daily=60.0)
    add_authorised(world, name="authorised-1", keys=1, n_exchanges=600)
    add_researchers(world, 3)


@pytest.fixture(scope="module")
def told(simulate, judge):
    """Return the scan of that world."""
    scenario = Scenario(name="story_lone_harvester", summary=str(build.__doc__), build=build)
    return judge(simulate(scenario, 1.0, 36))


def test_nobody_is_accused_alone(told) -> None:
    """One account is in no campaign, guilty or not: what one sends is never sure enough."""
    assert () == told.report.campaigns
    assert pc.all(pc.is_null(told.accounts["campaign"])).as_py()


@pytest.mark.xfail(
    raises=AssertionError,
    strict=True,
    reason="elicitation and coverage both read this harvest as chat",
)
def test_the_harvester_is_listed_to_be_watched(told) -> None:
    """Its network of one stands among the cleared ones, with what speaks against it."""
    lone = told.of(truly="lone-1")["network"].to_pylist()
    assert [None] != lone
    (case,) = [case for case in told.report.cleared if case.network == lone[0]]
    assert case.watch


def test_who_translates_labels_and_judges_in_bulk_is_not_listed(told) -> None:
    """Bulk work that asks for no training data is not even watched."""
    watched = {case.network for case in told.report.cleared if case.watch}
    for group in ("batch_firm", "ordinary"):
        assert watched.isdisjoint(told.of(group=group)["network"].drop_null().to_pylist())
