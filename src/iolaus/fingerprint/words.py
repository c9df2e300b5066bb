"""Bytes of one text -> public 64-bit hashes of its words, in order, and of those that open a line.

Letters and bytes >= 0x80 are word bytes; digits and punctuation separate, so numbers vanish;
ASCII is folded. Characters of scripts without spaces (and of Hangul) are words of their own.
Invalid UTF-8 has a meaning too: a continuation byte that belongs to no character is a word byte,
and a character ends where its continuation bytes do.

The hash is public: weights of the classifier do not depend on a key. Whoever looks for two words
with one hash finds them; what it gains is a text that resembles another, which copying gives
as well. Everything that is kept is keyed (kernel.py), and no table's cost depends on this hash.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from llvmlite import ir

from iolaus.fingerprint.shingles import mixed
from iolaus.fingerprint.vectors import (
    LANES,
    REACH,
    Block,
    bit_count,
    compiled,
    folded_product,
    lowest_bit,
    masks,
    sixteen_bytes,
)

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]

HEAD_BYTES, MIDDLE_BYTES, TAIL_BYTES = 8192, 4096, 4096
"""A prompt longer than their sum is read in three windows, so that 50 MB cost no more than 16 KB.
Scaffolds stand at the ends; the middle window is for slot content."""

MAX_BYTES = HEAD_BYTES + MIDDLE_BYTES + TAIL_BYTES
MAX_WORDS = MAX_BYTES + 256
"""Words of the longest text that is read: every byte may be one, and windows are snapped."""

SCRIPTS = ("other", "latin", "cyrillic", "cjk", "kana", "hangul", "arabic", "devanagari", "thai")
"""The order of the `script` codes; also `other` when there is no letter."""

N_SCRIPTS = len(SCRIPTS)

OPENS = np.uint64(0x27D4EB2F165667C5)
"""What tells the hash of a word that opens a line from that of the word anywhere."""

_CARRIED, _WORD, _TOKEN, _LINE = 11, 8, 9, 10  # bits that one block of bytes leaves to the next
_SNAP = 64  # a window's edge moves to the next space within this many bytes
_SPARE = REACH + 16  # bytes that may be read behind a window

# No byte of a word is 1 or 2, so that neither factor of a short word's product can be zero.
_SEED_LOW, _SEED_HIGH = np.uint64(0x2D358DCCAA6C7801), np.uint64(0x8BB84B93962EAC02)
_LOW = np.array([(1 << 8 * min(n, 8)) - 1 for n in range(17)], np.uint64)
_HIGH = np.array([(1 << 8 * max(n - 8, 0)) - 1 for n in range(17)], np.uint64)

NONE, ONE, ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)

Bounds = tuple[I32, I32, U64, I64, I32]
"""Where words begin and end, carried bits, tallies, the numbers of words that open a line.

Tallied are the bytes of each script, the openers of a window, and those of all windows."""

Scratch = tuple[Bounds, U8, U64]
"""`Bounds`, room for a copy of a window, and the hashes of words that open a line."""


def _plain_bits(b: Block, _: Block) -> list[ir.Value]:
    """ASCII letters; bytes of other characters; line ends."""
    return [b.letter(), b.within(0x80, 0xFF), b.equals(0x0A)]


def _wide_bits(b: Block, n: Block) -> list[ir.Value]:
    """
    Continuation bytes; then the first bytes of characters, by what they are.

    Separators of two bytes and of three; words of their own of three bytes and of four.
    """
    separators = [
        b.both(b.equals(0xE2), n.within(0x00, 0xAF)),  # punctuation, arrows, symbols
        b.both(b.equals(0xE3), n.equals(0x80)),  # CJK punctuation
        b.both(b.equals(0xEF), n.equals(0xBC, 0xBF)),  # full-width punctuation, replacement
    ]
    own = [
        b.within(0xE4, 0xED),  # CJK, Hangul
        b.but(b.equals(0xE3), n.equals(0x80)),  # kana, more CJK
        b.both(b.equals(0xE0), n.within(0xB8, 0xBB)),  # Thai, Lao
        b.both(b.equals(0xE1), n.within(0x00, 0x82)),  # Myanmar
        b.both(b.equals(0xE1), n.within(0x9E, 0x9F)),  # Khmer
    ]
    lengths = [b.any(*separators), b.any(*own), b.within(0xF0, 0xFF)]
    return [b.within(0x80, 0xBF), b.equals(0xC2), *lengths]


def _script_bits(b: Block, n: Block) -> list[ir.Value]:
    """First bytes of characters of `SCRIPTS`, from Latin with accents on."""
    kana = b.both(b.equals(0xE3), n.within(0x81, 0x83))
    return [
        b.within(0xC3, 0xC9),
        b.within(0xD0, 0xD3),
        b.but(b.within(0xE3, 0xE9), b.any(kana, b.both(b.equals(0xE3), n.equals(0x80)))),
        kana,
        b.within(0xEA, 0xED),
        b.within(0xD8, 0xDD),
        b.both(b.equals(0xE0), n.within(0xA4, 0xA5)),
        b.both(b.equals(0xE0), n.within(0xB8, 0xB9)),
    ]


_plain = masks(3, _plain_bits)
_wide = masks(5, _wide_bits)
_scripts = masks(8, _script_bits)


@compiled
def _count_scripts(data: U8, at: int, valid: np.uint64, scripts: I64) -> None:
    """Add the bytes of a block's characters to the scripts."""
    latin, cyrillic, cjk, kana, hangul, arabic, devanagari, thai = _scripts(data, at)
    scripts[1] += 2 * bit_count(latin & valid)
    scripts[2] += 2 * bit_count(cyrillic & valid)
    scripts[3] += 3 * bit_count(cjk & valid)
    scripts[4] += 3 * bit_count(kana & valid)
    scripts[5] += 3 * bit_count(hangul & valid)
    scripts[6] += 2 * bit_count(arabic & valid)
    scripts[7] += 3 * bit_count(devanagari & valid)
    scripts[8] += 3 * bit_count(thai & valid)


