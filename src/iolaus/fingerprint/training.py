"""Prompt families -> weights for the classifier, with the figures they earned out of lineage.

Asks and extraction come from one mixture of kinds (mixture.py), taught mostly by prompts composed
of our own sentences (authored.py); capabilities from a linear model each. Every figure is from
rows whose whole lineage was held out. Needs scikit-learn (the extra `train`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from iolaus.errors import UsageError
from iolaus.fingerprint.authored import compose, read_sentences
from iolaus.fingerprint.calibration import Curve, curve_of
from iolaus.fingerprint.capability import (
    BIT_SCALE,
    Linear,
    balance,
    fit,
    in_one_lineage,
    out_of_lineage,
)
from iolaus.fingerprint.content import INNOCENTS, KINDS, OUTPUTS
from iolaus.fingerprint.mixture import Mixture, fit_mixture, odds_of_asks
from iolaus.fingerprint.promptset import (
    F64,
    I64,
    Features,
    Mask,
    PromptSet,
    features_of,
    kinds_of,
    read_prompts,
)
from iolaus.schema import ASKS, CAPABILITIES

WEIGHT = 0.0
"""What the prompt families weigh beside the composed prompts, which weigh 1. Any weight teaches
the families' own wording: .003, .01 and .1 cost .006, .018 and .04 of held-out AUC of extraction."""

ASKED = tuple(output for output in OUTPUTS if not output.startswith("capability:"))
"""What the mixture gives, in the order of its odds."""

NOBODY = -1
"""The lineage of composed prompts, which is never held out."""

ROWS_NEEDED = 3
"""A bucket is used when it stands in so many composed prompts, or in so many lineages."""

UNKNOWN = Curve(slope=0.0, offset=0.0)

SMALLEST_VALUE = 12
"""Values below this, of 127, are not shipped. At 3, 8, 16 and 32 the held-out AUC of extraction was
.806, .808, .808 and .802, and 49, 32, 25 and 15 % of a text's features had any value to add."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Everything that the mixture is fitted on: composed prompts first, then the families'."""

    features: sp.csr_matrix
    columns: I64
    may_be: Mask
    lineage: I64
    n_authored: int
    weight: F64


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What training leaves: models, and held-out probabilities for each output that has any.

    `within` names the outputs whose rows were held out of their own lineage's, not with it;
    `curves` holds what made the held-out log odds probabilities.
    """

    prompts: PromptSet
    capabilities: dict[str, Linear]
    mixture: Mixture
    columns: I64
    curves: dict[str, Curve]
    share: dict[str, F64]
    within: frozenset[str]


def train(folder: Path, *, seed: int, weight: float = WEIGHT) -> Trained:
    """Fit every output that has rows on both sides, and that ranks lineages it never saw aright."""
    _need_sklearn()
    prompts = read_prompts(folder, rng=np.random.default_rng(seed))
    curves, share, within = {}, {}, set()
    capabilities: dict[str, Linear] = {}
    for output in OUTPUTS[: len(CAPABILITIES)]:
        if not _has_both(prompts, output):
            continue
        dealt = in_one_lineage(prompts, output)
        held_out = out_of_lineage(prompts, output, dealt=dealt)
        curve = _calibrated(prompts, held_out, output)
        if curve.slope <= 0:
            dealt, held_out = True, out_of_lineage(prompts, output, dealt=True)
            curve = _calibrated(prompts, held_out, output)
        if curve.slope <= 0:
            continue
        within |= {output} if dealt else set()
        curves[output], share[output] = curve, curve.of(held_out)
        truth = prompts.truth_of(output)
        capabilities[output] = fit(prompts, np.arange(truth.size), truth)
    taught = _taught(prompts, weight=weight, rng=np.random.default_rng(seed))
    mixture = _fit(taught, taught.weight > 0)
    asked_curves, asked_share = _asked(prompts, _odds_out_of_lineage(prompts, taught, mixture))
    return Trained(
        prompts=prompts,
        capabilities=capabilities,
        mixture=mixture,
        columns=taught.columns,
        curves=curves | asked_curves,
        share=share | asked_share,
        within=frozenset(within),
    )


def out_of_fold(folder: Path, *, seed: int, weight: float = WEIGHT) -> tuple[PromptSet, F64]:
    """
    Return the rows, and the calibrated probability of `extraction` of each, 0 to 1.

    Each is by a model that saw nothing of the row's lineage.
    """
    _need_sklearn()
    prompts = read_prompts(folder, rng=np.random.default_rng(seed))
    taught = _taught(prompts, weight=weight, rng=np.random.default_rng(seed))
    mixture = _fit(taught, taught.weight > 0)
    _, share = _asked(prompts, _odds_out_of_lineage(prompts, taught, mixture))
    return prompts, share["extraction"]


def quantised(trained: Trained) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of a weights file: int8 rows for the buckets worth shipping."""
    n_bits, n = trained.prompts.bits.shape[1], len(CAPABILITIES) + len(KINDS)
    words = np.zeros((trained.prompts.words.shape[1], n))
    shape, intercept, scale = np.zeros((n_bits, n)), np.zeros(n), np.ones(n)
    for output, model in trained.capabilities.items():
        at, curve = OUTPUTS.index(output), trained.curves[output]
        words[:, at], shape[:, at], scale[at] = model.words, model.bits * curve.slope, curve.slope
        intercept[at] = model.intercept * curve.slope + curve.offset
    first = len(CAPABILITIES)
    words[trained.columns, first:] = trained.mixture.values[: trained.columns.size]
    shape[:, first:] = trained.mixture.values[trained.columns.size :] * BIT_SCALE
    intercept[first:] = trained.mixture.intercept
    step = np.maximum(np.abs(words).max(axis=0) / 127, 1e-12)
    values = np.rint(words / step).astype(np.int8)
    values[np.abs(values) < SMALLEST_VALUE] = 0
    used = np.flatnonzero(values.any(axis=1))
    curves = np.array(
        [
            (curve.slope, curve.offset, curve.low, curve.high)
            for curve in (trained.curves.get(output, UNKNOWN) for output in ASKED)
        ]
    )
    return {
        "buckets": used.astype(np.int32),
        "values": values[used],
        "shape": shape.astype(np.float32),
        "slope": (step * scale).astype(np.float32),
        "intercept": intercept.astype(np.float32),
        "curves": curves.astype(np.float32),
        "known": np.array([output in trained.curves for output in OUTPUTS]),
        "outputs": np.array((*OUTPUTS, *INNOCENTS)),
    }


