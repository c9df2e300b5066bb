"""Prompts of an account, or of a network, against everybody's -> a two-sample distance.

The method of arXiv 2606.05725: unbiased MMD^2 with a Gaussian kernel of median width, beside the
distance of random windows of equal size. It embeds prompts with bge-small, which is not to be had
here; 64 singular vectors of hashed words with inverse document frequencies stand in.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from benchmarks.peers.shared import Floats, Ints, Log

BUCKETS = 2**14
DIMENSIONS = 64
LEAST = 20
SIZES = (20, 50, 100, 200)
"""Windows that a null is drawn for; a longer one is cut to a random 200."""

REFERENCE = 400
DRAWS = 200
QUANTILE = 0.997
"""The paper's rate of false alarms."""

WORD = re.compile(r"[^\W\d_]+")


def by_account(log: Log) -> dict[str, Floats]:
    """Test every account that has twenty prompts."""
    return _tested(log, log.rows["account"].to_numpy().astype(np.int64), np.arange(log.n))


def by_network(log: Log) -> dict[str, Floats]:
    """Test the pooled prompts of every network that Iolaus found, whatever it said of it."""
    names = log.accounts["network"].to_pylist()
    known = sorted({name for name in names if name})
    number = {name: i for i, name in enumerate(known)}
    own = np.array([number.get(name, -1) for name in names])
    return _tested(log, own[log.rows["account"].to_numpy().astype(np.int64)], own)


def _tested(log: Log, unit_of_row: Ints, unit_of_account: Ints) -> dict[str, Floats]:
    rng = np.random.default_rng(1)
    points = _embedded(log.rows["prompt"].to_pylist())
    width = _median_width(points, rng)
    limits = {size: _limit(points, size, width, rng) for size in SIZES}
    score = np.zeros(int(unit_of_account.max(initial=-1)) + 2)
    order = np.argsort(unit_of_row, kind="stable")
    units, start = np.unique(unit_of_row[order], return_index=True)
    for unit, rows in zip(units.tolist(), np.split(order, start[1:]), strict=True):
        if unit < 0 or len(rows) < LEAST:
            continue
        window = rng.choice(rows, min(len(rows), SIZES[-1]), replace=False)
        others = rng.choice(np.flatnonzero(unit_of_row != unit), REFERENCE)
        size = max(size for size in SIZES if size <= len(window))
        distance = _mmd(points[window], points[others], width)
        score[unit] = max(0.0, distance / max(limits[size], 1e-12))
    # The last place stays 0: accounts of no unit (-1) read it.
    told = score[unit_of_account]
    return {"own": (told > 1.0).astype(np.float64), "distance": told}


def _embedded(prompts: list[str | None]) -> Floats:
    """Return unit vectors of the prompts' words."""
    rows: list[int] = []
    columns: list[int] = []
    for row, prompt in enumerate(prompts):
        words = {zlib.crc32(w.encode()) % BUCKETS for w in WORD.findall((prompt or "").lower())}
        rows += [row] * len(words)
        columns += words
    grid = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(prompts), BUCKETS))
    held = np.asarray((grid > 0).sum(axis=0)).ravel()
    weighted = (grid @ sparse.diags(np.log((1 + len(prompts)) / (1 + held)))).tocsr()
    # A model of some thousand rows is as good as one of all, and much cheaper.
    some = np.random.default_rng(2).permutation(len(prompts))[:2500]
    _, _, basis = svds(weighted[some], k=min(DIMENSIONS, len(some) - 1), random_state=1)
    points = np.asarray(weighted @ basis.T)
    return points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)


def _median_width(points: Floats, rng: np.random.Generator) -> float:
    some = points[rng.choice(len(points), min(len(points), 1000), replace=False)]
    return float(np.median(_squares(some, some))) or 1.0


def _limit(points: Floats, size: int, width: float, rng: np.random.Generator) -> float:
    drawn = [
        _mmd(
            points[rng.choice(len(points), size)], points[rng.choice(len(points), REFERENCE)], width
        )
        for _ in range(DRAWS)
    ]
    return float(np.quantile(drawn, QUANTILE))


def _mmd(a: Floats, b: Floats, width: float) -> float:
    """Return the unbiased estimate of the squared distance between two samples."""
    n, m = len(a), len(b)
    inside = (np.exp(-_squares(a, a) / width).sum() - n) / (n * (n - 1))
    outside = (np.exp(-_squares(b, b) / width).sum() - m) / (m * (m - 1))
    return float(inside + outside - 2 * np.exp(-_squares(a, b) / width).mean())


def _squares(a: Floats, b: Floats) -> Floats:
    return np.maximum(0.0, (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T)
