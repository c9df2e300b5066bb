"""Rows of families -> a linear model of one output, and logits that saw nothing of a lineage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from iolaus.fingerprint.promptset import F64, I64, Mask, PromptSet

STRENGTH = 100.0
"""C times rows of the logistic regression. Strong: weak ones learn templates."""

LINEAGES_NEEDED = 3
"""A word is used when it stands in this many training lineages: others are a template's own."""

BIT_SCALE = 0.2
"""A structure bit beside 1 / sqrt(features). Held-out recall at .1, .2, .4: .085, .140, .102."""

FOLDS = 6
"""Groups of lineages held out together; leaving each out alone costs too much."""

PARTS = 3
"""Parts into which the rows of an output's only lineage are dealt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """One output's model: a value per bucket, a value per structure bit, an intercept."""

    words: F64
    bits: F64
    intercept: float

    def logits(self, prompts: PromptSet, rows: I64) -> F64:
        """Score rows."""
        scaled = prompts.words[rows] @ self.words / np.sqrt(prompts.n_features[rows])
        return np.asarray(scaled + prompts.bits[rows] @ self.bits + self.intercept)


def out_of_lineage(prompts: PromptSet, output: str, *, dealt: bool) -> F64:
    """
    Return every row's logit by a model that saw nothing of the row's lineage.

    Where the output's rows are `dealt` they are split in PARTS by row, and only the others
    by lineage: for what a single lineage asks for, which cannot be held out whole.
    """
    truth = prompts.truth_of(output)
    logits = np.zeros(truth.size)
    lineage = held_apart(prompts, output) if dealt else prompts.lineage
    for held in folds_of(lineage, truth):
        out = np.isin(lineage, held)
        taught = np.flatnonzero(~out)
        if len(np.unique(truth[taught])) == 2:
            model = fit(prompts, taught, truth)
            logits[out] = model.logits(prompts, np.flatnonzero(out))
    return logits


def held_apart(prompts: PromptSet, output: str) -> I64:
    """Return the lineages, with the output's own rows dealt into PARTS new ones."""
    truth = prompts.truth_of(output)
    part = prompts.lineage.max() + 1 + np.arange(truth.size) % PARTS
    return np.where(truth, part, prompts.lineage)


def in_one_lineage(prompts: PromptSet, output: str) -> bool:
    """Say whether all rows that an output should be high for are of one lineage."""
    truth = prompts.truth_of(output)
    return len(np.unique(prompts.lineage[truth])) == 1


def folds_of(lineage: I64, truth: Mask) -> list[I64]:
    """Return the lineages to hold out together, dealt out, those with truth first."""
    numbers, code, sizes = np.unique(lineage, return_inverse=True, return_counts=True)
    n_true = np.bincount(code, truth, numbers.size)
    order = numbers[np.lexsort((-sizes, -n_true))]
    n = min(FOLDS, numbers.size)
    return [order[start::n] for start in range(n)]


def balance(family: npt.NDArray[np.str_], truth: Mask) -> F64:
    """Return row weights: families count equally within a side, and the sides equally."""
    _, code, size = np.unique(family, return_inverse=True, return_counts=True)
    weight = 1 / size[code]
    for value in (True, False):
        weight[truth == value] /= max(weight[truth == value].sum(), 1e-12)
    return np.asarray(weight * truth.size / 2)


def fit(prompts: PromptSet, rows: I64, truth: Mask) -> Linear:
    """Fit one output on some rows, on words that stand in enough of their lineages."""
    from sklearn.linear_model import LogisticRegression

    columns = _widespread(prompts, rows)
    scale = sp.diags(1 / np.sqrt(prompts.n_features[rows]))
    features = sp.hstack(
        [(scale @ prompts.words[rows])[:, columns], sp.csr_matrix(prompts.bits[rows] * BIT_SCALE)]
    ).tocsr()
    model = LogisticRegression(C=STRENGTH / rows.size, max_iter=200, tol=1e-3)
    weight = balance(prompts.family[rows], truth[rows])
    model.fit(features, truth[rows], sample_weight=weight)
    words = np.zeros(prompts.words.shape[1])
    words[columns] = model.coef_[0, : columns.size]
    bits = model.coef_[0, columns.size :] * BIT_SCALE
    return Linear(words=words, bits=bits, intercept=float(model.intercept_[0]))


def _widespread(prompts: PromptSet, rows: I64) -> I64:
    """Return the buckets that stand in LINEAGES_NEEDED of the rows' lineages, or in half of few."""
    lineages, code = np.unique(prompts.lineage[rows], return_inverse=True)
    member = sp.csr_matrix(
        (np.ones(rows.size, np.float32), (code, np.arange(rows.size))),
        shape=(lineages.size, rows.size),
    )
    n_lineages = np.asarray(((member @ prompts.words[rows]) > 0).sum(axis=0)).ravel()
    return np.flatnonzero(n_lineages >= min(LINEAGES_NEEDED, (lineages.size + 1) // 2))
