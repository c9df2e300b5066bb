"""Bets on a mean: honest however often one looks, and sure only of what was seen."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.sequential import bits_of_p, mean_bounds, wealth_bits


@pytest.mark.parametrize("share", [0.1, 0.4, 0.8])
def test_a_true_claim_seldom_loses_however_often_one_looks(share):
    """Of a thousand flows whose mean is c, at most 1 in 32 ever earns five bits against c."""
    rng = np.random.default_rng(7)
    won = [
        wealth_bits((rng.random(200) < share).astype(float), share).max() >= 5 for _ in range(1000)
    ]
    assert np.mean(won) <= 1 / 32


def test_a_false_claim_loses_by_more_the_longer_it_is_bet_against():
    """A mean far above c earns bits with each score; one below earns none."""
    rng = np.random.default_rng(8)
    path = wealth_bits(rng.beta(8, 2, 400), 0.5)[:, 0]
    assert path[-1] > path[100] > 5
    assert wealth_bits(rng.beta(2, 8, 400), 0.5)[-1, 0] <= 0


def test_bounds_close_in_on_the_mean_as_scores_arrive():
    """Few scores prove little, many prove much, and none proves nothing."""
    rng = np.random.default_rng(9)
    scores = np.clip(rng.normal(0.6, 0.1, 1000), 0, 1)
    few, many = mean_bounds(scores[:15], bits=5), mean_bounds(scores, bits=5)
    assert 0 <= few[0] < many[0] < 0.6 < many[1] < few[1] <= 1
    assert mean_bounds(scores[:0], bits=5) == (0.0, 1.0)


def test_bounds_mirror_each_other():
    """What is proved of s from above is proved of 1 - s from below."""
    scores = np.random.default_rng(10).beta(3, 5, 120)
    low, high = mean_bounds(scores, bits=5)
    assert mean_bounds(1 - scores, bits=5) == pytest.approx((1 - high, 1 - low))


def test_stakes_come_from_the_past_alone():
    """What was earned up to a moment does not change with what comes later."""
    rng = np.random.default_rng(11)
    scores = rng.random(50)
    whole = wealth_bits(scores, [0.3, 0.5])
    assert np.array_equal(whole[:20], wealth_bits(scores[:20], [0.3, 0.5]))
    assert whole.shape == (50, 2)


def test_p_values_make_evidence_that_is_fair_under_the_null():
    """Over all p that chance gives, 2^bits is one on average; a small p says much, a large one less than nothing."""
    p = (np.arange(200_000) + 0.5) / 200_000
    assert np.mean(2.0 ** bits_of_p(p)) == pytest.approx(1.0, abs=0.01)
    assert bits_of_p(2.0**-20) == pytest.approx(9.0)
    assert bits_of_p(0.9) < 0 == bits_of_p(0.25)
