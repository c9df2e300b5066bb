"""Scores in order of time -> what they prove of their mean, however often one looks.

A bet against "the mean is at most c" that grows by 1 + lambda (s - c) with each score s, its
stake lambda set by earlier scores alone, is fair while the claim holds: by Ville's inequality it
passes 2^b with probability at most 2^-b, at any time at which somebody cares to look.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVELS = np.arange(0.005, 1.0, 0.005)
"""Means that are tried for a bound: half a point of a hundred."""

SPREAD = 0.25
"""The variance that the first stake reckons with: nothing between 0 and 1 spreads more."""


def wealth_bits(scores: Floats, levels: Floats | float) -> Floats:
    """
    Return log2 of what betting on "the mean is above c" has earned after each score.

    `scores` in [0, 1], in order of time; the result has one row a score and one column a level.
    The stake is about what would have grown fastest so far, never negative, at most 1 / (2 c).
    """
    c = np.atleast_1d(np.asarray(levels, dtype=np.float64))
    n = np.arange(1, len(scores) + 1)
    # Before the first score: half a score at 1/2, with the widest spread.
    mean = (0.5 + np.concatenate([[0.0], np.cumsum(scores)[:-1]])) / n
    square = np.concatenate([[0.0], np.cumsum((scores - mean) ** 2)[:-1]])
    spread = (SPREAD + square) / n
    gain = mean[:, None] - c[None, :]
    stake = np.clip(gain / (spread[:, None] + gain**2), 0.0, 1.0 / (2.0 * c))
    return np.cumsum(np.log2(1.0 + stake * (scores[:, None] - c)), axis=0)


def bits_of_p(p: Floats | float) -> Floats:
    """
    Return log2 of 1 / (2 sqrt p): evidence whose mean is one under the null, whatever p's law.

    Negative where p is above a quarter. Source: Vovk and Wang (2021), calibrators of p-values.
    """
    return np.asarray(np.log2(0.5 / np.sqrt(p)), dtype=np.float64)


def mean_bounds(scores: Floats, *, bits: float) -> tuple[float, float]:
    """
    Return a lower and an upper bound of the mean, each wrong with probability 2^-bits at most.

    Valid at every moment at once. Without scores nothing is known: 0 and 1.
    """
    return _lower(scores, bits), 1.0 - _lower(1.0 - scores, bits)


def _lower(scores: Floats, bits: float) -> float:
    if not len(scores):
        return 0.0
    beaten = wealth_bits(scores, LEVELS).max(axis=0) >= bits
    # The claims are nested: whoever beats a level has beaten all below it.
    return float(LEVELS[np.flatnonzero(beaten)[-1]]) if beaten.any() else 0.0
