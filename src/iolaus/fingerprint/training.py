"""Prompt families -> weights for the classifier, with the figures they earned out of lineage.

One linear model per output on hashed words, pairs of words and structure bits. Every figure is
from rows whose whole lineage was held out. Needs scikit-learn (the extra `train`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from iolaus.errors import UsageError
from iolaus.fingerprint.content import OUTPUTS
from iolaus.fingerprint.promptset import F64, I64, Mask, PromptSet, read_prompts

STRENGTH = 100.0
"""C times rows of the logistic regression. Strong: weak ones learn templates. Held-out AUC of
extraction at 1100, 300, 100, 30: .753, .766, .770, .774 (families equal)."""

LINEAGES_NEEDED = 3
"""A word is used when it stands in this many training lineages: others are a template's own.
5 was no better (AUC .759 against .766)."""

BIT_SCALE = 0.2
"""A structure bit beside 1 / sqrt(features). Held-out recall at .1, .2, .4: .085, .140, .102."""

FOLDS = 6
"""Groups of lineages held out together, where leaving each out alone costs too much."""

DESCRIBES = "capability:"
"""Outputs that name a target and carry no bits: of use on known recipes alone, the card says so."""

PARTS = 3
"""Parts into which the rows of an output's only lineage are dealt."""

SMALLEST_VALUE = 3
"""Buckets whose values are all below this, of 127, are not shipped."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What training leaves: a model and held-out percentages for each output.

    `within` names the outputs whose rows were held out of their own lineage's, not with it.
    """

    prompts: PromptSet
    models: dict[str, Linear]
    slope: dict[str, float]
    offset: dict[str, float]
    percent: dict[str, npt.NDArray[np.int8]]
    within: frozenset[str]


def train(folder: Path, *, seed: int) -> Trained:
    """Fit every output that has rows on both sides, and that ranks lineages it never saw aright."""
    try:
        import sklearn  # noqa: F401 - asked for here, so that the answer is a sentence
    except ImportError as error:
        raise UsageError(
            "training needs scikit-learn", remedy="pip install 'iolaus[train]'"
        ) from error
    prompts = read_prompts(folder, rng=np.random.default_rng(seed))
    models, slope, offset, percent, within = {}, {}, {}, {}, set()
    for output in OUTPUTS:
        usable, truth = rows_for(prompts, output), prompts.truth_of(output)
        if truth[usable].all() or not truth[usable].any():
            continue
        dealt = in_one_lineage(prompts, output)
        held_out = out_of_lineage(prompts, output, dealt=dealt)
        line = _calibrated(prompts, held_out, truth, usable)
        if line[0] <= 0 and output.startswith(DESCRIBES):
            dealt, held_out = True, out_of_lineage(prompts, output, dealt=True)
            line = _calibrated(prompts, held_out, truth, usable)
        if line[0] <= 0:
            continue
        within |= {output} if dealt else set()
        slope[output], offset[output] = line
        models[output] = fit(prompts, np.flatnonzero(usable), truth)
        percent[output] = np.rint(100 / (1 + np.exp(-line[0] * held_out - line[1]))).astype(np.int8)
    return Trained(
        prompts=prompts,
        models=models,
        slope=slope,
        offset=offset,
        percent=percent,
        within=frozenset(within),
    )


def rows_for(prompts: PromptSet, output: str) -> Mask:
    """Return the rows an output is trained on; plain instructions say nothing of extraction."""
    return ~prompts.plain if output == "extraction" else np.ones(prompts.plain.size, np.bool_)


def out_of_lineage(prompts: PromptSet, output: str, *, dealt: bool) -> F64:
    """
    Return every row's logit by a model that saw nothing of the row's lineage.

    Where the output's rows are `dealt` they are split in PARTS by row, and only the others
    by lineage: for what a single lineage asks for, which cannot be held out whole.
    """
    usable, truth = rows_for(prompts, output), prompts.truth_of(output)
    logits = np.zeros(truth.size)
    lineage = held_apart(prompts, output) if dealt else prompts.lineage
    for held in folds_of(lineage, truth, alone=output == "extraction"):
        out = np.isin(lineage, held)
        taught = np.flatnonzero(~out & usable)
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
    truth = prompts.truth_of(output) & rows_for(prompts, output)
    return len(np.unique(prompts.lineage[truth])) == 1


def folds_of(lineage: I64, truth: Mask, *, alone: bool) -> list[I64]:
    """Return the lineages to hold out together: each alone, or dealt out, those with truth first."""
    numbers, code, sizes = np.unique(lineage, return_inverse=True, return_counts=True)
    if alone:
        return [np.array([number]) for number in numbers]
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


def quantised(trained: Trained) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of a weights file: int8 rows for the buckets worth shipping."""
    values = np.zeros((trained.prompts.buckets.size, len(OUTPUTS)), np.int8)
    slope, offset = np.zeros(len(OUTPUTS), np.float32), np.zeros(len(OUTPUTS), np.float32)
    shape = np.zeros((trained.prompts.bits.shape[1], len(OUTPUTS)), np.float32)
    for output, model in trained.models.items():
        at = OUTPUTS.index(output)
        step = max(float(np.abs(model.words).max()) / 127, 1e-12)
        values[:, at] = np.rint(model.words / step).astype(np.int8)
        slope[at] = step * trained.slope[output]
        shape[:, at] = model.bits * trained.slope[output]
        offset[at] = model.intercept * trained.slope[output] + trained.offset[output]
    values[np.abs(values) < SMALLEST_VALUE] = 0
    used = np.flatnonzero(values.any(axis=1))
    return {
        "buckets": trained.prompts.buckets[used].astype(np.int32),
        "values": values[used],
        "shape": shape,
        "slope": slope,
        "intercept": offset,
        "known": np.array([output in trained.models for output in OUTPUTS]),
        "outputs": np.array(OUTPUTS),
    }


def _widespread(prompts: PromptSet, rows: I64) -> I64:
    """Return the buckets that stand in LINEAGES_NEEDED of the rows' lineages, or in half of few."""
    lineages, code = np.unique(prompts.lineage[rows], return_inverse=True)
    member = sp.csr_matrix(
        (np.ones(rows.size, np.float32), (code, np.arange(rows.size))),
        shape=(lineages.size, rows.size),
    )
    n_lineages = np.asarray(((member @ prompts.words[rows]) > 0).sum(axis=0)).ravel()
    return np.flatnonzero(n_lineages >= min(LINEAGES_NEEDED, (lineages.size + 1) // 2))


def _calibrated(prompts: PromptSet, logits: F64, truth: Mask, usable: Mask) -> tuple[float, float]:
    """Fit slope and offset of the held-out logits under an even prior (Platt)."""
    from sklearn.linear_model import LogisticRegression

    weight = balance(prompts.family[usable], truth[usable])
    model = LogisticRegression(C=1e3, max_iter=200)
    model.fit(logits[usable, None], truth[usable], sample_weight=weight)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
