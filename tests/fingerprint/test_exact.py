"""Whole texts have one keyed hash each."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from iolaus.fingerprint.exact import exact_key, hash_texts

KEY = exact_key(b"operator", "prompt")

ROW = st.one_of(
    st.binary(max_size=100), st.integers(0, 300).map(lambda n: bytes(range(256)) * 9 + b"x" * n)
)


@settings(max_examples=100, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=4))
def test_hash_equals_plain_python(plain: ModuleType, texts: list[bytes]) -> None:
    """Each row is hashed from its own bytes alone, of any length."""
    got = hash_texts(pa.array(texts, pa.large_binary()), key=KEY)
    assert [plain.exact_of(text, KEY.words, KEY.sip) for text in texts] == got.to_pylist()


def test_null_stays_null_and_empty_is_a_value() -> None:
    """Nothing logged is nothing; an empty prompt is a prompt."""
    got = hash_texts(pa.array(["", None, "x"]), key=KEY).to_pylist()
    assert got[1] is None
    assert got[0] is not None
    assert got[0] != got[2]


def test_one_bit_anywhere_gives_another_hash() -> None:
    """Texts that differ in one bit, also behind the first kilobyte, have unrelated hashes."""
    text = bytearray(np.random.default_rng(1).integers(0, 256, 3000, dtype=np.uint8).tobytes())
    variants = [bytes(text)]
    for at in range(0, 3000, 7):
        text[at] ^= 1
        variants.append(bytes(text))
        text[at] ^= 1
    hashes = hash_texts(pa.array(variants, pa.large_binary()), key=KEY).to_numpy()
    assert len(set(hashes.tolist())) == len(variants)
    differing = np.bitwise_count((hashes[1:] ^ hashes[0]).view(np.uint64))
    assert 30 < differing.mean() < 34


def test_another_key_or_use_gives_other_hashes() -> None:
    """Tables of another operator, or of system prompts, cannot be joined on it."""
    texts = pa.array(["the same words"])
    keys = (KEY, exact_key(b"operator", "system"), exact_key(b"another", "prompt"))
    assert len({hash_texts(texts, key=key)[0].as_py() for key in keys}) == 3
