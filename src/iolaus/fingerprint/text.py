"""Arrow text columns -> what the kernel says of each row, chunk by chunk over threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.fingerprint.content import Weights
from iolaus.fingerprint.kernel import (
    N_HASHES,
    SHINGLE_SAMPLE,
    bucket_rows,
    count_rows,
    read_rows,
)
from iolaus.fingerprint.keyed import buffers_of, subkey
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.shape import structure_rows

_CHUNK_ROWS = 2048
_SLOTS = 1 << 24  # noise is 2 counts at 200,000 rows of 140 words, where scaffold begins at 60

_MULTIPLIERS = np.random.Generator(np.random.PCG64(20260305)).integers(
    0, 1 << 31, N_HASHES, dtype=np.uint32
) * np.uint32(2) + np.uint32(1)
"""Odd multipliers: x -> a * x mod 2^32 is a permutation. Fixed: the key is in x."""

Keys = tuple[np.uint64, np.uint64]
Text = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFeatures:
    """What the kernel says of each row of a text column; a null row is an empty text."""

    signature: npt.NDArray[np.uint8]
    sample: npt.NDArray[np.int32]
    n_sampled: npt.NDArray[np.int32]
    sums: npt.NDArray[np.int32]
    n_words: npt.NDArray[np.int32]
    n_shingles: npt.NDArray[np.int32]
    n_kept: npt.NDArray[np.int32]
    n_features: npt.NDArray[np.int32]
    script: npt.NDArray[np.int8]
    structure: npt.NDArray[np.int32]
    n_bytes: npt.NDArray[np.int64]

    def sampled(self) -> pa.ListArray:
        """Return the shingle samples as list<int32>."""
        offsets = np.zeros(self.n_sampled.size + 1, np.int32)
        np.cumsum(self.n_sampled, out=offsets[1:])
        taken = np.arange(SHINGLE_SAMPLE) < self.n_sampled[:, None]
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(self.sample[taken]))


class RunCounts:
    """In how many rows each run of words stands; says which runs are scaffold.

    Single pairs of words are a poor guide: "of the" is everywhere. A run of five words that
    many texts share is a scaffold's. A sketch of 16 M counters, 96 MB while it learns; two runs
    that meet in one counter are taken for one.
    """

    def __init__(self, limits: TemplateLimits) -> None:
        self.n_rows = 0
        self._limits = limits
        self._counts = np.zeros(_SLOTS, np.uint16)
        self._seen = np.full(_SLOTS, -1, np.int32)

    def add(self, text: pa.Array) -> None:
        """Count the rows of a text column, nulls left out."""
        present = text.drop_null()
        count_rows(text_of(present), self._counts, self._seen, self.n_rows)
        self.n_rows += len(present)

    def levels(self) -> npt.NDArray[np.uint8]:
        """Return how widely each run is shared, in half powers of two; 0 is slot content."""
        low = max(self._limits.low_rows, int(np.ceil(self._limits.low_share * self.n_rows)))
        table = np.zeros(65536, np.uint8)
        table[low:] = 1 + np.floor(2 * np.log2(np.arange(low, 65536) / low)).astype(np.uint8)
        return table[self._counts]


def everything() -> npt.NDArray[np.uint8]:
    """Return the bit set that knows no scaffold, so that all shingles are used."""
    return np.zeros(1, np.uint8)


def keys_of(key: bytes) -> Keys:
    """Return the subkey of words and shingles."""
    return subkey(key, "text")


def text_of(array: pa.Array) -> Text:
    """Return bytes and offsets of a text column, with nulls as empty texts."""
    if array.null_count:
        wide = pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type)
        array = pc.fill_null(array.cast(pa.large_binary() if wide else pa.large_string()), "")
    return buffers_of(array)


def read_text(
    array: pa.Array,
    *,
    keys: Keys,
    keep: npt.NDArray[np.uint8],
    weights: Weights,
    limits: TemplateLimits,
    threads: int | None = None,
) -> TextFeatures:
    """Run the kernel over a column, in chunks that do not change what a row gets."""
    data, offsets = text_of(array)
    n = len(array)
    signature = np.empty((n, N_HASHES), np.uint8)
    sample = np.empty((n, SHINGLE_SAMPLE), np.int32)
    n_sampled = np.empty(n, np.int32)
    sums = np.empty((n, weights.values.shape[1]), np.int32)
    counts = np.empty((n, 5), np.int32)
    structure = np.empty(n, np.int32)

    def run(start: int) -> None:
        rows = slice(start, min(start + _CHUNK_ROWS, n))
        text = (data, offsets[rows.start : rows.stop + 1])
        out = (signature[rows], sample[rows], n_sampled[rows], sums[rows], counts[rows])
        model = (weights.rows, weights.values)
        read_rows(text, keys, (keep, limits.min_kept), model, _MULTIPLIERS, out)
        structure_rows(text, structure[rows])

    _over_chunks(run, n, threads)
    return TextFeatures(
        signature=signature,
        sample=sample,
        n_sampled=n_sampled,
        sums=sums,
        n_words=counts[:, 0],
        n_shingles=counts[:, 1],
        n_kept=counts[:, 2],
        n_features=counts[:, 3],
        script=counts[:, 4].astype(np.int8),
        structure=structure,
        n_bytes=np.diff(offsets),
    )


def buckets_of(array: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return the classifier's distinct buckets of each row as CSR (indptr, indices)."""
    text = text_of(array)
    indptr = np.zeros(len(array) + 1, np.int64)
    total = bucket_rows(text, indptr, np.empty(0, np.int32))
    indices = np.empty(total, np.int32)
    bucket_rows(text, indptr, indices)
    return indptr, indices


def _over_chunks(run: Callable[[int], None], n: int, threads: int | None) -> None:
    starts = range(0, n, _CHUNK_ROWS)
    workers = min(threads or os.cpu_count() or 1, len(starts))
    if workers <= 1:
        for start in starts:
            run(start)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, starts))