@compiled
def _spread(mask: np.uint64, over: np.uint64, carry: U64, which: int) -> np.uint64:
    """Return the bytes behind those of the mask that lie in `over`; carry its last bit along."""
    moved = (mask << np.uint64(1)) | carry[which]
    carry[which] = mask >> np.uint64(63)
    return moved & over


@compiled
def _wide_words(
    data: U8, at: int, valid: np.uint64, plain: tuple[np.uint64, np.uint64], carry: U64
) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Return word bytes, bytes of words of their own, and the first bytes of the latter."""
    follows, two, three, own3, own4 = _wide(data, at)
    follows, two, three = follows & valid, two & valid, three & valid
    own3, own4 = own3 & valid, own4 & valid
    second = _spread(three, follows, carry, 0)
    separator = two | three | second | _spread(two, follows, carry, 1)
    separator |= _spread(second, follows, carry, 2)
    second, second4 = _spread(own3, follows, carry, 3), _spread(own4, follows, carry, 4)
    third4 = _spread(second4, follows, carry, 5)
    own = own3 | own4 | second | second4 | third4
    own |= _spread(second, follows, carry, 6) | _spread(third4, follows, carry, 7)
    return plain[0] | (plain[1] & ~separator & ~own), own, own3 | own4


@compiled
def _note(mask: np.uint64, base: int, out: I32, n: int) -> int:
    """
    Append the numbers of the bits that are set; return the new count.

    Eight at a time, whether there are as many or not: what stands behind the count is
    overwritten, and a loop whose end can be foreseen is quicker.
    """
    count = bit_count(mask)
    at, stop = np.uint64(n), np.uint64(n + count)
    while at < stop:
        for j in range(8):
            out[at + np.uint64(j)] = base + lowest_bit(mask)
            mask &= mask - ONE
        at += np.uint64(8)
    return n + count


@compiled
def _openers(lines: np.uint64, begins: np.uint64, carry: U64) -> np.uint64:
    """Return which words are the first after a line's end.

    An addition carries each line's end through the bytes that begin no word to one that does.
    """
    free = ~begins
    total = free + lines
    more = total + carry[_LINE]
    carry[_LINE] = np.uint64(total < free) | np.uint64(more < total)
    return more & begins


@compiled
def _bounds(data: U8, start: int, end: int, scratch: Bounds) -> int:
    """Write where the words of data[start:end] begin and end; return how many there are.

    The numbers of those that open a line are written too; tally[N_SCRIPTS] says how many.
    """
    starts, ends, carry, tally, opened = scratch
    for i in range(_CARRIED):  # of a constant length: a few stores, not a call
        carry[i] = 0
    carry[_LINE], tally[N_SCRIPTS] = 1, 0
    n = closed = 0
    wide = False
    for at in range(start, end, LANES):
        valid = ALL if end - at >= LANES else (ONE << np.uint64(end - at)) - ONE
        letters, high, lines = _plain(data, at)
        letters, high = letters & valid, high & valid
        word, own, own_first = letters, NONE, NONE
        if wide or high != 0:
            word, own, own_first = _wide_words(data, at, valid, (letters, high), carry)
            _count_scripts(data, at, valid, tally)
            wide = high != 0
        token = word | own
        begins = (word & ~((word << ONE) | carry[_WORD])) | own_first
        before = (token << ONE) | carry[_TOKEN]
        carry[_WORD], carry[_TOKEN] = word >> np.uint64(63), token >> np.uint64(63)
        tally[1] += bit_count(letters)
        opens = _openers(lines, begins, carry)
        while opens != 0:
            below = (opens & (~opens + ONE)) - ONE
            opened[tally[N_SCRIPTS]] = n + bit_count(begins & below)
            tally[N_SCRIPTS] += 1
            opens &= opens - ONE
        n = _note(begins, at, starts, n)
        closed = _note(before & (~token | begins), at, ends, closed)
    if closed < n:
        ends[closed] = end
    return n


@compiled
def _fold(x: np.uint64) -> np.uint64:
    """Make ASCII letters small: bytes below 0x80 in a word are letters."""
    return x | ((~x & np.uint64(0x8080808080808080)) >> np.uint64(2))


@compiled
def _long(data: U8, at: int, end: int) -> np.uint64:
    """Hash a word of any length, sixteen bytes at a time."""
    h = NONE
    while at < end:
        n = np.uint64(min(end - at, 16))
        low, high = sixteen_bytes(data, at)
        low, high = _fold(low) & _LOW[n], _fold(high) & _HIGH[n]
        h = folded_product(low ^ _SEED_LOW ^ h, high ^ _SEED_HIGH)
        at += 16
    return h


@compiled
def _hash(data: U8, bounds: tuple[I32, I32], count: int, words: U64) -> None:
    """Hash the words of a window; the short ones, nearly all, without a branch."""
    starts, ends = bounds
    for i in range(count):
        at, end = int(starts[i]), int(ends[i])
        n = np.uint64(min(end - at, 16))
        low, high = sixteen_bytes(data, at)
        low, high = _fold(low) & _LOW[n], _fold(high) & _HIGH[n]
        words[i] = folded_product(low ^ _SEED_LOW, high ^ _SEED_HIGH)
        if end - at > 16:
            words[i] = _long(data, at, end)


@compiled
def _window(data: U8, start: int, end: int, words: U64, scratch: Bounds) -> int:
    """Write the words of data[start:end]; return how many there are."""
    count = _bounds(data, start, end, scratch)
    _hash(data, (scratch[0], scratch[1]), count, words)
    return count


@compiled
def _snap(data: U8, at: int, end: int) -> int:
    """Move `at` behind the next space, or leave it where none is near."""
    for j in range(at, min(at + _SNAP, end)):
        if data[j] == 32 or data[j] == 10:
            return j + 1
    return at


@compiled
def _safe(data: U8, start: int, end: int, words: U64, scratch: Scratch) -> int:
    """Write a window's words, and append those that open a line to the openers.

    It is copied first where reading behind its end is not allowed.
    """
    bounds, copy, openers = scratch
    if end + _SPARE <= data.size and (end == start or data[end - 1] < 0xC2):
        n = _window(data, start, end, words, bounds)
    else:
        size = end - start
        for i in range(size):
            copy[i] = data[start + i]
        copy[size : size + _SPARE] = 0
        n = _window(copy, 0, size, words, bounds)
    tally, opened = bounds[3], bounds[4]
    for i in range(tally[N_SCRIPTS]):
        openers[tally[N_SCRIPTS + 1]] = mixed(words[opened[i]] ^ OPENS)
        tally[N_SCRIPTS + 1] += 1
    return n


@compiled
def read_words(data: U8, start: int, end: int, words: U64, scratch: Scratch) -> tuple[int, int]:
    """Return (words read, words in the whole text, estimated when it is read in windows).

    `scratch` then holds in its last part the hashes of words that open a line, or a window;
    `n_openers` says how many.
    """
    tally = scratch[0][3]
    for i in range(N_SCRIPTS + 2):
        tally[i] = 0
    size = end - start
    if size <= MAX_BYTES:
        n = _safe(data, start, end, words, scratch)
        return n, n
    middle = start + size // 2 - MIDDLE_BYTES // 2
    n = _safe(data, start, _snap(data, start + HEAD_BYTES, end), words, scratch)
    stop = _snap(data, middle + MIDDLE_BYTES, end)
    n += _safe(data, _snap(data, middle, end), stop, words[n:], scratch)
    n += _safe(data, _snap(data, end - TAIL_BYTES, end), end, words[n:], scratch)
    return n, n * size // MAX_BYTES


@compiled
def n_openers(scratch: Scratch) -> int:
    """Return how many words open a line in the text that was read last."""
    return int(scratch[0][3][N_SCRIPTS + 1])


def scratch_for_words() -> Scratch:
    """Return the memory that `read_words` works in."""
    bounds = (
        np.empty(MAX_WORDS + 8, np.int32),
        np.empty(MAX_WORDS + 8, np.int32),
        np.empty(_CARRIED, np.uint64),
        np.empty(N_SCRIPTS + 2, np.int64),
        np.empty(MAX_WORDS, np.int32),
    )
    copy = np.empty(HEAD_BYTES + _SNAP + MAX_BYTES + _SPARE, np.uint8)
    return bounds, copy, np.empty(MAX_WORDS, np.uint64)


@compiled
def dominant_script(scratch: Scratch) -> int:
    """Return the script with most bytes; some kana among CJK makes it Japanese."""
    scripts = scratch[0][3]
    if scripts[4] * 10 > scripts[3] and scripts[4] > 0 and scripts[3] + scripts[4] > scripts[1]:
        return 4
    best = 0
    for code in range(1, N_SCRIPTS):
        if scripts[code] > scripts[best]:
            best = code
    return best


@compiled
def in_words(count: int, scratch: Scratch) -> int:
    """Return how many words so many pairs are worth, in the text that was read last.

    Where each character is a word of its own, two of them say about what one word says.
    """
    script = dominant_script(scratch)
    return count // 2 if script in (3, 4, 5, 8) else count
