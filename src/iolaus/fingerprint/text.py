"""Arrow text columns -> what the kernel says of each row, chunk by chunk over threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.fingerprint.content import Weights
from iolaus.fingerprint.kernel import (
    N_BUCKETS,
    N_HASHES,
    NOVELTY_SAMPLE,
    SHINGLE_SAMPLE,
    SKELETON_SAMPLE,
    Model,
    Room,
    bucket_rows,
    count_rows,
    pair_rows,
    read_rows,
    room_of,
    skeleton_rows,
)
from iolaus.fingerprint.keyed import buffers_of, subkey
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.scaffold import SLOT_BITS
from iolaus.fingerprint.shape import room_for_shape, structure_rows
from iolaus.fingerprint.vectors import N_SUMS

_CHUNK_ROWS = 2048

_MULTIPLIERS = np.random.Generator(np.random.PCG64(20260305)).integers(
    0, 1 << 31, N_HASHES, dtype=np.uint32
) * np.uint32(2) + np.uint32(1)
"""Odd multipliers: x -> a * x mod 2^32 is a permutation. Fixed: the key is in x."""

Keys = tuple[np.uint64, np.uint64]
Text = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]

_COUNTS = ("n_words", "n_shingles", "n_kept", "n_features", "script", "n_sampled", "n_novel")

_own = threading.local()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaffold:
    """
    Which runs of words are scaffold: a bit for each four counters, four levels for each set bit.

    `before` says how many bits are set before each word of `present`.
    """

    present: npt.NDArray[np.uint64]
    before: npt.NDArray[np.uint32]
    levels: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFeatures:
    """What the kernel says of each row of a text column; a null row is an empty text.

    `n_shingles` is counted no further than the limits ask; `n_novel` is -1 without a scaffold.
    """

    signature: npt.NDArray[np.uint8]
    sample: npt.NDArray[np.int32]
    n_sampled: npt.NDArray[np.int32]
    novelty: npt.NDArray[np.int32]
    n_novel: npt.NDArray[np.int32]
    sums: npt.NDArray[np.int32]
    n_words: npt.NDArray[np.int32]
    n_shingles: npt.NDArray[np.int32]
    n_kept: npt.NDArray[np.int32]
    n_features: npt.NDArray[np.int32]
    script: npt.NDArray[np.int8]
    structure: npt.NDArray[np.int32]
    n_bytes: npt.NDArray[np.int64]


def scaffold_of(levels: npt.NDArray[np.uint8]) -> Scaffold:
    """Pack the level of each counter of runs into what the kernel reads."""
    quads = levels.view(np.uint32)
    present = np.packbits(quads != 0, bitorder="little").view(np.uint64)
    before = np.zeros(present.size, np.uint32)
    before[1:] = np.cumsum(np.bitwise_count(present), dtype=np.uint32)[:-1]
    known = quads[quads != 0].view(np.uint8)
    return Scaffold(present=present, before=before, levels=np.append(known, np.uint8(0)))


def everything() -> Scaffold:
    """Return what knows no scaffold, so that all shingles are used."""
    size = 1 << (SLOT_BITS - 8)
    return Scaffold(
        present=np.zeros(size, np.uint64),
        before=np.zeros(size, np.uint32),
        levels=np.zeros(1, np.uint8),
    )


def model_of(weights: Weights) -> Model:
    """Pack weights for the kernel: a bit for each bucket that has any, and rows of 32 bytes."""
    known = weights.rows >= 0
    present = np.packbits(known, bitorder="little").view(np.uint64)
    before = np.zeros(present.size, np.int32)
    before[1:] = np.cumsum(np.bitwise_count(present), dtype=np.int32)[:-1]
    values = np.zeros((max(int(known.sum()), 1), N_SUMS), np.int8)
    values[: int(known.sum()), : weights.values.shape[1]] = weights.values[weights.rows[known]]
    return present, before, values, _MULTIPLIERS


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
    scaffold: Scaffold,
    model: Model,
    limits: TemplateLimits,
    threads: int | None = None,
) -> TextFeatures:
    """Run the kernel over a column, in chunks that do not change what a row gets."""
    data, offsets = text_of(array)
    n = len(array)
    signature = np.empty((n, N_HASHES), np.uint8)
    sample = np.empty((n, SHINGLE_SAMPLE), np.int32)
    novelty = np.empty((n, NOVELTY_SAMPLE), np.int32)
    sums = np.empty((n, N_SUMS), np.int32)
    counts = np.empty((n, 7), np.int32)
    structure = np.empty(n, np.int32)
    keep = _keep(scaffold, limits)

    def run(start: int) -> None:
        rows = slice(start, min(start + _CHUNK_ROWS, n))
        text = (data, offsets[rows.start : rows.stop + 1])
        out = (signature[rows], sample[rows], novelty[rows], sums[rows], counts[rows])
        read_rows(text, keys, keep, model, out, _room(len(model[2])))
        structure_rows(text, structure[rows], _shape_room())

    _over_chunks(run, n, threads)
    return TextFeatures(
        signature=signature,
        sample=sample,
        novelty=novelty,
        sums=sums,
        structure=structure,
        n_bytes=np.diff(offsets),
        script=counts[:, 4].astype(np.int8),
        **{name: counts[:, at] for at, name in enumerate(_COUNTS) if name != "script"},
    )


def structure_of(array: pa.Array) -> npt.NDArray[np.int32]:
    """Return the structure bits of each row."""
    structure = np.empty(len(array), np.int32)
    structure_rows(text_of(array), structure, _shape_room())
    return structure


def count_runs(array: pa.Array, *, keys: Keys, counts: npt.NDArray[np.uint16]) -> None:
    """Add to 2^24 counters in how many rows each run of five words stands, nulls left out."""
    table = np.zeros(1 << 16, np.uint32)
    count_rows(text_of(array.drop_null()), keys, counts, _room(0), table)


def skeletons_of(
    array: pa.Array, *, keys: Keys, scaffold: Scaffold, limits: TemplateLimits
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return the smallest 64 keyed shingles of each row's scaffold, and how many there are."""
    out = (np.empty((len(array), SKELETON_SAMPLE), np.int64), np.empty(len(array), np.int32))
    skeleton_rows(text_of(array), keys, _keep(scaffold, limits), _room(0), out)
    return out


