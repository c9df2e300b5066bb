"""What the content benchmark measures is what a slow and plain count gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.content import measures
from benchmarks.content.folds import out_of_lineage
from iolaus.fingerprint import measures as card

ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.booleans(), st.integers(1, 4)), min_size=2, max_size=40
).filter(lambda rows: len({truth for _, truth, _ in rows}) == 2)


def columns(rows: list[tuple[int, bool, int]]) -> tuple:
    """Return score, truth and weight."""
    score, truth, weight = zip(*rows, strict=True)
    return np.array(score, float), np.array(truth), np.array(weight, float)


@given(ROWS)
def test_auc_is_the_share_of_pairs_in_order(rows: list[tuple[int, bool, int]]) -> None:
    """Every positive meets every negative, weighted; a tie is half a win."""
    score, truth, weight = columns(rows)
    won = total = 0.0
    for p in np.flatnonzero(truth):
        for n in np.flatnonzero(~truth):
            pair = weight[p] * weight[n]
            total += pair
            won += pair * (1.0 if score[p] > score[n] else 0.5 if score[p] == score[n] else 0.0)
    assert won / total == pytest.approx(measures.curve_of(score, truth, weight=weight).auc())


@given(ROWS, st.sampled_from([0.01, 0.1, 0.5, 1.0]))
def test_recall_is_the_best_of_all_thresholds(
    rows: list[tuple[int, bool, int]], rate: float
) -> None:
    """No threshold that lets so few negatives pass finds more; ties pass together."""
    score, truth, weight = columns(rows)
    best = 0.0
    for level in set(score):
        passing = score >= level
        wrong = (weight * (passing & ~truth)).sum() / (weight * ~truth).sum()
        right = (weight * (passing & truth)).sum() / (weight * truth).sum()
        best = max(best, right if wrong <= rate else 0.0)
    recall, level = measures.curve_of(score, truth, weight=weight).recall_at(rate)
    assert best == pytest.approx(recall)
    assert recall == 0.0 or level in set(score)


def test_families_count_equally() -> None:
    """A hundred rows of one family weigh what one row of another does; so do the two sides."""
    family = np.array(["large"] * 100 + ["small"] + ["innocent"] * 7)
    truth = np.array([True] * 101 + [False] * 7)
    weight = measures.family_weights(family, truth)
    assert weight[:100].sum() == pytest.approx(weight[100]) == pytest.approx(0.5)
    assert weight[101:].sum() == pytest.approx(1.0)


def test_family_on_both_sides_counts_on_each() -> None:
    """The twin: a family's rows of one side are not made lighter than the other side's families."""
    family = np.array(["both", "both", "other"])
    truth = np.array([True, False, False])
    weight = measures.family_weights(family, truth)
    assert weight[0] == pytest.approx(1.0)


def test_scores_that_say_nothing_find_nothing() -> None:
    """One score for all: AUC one half, no recall."""
    truth = np.array([True, False] * 50)
    figures = measures.figures_of(np.zeros(100), truth, weight=np.ones(100))
    assert {"auc": 0.5, "recall_at_1pct_fpr": 0.0, "recall_at_0_1pct_fpr": 0.0} == figures


def test_calibrated_scores_have_no_error() -> None:
    """Three of four come true where .75 was said; where .95 was said of the same, a fifth is off."""
    truth = np.array([True, True, True, False] * 25)
    right = measures.calibration_of(np.full(100, 0.75), truth, weight=np.ones(100))
    wrong = measures.calibration_of(np.full(100, 0.95), truth, weight=np.ones(100))
    assert 0.0 == right["ece"]
    assert 0.2 == pytest.approx(wrong["ece"])
    assert [{"from": 0.7, "share_of_rows": 1.0, "said": 0.75, "came_true": 0.75}] == right["bins"]


def test_interval_holds_the_figure_and_repeats() -> None:
    """Resampling lineages is seeded; where all lineages agree it has no width."""
    lineage = np.arange(100) % 10
    truth = lineage < 5
    score = truth * 1.0 + np.arange(100) % 7 / 10
    asked = {"truth": truth, "weight": np.ones(100), "lineage": lineage, "seed": 3}
    interval = measures.interval_of(score, **asked)
    assert [1.0, 1.0] == interval["auc"]
    assert interval == measures.interval_of(score, **asked)


def test_every_row_is_scored_by_a_stranger() -> None:
    """The model of a row was given no row of its lineage, and none that weighs nothing."""
    lineage = np.array([0, 0, 1, 1, 2, 2])
    taught = np.array([1.0, 0.0, 1.0, 1.0, 1.0, 1.0])
    met: list[tuple[set[int], set[int]]] = []

    def fit(rows: np.ndarray) -> object:
        def score(out: np.ndarray) -> np.ndarray:
            met.append((set(rows.tolist()), set(out.tolist())))
            return out * 10.0

        return score

    scores = out_of_lineage(lineage, taught, fit=fit)
    assert [0.0, 10.0, 20.0, 30.0, 40.0, 50.0] == scores.tolist()
    assert [({2, 3, 4, 5}, {0, 1}), ({0, 4, 5}, {2, 3}), ({0, 2, 3}, {4, 5})] == met


@given(ROWS, st.sampled_from([0.001, 0.01, 0.1, 0.5]))
def test_benchmark_and_card_measure_the_same(
    rows: list[tuple[int, bool, int]], rate: float
) -> None:
    """Two ways to count, written apart, give one AUC, one recall and one error of calibration."""
    score, truth, weight = columns(rows)
    curve = measures.curve_of(score, truth, weight=weight)
    assert curve.auc() == pytest.approx(card.auc_of(score, truth, weight=weight))
    recall, _ = card.recall_at(score, truth, weight=weight, false_positives=rate)
    assert curve.recall_at(rate)[0] == pytest.approx(recall)
    theirs = card.reliability_of(score / 5, truth, weight=weight)["ece"]
    assert measures.calibration_of(score / 5, truth, weight=weight)["ece"] == theirs
