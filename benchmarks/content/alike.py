"""Rows -> what length alone, or layout alone, would have told, and how much of our score it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.content import measures
from benchmarks.content.folds import Score, out_of_lineage
from benchmarks.content.formatting import layout_of, lengths_of
from benchmarks.content.measures import F64, I64
from benchmarks.content.split import Rows

TREES = 60
LEAVES = 8


def features_of(texts: list[str]) -> dict[str, F64]:
    """Return what can be seen without reading."""
    return {"length": lengths_of(texts), "layout": layout_of(texts)}


def figures_of(rows: Rows, features: F64, *, probability: F64) -> dict[str, Any]:
    """
    Return the figures of a boosted model of these features, and the share of our score they explain.

    Both are out of lineage: the share is that of the variance of our score's logit, and below
    0 where other lineages' relation to length or layout misleads.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    settings = {"max_iter": TREES, "max_leaf_nodes": LEAVES, "random_state": 0}
    taught = rows.taught * rows.truth.size

    def classify(at: I64) -> Score:
        model = HistGradientBoostingClassifier(**settings)
        model.fit(features[at], rows.truth[at], sample_weight=taught[at])
        return lambda out: np.asarray(model.predict_proba(features[out])[:, 1])

    clipped = np.clip(probability, 0.005, 0.995)
    logit = np.log(clipped / (1 - clipped))

    def imitate(at: I64) -> Score:
        model = HistGradientBoostingRegressor(**settings)
        model.fit(features[at], logit[at], sample_weight=taught[at])
        return lambda out: np.asarray(model.predict(features[out]))

    score = out_of_lineage(rows.lineage, rows.taught, fit=classify)
    imitated = out_of_lineage(rows.lineage, rows.taught, fit=imitate)
    told = measures.figures_of(score, rows.truth, weight=rows.weight)
    share = _explained(logit, imitated, rows.weight)
    return {"figures": told | {"share_of_our_score": measures.short(share)}, "score": score}


def _explained(value: F64, imitated: F64, weight: F64) -> float:
    """Return 1 - squared error / variance, weighted."""
    mean = float(np.average(value, weights=weight))
    error = float(np.average((value - imitated) ** 2, weights=weight))
    return 1 - error / float(np.average((value - mean) ** 2, weights=weight))