def _need_sklearn() -> None:
    try:
        import sklearn  # noqa: F401 - asked for here, so that the answer is a sentence
    except ImportError as error:
        raise UsageError(
            "training needs scikit-learn", remedy="pip install 'iolaus[train]'"
        ) from error


def _has_both(prompts: PromptSet, output: str) -> bool:
    truth = prompts.truth_of(output)
    return bool(truth.any() and not truth.all())


def _taught(prompts: PromptSet, *, weight: float, rng: np.random.Generator) -> Taught:
    """Compose prompts, and put them before the families'."""
    authored = compose(read_sentences(), rng=rng)
    own = features_of(authored.systems, authored.texts)
    columns = _columns(own, prompts, weight=weight)
    real = Features(words=prompts.words, bits=prompts.bits, n_features=prompts.n_features)
    kinds = np.zeros((authored.kind.size, len(KINDS)), np.bool_)
    kinds[np.arange(authored.kind.size), authored.kind] = True
    composed = np.zeros(authored.kind.size)
    for is_ask in (True, False):
        side = (authored.kind < len(ASKS)) == is_ask
        composed[side] = 0.5 / side.sum()
    given = balance(prompts.family, prompts.truth_of("extraction"))
    return Taught(
        features=sp.vstack([_scaled(own, columns), _scaled(real, columns)]).tocsr(),
        columns=columns,
        may_be=np.vstack([kinds, kinds_of(prompts)]),
        lineage=np.append(np.full(authored.kind.size, NOBODY), prompts.lineage),
        n_authored=authored.kind.size,
        weight=np.append(composed, given / given.sum() * weight),
    )


def _columns(own: Features, prompts: PromptSet, *, weight: float) -> I64:
    """Return the buckets of enough composed prompts, or of lineages where these weigh anything."""
    used = np.asarray((own.words > 0).sum(axis=0)).ravel() >= ROWS_NEEDED
    if weight:
        _, code = np.unique(prompts.lineage, return_inverse=True)
        member = sp.csr_matrix((np.ones(code.size, np.float32), (code, np.arange(code.size))))
        used |= np.asarray(((member @ prompts.words) > 0).sum(axis=0)).ravel() > ROWS_NEEDED
    return np.flatnonzero(used)


def _scaled(features: Features, columns: I64) -> sp.csr_matrix:
    norm = sp.diags((1 / np.sqrt(features.n_features)).astype(np.float32))
    words = (norm @ features.words.tocsr()[:, columns]).astype(np.float32)
    return sp.hstack([words, sp.csr_matrix(features.bits * np.float32(BIT_SCALE))]).tocsr()


def _fit(taught: Taught, kept: Mask, *, start: Mixture | None = None) -> Mixture:
    return fit_mixture(taught.features[kept], taught.may_be[kept], taught.weight[kept], start=start)


def _odds_out_of_lineage(prompts: PromptSet, taught: Taught, whole: Mixture) -> F64:
    """
    Return each row's log odds of ASKED by a mixture that saw nothing of the row's lineage.

    Where the families weigh nothing that is the `whole` mixture, which saw none of them. Otherwise
    each lineage's search starts from a model of composed prompts alone.
    """
    real = taught.features[taught.n_authored :]
    authored = np.arange(taught.lineage.size) < taught.n_authored
    if not taught.weight[~authored].any():
        return odds_of_asks(whole.logits(real))
    odds = np.zeros((prompts.lineage.size, len(ASKED)))
    beginning = _fit(taught, authored)
    for lineage in np.unique(prompts.lineage):
        out = np.flatnonzero(prompts.lineage == lineage)
        model = _fit(taught, taught.lineage != lineage, start=beginning)
        odds[out] = odds_of_asks(model.logits(real[out]))
    return odds


def _asked(prompts: PromptSet, odds: F64) -> tuple[dict[str, Curve], dict[str, F64]]:
    """
    Return the curve and the held-out probabilities of each of ASKED.

    What no row is labelled with takes the mean of the others' curves.
    """
    curves: dict[str, Curve] = {}
    for at, output in enumerate(ASKED):
        if _has_both(prompts, output):
            curve = _calibrated(prompts, odds[:, at], output, is_bounded=True)
            curves |= {output: curve} if curve.slope > 0 else {}
    share = {output: curve.of(odds[:, ASKED.index(output)]) for output, curve in curves.items()}
    asks = [curves[output] for output in ASKED[:-1] if output in curves]
    for output in ASKED[:-1]:
        if asks and not prompts.truth_of(output).any():
            curves[output] = Curve(
                slope=float(np.mean([curve.slope for curve in asks])),
                offset=float(np.mean([curve.offset for curve in asks])),
            )
    return curves, share


def _calibrated(prompts: PromptSet, logits: F64, output: str, *, is_bounded: bool = False) -> Curve:
    truth = prompts.truth_of(output)
    weight = balance(prompts.family, truth)
    return curve_of(logits, truth, weight=weight, is_bounded=is_bounded)
