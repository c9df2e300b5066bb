"""Arrow strings and integers -> keyed int64 hashes (SipHash-2-4), so that no identity is kept.

The key is the operator's. Every use has a tag ("account", "address", ...), and each tag its own
128-bit subkey: the same value under two tags gives two unrelated hashes, so that tables of
different kinds cannot be joined on them by accident or by a curious reader.
"""

from __future__ import annotations

import hashlib
from typing import cast

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

State = tuple[np.uint64, np.uint64, np.uint64, np.uint64]

_MAX_KEY_BYTES = 64  # blake2b's own limit for a key


def subkey(key: bytes, tag: str) -> tuple[np.uint64, np.uint64]:
    """Return the two 64-bit halves of the SipHash key that belongs to `tag`."""
    if not key:
        raise ValueError("the key for hashing is empty; pass at least 16 random bytes")
    if len(key) > _MAX_KEY_BYTES:
        key = hashlib.blake2b(key).digest()
    digest = hashlib.blake2b(tag.encode(), key=key, digest_size=16).digest()
    return _halves(digest)


def hash_strings(array: pa.Array | pa.ChunkedArray, *, key: bytes, tag: str) -> pa.Int64Array:
    """Hash each string's UTF-8 bytes; null stays null, and the empty string is a value."""
    k0, k1 = subkey(key, tag)
    if isinstance(array, pa.ChunkedArray):
        if array.num_chunks == 0:
            return pa.array([], pa.int64())
        return pa.concat_arrays([_hash_chunk(chunk, k0, k1) for chunk in array.chunks])
    return _hash_chunk(array, k0, k1)


def hash_ints(array: pa.Array | pa.ChunkedArray, *, key: bytes, tag: str) -> pa.Int64Array:
    """Hash each integer's eight little-endian bytes; null stays null."""
    k0, k1 = subkey(key, tag)
    flat = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    values = pc.fill_null(flat.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    hashed = _siphash_ints(np.ascontiguousarray(values).view(np.uint64), k0, k1)
    return _with_nulls(hashed.view(np.int64), flat)


def combine(*arrays: pa.Array) -> pa.Int64Array:
    """Mix hashes of several columns into one, in order; null only where all of them are null.

    The inputs are keyed already, so a fixed mixer is enough. A missing part counts as a value
    of its own: (agent, no TLS) differs from (agent, some TLS).
    """
    if not arrays:
        raise ValueError("combine needs at least one column")
    mixed = np.zeros(len(arrays[0]), np.uint64)
    empty = np.ones(len(arrays[0]), np.bool_)
    for array in arrays:
        values = pc.fill_null(array.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        missing = array.is_null().to_numpy(zero_copy_only=False)
        _mix_in(mixed, np.ascontiguousarray(values).view(np.uint64), missing)
        empty &= missing
    return pa.array(mixed.view(np.int64), mask=empty)


def buffers_of(array: pa.Array) -> tuple[Bytes, Ints]:
    """Return the bytes of a string array and its int64 offsets, slices resolved, without copying.

    Arrow lets a null row have any length: mask nulls with `array.is_null()`.
    """
    large = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    if not (large or pa.types.is_string(array.type) or pa.types.is_binary(array.type)):
        array, large = array.cast(pa.large_string()), True
    _, offsets_buffer, data_buffer = array.buffers()
    if offsets_buffer is None or len(array) == 0:
        return np.zeros(0, np.uint8), np.zeros(len(array) + 1, np.int64)
    offsets = np.frombuffer(offsets_buffer, np.int64 if large else np.int32)
    data = np.zeros(0, np.uint8) if data_buffer is None else np.frombuffer(data_buffer, np.uint8)
    return data, offsets[array.offset : array.offset + len(array) + 1].astype(np.int64)


def _halves(key: bytes) -> tuple[np.uint64, np.uint64]:
    low, high = np.frombuffer(key, "<u8")
    return np.uint64(low), np.uint64(high)


def _hash_chunk(array: pa.Array, k0: np.uint64, k1: np.uint64) -> pa.Int64Array:
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), pa.int64())
    if pa.types.is_dictionary(array.type):
        hashed = _hash_chunk(array.dictionary, k0, k1)
        return cast("pa.Int64Array", hashed.take(array.indices))
    data, offsets = buffers_of(array)
    return _with_nulls(_siphash_rows(data, offsets, k0, k1).view(np.int64), array)


