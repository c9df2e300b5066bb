"""The kernel gives each text what plain Python would, whatever stands around it."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iolaus.fingerprint.content import Weights, no_weights
from iolaus.fingerprint.kernel import N_BUCKETS
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.text import (
    TextFeatures,
    buckets_of,
    count_runs,
    everything,
    keys_of,
    model_of,
    pairs_of,
    read_text,
    scaffold_of,
    skeletons_of,
)
from iolaus.fingerprint.words import MAX_BYTES, SCRIPTS

KEYS = keys_of(b"operator")
LIMITS = TemplateLimits()
BARE = everything()
NO_MODEL = model_of(no_weights())


def read(texts: list[str | None] | list[bytes] | pa.Array, threads: int = 1) -> TextFeatures:
    """Run the kernel without scaffolds and without a classifier."""
    return read_text(
        as_array(texts), keys=KEYS, scaffold=BARE, model=NO_MODEL, limits=LIMITS, threads=threads
    )


def as_array(texts: list[str | None] | list[bytes] | pa.Array) -> pa.Array:
    """Return texts as one wide Arrow array."""
    if isinstance(texts, pa.Array):
        return texts
    raw = any(isinstance(text, bytes) for text in texts)
    return pa.array(texts, pa.large_binary() if raw else pa.large_string())


def some_weights(seed: int) -> Weights:
    """Return weights for a tenth of the buckets."""
    luck = np.random.default_rng(seed)
    plain = no_weights()
    rows = np.full(N_BUCKETS, -1, np.int32)
    chosen = np.flatnonzero(luck.random(N_BUCKETS) < 0.1)
    rows[chosen] = luck.permutation(chosen.size)
    values = luck.integers(-128, 128, (chosen.size, plain.values.shape[1])).astype(np.int8)
    return replace(plain, rows=rows, values=values)


TEXT = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="aB cÉд日本か한ไท9.。“😀\n", max_size=200),
    st.text(alphabet="the cat sat \n", max_size=300),
).map(str.encode)
ROW = st.one_of(TEXT, st.binary(max_size=200), st.binary(max_size=80).map(lambda b: b * 9))
"""Text of many scripts, text that repeats itself, and bytes that are no text."""


@settings(max_examples=300, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=5))
def test_every_output_equals_plain_python(plain: ModuleType, texts: list[bytes]) -> None:
    """Words, signature and sample are those of a byte-by-byte reading, valid UTF-8 or not."""
    got = read(list(texts))
    indptr, pairs = pairs_of(as_array(list(texts)))
    for row, text in enumerate(texts):
        expected = plain.read_of(text, KEYS)
        assert len(expected.words) == got.n_words[row]
        assert expected.pairs == pairs[indptr[row] : indptr[row + 1]].tolist()
        assert min(len(set(expected.shingles)), LIMITS.min_shingles) == got.n_shingles[row]
        assert plain.signature_of(expected.shingles) == got.signature[row].tolist()
        sample = got.sample[row, : got.n_sampled[row]].tolist()
        assert plain.sample_of(expected.shingles, 24) == sample
        assert len(text) == got.n_bytes[row]


def test_long_text_equals_plain_python(plain: ModuleType, writer) -> None:
    """Windows, repetition and words longer than a register change nothing."""
    luck = np.random.default_rng(5)
    texts = [
        writer.words(5000).encode(),
        (writer.words(40) + " ").encode() * 300,
        b"x" * 70_000,
        ("unbroken" * 50 + " words " + "日本語" * 4000).encode(),
        luck.integers(0, 256, 30_000, dtype=np.uint8).tobytes(),
        b"\xe4" * 20_000,
    ]
    got = read(texts)
    for row, text in enumerate(texts):
        expected = plain.read_of(text, KEYS)
        assert plain.signature_of(expected.shingles) == got.signature[row].tolist()
        sample = got.sample[row, : got.n_sampled[row]].tolist()
        assert plain.sample_of(expected.shingles, 24) == sample


def test_scaffold_novelty_and_skeleton_equal_plain_python(plain: ModuleType, writer) -> None:
    """What is shared by many is signed, what is not is sampled, as plain Python does both."""
    scaffolds = [writer.scaffold(n) for n in (30, 90, 400, 900)]
    scaffolds.append((" ".join(writer.words(9).split() * 20), writer.words(40)))
    texts = [text for scaffold in scaffolds for text in writer.fill(scaffold, 40)]
    texts += [writer.words(60) for _ in range(40)]
    counts, by_hand = np.zeros(1 << 24, np.uint16), np.zeros(1 << 24, np.uint16)
    count_runs(as_array(texts), keys=KEYS, counts=counts)
    reads = [plain.read_of(text.encode(), KEYS) for text in texts]
    for each in reads:
        by_hand[list(set(each.runs))] += 1
    assert np.array_equal(by_hand, counts)
    levels = np.where(counts >= 5, np.minimum(counts, 60), 0).astype(np.uint8)
    scaffold = scaffold_of(levels)
    array = as_array(texts)
    got = read_text(array, keys=KEYS, scaffold=scaffold, model=NO_MODEL, limits=LIMITS)
    skeletons, n = skeletons_of(array, keys=KEYS, scaffold=scaffold, limits=LIMITS)
    with_scaffold = 0
    for row, each in enumerate(reads):
        inside = plain.inside_of(each, levels)
        kept = [x for x, is_in in zip(each.shingles, inside, strict=True) if is_in]
        novel = [x for x, is_in in zip(each.shingles, inside, strict=True) if not is_in]
        assert len(kept) == got.n_kept[row]
        has = len(kept) >= LIMITS.min_kept
        with_scaffold += has
        assert plain.signature_of(kept if has else each.shingles) == got.signature[row].tolist()
        assert plain.sample_of(each.shingles, 24) == got.sample[row, : got.n_sampled[row]].tolist()
        assert (len(plain.sample_of(novel, 16)) if has else -1) == got.n_novel[row]
        if has:
            assert plain.sample_of(novel, 16) == got.novelty[row, : got.n_novel[row]].tolist()
        expected = sorted(set(kept))[:64] if has else []
        assert expected == skeletons[row, : n[row]].view(np.uint64).tolist()
    assert 200 <= with_scaffold < len(texts)


def test_a_sentence_of_characters_is_no_scaffold_and_a_paragraph_is() -> None:
    """Two characters of Japanese say what a word says: twenty in common are a turn of phrase."""
    luck = np.random.default_rng(4)
    phrase, paragraph = ("".join(map(chr, luck.integers(0x3041, 0x3096, n))) for n in (20, 60))
    texts = [
        shared + "。" + "".join(map(chr, luck.integers(0x4E00, 0x9F00, 60)))
        for shared in (phrase, paragraph)
        for _ in range(40)
    ]
    counts = np.zeros(1 << 24, np.uint16)
    count_runs(as_array(texts), keys=KEYS, counts=counts)
    scaffold = scaffold_of(np.where(counts >= 5, np.minimum(counts, 60), 0).astype(np.uint8))
    got = read_text(as_array(texts), keys=KEYS, scaffold=scaffold, model=NO_MODEL, limits=LIMITS)
    assert (got.n_novel[:40] == -1).all()
    assert (got.n_novel[40:] > 0).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=4))
def test_sums_equal_plain_python(plain: ModuleType, texts: list[bytes]) -> None:
    """Each bucket that has weights counts once, however often its word stands."""
    weights = some_weights(3)
    got = read_text(
        as_array(list(texts)), keys=KEYS, scaffold=BARE, model=model_of(weights), limits=LIMITS
    )
    indptr, indices, n_features = buckets_of(as_array(list(texts)))
    assert n_features.tolist() == got.n_features.tolist()
    for row, text in enumerate(texts):
        expected = plain.read_of(text, KEYS)
        features = expected.words + expected.pairs + expected.openers
        assert len(features) == got.n_features[row]
        buckets = {x % N_BUCKETS for x in features}
        assert sorted(buckets) == sorted(indices[indptr[row] : indptr[row + 1]].tolist())
        rows = [weights.rows[bucket] for bucket in sorted(buckets) if weights.rows[bucket] >= 0]
        sums = weights.values[rows].astype(np.int64).sum(axis=0)
        assert sums.tolist() == got.sums[row, : sums.size].tolist()
        assert not got.sums[row, sums.size :].any()


def test_signature_estimates_jaccard(plain: ModuleType, writer) -> None:
    """Two texts' signatures agree as often as their shingles do, within 4 standard errors."""
    base = writer.words(200)
    for share in (0.0, 0.1, 0.3):
        other = writer.reword(base, share)
        a, b = (set(plain.read_of(text.encode(), KEYS).shingles) for text in (base, other))
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
    assert np.array_equal(whole.n_sampled[order], shuffled.n_sampled)
    taken = np.arange(24) < shuffled.n_sampled[:, None]
    assert np.array_equal(whole.sample[order][taken], shuffled.sample[taken])
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
    samples = [
        set(
            read_text(text, keys=keys_of(key), scaffold=BARE, model=NO_MODEL, limits=LIMITS).sample[
                0
            ]
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
