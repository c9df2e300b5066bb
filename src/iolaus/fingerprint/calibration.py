"""Held-out logits and truth -> the curve that makes them probabilities under an even prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from iolaus.fingerprint.promptset import F64, Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A logistic curve between `low` and `high`.

    It need not reach 0: harvested instructions that read like talk score like talk. Nor 1: some
    judges read like graders.
    """

    slope: float
    offset: float
    low: float = 0.0
    high: float = 1.0

    def of(self, logits: F64) -> F64:
        """Return the probabilities."""
        rise = 1 / (1 + np.exp(-np.clip(self.slope * logits + self.offset, -60, 60)))
        return np.asarray(self.low + (self.high - self.low) * rise)


def curve_of(logits: F64, truth: Mask, *, weight: F64, is_bounded: bool = False) -> Curve:
    """Fit slope and offset (Platt), and the bounds if they are asked for, by weighted log loss."""
    spread = float(logits.std()) or 1.0
    share = weight / weight.sum()
    last = 0.49 if is_bounded else 0.0

    def price(point: F64) -> float:
        found = Curve(slope=point[0] / spread, offset=point[1], low=point[2], high=1 - point[3]).of(
            logits
        )
        found = np.clip(found, 1e-9, 1 - 1e-9)
        return float(-(share * np.log(np.where(truth, found, 1 - found))).sum())

    start = np.array([1.0, 0.0, last / 10, last / 10])
    bounds = [(-50, 50), (-50, 50), (0, last), (0, last)]
    slope, offset, low, gap = minimize(price, start, method="L-BFGS-B", bounds=bounds).x
    return Curve(
        slope=float(slope) / spread, offset=float(offset), low=float(low), high=1 - float(gap)
    )