def _with_nulls(values: Ints, like: pa.Array) -> pa.Int64Array:
    if like.null_count == 0:
        return pa.array(values)
    return pa.array(values, mask=like.is_null().to_numpy(zero_copy_only=False))


@numba.njit(cache=True, nogil=True, inline="always")
def _rotl(x: np.uint64, b: int) -> np.uint64:
    return (x << np.uint64(b)) | (x >> np.uint64(64 - b))


@numba.njit(cache=True, nogil=True, inline="always")
def _round(
    v0: np.uint64, v1: np.uint64, v2: np.uint64, v3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    v0 += v1
    v1 = _rotl(v1, 13) ^ v0
    v0 = _rotl(v0, 32)
    v2 += v3
    v3 = _rotl(v3, 16) ^ v2
    v0 += v3
    v3 = _rotl(v3, 21) ^ v0
    v2 += v1
    v1 = _rotl(v1, 17) ^ v2
    v2 = _rotl(v2, 32)
    return v0, v1, v2, v3


@numba.njit(cache=True, nogil=True, inline="always")
def sip_started(k0: np.uint64, k1: np.uint64) -> State:
    """Return the state of SipHash under a key, before any word."""
    v0 = k0 ^ np.uint64(0x736F6D6570736575)
    v1 = k1 ^ np.uint64(0x646F72616E646F6D)
    v2 = k0 ^ np.uint64(0x6C7967656E657261)
    v3 = k1 ^ np.uint64(0x7465646279746573)
    return v0, v1, v2, v3


@numba.njit(cache=True, nogil=True, inline="always")
def sip_absorbed(state: State, m: np.uint64) -> State:
    """Return the state after one more word of the message: two rounds."""
    v0, v1, v2, v3 = state
    v0, v1, v2, v3 = _round(v0, v1, v2, v3 ^ m)
    v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ m, v1, v2, v3


@numba.njit(cache=True, nogil=True, inline="always")
def sip_finished(state: State) -> np.uint64:
    """Return the hash: four more rounds."""
    v0, v1, v2, v3 = state
    v2 ^= np.uint64(0xFF)
    for _ in range(4):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


@numba.njit(cache=True, nogil=True)
def siphash(data: Bytes, start: int, end: int, k0: np.uint64, k1: np.uint64) -> np.uint64:
    """SipHash-2-4 of data[start:end] (Aumasson and Bernstein, 2012)."""
    state = sip_started(k0, k1)
    length = end - start
    whole = start + (length & ~7)
    for at in range(start, whole, 8):
        m = np.uint64(0)
        for j in range(8):
            m |= np.uint64(data[at + j]) << np.uint64(8 * j)
        state = sip_absorbed(state, m)
    m = np.uint64(length & 0xFF) << np.uint64(56)
    for j in range(end - whole):
        m |= np.uint64(data[whole + j]) << np.uint64(8 * j)
    return sip_finished(sip_absorbed(state, m))


@numba.njit(cache=True, nogil=True)
def _siphash_rows(
    data: Bytes, offsets: Ints, k0: np.uint64, k1: np.uint64
) -> npt.NDArray[np.uint64]:
    out = np.empty(offsets.size - 1, np.uint64)
    for row in range(out.size):
        out[row] = siphash(data, offsets[row], offsets[row + 1], k0, k1)
    return out


@numba.njit(cache=True, nogil=True)
def _siphash_ints(
    values: npt.NDArray[np.uint64], k0: np.uint64, k1: np.uint64
) -> npt.NDArray[np.uint64]:
    out = np.empty(values.size, np.uint64)
    word = np.empty(8, np.uint8)
    for row in range(out.size):
        for j in range(8):
            word[j] = (values[row] >> np.uint64(8 * j)) & np.uint64(0xFF)
        out[row] = siphash(word, 0, 8, k0, k1)
    return out


@numba.njit(cache=True, nogil=True)
def _mix_in(
    mixed: npt.NDArray[np.uint64],
    values: npt.NDArray[np.uint64],
    missing: npt.NDArray[np.bool_],
) -> None:
    """Fold one more column into `mixed` (the finaliser of splitmix64)."""
    for row in range(mixed.size):
        part = np.uint64(0x9E3779B97F4A7C15) if missing[row] else values[row]
        x = (mixed[row] ^ part) + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed[row] = x ^ (x >> np.uint64(31))
