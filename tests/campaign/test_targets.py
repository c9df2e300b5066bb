"""What a flow is after, told apart from what everybody asks."""

from __future__ import annotations

from iolaus.campaign.targets import UNCLEAR, UNKNOWN, capability_of
from iolaus.schema import CAPABILITIES


def scores(**points: int) -> list[int]:
    """Return a row of scores, zero where nothing is said."""
    return [points.get(name, 0) for name in CAPABILITIES]


def test_capability_is_what_the_flow_lifts_above_everybody(fingerprints):
    """All say mostly general chat; the flow says coding more than the others do."""
    flow = fingerprints([0] * 4, capabilities=[scores(general_chat=60, coding=50)] * 4)
    people = [scores(general_chat=60 + i % 3, coding=20 + i % 5) for i in range(40)]
    population = fingerprints([1] * 40, capabilities=people)
    assert capability_of(flow, population) == "coding"


def test_what_everybody_asks_is_no_target(fingerprints):
    """A flow with the population's own mix is not given a name."""
    people = [scores(general_chat=40 + i % 20, coding=20 + i % 10) for i in range(40)]
    population = fingerprints([1] * 40, capabilities=people)
    assert capability_of(population, population) == UNCLEAR


def test_without_scores_the_target_is_unknown(fingerprints):
    """A log without text has no scores, and nothing is guessed."""
    assert capability_of(fingerprints([0]), fingerprints([1])) == UNKNOWN


def test_without_a_population_the_strongest_score_stands(fingerprints):
    """A log of one network has nobody to compare with."""
    flow = fingerprints([0, 0], capabilities=[scores(math=60, vision=40), None])
    assert capability_of(flow, fingerprints([1])) == "math"
