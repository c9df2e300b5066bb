"""Words of a text -> keyed shingles, and small samples of them.

A shingle is a pair of words that follow each other. Its public hash is what the classifier knows;
everything that is kept is made of its keyed hash, which is a permutation of the public one: with
the key, and only with it, one can be turned into the other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.vectors import LANES, compiled, count_below, even_below, lowest_bit

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]

Keys = tuple[np.uint64, np.uint64]
"""The two halves of the operator's key for text."""

G1, G2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
"""Odd numbers without a pattern: parts of a hash are multiplied with them before they are added."""

ROOM, PAD = 320, 16
"""How many values are ranked at once, and what a vector reads behind them."""

_NOTHING = np.uint32(0xFFFFFFFF)
_SIGN = np.uint32(1 << 31)


@compiled
def mixed(x: np.uint64) -> np.uint64:
    """Finaliser of splitmix64, a public permutation of 64 bits."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled
def keyed_hash(x: np.uint64, k0: np.uint64, k1: np.uint64) -> np.uint64:
    """Two-round Even-Mansour over the public permutation: nobody repeats it without the key."""
    return mixed(mixed(x ^ k0) ^ k1) ^ k0


@compiled
def pair_words(words: U64, n: int, pairs: U64) -> int:
    """Write the hash of each word with the next one; one word alone makes a pair with nothing."""
    words[n] = np.uint64(0)
    count = max(n - 1, min(n, 1))
    for i in range(count):
        x = words[i] * G1 + words[i + 1]
        x = (x ^ (x >> np.uint64(32))) * G2
        pairs[i] = x ^ (x >> np.uint64(29))
    return count


@compiled
def key_shingles(pairs: U64, n: int, keys: Keys, out: U64) -> None:
    """Write the keyed hash of each pair."""
    for i in range(n):
        out[i] = keyed_hash(pairs[i], keys[0], keys[1])


@compiled
def write_inside_halves(shingles: U64, n: int, inside: U8, xs: U32) -> None:
    """Write the upper half of each shingle of the scaffold, and of any one for the others."""
    first = 0
    while inside[first] == 0:
        first += 1
    for i in range(n):
        x = shingles[i] if inside[i] != 0 else shingles[first]
        xs[i] = np.uint32(x >> np.uint64(32))


@compiled
def write_halves(shingles: U64, n: int, xs: U32) -> None:
    """Write the upper half of each shingle."""
    for i in range(n):
        xs[i] = np.uint32(shingles[i] >> np.uint64(32))


@compiled
def _under(shingles: U64, n: int, below: np.uint64, xs: U32) -> np.int64:
    """Write the upper halves of even shingles that are under `below`; return how many there are.

    Where there is room for no more, the count alone goes on.
    """
    count = np.uint64(0)
    for at in range(0, n, LANES):
        mask = even_below(shingles, at, below)
        if n - at < LANES:
            mask &= (np.uint64(1) << np.uint64(n - at)) - np.uint64(1)
        if count > ROOM - LANES:
            return np.int64(ROOM + 1)
        while mask != 0:
            xs[count] = np.uint32(shingles[at + lowest_bit(mask)] >> np.uint64(32))
            count += np.uint64(1)
            mask &= mask - np.uint64(1)
    return np.int64(count)


@compiled
def _ranked(xs: U32, n: int, ranked: U32, out: I32) -> int:
    """Write the smallest distinct ones of n values, ascending; return how many."""
    for i in range(PAD):
        xs[n + i] = _NOTHING
    for i in range(LANES):
        ranked[i] = _NOTHING
    ranked[LANES:n] = _NOTHING
    for i in range(n):
        ranked[count_below(xs, n, xs[i])] = xs[i]
    count = 0
    for at in range(n):
        if count == out.size:
            break
        out[count] = np.int32(ranked[at] ^ _SIGN)
        count += ranked[at] != _NOTHING  # the places of equals stay empty
    return count


@compiled
def _inserted(shingles: U64, n: int, out: I32) -> int:
    """Write the smallest distinct even shingles' upper halves, however many and often repeated."""
    count = 0
    for i in range(n):
        value = np.int32(np.uint32(shingles[i] >> np.uint64(32)) ^ _SIGN)
        if shingles[i] & np.uint64(1) != 0 or (count == out.size and value >= out[count - 1]):
            continue
        at = count
        while at > 0 and out[at - 1] > value:
            at -= 1
        if at > 0 and out[at - 1] == value:
            continue
        count = min(count + 1, out.size)
        for j in range(count - 1, at, -1):
            out[j] = out[j - 1]
        out[at] = value
    return count


@compiled
def sample_shingles(shingles: U64, n: int, free: int, work: U32, out: I32) -> int:
    """
    Keep the smallest of a consistent 1-in-2 sample of shingles, ascending; return how many.

    `free` of the n are not hidden. Values are keyed and so evenly spread: twice as many as
    there is room for are looked at first, of a text that repeats itself six times as many; they
    are ranked by counting, which no branch has to guess.
    """
    everything = np.uint64(1) << np.uint64(32)
    for times in (4, 12):
        wanted = np.uint64(times * out.size)
        below = min(everything, (wanted << np.uint64(32)) // np.uint64(max(free, 1)))
        count = _under(shingles, n, below, work[0])
        if count > ROOM:
            break
        found = _ranked(work[0], count, work[1], out)
        if found == out.size or below == everything:
            return found
    return _inserted(shingles, n, out)


@compiled
def hide(shingles: U64, n: int, inside: U8) -> None:
    """Make the shingles of the scaffold odd, so that no sample takes them."""
    for i in range(n):
        shingles[i] |= np.uint64(inside[i])


@compiled
def count_distinct(shingles: U64, n: int, enough: int, seen: U64) -> int:
    """Count distinct shingles, no further than `enough`."""
    count = 0
    for i in range(n):
        at = 0
        while at < count and seen[at] != shingles[i]:
            at += 1
        if at == count:
            seen[count] = shingles[i]
            count += 1
            if count == enough:
                break
    return count
