"""Words of each row -> signature, shingle samples, classifier sums and counts, in one pass.

    bytes -> words (public hashes, words.py) -> pairs of words (shingles)
                                              |-> public -> buckets of the classifier
                                              `-> keyed  -> runs of five words -> scaffold
                                                         |-> signature (MinHash128)
                                                         `-> samples: all shingles, slot content

Everything that is kept is keyed with the operator's key; the classifier's buckets are not kept,
and are public so that weights do not depend on a key.

numba's cache does not notice when a function or a number that it took from another file changes:
after an edit of words.py or vectors.py, delete `__pycache__/*.nb?` here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.scaffold import (
    Keep,
    Marks,
    mark_scaffold,
    room_for_scaffold,
    write_runs,
)
from iolaus.fingerprint.shingles import (
    PAD,
    ROOM,
    Keys,
    count_distinct,
    hide,
    key_shingles,
    pair_words,
    sample_shingles,
    write_halves,
    write_inside_halves,
)
from iolaus.fingerprint.vectors import (
    LANES,
    N_MINIMA,
    bit_count,
    compiled,
    prefetch,
    write_minima,
    write_sum,
)
from iolaus.fingerprint.words import (
    MAX_WORDS,
    Scratch,
    dominant_script,
    in_words,
    n_openers,
    read_words,
    scratch_for_words,
)

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]

N_HASHES = N_MINIMA
"""Permutations of the MinHash; mean error of the estimate .035 at J = .58 (performance.md, B)."""

SHINGLE_SAMPLE = 24
"""At most this many sampled shingles are kept of a prompt."""

NOVELTY_SAMPLE = 16
"""At most this many sampled shingles are kept of a prompt's slot content."""

SKELETON_SAMPLE = 64
"""At most this many shingles of a scaffold are kept, in full."""

BUCKET_BITS = 18
N_BUCKETS = 1 << BUCKET_BITS
"""Hash buckets of the classifier; 2^16 was as fast but collides (performance.md, A)."""

Text = tuple[U8, I64]
Model = tuple[U64, I32, npt.NDArray[np.int8], U32]
Out = tuple[U8, I32, I32, I32, I32]
Room = tuple[Scratch, Marks, U64, U32, U8, I32, U64, U32]
"""Scratch for words and for the scaffold; words, pairs and shingles; their upper halves and places;
what is inside the scaffold; buckets, and which rows were seen; samples."""

_AHEAD = 2048  # bytes of the next row that are asked for
_TABLE = 1 << 16  # open addressing for the runs of one text


@compiled
def _candidates(features: U64, n: int, present: U64, out: I32, count: np.uint64) -> np.uint64:
    """Append the buckets that have weights; return the new count."""
    for i in range(n):
        bucket = np.uint32(features[i]) & np.uint32(N_BUCKETS - 1)
        word = present[bucket >> np.uint32(6)]
        out[count] = bucket
        count += (word >> np.uint64(bucket & np.uint32(63))) & np.uint64(1)
    return count


@compiled
def _rows_of(buckets: I32, n: int, model: tuple[U64, I32], seen: U64) -> int:
    """Turn buckets into rows of the weights, each once, in place; return how many."""
    present, before = model
    count = 0
    for i in range(n):
        word, bit = buckets[i] >> 6, np.uint64(buckets[i] & 63)
        row = before[word] + bit_count(present[word] & ((np.uint64(1) << bit) - np.uint64(1)))
        fresh = (seen[row >> 6] >> np.uint64(row & 63)) & np.uint64(1) == 0
        seen[row >> 6] |= np.uint64(1) << np.uint64(row & 63)
        buckets[count] = row
        count += fresh
    for i in range(count):
        seen[buckets[i] >> 6] = np.uint64(0)
    return count


