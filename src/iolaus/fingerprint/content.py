"""Classifier sums -> int8 scores 0..100 for capabilities, asks and extraction.

The weights ship as int8 rows for the buckets that carry any (weights/content.npz); scikit-learn
trains them (training.py) and is not needed to use them.

    sums -> a logit for each capability
         `-> a logit for each kind of prompt -> softmax -> each ask against all other kinds
                                                        `-> extraction: all asks against the rest
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from iolaus.errors import InputError
from iolaus.fingerprint.kernel import N_BUCKETS
from iolaus.fingerprint.shape import STRUCTURE
from iolaus.fingerprint.vectors import compiled
from iolaus.schema import ASKS, CAPABILITIES

OUTPUTS = (*(f"capability:{c}" for c in CAPABILITIES), *(f"ask:{a}" for a in ASKS), "extraction")
"""What is scored, in order."""

INNOCENTS = ("chat", "service", "maker", "judge", "bench", "course", "agent")
"""Kinds of prompt that harvest nothing: talk, an app's own prompt, a wish for content, an
evaluation of models, a benchmark, coursework, an agent that serves its user."""

KINDS = (*ASKS, *INNOCENTS)
"""The kinds among which a prompt is divided."""

COLUMNS = (*CAPABILITIES, *KINDS)
"""The columns of the weights, in order."""

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I8 = npt.NDArray[np.int8]

_LAST = 30.0  # a logit beyond which a percentage does not change


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """
    A linear model, per column: slope * sum(values) / sqrt(features) + sum(shape) + intercept.

    `rows` says for each bucket which row of `values` it has, or -1; `shape` holds a value for
    each structure bit; `curves` has slope, offset, low and high of the curve that makes the log
    odds of each ask, and of extraction, what was found on lineages that the model had not seen;
    `known` says which outputs were trained. `shared` is how much two prompts of one session tell the same.
    """

    rows: npt.NDArray[np.int32]
    values: I8
    shape: F32
    slope: F32
    intercept: F32
    curves: F32
    known: npt.NDArray[np.bool_]
    shared: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores in percent: the probability under an even prior, calibrated out of lineage."""

    capabilities: I8
    asks: I8
    extraction: I8


def no_weights() -> Weights:
    """Return a model that knows nothing; its scores are not given."""
    n = len(COLUMNS)
    return Weights(
        rows=np.full(N_BUCKETS, -1, np.int32),
        values=np.zeros((1, n), np.int8),
        shape=np.zeros((len(STRUCTURE), n), np.float32),
        slope=np.zeros(n, np.float32),
        intercept=np.zeros(n, np.float32),
        curves=np.zeros((len(ASKS) + 1, 4), np.float32),
        known=np.zeros(len(OUTPUTS), np.bool_),
        shared=1.0,
    )


def weights_folder() -> Traversable:
    """Return the folder of `iolaus train` that IOLAUS_WEIGHTS names, or the package's own."""
    named = os.environ.get("IOLAUS_WEIGHTS")
    return Path(named) if named else resources.files("iolaus.fingerprint") / "weights"


def load_weights(path: Path | None = None) -> Weights:
    """
    Load a weights file, or that of `weights_folder`.

    Where the package has none nothing is known; a folder that is named must have one.
    """
    if path is None:
        file = weights_folder() / "content.npz"
        if not file.is_file() and "IOLAUS_WEIGHTS" not in os.environ:
            return no_weights()
        with resources.as_file(file) as found:
            return _load(found)
    return _load(path)


def scores_of(weights: Weights, *, sums: I32, n_features: I32, structure: I32) -> Scores | None:
    """Turn a text's sums, feature count and structure into scores; None where none are known."""
    if not weights.known.any():
        return None
    percent = np.empty((len(sums), len(OUTPUTS)), np.int8)
    scratch = np.empty(3 * len(COLUMNS), np.float64)
    model = (weights.slope, weights.intercept, weights.shape, weights.curves)
    _write_percent((sums, n_features, structure), model, weights.known, percent, scratch)
    n = len(CAPABILITIES)
    return Scores(
        capabilities=percent[:, :n], asks=percent[:, n:-1], extraction=percent[:, -1].copy()
    )


def session_score(weights: Weights, turns: I8 | F64) -> float:
    """
    Return one percentage for a session from its turns' percentages, 0 to 100.

    The log odds of n turns are added up, and divided by 1 + (n - 1) * `shared`: turns of one
    session repeat each other, and ten that repeat are no ten witnesses. One turn keeps its score.
    """
    logit = session_logit(np.asarray(turns, np.float64) / 100, shared=weights.shared)
    return float(100 / (1 + np.exp(-logit)))


