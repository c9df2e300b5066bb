"""Several seeds come to a mean and a worst."""

from collections.abc import Callable

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.seeds import Evaluation, Spread, over_seeds

Build = Callable[..., Evaluation]


def spread_of(evaluations: list[Evaluation], figure: str) -> Spread:
    """Return one figure of the only scenario."""
    (together,) = over_seeds(evaluations)
    return next(spread for spread in together.figures if spread.figure == figure)


def test_worst_seed_stands_beside_the_mean(evaluation: Build) -> None:
    """Recall 1 and .5 come to .75, with the bad seed named."""
    seeds = [evaluation(seed=1, n_found=4), evaluation(seed=2, n_found=2)]
    assert spread_of(seeds, "account_recall") == Spread(
        figure="account_recall", mean=0.75, worst=0.5, worst_seed=2
    )


def test_worst_of_a_cost_is_the_highest(evaluation: Build) -> None:
    """More bystanders or false campaigns are worse; none at all is a plain 0."""
    seeds = [evaluation(seed=1, n_found=4), evaluation(seed=2, n_found=0, wronged=True)]
    spread = spread_of(seeds, "false_campaigns")
    assert (spread.mean, spread.worst, spread.worst_seed) == (0.5, 1.0, 2)
    assert str(spread_of(seeds[:1], "false_campaigns").worst) == "0.0"


def test_missed_campaign_is_not_in_no_fragments(evaluation: Build) -> None:
    """What was not found has no pieces to count; it shows in recall."""
    seeds = [evaluation(seed=1, n_found=4), evaluation(seed=2, n_found=0)]
    assert spread_of(seeds, "fragmentation").mean == 1.0


def test_undefined_figures_are_left_out_of_the_mean(evaluation: Build) -> None:
    """A seed that found nothing has no precision; it does not count as 0 or 1."""
    seeds = [evaluation(seed=1, n_found=4), evaluation(seed=2, n_found=0)]
    assert spread_of(seeds, "account_precision").mean == 1.0
    assert spread_of(seeds[1:], "account_precision").mean is None


def test_false_alarms_are_added_up(evaluation: Build) -> None:
    """One firm in two instances was wronged; the bound comes from both."""
    (together,) = over_seeds(
        [evaluation(seed=1, n_found=4), evaluation(seed=2, n_found=4, wronged=True)]
    )
    assert together.innocents[0].instances == Rate(n=1, of=2)
    assert together.ordinary == Rate(n=0, of=2)


def test_scenarios_stay_apart(evaluation: Build) -> None:
    """Two scenarios are two lines, in the order in which they were named."""
    both = [evaluation(seed=1, n_found=4, scenario=name) for name in ("relay", "graders")]
    assert [together.scenario for together in over_seeds(both)] == ["relay", "graders"]
