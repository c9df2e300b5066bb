"""Bytes of a text column -> tokens, shingles, signature, shingle sample, script, classifier sums.

    bytes -> words (public 64-bit hashes) -> pairs of words (shingles)
                                          |-> keyed -> signature (MinHash128), sample
                                          `-> public -> buckets of the classifier

Letters and bytes >= 0x80 are word bytes; digits and punctuation separate, so numbers vanish;
ASCII is folded. Characters of scripts without spaces are words of their own. Everything that is
kept is keyed with the operator's key; the classifier's buckets are not kept, and are public so
that weights do not depend on a key. All functions of one row live in this file because numba's
cache does not notice when a function or a number that it took from another file changes.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]

HEAD_BYTES, MIDDLE_BYTES, TAIL_BYTES = 8192, 4096, 4096
"""A prompt longer than their sum is read in three windows, so that 50 MB cost no more than 16 KB.
Scaffolds stand at the ends; the middle window is for slot content."""

SHINGLE_SAMPLE = 24
"""At most this many sampled shingles are kept of a prompt: 96 bytes of the 64-byte goal's spare."""

N_HASHES = 128
"""Permutations of the MinHash; mean error of the estimate .035 at J = .58 (performance.md, B)."""

GRAM = 5
"""Words of a run whose frequency tells scaffold from slot content."""

N_BUCKETS = 1 << 18
"""Hash buckets of the classifier; 2^16 was as fast but collides (performance.md, A)."""

MAX_BYTES = HEAD_BYTES + MIDDLE_BYTES + TAIL_BYTES
MAX_WORDS = MAX_BYTES // 2 + 256
N_LEVELS = 64
"""How widely a run is shared, in half powers of two; 0 is too rare to be scaffold."""

_TOP_RUNS, _TOP_PART = 8, 10  # the plateau: at least 8 runs, and a tenth of the shared ones
_DROP = 3  # scaffold is what 1 / 2.8 as many texts share; 1/4 and 1/8 found fewer
_TABLE = 1 << 15  # open addressing for at most 2 * MAX_WORDS distinct features
_SNAP = 64  # a window's edge moves to the next space within this many bytes

SCRIPTS = ("other", "latin", "cyrillic", "cjk", "kana", "hangul", "arabic", "devanagari", "thai")
"""The order of the `script` codes; also `other` when there is no letter."""

_SCRIPT_OF_LEAD = np.zeros(256, np.uint8)
_SCRIPT_OF_LEAD[0x41:0x7B] = _SCRIPT_OF_LEAD[0xC3:0xCA] = 1
_SCRIPT_OF_LEAD[0xD0:0xD4] = 2
_SCRIPT_OF_LEAD[0xE3:0xEA] = 3
_SCRIPT_OF_LEAD[0xEA:0xEE] = 5
_SCRIPT_OF_LEAD[0xD8:0xDE] = 6


