"""Curves and measures say what is so on made-up scores."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.fingerprint.calibration import curve_of
from iolaus.fingerprint.measures import auc_of, recall_at, reliability_of


def test_curve_finds_the_bounds_that_made_the_truth() -> None:
    """Where a fifth of low scores are true, the curve ends at a fifth; without bounds at 0 and 1."""
    luck = np.random.default_rng(2)
    logits = luck.normal(0, 4, 20_000)
    chance = 0.2 + 0.7 / (1 + np.exp(-2 * logits))
    truth = luck.random(logits.size) < chance
    even = np.ones(logits.size)
    bounded = curve_of(logits, truth, weight=even, is_bounded=True)
    assert (bounded.low, bounded.high) == pytest.approx((0.2, 0.9), abs=0.03)
    assert reliability_of(bounded.of(logits), truth, weight=even)["ece"] < 0.02
    plain = curve_of(logits, truth, weight=even)
    assert (plain.low, plain.high) == (0.0, 1.0)
    assert reliability_of(plain.of(logits), truth, weight=even)["ece"] > 0.02


def test_scores_that_rank_backwards_get_a_falling_curve() -> None:
    """A model that is wrong out of lineage is told by its slope; a right one rises."""
    logits = np.linspace(-1, 1, 200)
    even = np.ones(200)
    assert curve_of(logits, logits < 0.1, weight=even).slope < 0
    assert curve_of(logits, logits > 0.1, weight=even).slope > 0


def test_auc_counts_ties_half_and_weighs_rows() -> None:
    """Perfect, tied and weighted rankings have the areas that paper gives them."""
    truth = np.array([False, False, True, True])
    even = np.ones(4)
    assert auc_of(np.array([1.0, 2, 3, 4]), truth, weight=even) == 1.0
    assert auc_of(np.array([1.0, 1, 1, 1]), truth, weight=even) == 0.5
    assert auc_of(np.array([1.0, 3, 2, 4]), truth, weight=np.array([3.0, 1, 1, 1])) == 0.875


def test_recall_counts_only_what_few_innocents_reach() -> None:
    """One innocent in a hundred may pass, ties included; with two at the top nothing does."""
    score = np.append(np.arange(100.0), [98.5, 200.0])
    truth = np.append(np.zeros(100, np.bool_), [True, True])
    even = np.ones(102)
    assert recall_at(score, truth, weight=even)[0] == 1.0
    score[98] = 300.0
    assert recall_at(score, truth, weight=even)[0] == 0.5
    score[97] = 300.0
    assert recall_at(score, truth, weight=even)[0] == 0.0
