"""A skeleton holds a template's own words, in hashes that only those who should can compare."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pyarrow as pa
import pytest

from iolaus.fingerprint.content import no_weights
from iolaus.fingerprint.exact import exact_key, hash_texts
from iolaus.fingerprint.fingerprinter import Fingerprinter
from iolaus.fingerprint.keyed import subkey
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.skeleton import (
    CIRCLE,
    Skeletons,
    containment,
    rekeyed,
    undone,
)
from iolaus.fingerprint.sketch import RunCounts
from iolaus.fingerprint.text import keys_of, model_of, pairs_of, read_text, scaffold_of

OWN, PEER = b"sixteen bytes ok", b"a peer's own key"
CIRCLE_KEY = b"the key that a circle shares"


def templates_of(prompts: list[str], *, key: bytes = OWN, batch_rows: int = 10_000) -> pa.Table:
    """Return the TEMPLATES of a log."""
    printer = Fingerprinter(key, threads=1)
    table = pa.table({"prompt": pa.array(prompts)})
    printer.observe(table)
    for batch in table.to_batches(max_chunksize=batch_rows):
        printer.text_columns_of(batch)
    return printer.resolve().templates()


def skeleton_of(prompts: list[str], *, key: bytes = OWN) -> np.ndarray:
    """Return the skeleton of the largest template."""
    rows = templates_of(prompts, key=key).to_pylist()
    return np.array(max(rows, key=lambda row: row["n"])["skeleton"], np.int64)


def shared_pairs(text: str) -> np.ndarray:
    """Return what a peer computes from a prompt's words, by the definition."""
    _, pairs = pairs_of(pa.array([text]))
    digests = [
        hmac.new(CIRCLE_KEY, CIRCLE + int(x).to_bytes(8, "little"), hashlib.sha256) for x in pairs
    ]
    return np.array([int.from_bytes(d.digest()[:8], "little", signed=True) for d in digests])


@pytest.fixture
def log(writer) -> tuple[tuple[str, str], list[str]]:
    """A scaffold of 60 words filled 40 times among strangers."""
    scaffold = writer.scaffold(60)
    return scaffold, writer.fill(scaffold, 40) + [writer.words(60) for _ in range(300)]


def test_a_skeleton_is_the_scaffold_and_nothing_of_the_slots(log, writer) -> None:
    """Nearly all of it stands in a new filling; next to nothing in a stranger's prompt."""
    scaffold, prompts = log
    skeleton = rekeyed(skeleton_of(prompts), OWN, circle_key=CIRCLE_KEY)
    assert 40 <= skeleton.size <= 64
    filling = writer.fill(scaffold, 1, slot_words=300)[0]
    assert containment(skeleton, shared_pairs(filling)) >= 0.95
    assert containment(skeleton, shared_pairs(writer.words(400))) <= 0.25
    assert containment(skeleton, shared_pairs(" ".join(scaffold))) >= 0.95


def test_two_operators_get_the_same_under_their_circles_key(log) -> None:
    """Whatever their own keys, the same template gives the same shared hashes."""
    _, prompts = log
    mine, theirs = skeleton_of(prompts, key=OWN), skeleton_of(prompts, key=PEER)
    assert not np.isin(mine, theirs).any()
    own = rekeyed(mine, OWN, circle_key=CIRCLE_KEY)
    peers = rekeyed(theirs, PEER, circle_key=CIRCLE_KEY)
    assert containment(own, peers) >= 0.9


def test_another_circle_learns_nothing(log) -> None:
    """Under another circle's key, or undone with a wrong own key, nothing matches."""
    _, prompts = log
    skeleton = skeleton_of(prompts)
    shared = rekeyed(skeleton, OWN, circle_key=CIRCLE_KEY)
    assert containment(shared, rekeyed(skeleton, OWN, circle_key=b"another")) == 0.0
    assert containment(shared, rekeyed(skeleton, PEER, circle_key=CIRCLE_KEY)) == 0.0
    assert containment(shared, skeleton) == 0.0


def test_undoing_gives_back_the_public_hash() -> None:
    """The kernel's keyed permutation, written out in plain Python, and its inverse."""
    mask = (1 << 64) - 1

    def mixed(x: int) -> int:
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & mask
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB & mask
        return x ^ (x >> 31)

    k0, k1 = subkey(OWN, "text")
    public = np.random.default_rng(2).integers(0, 1 << 64, 200, dtype=np.uint64)
    hashed = [mixed(mixed(int(x) ^ int(k0)) ^ int(k1)) ^ int(k0) for x in public]
    assert public.tolist() == undone(np.array(hashed, np.uint64), (k0, k1)).tolist()


def test_rows_and_batches_in_any_order_give_the_same(log) -> None:
    """The sample is by hash: shuffled and cut otherwise, every skeleton is the same."""
    _, prompts = log
    expected = templates_of(prompts)
    order = np.random.default_rng(4).permutation(len(prompts))
    assert expected.equals(templates_of([prompts[i] for i in order], batch_rows=13))


def test_two_texts_are_too_few_for_a_skeleton(writer) -> None:
    """Of two texts nobody can say what is slot; a third settles it."""
    scaffold = writer.scaffold(60)
    prompts = writer.fill(scaffold, 2) * 3 + [writer.words(60) for _ in range(100)]
    assert [None] == templates_of(prompts)["skeleton"].to_pylist()
    assert skeleton_of([*prompts, *writer.fill(scaffold, 1) * 3]).size >= 30


def test_an_empty_skeleton_is_contained_in_nothing() -> None:
    """No division by zero, no match."""
    empty = np.zeros(0, np.int64)
    assert containment(empty, np.arange(3)) == 0.0
    assert rekeyed(empty, OWN, circle_key=CIRCLE_KEY).size == 0


@pytest.mark.parametrize("batch_rows", [50, 1000])
def test_the_sample_is_bounded_and_the_same_for_any_order(writer, batch_rows) -> None:
    """With room for 100 texts, 40 templates of 30 leave at most 100, the same ones shuffled."""
    limits, keys = TemplateLimits(), keys_of(OWN)
    prompts = [text for _ in range(40) for text in writer.fill(writer.scaffold(60), 30)]
    counts = RunCounts(limits, keys=keys)
    counts.add(pa.array(prompts))
    scaffold = scaffold_of(counts.levels())

    def sampled(order: np.ndarray) -> tuple[int, dict[int, list[int]]]:
        skeletons = Skeletons(keys, limits, most_texts=100)
        for start in range(0, order.size, batch_rows):
            text = pa.array([prompts[i] for i in order[start : start + batch_rows]])
            features = read_text(
                text, keys=keys, scaffold=scaffold, model=model_of(no_weights()), limits=limits
            )
            exact = hash_texts(text, key=exact_key(OWN, "prompt"))
            skeletons.add(text, exact, features=features, scaffold=scaffold)
        exact = hash_texts(pa.array(prompts), key=exact_key(OWN, "prompt")).to_numpy()
        number = np.repeat(np.arange(40), 30)
        by_template = skeletons.by_template(exact, number, np.ones(number.size, np.bool_))
        return skeletons.n_texts, {k: v.tolist() for k, v in by_template.items()}

    first = sampled(np.arange(len(prompts)))
    again = sampled(np.random.default_rng(8).permutation(len(prompts)))
    assert first == again
    assert 0 < first[0] <= 100
