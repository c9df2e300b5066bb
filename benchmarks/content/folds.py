"""Rows of lineages -> a score for each row by a model that saw nothing of the row's lineage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.content.measures import F64, I64

Score = Callable[[I64], F64]
Fit = Callable[[I64], Score]
"""Rows to learn from -> what scores other rows."""


def out_of_lineage(lineage: I64, taught: F64, *, fit: Fit) -> F64:
    """Hold each lineage out once; rows that weigh nothing in `taught` are scored, not learned."""
    score = np.zeros(lineage.size)
    for held in np.unique(lineage):
        out = lineage == held
        model = fit(np.flatnonzero(~out & (taught > 0)))
        score[out] = model(np.flatnonzero(out))
    return score
