"""The kernel gives each text what plain Python would, whatever stands around it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iolaus.fingerprint.content import no_weights
from iolaus.fingerprint.kernel import MAX_BYTES, SCRIPTS
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.text import TextFeatures, everything, keys_of, read_text

MASK = (1 << 64) - 1
KEYS = keys_of(b"operator")
WEIGHTS = no_weights()


def read(texts: list[str | None] | pa.Array, threads: int = 1) -> TextFeatures:
    """Run the kernel without scaffolds and without a classifier."""
    array = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    limits = TemplateLimits()
    return read_text(
        array, keys=KEYS, keep=everything(), weights=WEIGHTS, limits=limits, threads=threads
    )


def mix(x: int) -> int:
    """Splitmix64's finaliser."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def is_own_word(char: str) -> bool:
    """Say whether a character is a word by itself."""
    code = ord(char)
    own = ((0xE00, 0xEFF), (0x1000, 0x10BF), (0x1780, 0x17FF), (0x3040, 0xDFFF))
    return code >= 0x10000 or any(first <= code <= last for first, last in own)


def is_separator(char: str) -> bool:
    """Say whether a character ends a word."""
    code = ord(char)
    if code < 0x80:
        return not char.isalpha()
    gaps = ((0x80, 0xBF), (0x2000, 0x2BFF), (0x3000, 0x303F), (0xFF00, 0xFF3F), (0xFFC0, 0xFFFF))
    return any(first <= code <= last for first, last in gaps)


def words_in_python(text: str) -> list[str]:
    """Split a text as the module says, character by character."""
    words, current = [], ""
    for char in text:
        if is_separator(char) or is_own_word(char):
            words.append(current)
            current = char if is_own_word(char) else ""
        else:
            # Letters that follow a word of its own belong to it, as its marks do.
            current += chr(ord(char) | 32) if "A" <= char <= "Z" else char
    return [word for word in [*words, current] if word]


def pairs_in_python(words: list[str]) -> set[int]:
    """Return the keyed hashes of the pairs of words."""
    hashes = []
    for word in words:
        h = 0xCBF29CE484222325
        for byte in word.encode():
            h = ((h ^ byte) * 0x100000001B3) & MASK
        hashes.append(mix(h))
    following = hashes[1:] or [0]
    k0, k1 = (int(k) for k in KEYS)
    pairs = (
        mix((a * 0x9E3779B97F4A7C15 + b) & MASK) for a, b in zip(hashes, following, strict=False)
    )
    return {mix(mix(pair ^ k0) ^ k1) ^ k0 for pair in pairs}


def sample_in_python(pairs: set[int]) -> list[int]:
    """Return the smallest 24 of every second shingle."""
    return sorted({(pair >> 32) - (1 << 31) for pair in pairs if pair % 2 == 0})[:24]


TEXT = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="aB cÉд日本か한ไท9.。“😀\n", max_size=120),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=5))
def test_words_pairs_and_sample_equal_plain_python(texts: list[str]) -> None:
    """Counts and the sample of shingles are those of a character-by-character reading."""
    got = read(list(texts))
    for row, text in enumerate(texts):
        words = words_in_python(text)
        pairs = pairs_in_python(words)
        assert len(words) == got.n_words[row]
        assert len(pairs) == got.n_shingles[row]
        sample = got.sample[row, : got.n_sampled[row]]
        assert sample_in_python(pairs) == sample.tolist()
        assert len(text.encode()) == got.n_bytes[row]


def test_signature_estimates_jaccard(writer) -> None:
    """Two texts' signatures agree as often as their shingles do, within 4 standard errors."""
    base = writer.words(200)
    for share in (0.0, 0.1, 0.3):
        other = writer.reword(base, share)
        a, b = (pairs_in_python(words_in_python(text)) for text in (base, other))
        jaccard = len(a & b) / len(a | b)
        signature = read([base, other]).signature
        agreed = float(np.mean(signature[0] == signature[1]))
        error = np.sqrt(jaccard * (1 - jaccard) / 128) + 1e-9
        assert abs(agreed - jaccard) <= 4 * error + 1 / 256


