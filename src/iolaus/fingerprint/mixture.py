"""Prompts and the kinds each may be of -> one linear model per kind, trained together.

A softmax over kinds of asking and kinds of innocent use. A prompt of a harvest must fall to
*some* way of asking, an innocent one to *some* innocent use; which one need not be known. So one
model tells a grade for a reward from a grade for a pupil, where a single line between all
harvests and all the rest cannot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize

from iolaus.fingerprint.content import KINDS
from iolaus.schema import ASKS

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

RIDGE = 1e-4
"""Half the squared weights' price, beside a mean loss of 1 a prompt. On the lineages in
`card.CHOSEN_ON`: .001, .0003, .0001 gave recall .57, .58, .59 at 1 % false positives."""

FIRST_STEPS, MORE_STEPS = 80, 25
"""Steps of L-BFGS from nothing, and from a model of nearly the same prompts."""

_NEVER = 60.0  # log odds of a kind that a prompt is not of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A value for each feature and kind, and an intercept for each kind."""

    values: F64
    intercept: F64

    def logits(self, features: sp.csr_matrix) -> F64:
        """Score rows for each kind."""
        return np.asarray(features @ self.values.astype(np.float32) + self.intercept)


def fit_mixture(
    features: sp.csr_matrix, may_be: Mask, weight: F64, *, start: Mixture | None = None
) -> Mixture:
    """Fit on rows that are each of one of the kinds in their row of `may_be`."""
    n_features, n = features.shape[1], may_be.shape[1]
    back = features.T.tocsr()
    closed = np.where(may_be, 0.0, -_NEVER)
    weight = weight / weight.sum()

    def loss(point: F64) -> tuple[float, F64]:
        values, intercept = point[:-n].reshape(n_features, n), point[-n:]
        logits = features @ values.astype(np.float32) + intercept
        inside, total = _log_sum(logits + closed), _log_sum(logits)
        pull = np.exp(logits - total[:, None]) - np.exp(logits + closed - inside[:, None])
        pull *= weight[:, None]
        slope = (back @ pull.astype(np.float32)).astype(np.float64) + RIDGE * values
        price = (weight * (total - inside)).sum() + RIDGE / 2 * (values * values).sum()
        return float(price), np.append(slope.ravel(), pull.sum(axis=0))

    point = np.zeros((n_features + 1) * n)
    if start is not None:
        point = np.append(start.values.ravel(), start.intercept)
    steps = FIRST_STEPS if start is None else MORE_STEPS
    options = {"maxiter": steps, "maxcor": 6}
    found = minimize(loss, point, jac=True, method="L-BFGS-B", options=options).x
    return Mixture(values=found[:-n].reshape(n_features, n), intercept=found[-n:])


def odds_of_asks(logits: F64) -> F64:
    """Return the log odds of each ask against all other kinds; the last column is any ask."""
    n = len(ASKS)
    columns = [logits[:, k] - _log_sum(np.delete(logits, k, axis=1)) for k in range(n)]
    columns.append(_log_sum(logits[:, :n]) - _log_sum(logits[:, n : len(KINDS)]))
    return np.stack(columns, axis=1)


def _log_sum(logits: F64) -> F64:
    highest = logits.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(logits - highest).sum(axis=1)) + highest[:, 0])