def session_logit(probabilities: F64, *, shared: float) -> float:
    """Return the log odds of a session, from its turns' probabilities; 0 without any."""
    if not probabilities.size:
        return 0.0
    odds = np.clip(probabilities, 0.005, 0.995)  # a percentage knows no more
    logits = np.log(odds / (1 - odds))
    return float(logits.sum() / (1 + (logits.size - 1) * shared))


def bits_of(structure: I32) -> F32:
    """Return the structure bits as columns of zeros and ones."""
    return (structure[:, None] >> np.arange(len(STRUCTURE)) & 1).astype(np.float32)


def flow_means(path: Path | None = None) -> dict[str, dict[str, F32]]:
    """
    Return the mean scores of reference flows: {output: {"benign" or "distill": means, ascending}}.

    A reference flow is a subset of one template's prompts, scored by a model that never saw
    its lineage. `benign` includes look-alikes. Empty where no reference was made.
    """
    file = path or weights_folder() / "flows.json"
    if not file.is_file():
        return {}
    held = json.loads(file.read_text())["means"]
    return {
        output: {side: np.asarray(means, np.float32) for side, means in sides.items()}
        for output, sides in held.items()
    }


@compiled
def _percent(logit: float, low: float, high: float) -> int:
    rise = 1 / (1 + np.exp(-min(max(logit, -_LAST), _LAST)))
    return int(np.rint(100 * (low + (high - low) * rise)))


@compiled
def _write_odds(logits: F64, share: F64, odds: F64) -> None:
    """Write the log odds of each ask against all other kinds, and last of any ask."""
    first, n, n_asks = len(CAPABILITIES), logits.size, len(ASKS)
    highest = logits[first]
    for c in range(first, n):
        highest = max(highest, logits[c])
    total = asked = 0.0
    for c in range(first, n):
        share[c] = np.exp(max(logits[c] - highest, -_LAST))
        total += share[c]
        if c < first + n_asks:
            asked += share[c]
    for k in range(n_asks):
        odds[k] = np.log(share[first + k] / (total - share[first + k]))
    odds[n_asks] = np.log(asked / (total - asked))


@compiled
def _write_percent(
    text: tuple[I32, I32, I32],
    model: tuple[F32, F32, F32, F32],
    known: npt.NDArray[np.bool_],
    out: I8,
    scratch: F64,
) -> None:
    """Write the percentages of each row. No matrix product: its threads cost more than the sum."""
    sums, n_features, structure = text
    slope, intercept, shape, curves = model
    n, n_capabilities = slope.size, len(CAPABILITIES)
    logits, share, odds = scratch[:n], scratch[n : 2 * n], scratch[2 * n :]
    for row in range(out.shape[0]):
        norm = 1 / np.sqrt(max(n_features[row], 1))
        for c in range(n):
            logits[c] = sums[row, c] * norm * slope[c] + intercept[c]
        for bit in range(shape.shape[0]):
            if structure[row] >> bit & 1:
                for c in range(n):
                    logits[c] += shape[bit, c]
        for c in range(n_capabilities):
            out[row, c] = _percent(logits[c], 0.0, 1.0) * known[c]
        _write_odds(logits, share, odds)
        for k in range(curves.shape[0]):
            at = n_capabilities + k
            logit = odds[k] * curves[k, 0] + curves[k, 1]
            out[row, at] = _percent(logit, curves[k, 2], curves[k, 3]) * known[at]


def _load(path: Path) -> Weights:
    try:
        with np.load(path) as file:
            held = {name: file[name] for name in file.files}
            buckets, outputs = held.pop("buckets"), held.pop("outputs")
            rows = np.full(N_BUCKETS, -1, np.int32)
            rows[buckets] = np.arange(buckets.size, dtype=np.int32)
            names = tuple(str(name) for name in outputs)
            weights = Weights(rows=rows, shared=float(held.pop("shared")), **held)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise InputError(
            f"not a weights file ({type(error).__name__})",
            where=str(path),
            remedy="make one with `iolaus train`",
        ) from error
    if names != (*OUTPUTS, *INNOCENTS):
        raise InputError(
            "the weights were trained for other outputs",
            where=str(path),
            remedy="train them again with `iolaus train`",
        )
    return weights