def test_neighbours_chunks_and_threads_change_nothing(writer) -> None:
    """A row gets the same in any order, any slice, any number of threads."""
    texts = [writer.words(n % 50) for n in range(5000)]
    whole = read(texts, threads=1)
    order = np.random.default_rng(1).permutation(len(texts))
    shuffled = read([texts[i] for i in order], threads=2)
    assert np.array_equal(whole.signature[order], shuffled.signature)
    assert whole.sampled().take(pa.array(order)).equals(shuffled.sampled())
    part = read(pa.array(texts, pa.large_string()).slice(1234, 10))
    assert np.array_equal(whole.signature[1234:1244], part.signature)


def test_narrow_wide_and_view_strings_agree() -> None:
    """Arrow's way to hold strings changes nothing."""
    texts = ["some words that are read", None, "日本語のテスト"]
    expected = read(texts).signature
    for kind in (pa.string(), pa.string_view()):
        assert np.array_equal(expected, read(pa.array(texts, kind)).signature)


def test_numbers_case_and_punctuation_vanish() -> None:
    """Two fillings that differ in numbers only are one text; other words are another."""
    one, two, other = read(
        ["Item 17: SORT, now!", "item 18 sort now", "item 18 sort later"]
    ).signature
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_another_key_gives_other_shingles() -> None:
    """Nobody repeats the sample without the operator's key."""
    text = pa.array([" ".join(f"word{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(400))])
    limits = TemplateLimits()
    samples = [
        set(
            read_text(
                text, keys=keys_of(key), keep=everything(), weights=WEIGHTS, limits=limits
            ).sample[0]
        )
        for key in (b"one", b"two")
    ]
    assert samples[0].isdisjoint(samples[1])


@pytest.mark.parametrize("text", ["", None, " \n 123 !!!"])
def test_text_without_words_is_empty(text: str | None) -> None:
    """Nothing is made of nothing."""
    got = read([text])
    assert (0, 0, 0) == (got.n_words[0], got.n_shingles[0], got.n_sampled[0])
    assert SCRIPTS[got.script[0]] == "other"


def test_invalid_bytes_are_read_to_the_end() -> None:
    """Broken UTF-8, cut at any byte, neither fails nor reads beyond its row."""
    broken = [b"\xe3", b"\xf0\x9f", b"\x80\x80abc", b"\xff\xfe word", b"\xe0\xb8", b"ok words here"]
    got = read(pa.array(broken, pa.large_binary()))
    alone = [read(pa.array([b], pa.large_binary())).signature[0] for b in broken]
    assert np.array_equal(np.array(alone), got.signature)


def test_huge_text_is_read_in_windows(writer) -> None:
    """5 MB are read at head, middle and tail; the word count is an estimate, the size is not."""
    filler = writer.words(50_000)
    huge = filler * 12
    got = read([huge, filler[: MAX_BYTES - 10]])
    assert len(huge) == got.n_bytes[0]
    assert abs(got.n_words[0] / len(huge.split()) - 1) < 0.05
    changed = read(["opening words differ " + huge[21:]])
    assert 0.9 < float(np.mean(changed.signature[0] == got.signature[0]))


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Plain words", "latin"),
        ("Überall größer", "latin"),
        ("Проверка слова", "cyrillic"),
        ("今天天气很好 ok", "cjk"),
        ("日本語のテストです", "kana"),
        ("안녕하세요 여러분", "hangul"),
        ("مرحبا بالعالم", "arabic"),
        ("नमस्ते दुनिया", "devanagari"),
        ("สวัสดีชาวโลก", "thai"),
        ("12345", "other"),
    ],
)
def test_script_is_the_one_most_letters_have(text: str, script: str) -> None:
    """The script is guessed from the letters."""
    assert script == SCRIPTS[read([text]).script[0]]