def room_of(n_weights: int) -> Room:
    """Return the memory that a call works in, for a model of so many rows of weights."""
    return (
        scratch_for_words(),
        room_for_scaffold(MAX_WORDS),
        np.empty((3, MAX_WORDS + LANES), np.uint64),
        np.empty((2, MAX_WORDS), np.uint32),
        np.empty(MAX_WORDS, np.uint8),
        np.empty(3 * MAX_WORDS, np.int32),
        np.zeros(n_weights // 64 + 1, np.uint64),
        np.empty((2, ROOM + PAD), np.uint32),
    )


@compiled
def _score(n: int, m: int, model: Model, room: Room, sums: I32) -> int:
    """Add up the weights of the distinct features that have any; return how many there are.

    Features are words, pairs, and words that open a line; the number counts repeated ones too.
    """
    buckets, openers = room[5], n_openers(room[0])
    count = _candidates(room[2][0], n, model[0], buckets, np.uint64(0))
    count = _candidates(room[2][1], m, model[0], buckets, count)
    count = _candidates(room[0][2], openers, model[0], buckets, count)
    hits = _rows_of(buckets, np.int64(count), (model[0], model[1]), room[6])
    write_sum(model[2], buckets, hits, sums)
    return n + m + openers


@compiled
def _ask_for(data: U8, start: int, end: int) -> None:
    """Have the next row's text fetched while this row is worked on."""
    for at in range(start, min(end, start + _AHEAD), LANES):
        prefetch(data, at)


@compiled
def read_rows(text: Text, keys: Keys, keep: Keep, model: Model, out: Out, room: Room) -> None:
    """
    Fill signature, sample, novelty, sums and counts for each row of `text`.

    `keep` holds the counters' levels, one bit for each four of them, with how many shingles a
    scaffold begins, and how far distinct shingles are counted. `counts` has a column each for
    words, distinct shingles, shingles in the scaffold (two count as one where each character is a
    word), features, script, sampled shingles and novel ones (-1 without a scaffold).
    """
    data, offsets = text
    signature, sample, novelty, sums, counts = out
    words, pairs, shingles = room[2][0], room[2][1], room[2][2]
    xs, inside = room[3][0], room[4]
    for row in range(offsets.size - 1):
        if row + 2 < offsets.size:
            _ask_for(data, offsets[row + 1], offsets[row + 2])
        n, n_words = read_words(data, offsets[row], offsets[row + 1], words, room[0])
        m = pair_words(words, n, pairs)
        counts[row, 3] = _score(n, m, model, room, sums[row])
        key_shingles(pairs, m, keys, shingles)
        marked = mark_scaffold(shingles, m, keep, room[1], inside)
        kept = in_words(marked, room[0])
        if kept < keep[3]:
            write_halves(shingles, m, xs)
        else:
            write_inside_halves(shingles, m, inside, xs)
        write_minima(xs, m, model[3], signature[row])
        counts[row, 0] = n_words
        counts[row, 1] = count_distinct(shingles, m, keep[4], pairs)
        counts[row, 2] = kept
        counts[row, 4] = dominant_script(room[0])
        counts[row, 5] = sample_shingles(shingles, m, m, room[7], sample[row])
        counts[row, 6] = -1
        if kept >= keep[3]:
            hide(shingles, m, inside)
            counts[row, 6] = sample_shingles(shingles, m, m - marked, room[7], novelty[row])


@compiled
def count_rows(text: Text, keys: Keys, counts: U16, room: Room, table: U32) -> None:
    """Count in how many rows each run of `GRAM` words stands; a row counts a run once.

    `table` holds 2^16 zeros, and does so again afterwards.
    """
    data, offsets = text
    words, pairs = room[2][0], room[2][1]
    slots, places = room[3][0], room[3][1]
    for row in range(offsets.size - 1):
        n, _ = read_words(data, offsets[row], offsets[row + 1], words, room[0])
        m = pair_words(words, n, pairs)
        key_shingles(pairs, m, keys, pairs)
        runs = write_runs(pairs, m, slots)
        mask = np.uint32(_TABLE - 1) if runs > 256 else np.uint32(1023)
        for i in range(runs):
            mark = slots[i] + np.uint32(1)
            at = slots[i] & mask
            while table[at] != 0 and table[at] != mark:
                at = (at + np.uint32(1)) & mask
            if table[at] == 0 and counts[slots[i]] < 65535:
                counts[slots[i]] += np.uint16(1)
            table[at] = mark
            places[i] = at
        for i in range(runs):
            table[places[i]] = 0


@compiled
def bucket_rows(text: Text, indptr: I64, indices: I32, features: I32, room: Room) -> int:
    """Write the classifier's distinct buckets of each row (CSR); return how many there are.

    `features` gets the number of words and pairs of each row, repeated ones too.
    """
    data, offsets = text
    words, pairs, buckets, seen = room[2][0], room[2][1], room[5], room[6]
    total = 0
    for row in range(offsets.size - 1):
        indptr[row] = total
        n, _ = read_words(data, offsets[row], offsets[row + 1], words, room[0])
        m = pair_words(words, n, pairs)
        count = n + m + n_openers(room[0])
        features[row] = count
        for i in range(count):
            feature = words[i] if i < n else pairs[i - n] if i < n + m else room[0][2][i - n - m]
            bucket = np.int64(np.uint32(feature) & np.uint32(N_BUCKETS - 1))
            bit = np.uint64(1) << np.uint64(bucket & 63)
            if seen[bucket >> 6] & bit == 0:
                seen[bucket >> 6] |= bit
                if total < indices.size:
                    indices[total] = bucket
                total += 1
            buckets[i] = bucket
        for i in range(count):
            seen[buckets[i] >> 6] = np.uint64(0)
    indptr[offsets.size - 1] = total
    return total


@compiled
def pair_rows(text: Text, indptr: I64, out: U64, room: Room) -> int:
    """Write the public hash of each row's pairs (CSR), while there is room; return how many."""
    data, offsets = text
    words, pairs = room[2][0], room[2][1]
    total = 0
    for row in range(offsets.size - 1):
        indptr[row] = total
        n, _ = read_words(data, offsets[row], offsets[row + 1], words, room[0])
        m = pair_words(words, n, pairs)
        for i in range(m):
            if total + i < out.size:
                out[total + i] = pairs[i]
        total += m
    indptr[offsets.size - 1] = total
    return total


@compiled
def skeleton_rows(text: Text, keys: Keys, keep: Keep, room: Room, out: tuple[I64, I32]) -> None:
    """Write the smallest distinct shingles of each row's scaffold, ascending as unsigned numbers.

    out[0] has `SKELETON_SAMPLE` columns, out[1] says how many of them are filled: 0 without a
    scaffold.
    """
    data, offsets = text
    words, pairs, shingles, inside = room[2][0], room[2][1], room[2][2], room[4]
    for row in range(offsets.size - 1):
        out[1][row] = 0
        n, _ = read_words(data, offsets[row], offsets[row + 1], words, room[0])
        m = pair_words(words, n, pairs)
        key_shingles(pairs, m, keys, shingles)
        marked = mark_scaffold(shingles, m, keep, room[1], inside)
        if in_words(marked, room[0]) < keep[3]:
            continue
        count = 0
        for i in range(m):
            value = shingles[i]
            if inside[i] == 0 or (count == SKELETON_SAMPLE and value >= pairs[count - 1]):
                continue
            at = count
            while at > 0 and pairs[at - 1] > value:
                at -= 1
            if at > 0 and pairs[at - 1] == value:
                continue
            count = min(count + 1, SKELETON_SAMPLE)
            for j in range(count - 1, at, -1):
                pairs[j] = pairs[j - 1]
            pairs[at] = value
        for i in range(count):
            out[0][row, i] = np.int64(pairs[i])
        out[1][row] = count
