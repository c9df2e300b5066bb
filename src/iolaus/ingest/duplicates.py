"""Hashes of ids, batch by batch -> which of them were seen before, in eight bytes an id."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class SeenIds:
    """
    Remember int64 hashes in sorted runs that are merged as they grow.

    Runs double in size, so a billion ids lie in about fifteen runs; a lookup is one binary
    search a run. Two different ids collide with odds of n squared in 2**65: for a hundred
    million rows, one in four thousand that a single row is refused wrongly.
    """

    def __init__(self) -> None:
        self._runs: list[Hashes] = []

    @property
    def n_seen(self) -> int:
        """How many different hashes are remembered."""
        return sum(run.size for run in self._runs)

    def first_seen(self, hashes: Hashes) -> Mask:
        """Return True for every row whose hash was not seen before, and remember it."""
        fresh = np.zeros(hashes.size, dtype=np.bool_)
        values, first = np.unique(hashes, return_index=True)
        known = np.zeros(values.size, dtype=np.bool_)
        for run in self._runs:
            at = np.searchsorted(run, values)
            at[at == run.size] = 0
            known |= run[at] == values
        fresh[first[~known]] = True
        self._remember(values[~known])
        return fresh

    def _remember(self, run: Hashes) -> None:
        if not run.size:
            return
        self._runs.append(run)
        while len(self._runs) > 1 and self._runs[-2].size < 2 * self._runs[-1].size:
            last = self._runs.pop()
            merged = np.concatenate([self._runs.pop(), last])
            merged.sort(kind="stable")  # finds the two sorted runs and merges them
            self._runs.append(merged)
