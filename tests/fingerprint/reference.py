"""The kernel in plain Python, slowly: what each row must get, byte by byte."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MASK = (1 << 64) - 1
G1, G2 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
OPENS = 0x27D4EB2F165667C5
SEED_LOW, SEED_HIGH = 0x2D358DCCAA6C7801, 0x8BB84B93962EAC02
MULTIPLIERS = np.random.Generator(np.random.PCG64(20260305)).integers(
    0, 1 << 31, 128, dtype=np.uint32
) * np.uint32(2) + np.uint32(1)


def mixed(x: int) -> int:
    """Splitmix64's finaliser."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def keyed(x: int, keys: tuple[int, int]) -> int:
    """Two rounds of Even-Mansour."""
    k0, k1 = (int(k) for k in keys)
    return mixed(mixed(x ^ k0) ^ k1) ^ k0


def kind_of(first: int, second: int) -> tuple[str, int]:
    """Return what a character is that starts with these bytes, and how long it may be."""
    if first < 0x80:
        return ("word" if chr(first).isalpha() else "gap"), 1
    if first < 0xC2:
        return "word", 1
    if first < 0xE0:
        return ("gap" if first == 0xC2 else "word"), 2
    if first >= 0xF0:
        return "own", 4
    gap = (first == 0xE2 and second < 0xB0) or (first == 0xE3 and second == 0x80)
    gap |= first == 0xEF and second in (0xBC, 0xBF)
    own = 0xE3 <= first <= 0xED or (first == 0xE0 and 0xB8 <= second <= 0xBB)
    own |= first == 0xE1 and (second <= 0x82 or 0x9E <= second <= 0x9F)
    return ("gap" if gap else "own" if own else "word"), 3


def words_of(text: bytes) -> list[bytes]:
    """Split one window's bytes into words."""
    words: list[bytes] = []
    current, at = b"", 0
    while at < len(text):
        kind, most = kind_of(text[at], text[at + 1] if at + 1 < len(text) else 0)
        end = at + 1
        while end < min(at + most, len(text)) and 0x80 <= text[end] < 0xC0:
            end += 1
        if kind == "word":
            current += text[at:end]
        else:
            words.append(current)
            words.append(text[at:end] if kind == "own" else b"")
            current = b""
        at = end
    words.append(current)
    return [word for word in words if word]


def hash_of(word: bytes) -> int:
    """Hash a word, sixteen bytes at a time, ASCII letters folded."""
    h = 0
    folded = bytes(b | 32 if b < 0x80 else b for b in word)
    for at in range(0, len(word), 16):
        low = int.from_bytes(folded[at : at + 8], "little")
        high = int.from_bytes(folded[at + 8 : at + 16], "little")
        product = (low ^ SEED_LOW ^ h) * (high ^ SEED_HIGH)
        h = (product >> 64) ^ (product & MASK)
    return h


def windows_of(text: bytes) -> list[bytes]:
    """Return what is read of a text: all of it, or head, middle and tail."""
    size = len(text)
    if size <= 16384:
        return [text]

    def snapped(at: int) -> int:
        near = [text.find(gap, at, at + 64) for gap in (b" ", b"\n")]
        found = [n for n in near if n >= 0]
        return min(found) + 1 if found else at

    middle = size // 2 - 2048
    return [
        text[: snapped(8192)],
        text[snapped(middle) : snapped(middle + 4096)],
        text[snapped(size - 4096) :],
    ]


def lines_of(window: bytes) -> list[bytes]:
    """Split a window at its line ends; a character that one cuts short has ended there."""
    return window.split(b"\n")


