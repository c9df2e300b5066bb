"""Opaque names: every id, instrument, phone and device is drawn here, whoever owns it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def tokens(rng: np.random.Generator, n: int, *, prefix: str = "", n_bytes: int = 8) -> Array:
    """Return `n` random names of one shape."""
    width = 2 * n_bytes
    digits = rng.bytes(n * n_bytes).hex()
    names = [prefix + digits[i : i + width] for i in range(0, n * width, width)]
    return np.array(names, dtype=object)


_MIX_A = np.uint64(0x9E3779B97F4A7C15)
_MIX_B = np.uint64(0xBF58476D1CE4E5B9)
_MIX_C = np.uint64(0x94D049BB133111EB)


def mix(values: Array) -> Array:
    """Return a well-mixed uint64 for each integer (splitmix64)."""
    z = np.asarray(values).astype(np.uint64) + _MIX_A
    z = (z ^ (z >> np.uint64(30))) * _MIX_B
    z = (z ^ (z >> np.uint64(27))) * _MIX_C
    return z ^ (z >> np.uint64(31))
