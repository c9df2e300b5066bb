"""Rows of lineages -> a score for each row by a model that saw nothing of the row's lineage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.content.measures import F64, I64, Mask

Score = Callable[[I64], F64]
Fit = Callable[[I64], Score]
"""Rows to learn from -> what scores other rows."""


def out_of_lineage(lineage: I64, taught: F64, *, fit: Fit, scored: Mask | None = None) -> F64:
    """
    Hold each lineage out once; rows that weigh nothing in `taught` are scored, not learned.

    Where `scored` is given, the other rows are only learned from and get 0.
    """
    wanted = np.ones(lineage.size, np.bool_) if scored is None else scored
    score = np.zeros(lineage.size)
    for held in np.unique(lineage[wanted]):
        model = fit(np.flatnonzero((lineage != held) & (taught > 0)))
        out = np.flatnonzero((lineage == held) & wanted)
        score[out] = model(out)
    return score