@numba.njit(cache=True, nogil=True)
def _mix(x: np.uint64) -> np.uint64:
    """Finaliser of splitmix64, a public permutation of 64 bits."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@numba.njit(cache=True, nogil=True)
def _keyed(x: np.uint64, k0: np.uint64, k1: np.uint64) -> np.uint64:
    """Two-round Even-Mansour over the public permutation: nobody repeats it without the key."""
    return _mix(_mix(x ^ k0) ^ k1) ^ k0


@numba.njit(cache=True, nogil=True)
def _pair(a: np.uint64, b: np.uint64) -> np.uint64:
    return _mix(a * np.uint64(0x9E3779B97F4A7C15) + b)


@numba.njit(cache=True, nogil=True)
def _kind(data: U8, at: int, end: int) -> tuple[int, int]:
    """Return (0 separator | 1 word byte | 2 word of its own, length in bytes) of a character."""
    b = data[at]
    if b < 0x80:
        return (1, 1) if 97 <= (b | 32) <= 122 else (0, 1)
    second = data[at + 1] if at + 1 < end else np.uint8(0)
    kind, length = 1, 1  # a stray continuation byte counts as a word byte
    if b >= 0xF0:
        kind, length = 2, 4
    elif b >= 0xE0:
        length = 3
        if b == 0xE0:  # Thai and Lao
            kind = 2 if 0xB8 <= second <= 0xBB else 1
        elif b == 0xE1:  # Myanmar and Khmer
            kind = 2 if second <= 0x82 or 0x9E <= second <= 0x9F else 1
        elif b == 0xE2:  # punctuation, arrows, symbols
            kind = 0 if second < 0xB0 else 1
        elif b == 0xE3:  # CJK punctuation; kana
            kind = 0 if second == 0x80 else 2
        elif b <= 0xED:  # CJK, Hangul
            kind = 2
        elif b == 0xEF:  # full-width punctuation and digits, replacement character
            kind = 0 if second in (0xBC, 0xBF) else 1
    elif b >= 0xC2:
        kind, length = (0 if b == 0xC2 else 1), 2
    return kind, min(length, end - at)


@numba.njit(cache=True, nogil=True)
def _script(data: U8, at: int, end: int) -> int:
    """Return the script code of a character that belongs to a word."""
    b = data[at]
    second = data[at + 1] if at + 1 < end else np.uint8(0)
    if b == 0xE0:
        if 0xA4 <= second <= 0xA5:
            return 7
        return 8 if 0xB8 <= second <= 0xB9 else 0
    if b == 0xE3 and 0x81 <= second <= 0x83:
        return 4
    # int() of a byte would be unsigned to numba.
    return np.int64(_SCRIPT_OF_LEAD[b])  # type: ignore[return-value]


@numba.njit(cache=True, nogil=True)
def _words(data: U8, start: int, end: int, words: U64, n: int, scripts: I64) -> int:
    """Append the hashes of the words of data[start:end] to words[n:]; return the new count."""
    h = np.uint64(0xCBF29CE484222325)
    inside = False
    at = start
    while at < end:
        kind, length = _kind(data, at, end)
        if inside and kind != 1:
            words[n] = _mix(h)
            n += 1
            inside = False
        if kind != 0:
            scripts[_script(data, at, end)] += length
            if not inside:
                h = np.uint64(0xCBF29CE484222325)  # FNV-1a
                inside = True
            for j in range(at, at + length):
                b = data[j]
                fold = b | np.uint8(32) if 65 <= b <= 90 else b
                h = (h ^ np.uint64(fold)) * np.uint64(0x100000001B3)
        at += length
    if inside:
        words[n] = _mix(h)
        n += 1
    return n


@numba.njit(cache=True, nogil=True)
def _snap(data: U8, at: int, end: int) -> int:
    """Move `at` behind the next space, or leave it where none is near."""
    for j in range(at, min(at + _SNAP, end)):
        if data[j] == 32 or data[j] == 10:
            return j + 1
    return at


@numba.njit(cache=True, nogil=True)
def _read(data: U8, start: int, end: int, words: U64, scripts: I64) -> tuple[int, int]:
    """Return (words read, words in the whole text, estimated when it is read in windows)."""
    scripts[:] = 0
    size = end - start
    if size <= MAX_BYTES:
        n = _words(data, start, end, words, 0, scripts)
        return n, n
    middle = start + size // 2 - MIDDLE_BYTES // 2
    n = _words(data, start, _snap(data, start + HEAD_BYTES, end), words, 0, scripts)
    stop = _snap(data, middle + MIDDLE_BYTES, end)
    n = _words(data, _snap(data, middle, end), stop, words, n, scripts)
    n = _words(data, _snap(data, end - TAIL_BYTES, end), end, words, n, scripts)
    return n, n * size // MAX_BYTES


@numba.njit(cache=True, nogil=True)
def _add(table: U64, slots: I32, n: int, x: np.uint64) -> bool:
    """Put x into the set; slots[n] remembers where, so that clearing costs what filling did."""
    at = np.int64(x & np.uint64(_TABLE - 1))
    while table[at] != 0:
        if table[at] == x:
            return False
        at = (at + 1) & (_TABLE - 1)
    table[at] = x
    slots[n] = at
    return True


@numba.njit(cache=True, nogil=True)
def _distinct(words: U64, n: int, features: U64, table: U64, slots: I32) -> tuple[int, int]:
    """Write the distinct pairs, then the distinct words; return (pairs, both)."""
    count = 0
    for i in range(max(n - 1, min(n, 1))):
        x = _pair(words[i], words[i + 1] if i + 1 < n else np.uint64(0))
        if _add(table, slots, count, x):
            features[count] = x
            count += 1
    pairs = count
    for i in range(n):
        if _add(table, slots, count, words[i]):
            features[count] = words[i]
            count += 1
    for i in range(count):
        table[slots[i]] = 0
    return pairs, count


@numba.njit(cache=True, nogil=True)
def _gram(words: U64, at: int) -> np.uint64:
    """Hash the `GRAM` words from `at` on."""
    x = words[at]
    for j in range(at + 1, at + GRAM):
        x = (x ^ words[j]) * np.uint64(0x9E3779B97F4A7C15)
        x ^= x >> np.uint64(32)
    return x


@numba.njit(cache=True, nogil=True)
def _plateau(levels: U8, n: int, tally: I64) -> int:
    """Return the lowest level of a row's runs that is scaffold: near its most shared ones.

    A scaffold's runs stand in about equally many texts, often in many more than a slot's
    runs do, however often these are repeated.
    """
    tally[:] = 0
    for at in range(n):
        tally[levels[at]] += 1
    enough = max(_TOP_RUNS, (n - tally[0]) // _TOP_PART)
    level, total = tally.size - 1, 0
    while level > 0:
        total += tally[level]
        if total >= enough:
            break
        level -= 1
    return max(level - _DROP, 1)


@numba.njit(cache=True, nogil=True)
def _scaffold(words: U64, n: int, shared: U8, kept: U64, scratch: tuple[U64, I32, U8, I64]) -> int:
    """Write the distinct pairs inside runs of words that many texts share; return how many."""
    table, slots, levels, tally = scratch
    for at in range(n - GRAM + 1):
        levels[at] = shared[_gram(words, at) & np.uint64(shared.size - 1)]
    lowest = _plateau(levels, n - GRAM + 1, tally)
    count = 0
    done = 0
    for at in range(n - GRAM + 1):
        if levels[at] < lowest:
            continue
        for i in range(max(at, done), at + GRAM - 1):
            x = _pair(words[i], words[i + 1])
            if _add(table, slots, count, x):
                kept[count] = x
                count += 1
        done = at + GRAM - 1
    for i in range(count):
        table[slots[i]] = 0
    return count


@numba.njit(cache=True, nogil=True)
def _sign(shingles: U64, n: int, multipliers: U32, lowest: U32, out: U8) -> None:
    """MinHash of the set; the lowest eight bits of each minimum are stored."""
    lowest[:] = np.uint32(0xFFFFFFFF)
    for i in range(n):
        x = np.uint32(shingles[i] >> np.uint64(32))
        for p in range(N_HASHES):
            v = np.uint32(multipliers[p] * x)
            lowest[p] = min(v, lowest[p])
    for p in range(N_HASHES):
        out[p] = np.uint8(lowest[p] & np.uint32(255))


@numba.njit(cache=True, nogil=True)
def _sample(shingles: U64, n: int, out: I32) -> int:
    """Keep the smallest of a consistent 1-in-2 sample of shingles, ascending; return how many."""
    count = 0
    for i in range(n):
        if shingles[i] & np.uint64(1) != 0:
            continue
        value = np.int32(np.int64(shingles[i] >> np.uint64(32)) - (1 << 31))
        at = count
        while at > 0 and out[at - 1] > value:
            at -= 1
        if at >= SHINGLE_SAMPLE or (at > 0 and out[at - 1] == value):
            continue
        count = min(count + 1, SHINGLE_SAMPLE)
        for j in range(count - 1, at, -1):
            out[j] = out[j - 1]
        out[at] = value
    return count


@numba.njit(cache=True, nogil=True)
def _dominant(scripts: I64) -> int:
    """Return the script with most bytes; some kana among CJK makes it Japanese."""
    if scripts[4] * 10 > scripts[3] and scripts[4] > 0 and scripts[3] + scripts[4] > scripts[1]:
        return 4
    best = 0
    for code in range(1, scripts.size):
        if scripts[code] > scripts[best]:
            best = code
    return best


@numba.njit(cache=True, nogil=True)
def _score(features: U64, n: int, rows: I32, weights: npt.NDArray[np.int8], sums: I32) -> None:
    """Add the weight rows of the buckets that have one."""
    sums[:] = 0
    for i in range(n):
        row = rows[features[i] & np.uint64(N_BUCKETS - 1)]
        if row >= 0:
            for c in range(sums.size):
                sums[c] += weights[row, c]


@numba.njit(cache=True, nogil=True)
def read_rows(
    text: tuple[U8, I64],
    keys: tuple[np.uint64, np.uint64],
    keep: tuple[U8, int],
    model: tuple[I32, npt.NDArray[np.int8]],
    multipliers: U32,
    out: tuple[U8, I32, I32, I32, I32],
) -> None:
    """Fill signature, sample, sums and the counts of `COUNTS` for each row of `text`."""
    data, offsets = text
    signature, sample, n_sampled, sums, counts = out
    words = np.empty(MAX_WORDS, np.uint64)
    features = np.empty(2 * MAX_WORDS, np.uint64)
    kept = np.empty(MAX_WORDS, np.uint64)
    table = np.zeros(_TABLE, np.uint64)
    slots = np.empty(2 * MAX_WORDS, np.int32)
    levels = np.empty(MAX_WORDS, np.uint8)
    tally = np.empty(N_LEVELS, np.int64)
    lowest = np.empty(N_HASHES, np.uint32)
    scripts = np.empty(len(SCRIPTS), np.int64)
    for row in range(offsets.size - 1):
        n, n_words = _read(data, offsets[row], offsets[row + 1], words, scripts)
        pairs, n_features = _distinct(words, n, features, table, slots)
        _score(features, n_features, model[0], model[1], sums[row])
        for i in range(pairs):
            features[i] = _keyed(features[i], keys[0], keys[1])
        n_kept = _scaffold(words, n, keep[0], kept, (table, slots, levels, tally))
        if n_kept >= keep[1]:
            for i in range(n_kept):
                kept[i] = _keyed(kept[i], keys[0], keys[1])
            _sign(kept, n_kept, multipliers, lowest, signature[row])
        else:
            _sign(features, pairs, multipliers, lowest, signature[row])
        n_sampled[row] = _sample(features, pairs, sample[row])
        counts[row, 0] = n_words
        counts[row, 1] = pairs
        counts[row, 2] = n_kept
        counts[row, 3] = n_features
        counts[row, 4] = _dominant(scripts)


@numba.njit(cache=True, nogil=True)
def count_rows(text: tuple[U8, I64], counts: U16, seen: I32, first_row: int) -> None:
    """Count in how many rows each run of `GRAM` words stands; `seen` holds a slot's last row."""
    data, offsets = text
    words = np.empty(MAX_WORDS, np.uint64)
    scripts = np.empty(len(SCRIPTS), np.int64)
    for row in range(offsets.size - 1):
        n, _ = _read(data, offsets[row], offsets[row + 1], words, scripts)
        for i in range(n - GRAM + 1):
            at = _gram(words, i) & np.uint64(counts.size - 1)
            if seen[at] != first_row + row and counts[at] < 65535:
                seen[at] = first_row + row
                counts[at] += np.uint16(1)


@numba.njit(cache=True, nogil=True)
def bucket_rows(text: tuple[U8, I64], indptr: I64, indices: I32) -> int:
    """Write the classifier's distinct buckets of each row (CSR); return how many there are."""
    data, offsets = text
    words = np.empty(MAX_WORDS, np.uint64)
    features = np.empty(2 * MAX_WORDS, np.uint64)
    table = np.zeros(_TABLE, np.uint64)
    slots = np.empty(2 * MAX_WORDS, np.int32)
    scripts = np.empty(len(SCRIPTS), np.int64)
    total = 0
    for row in range(offsets.size - 1):
        indptr[row] = total
        n, _ = _read(data, offsets[row], offsets[row + 1], words, scripts)
        _, n_features = _distinct(words, n, features, table, slots)
        for i in range(n_features):
            if total < indices.size:
                indices[total] = np.int32(features[i] & np.uint64(N_BUCKETS - 1))
            total += 1
    indptr[offsets.size - 1] = total
    return total