def pair_of(a: int, b: int) -> int:
    """Return the public hash of two words that follow each other."""
    x = (a * G1 + b) & MASK
    x = ((x ^ (x >> 32)) * G2) & MASK
    return x ^ (x >> 29)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the kernel knows of a text before any scaffold."""

    words: list[int]
    openers: list[int]
    pairs: list[int]
    shingles: list[int]
    runs: list[int]


def read_of(text: bytes, keys: tuple[int, int]) -> Read:
    """Read one text."""
    words = [hash_of(word) for window in windows_of(text) for word in words_of(window)]
    following = words[1:] if len(words) > 1 else [0]
    pairs = [pair_of(a, b) for a, b in zip(words, following, strict=False)]
    shingles = [keyed(pair, keys) for pair in pairs]
    runs = [
        ((shingles[i] + shingles[i + 2] * G1 + shingles[i + 3] * G2) & MASK) >> 40
        for i in range(len(shingles) - 3)
    ]
    openers = [
        mixed(hash_of(line[0]) ^ OPENS)
        for window in windows_of(text)
        for line in map(words_of, lines_of(window))
        if line
    ]
    return Read(words=words, openers=openers, pairs=pairs, shingles=shingles, runs=runs)


def inside_of(read: Read, levels: np.ndarray) -> list[bool]:
    """Say of each shingle whether it lies in the scaffold; `levels` has one for each counter."""
    known = [int(levels[run]) for run in read.runs]
    shared = sum(level > 0 for level in known)
    enough, lowest = max(8, shared // 10), 63
    while lowest > 0 and sum(level >= lowest for level in known) < enough:
        lowest -= 1
    lowest = max(lowest - 3, 1)
    inside = [False] * len(read.shingles)
    for at, level in enumerate(known):
        if level >= lowest:
            inside[at : at + 4] = [True] * 4
    return inside


def signature_of(shingles: list[int]) -> list[int]:
    """MinHash: the lowest byte of each permutation's smallest value."""
    if not shingles:
        return [255] * 128
    halves = np.array([x >> 32 for x in shingles], np.uint32)
    return [int((factor * halves).min() & np.uint32(255)) for factor in MULTIPLIERS]


def sample_of(shingles: list[int], room: int) -> list[int]:
    """Return the smallest of every second shingle."""
    return sorted({(x >> 32) - (1 << 31) for x in shingles if x % 2 == 0})[:room]


def exact_of(text: bytes, words: np.ndarray, key: tuple[int, int]) -> int:
    """Hash a whole text: NH over kilobytes, SipHash-2-4 over what remains and the length."""
    remains: list[int] = []
    for start in range(0, len(text), 1024):
        total, block = 0, text[start : start + 1024]
        for at in range(0, len(block), 16):
            part = block[at : at + 16].ljust(16, b"\0")
            low, high = (int.from_bytes(half, "little") for half in (part[:8], part[8:]))
            total += ((low + int(words[at // 8])) & MASK) * (
                (high + int(words[at // 8 + 1])) & MASK
            )
        remains += [total & MASK, (total >> 64) & MASK]
    hashed = siphash_of([*remains, len(text)], key)
    return hashed - (1 << 64) if hashed >> 63 else hashed


def siphash_of(message: list[int], key: tuple[int, int]) -> int:
    """SipHash-2-4 over whole words, without the length byte of the published padding."""
    k0, k1 = (int(k) for k in key)
    v = [
        k0 ^ 0x736F6D6570736575,
        k1 ^ 0x646F72616E646F6D,
        k0 ^ 0x6C7967656E657261,
        k1 ^ 0x7465646279746573,
    ]

    def turned(x: int, by: int) -> int:
        return ((x << by) | (x >> (64 - by))) & MASK

    def rounds(n: int) -> None:
        for _ in range(n):
            v[0], v[2] = (v[0] + v[1]) & MASK, (v[2] + v[3]) & MASK
            v[1], v[3] = turned(v[1], 13) ^ v[0], turned(v[3], 16) ^ v[2]
            v[0] = turned(v[0], 32)
            v[2], v[0] = (v[2] + v[1]) & MASK, (v[0] + v[3]) & MASK
            v[1], v[3] = turned(v[1], 17) ^ v[2], turned(v[3], 21) ^ v[0]
            v[2] = turned(v[2], 32)

    for word in message:
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xFF
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]
