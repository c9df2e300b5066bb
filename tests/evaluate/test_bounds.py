"""A share owns up to how little a small count proves."""

import pytest

from iolaus.evaluate.bounds import Rate, reweigh


@pytest.mark.parametrize("n", [1, 10, 300, 300_000])
def test_zero_is_printed_with_its_bound(n: int) -> None:
    """None of n flagged still allows 1 - .05^(1/n)."""
    rate = Rate(n=0, of=n)
    assert rate.upper == pytest.approx(1 - 0.05 ** (1 / n))
    assert str(rate).startswith(f"0 of {n:,} (at most ")


def test_tiny_bound_is_not_printed_as_zero() -> None:
    """Three in 300,000 is one in 100,000, not 0.0 %."""
    assert str(Rate(n=0, of=300_000)) == "0 of 300,000 (at most 0.0010 %)"


def test_share_of_nothing_is_no_share() -> None:
    """Nothing to count gives None, neither perfect nor hopeless."""
    nothing = Rate(n=0, of=0)
    assert nothing.share is None
    assert nothing.upper is None
    assert str(nothing) == "none to count"


def test_everything_has_bound_one() -> None:
    """All of n allows all."""
    assert Rate(n=5, of=5).upper == 1.0
    assert str(Rate(n=5, of=5)) == "100.0 % (5 of 5)"


def test_precision_falls_with_prevalence() -> None:
    """One false alarm in 1,000 buries one culprit in 10,000."""
    rare = reweigh(Rate(n=1, of=1), Rate(n=1, of=1000), prevalence=1e-4)
    assert rare.precision == pytest.approx(1e-4 / (1e-4 + 1e-3 * (1 - 1e-4)))


def test_no_false_alarm_is_not_perfect_precision() -> None:
    """With no false alarm among 1,000 the bound still speaks."""
    rare = reweigh(Rate(n=9, of=10), Rate(n=0, of=1000), prevalence=1e-3)
    bound = 1 - 0.05 ** (1 / 1000)
    assert rare.precision == 1.0
    assert rare.at_least == pytest.approx(0.9e-3 / (0.9e-3 + bound * 0.999))


def test_finding_nothing_has_no_precision() -> None:
    """Nothing flagged at all leaves precision undefined, not 1."""
    assert reweigh(Rate(n=0, of=10), Rate(n=0, of=1000), prevalence=1e-3).precision is None
