"""Keyed shingles of a text -> which of them are its scaffold: words that many texts share.

Single pairs of words are a poor guide: "of the" is everywhere. A run of five words that many
texts share is a scaffold's. How widely a run is shared was counted before (sketch.py).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.shingles import G1, G2
from iolaus.fingerprint.vectors import bit_count, compiled

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I16 = npt.NDArray[np.int16]

Keep = tuple[U64, U32, U8, int, int]
"""A bit for each four counters, how many are set before each word, four levels for each set bit; with how many
shingles a scaffold begins; how far distinct shingles are counted."""

Marks = tuple[U32, U8, U8, I16]
"""Scratch: counters and levels of a text's runs, hits, tallies."""

GRAM = 5
"""Words of a run whose frequency tells scaffold from slot content."""

SLOT_BITS = 24
"""Counters of runs are numbered by the upper bits of a keyed hash; 2^24 of them."""

N_LEVELS = 64
"""How widely a run is shared, in half powers of two; 0 is too rare to be scaffold."""

_TOP_RUNS, _TOP_PART = 8, 10  # the plateau: at least 8 runs, and a tenth of the shared ones
_DROP = 3  # scaffold is what 1 / 2.8 as many texts share; 1/4 and 1/8 found fewer


@compiled
def write_runs(shingles: U64, n: int, slots: U32) -> int:
    """Write the counter of each run of `GRAM` words, from the keyed pairs it consists of."""
    count = max(n - GRAM + 2, 0)
    for i in range(count):
        x = shingles[i] + shingles[i + 2] * G1 + shingles[i + 3] * G2
        slots[i] = np.uint32(x >> np.uint64(64 - SLOT_BITS))
    return count


@compiled
def _plateau(levels: U8, n: int, tally: I16) -> int:
    """Return the lowest level of a row's runs that is scaffold: near its most shared ones.

    A scaffold's runs stand in about equally many texts, often in many more than a slot's
    runs do, however often these are repeated.
    """
    for level in range(2 * N_LEVELS):
        tally[level] = 0
    for at in range(n):  # two tallies, because neighbours are often of one level
        tally[levels[at] + N_LEVELS * (at & 1)] += 1
    enough = max(_TOP_RUNS, (n - tally[0] - tally[N_LEVELS]) // _TOP_PART)
    level, total = N_LEVELS - 1, 0
    while level > 0:
        total += tally[level] + tally[level + N_LEVELS]
        if total >= enough:
            break
        level -= 1
    return max(level - _DROP, 1)


@compiled
def _levels(slots: U32, n: int, keep: Keep, levels: U8) -> np.int64:
    """
    Write how widely each run is shared; return how many are shared at all.

    keep[0] has a bit for each four counters, which says for nearly all runs of free text that
    they are not shared; keep[1] says how many bits are set before each word of it, and keep[2]
    holds the four levels of each bit that is set. All three fit into a second-level cache.
    """
    present, before, known = keep[0], keep[1], keep[2]
    count = np.int64(0)
    for at in range(n):
        bit = np.uint64((slots[at] >> np.uint32(2)) & np.uint32(63))
        levels[at] = (present[slots[at] >> np.uint32(8)] >> bit) & np.uint64(1)
        count += np.int64(levels[at])
    if count > 0:
        for at in range(n):
            if levels[at] != 0:
                word = slots[at] >> np.uint32(8)
                bit = np.uint64((slots[at] >> np.uint32(2)) & np.uint32(63))
                below = present[word] & ((np.uint64(1) << bit) - np.uint64(1))
                quad = np.int64(before[word]) + bit_count(below)
                levels[at] = known[4 * quad + np.int64(slots[at] & np.uint32(3))]
    return count


@compiled
def mark_scaffold(shingles: U64, n: int, keep: Keep, room: Marks, inside: U8) -> np.int64:
    """Mark the pairs inside runs of words that many texts share; return how many."""
    slots, levels, hits, tally = room
    runs = write_runs(shingles, n, slots)
    if _levels(slots, runs, keep, levels) == 0:
        return np.int64(0)
    lowest = _plateau(levels, runs, tally)
    hits[0] = hits[1] = hits[2] = 0  # hits[at] is of the run that starts three pairs earlier
    for at in range(runs):
        hits[at + 3] = levels[at] >= lowest
    hits[n] = hits[n + 1] = hits[n + 2] = 0
    count = np.int64(0)
    for at in range(n):  # a run covers four pairs
        inside[at] = hits[at] | hits[at + 1] | hits[at + 2] | hits[at + 3]
        count += np.int64(inside[at])
    return count


def room_for_scaffold(most: int) -> Marks:
    """Return the memory that `mark_scaffold` works in, for texts of so many words."""
    return (
        np.empty(most, np.uint32),
        np.empty(most, np.uint8),
        np.empty(most + GRAM, np.uint8),
        np.empty(2 * N_LEVELS, np.int16),
    )
