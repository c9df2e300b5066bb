"""Scores, truth and weights -> AUC, recall at a false-positive rate, and how well calibrated.

Written apart from `iolaus.fingerprint.measures`, which the card is made with: peers are scored with
this in an environment that has no Iolaus, and what judges should not be what is judged. A test
holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Names = npt.NDArray[np.str_]

BINS = 10
RESAMPLES = 400
INTERVAL = (5, 95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The weighted share of positives and negatives at or above each level, highest level first."""

    levels: F64
    true_share: F64
    false_share: F64

    def auc(self) -> float:
        """Return the area under the curve; ties count half."""
        steps = np.diff(np.append(0.0, self.false_share))
        heights = np.append(0.0, self.true_share)
        return float((steps * (heights[1:] + heights[:-1]) / 2).sum())

    def recall_at(self, rate: float) -> tuple[float, float]:
        """Return recall where at most `rate` of the negatives pass, and that level; else 0, inf."""
        passing = np.flatnonzero(self.false_share <= rate)
        if passing.size == 0:
            return 0.0, float("inf")
        return float(self.true_share[passing[-1]]), float(self.levels[passing[-1]])


def curve_of(score: F64, truth: Mask, *, weight: F64) -> Curve:
    """Sort once; rows of weight 0 count nothing."""
    levels, code = np.unique(score, return_inverse=True)
    right = np.bincount(code, weight * truth, levels.size)[::-1].cumsum()
    wrong = np.bincount(code, weight * ~truth, levels.size)[::-1].cumsum()
    return Curve(
        levels=levels[::-1],
        true_share=right / max(right[-1], 1e-300),
        false_share=wrong / max(wrong[-1], 1e-300),
    )


def family_weights(family: Names, truth: Mask) -> F64:
    """Return row weights: families count equally within a side, and both sides weigh 1."""
    _, code, size = np.unique(family, return_inverse=True, return_counts=True)
    weight = 1.0 / size[code]
    for side in (truth, ~truth):
        weight[side] /= max(float(weight[side].sum()), 1e-300)
    return np.asarray(weight)


def figures_of(score: F64, truth: Mask, *, weight: F64) -> dict[str, float]:
    """Return the three figures of the plan."""
    curve = curve_of(score, truth, weight=weight)
    return {
        "auc": short(curve.auc()),
        "recall_at_1pct_fpr": short(curve.recall_at(0.01)[0]),
        "recall_at_0_1pct_fpr": short(curve.recall_at(0.001)[0]),
    }


def interval_of(
    score: F64, truth: Mask, *, weight: F64, lineage: I64, seed: int
) -> dict[str, list[float]]:
    """
    Return 90 % intervals of the three figures over resampled lineages.

    Rows of a lineage are not independent, so lineages are drawn, those with positives and
    those without apart. Few lineages make it wide, and it is still a guess.
    """
    rng = np.random.default_rng(seed)
    numbers, code = np.unique(lineage, return_inverse=True)
    distilling = np.isin(numbers, lineage[truth])
    drawn = []
    for _ in range(RESAMPLES):
        times = np.zeros(numbers.size)
        for stratum in (np.flatnonzero(distilling), np.flatnonzero(~distilling)):
            picks = rng.choice(stratum, stratum.size)
            times += np.bincount(picks, minlength=numbers.size)
        figures = figures_of(score, truth, weight=weight * times[code])
        drawn.append([figures[name] for name in sorted(figures)])
    low, high = np.percentile(np.array(drawn), INTERVAL, axis=0)
    return {
        name: [short(low[i]), short(high[i])]
        for i, name in enumerate(sorted(figures_of(score, truth, weight=weight)))
    }


def calibration_of(probability: F64, truth: Mask, *, weight: F64) -> dict[str, Any]:
    """
    Return ten bins of the probability with what came true in each, and the mean error (ECE).

    Both sides weigh the same: a probability here is under an even prior.
    """
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    total = np.bincount(place, weight, BINS)
    said = np.bincount(place, weight * probability, BINS)
    true = np.bincount(place, weight * truth, BINS)
    bins = [
        {
            "from": number / BINS,
            "share_of_rows": short(total[number] / total.sum()),
            "said": short(said[number] / total[number]),
            "came_true": short(true[number] / total[number]),
        }
        for number in range(BINS)
        if total[number] > 0
    ]
    return {"ece": short(np.abs(said - true).sum() / total.sum()), "bins": bins}


def short(value: float) -> float:
    """Return four decimals: more than twenty lineages can tell."""
    return round(float(value), 4)
