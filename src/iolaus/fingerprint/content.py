"""Classifier sums -> int8 scores 0..100 for capabilities, asks and extraction.

The weights ship as int8 rows for the buckets that carry any (weights/content.npz); scikit-learn
trains them (training.py) and is not needed to use them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from iolaus.errors import InputError
from iolaus.fingerprint.kernel import N_BUCKETS
from iolaus.fingerprint.shape import STRUCTURE
from iolaus.schema import ASKS, CAPABILITIES

OUTPUTS = (*(f"capability:{c}" for c in CAPABILITIES), *(f"ask:{a}" for a in ASKS), "extraction")
"""The columns of the weights, in order."""

F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]
I8 = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """
    A linear model, per output: slope * sum(values) / sqrt(features) + sum(shape) + intercept.

    `rows` says for each bucket which row of `values` it has, or -1; `shape` holds a value for
    each structure bit; `known` says which outputs were trained. The result is a logit,
    calibrated on lineages that the model had not seen.
    """

    rows: npt.NDArray[np.int32]
    values: I8
    shape: F32
    slope: F32
    intercept: F32
    known: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores in percent: the probability under an even prior, calibrated out of lineage."""

    capabilities: I8
    asks: I8
    extraction: I8


def no_weights() -> Weights:
    """Return a model that knows nothing; its scores are not given."""
    n = len(OUTPUTS)
    return Weights(
        rows=np.full(N_BUCKETS, -1, np.int32),
        values=np.zeros((1, n), np.int8),
        shape=np.zeros((len(STRUCTURE), n), np.float32),
        slope=np.zeros(n, np.float32),
        intercept=np.zeros(n, np.float32),
        known=np.zeros(n, np.bool_),
    )


def load_weights(path: Path | None = None) -> Weights:
    """Load a weights file, or the one in the package; without one, nothing is known."""
    if path is None:
        shipped = resources.files("iolaus.fingerprint") / "weights" / "content.npz"
        if not shipped.is_file():
            return no_weights()
        with resources.as_file(shipped) as file:
            return _load(file)
    return _load(path)


def scores_of(weights: Weights, *, sums: I32, n_features: I32, structure: I32) -> Scores | None:
    """Turn a text's sums, feature count and structure into scores; None where none are known."""
    if not weights.known.any():
        return None
    sums = sums[:, : weights.values.shape[1]]
    norm = np.sqrt(np.maximum(n_features.astype(np.float32), 1))[:, None]
    logit = weights.slope * (sums.astype(np.float32) / norm) + weights.intercept
    logit += bits_of(structure) @ weights.shape
    share = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
    percent = np.rint(100 * share * weights.known).astype(np.int8)
    n = len(CAPABILITIES)
    return Scores(
        capabilities=percent[:, :n], asks=percent[:, n:-1], extraction=percent[:, -1].copy()
    )


def bits_of(structure: I32) -> F32:
    """Return the structure bits as columns of zeros and ones."""
    return (structure[:, None] >> np.arange(len(STRUCTURE)) & 1).astype(np.float32)


def flow_means(path: Path | None = None) -> dict[str, dict[str, F32]]:
    """
    Return the mean scores of reference flows: {output: {"benign" or "distill": means, ascending}}.

    A reference flow is a subset of one template's prompts, scored by a model that never saw
    its lineage. `benign` includes look-alikes. Empty where no reference was made.
    """
    file = path or resources.files("iolaus.fingerprint") / "weights" / "flows.json"
    if not file.is_file():
        return {}
    held = json.loads(file.read_text())["means"]
    return {
        output: {side: np.asarray(means, np.float32) for side, means in sides.items()}
        for output, sides in held.items()
    }


def _load(path: Path) -> Weights:
    try:
        with np.load(path) as file:
            buckets, values = file["buckets"], file["values"]
            slope, intercept = file["slope"], file["intercept"]
            shape, known = file["shape"], file["known"]
            outputs = tuple(str(name) for name in file["outputs"])
    except (OSError, KeyError, ValueError) as error:
        raise InputError(
            f"not a weights file ({type(error).__name__})",
            where=str(path),
            remedy="make one with `iolaus train`",
        ) from error
    if outputs != OUTPUTS:
        raise InputError(
            "the weights were trained for other outputs",
            where=str(path),
            remedy="train them again with `iolaus train`",
        )
    rows = np.full(N_BUCKETS, -1, np.int32)
    rows[buckets] = np.arange(buckets.size, dtype=np.int32)
    return Weights(
        rows=rows, values=values, shape=shape, slope=slope, intercept=intercept, known=known
    )
