"""Scores, truth and weights -> the figures of a classifier: ranking, recall, calibration."""

from __future__ import annotations

from typing import Any

import numpy as np

from iolaus.fingerprint.promptset import F64, Mask

DECILES = 10


def auc_of(score: F64, truth: Mask, *, weight: F64) -> float:
    """Return the weighted area under the ROC curve; ties count half."""
    levels, code = np.unique(score, return_inverse=True)
    wrong = np.bincount(code, weight * ~truth, levels.size)
    right = np.bincount(code, weight * truth, levels.size)
    below = np.cumsum(wrong) - wrong / 2
    return float((right * below).sum() / max(right.sum() * wrong.sum(), 1e-12))


def recall_at(
    score: F64, truth: Mask, *, weight: F64, false_positives: float = 0.01
) -> tuple[float, float]:
    """Return recall where that share of the weighted negatives passes, and the threshold."""
    levels, code = np.unique(score, return_inverse=True)
    wrong = np.bincount(code, weight * ~truth, levels.size)[::-1].cumsum()[::-1]
    right = np.bincount(code, weight * truth, levels.size)[::-1].cumsum()[::-1]
    passing = np.flatnonzero(wrong <= false_positives * wrong[0])
    if passing.size == 0:
        return 0.0, float(levels[-1]) + 1
    return float(right[passing[0]] / max(right[0], 1e-12)), float(levels[passing[0]])


def reliability_of(probability: F64, truth: Mask, *, weight: F64) -> dict[str, Any]:
    """
    Return stated and found shares by tenth of the probability, and their mean distance (ECE).

    `weight` is the share of all weight in a tenth; tenths without any are left out.
    """
    tenth = np.minimum((probability * DECILES).astype(np.int64), DECILES - 1)
    total = np.bincount(tenth, weight, DECILES)
    stated = np.bincount(tenth, weight * probability, DECILES) / np.maximum(total, 1e-12)
    found = np.bincount(tenth, weight * truth, DECILES) / np.maximum(total, 1e-12)
    error = float((total * np.abs(stated - found)).sum() / total.sum())
    return {
        "ece": short(error),
        "tenths": [
            {
                "stated": short(stated[i]),
                "found": short(found[i]),
                "weight": short(total[i] / total.sum()),
            }
            for i in np.flatnonzero(total > 0)
        ],
    }


def short(value: float) -> float:
    """Round for a file."""
    return round(float(value), 4)