def buckets_of(
    array: pa.Array,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the classifier's distinct buckets of each row as CSR, and its number of features.

    The parts are indptr, indices, and the words and pairs of each row, repeated ones too.
    """
    text = text_of(array)
    indptr, features = np.zeros(len(array) + 1, np.int64), np.zeros(len(array), np.int32)
    total = bucket_rows(text, indptr, np.empty(0, np.int32), features, _room(N_BUCKETS))
    indices = np.empty(total, np.int32)
    bucket_rows(text, indptr, indices, features, _room(N_BUCKETS))
    return indptr, indices, features


def pairs_of(array: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Return the public hashes of each row's pairs of words as CSR (indptr, pairs).

    Public hashes say what a text says: they are for the moment, and not to be kept.
    """
    text = text_of(array)
    indptr = np.zeros(len(array) + 1, np.int64)
    pairs = np.empty(pair_rows(text, indptr, np.empty(0, np.uint64), _room(0)), np.uint64)
    pair_rows(text, indptr, pairs, _room(0))
    return indptr, pairs


def _keep(scaffold: Scaffold, limits: TemplateLimits) -> tuple[Any, ...]:
    known = (scaffold.present, scaffold.before, scaffold.levels)
    return (*known, limits.min_kept, limits.min_shingles)


def _room(n_weights: int) -> Room:
    """Return this thread's scratch memory: a megabyte, and no call for it on each batch of one."""
    rooms: dict[int, Room] = _own.__dict__.setdefault("rooms", {})
    if n_weights not in rooms:
        rooms[n_weights] = room_of(n_weights)
    return rooms[n_weights]


def _shape_room() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    if not hasattr(_own, "shape"):
        _own.shape = room_for_shape()
    return _own.shape


def _over_chunks(run: Callable[[int], None], n: int, threads: int | None) -> None:
    starts = range(0, n, _CHUNK_ROWS)
    workers = min(threads or os.cpu_count() or 1, len(starts))
    if workers <= 1:
        for start in starts:
            run(start)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, starts))
