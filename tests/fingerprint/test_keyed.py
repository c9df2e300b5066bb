"""Identities leave as keyed hashes that only the operator's key can repeat."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iolaus.fingerprint.keyed import (
    buffers_of,
    combine,
    hash_ints,
    hash_strings,
    siphash,
    subkey,
)

MASK = (1 << 64) - 1


def siphash_in_python(data: bytes, k0: int, k1: int) -> int:
    """SipHash-2-4 as the paper writes it."""

    def rotl(x: int, b: int) -> int:
        return ((x << b) | (x >> (64 - b))) & MASK

    v = [
        k0 ^ 0x736F6D6570736575,
        k1 ^ 0x646F72616E646F6D,
        k0 ^ 0x6C7967656E657261,
        k1 ^ 0x7465646279746573,
    ]

    def rounds(n: int) -> None:
        for _ in range(n):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = rotl(v[1], 13) ^ v[0]
            v[0] = rotl(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = rotl(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = rotl(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = rotl(v[1], 17) ^ v[2]
            v[2] = rotl(v[2], 32)

    padded = data + b"\0" * (7 - len(data) % 8) + bytes([len(data) & 255])
    for at in range(0, len(padded), 8):
        m = int.from_bytes(padded[at : at + 8], "little")
        v[3] ^= m
        rounds(2)
        v[0] ^= m
    v[2] ^= 255
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def signed(x: int) -> int:
    """Read 64 bits as int64."""
    return x - (1 << 64) if x >> 63 else x


def test_published_vector_is_met() -> None:
    """The paper's appendix: key 00..0f over 00..0e gives a129ca6149be45e5."""
    k0, k1 = np.frombuffer(bytes(range(16)), "<u8")
    assert int(siphash(np.arange(15, dtype=np.uint8), 0, 15, k0, k1)) == 0xA129CA6149BE45E5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=12), st.integers(0, 3))
def test_hashes_equal_pure_python(values: list[str | None], start: int) -> None:
    """Every row of any slice is SipHash of its UTF-8 bytes; null stays null."""
    k0, k1 = (int(half) for half in subkey(b"operator", "account"))
    for kind in (pa.string(), pa.large_string()):
        array = pa.array(values, kind).slice(start)
        expected = [
            None if v is None else signed(siphash_in_python(v.encode(), k0, k1))
            for v in values[start:]
        ]
        assert expected == hash_strings(array, key=b"operator", tag="account").to_pylist()


def test_tag_and_key_part_the_hashes() -> None:
    """One value under two tags, or two keys, gives hashes that do not meet."""
    value = pa.array(["203.0.113.7"])
    hashes = {
        hash_strings(value, key=key, tag=tag)[0].as_py()
        for key in (b"k1", b"k2", b"x" * 100)
        for tag in ("address", "account")
    }
    assert len(hashes) == 6


def test_chunks_dictionaries_and_plain_strings_agree() -> None:
    """How Arrow lays a column out does not change a hash."""
    values = ["a", None, "", "b", "a"]
    plain = hash_strings(pa.array(values), key=b"k", tag="t")
    chunked = pa.chunked_array([pa.array(values[:2]), pa.array(values[2:])])
    assert plain.equals(hash_strings(chunked, key=b"k", tag="t"))
    coded = pa.array(values).dictionary_encode()
    assert plain.equals(hash_strings(coded, key=b"k", tag="t"))
    assert plain.equals(hash_strings(pa.array(values, pa.string_view()), key=b"k", tag="t"))
    assert hash_strings(pa.nulls(2), key=b"k", tag="t").null_count == 2
    assert len(hash_strings(pa.chunked_array([], pa.string()), key=b"k", tag="t")) == 0


def test_empty_key_is_refused() -> None:
    """A hash without a key is no pseudonym."""
    with pytest.raises(ValueError, match="empty"):
        hash_strings(pa.array(["a"]), key=b"", tag="t")


def test_integers_are_hashed_as_their_bytes() -> None:
    """hash_ints is SipHash over eight little-endian bytes; null stays null."""
    k0, k1 = (int(half) for half in subkey(b"k", "asn"))
    expected = [
        signed(siphash_in_python((64500).to_bytes(8, "little"), k0, k1)),
        None,
        signed(siphash_in_python((-1).to_bytes(8, "little", signed=True), k0, k1)),
    ]
    assert expected == hash_ints(pa.array([64500, None, -1]), key=b"k", tag="asn").to_pylist()


def test_combined_hash_keeps_order_and_missing_parts() -> None:
    """(a, b) differs from (b, a) and from (a, nothing); only nothing at all is null."""
    left = pa.array([1, 2, 1, None], pa.int64())
    right = pa.array([2, 1, None, None], pa.int64())
    mixed = combine(left, right).to_pylist()
    assert mixed[3] is None
    assert len(set(mixed[:3])) == 3
    assert mixed == combine(left, right).to_pylist()


def test_buffers_follow_a_slice() -> None:
    """Offsets of a slice point into the shared bytes."""
    data, offsets = buffers_of(pa.array(["ab", "cde", "f"]).slice(1))
    assert [bytes(data[a:b]) for a, b in pairwise(offsets)] == [
        b"cde",
        b"f",
    ]
