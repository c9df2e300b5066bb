"""Texts while they stream -> the skeleton of each template; a skeleton -> what a circle may share.

A skeleton is what the fillings of a scaffold have in common: the keyed hashes of pairs of words
that stand in at least 60 % of a sample of a template's distinct texts, the 64 smallest. The sample
is taken while the words are there: of the texts that share a band of their signature the eight
with the smallest hash, so that the order of rows changes nothing. The longer the log, the fewer of its
texts are looked at: every second hash is left out, then three of four, and so on, until about
`LOOKED_AT` remain, and again where more than `MOST_TEXTS` would be held.

The hashes are keyed by a permutation that its owner can undo. `rekeyed` does, and hashes what is
under it anew with the key of a circle of operators: whoever is in the circle gets the same from
the same words, whatever key is his own, and nobody else gets anything.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iolaus.fingerprint.kernel import SKELETON_SAMPLE
from iolaus.fingerprint.keyed import subkey
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.template import lowest_keys
from iolaus.fingerprint.text import Keys, Scaffold, TextFeatures, skeletons_of

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

MOST_TEXTS = 1 << 16
"""Texts held at once, of 528 bytes each: 35 MB, whatever the log."""

LOOKED_AT = 1 << 12
"""About so many of the rows that scaffolds were learned from may enter the sample, and the same share
of a longer log: each is read twice. A template has a skeleton from
three of them on, so in a log of 200,000 rows from two or three hundred distinct texts on."""

TEXTS_PER_KEY = 8
"""Skeletons of 16 were no better, and cost half as much again."""
LEAST_TEXTS = 3
"""Of fewer distinct texts nobody can say what is slot and what is scaffold."""

LEAST_SHARE = 0.6
"""Of the sampled texts, as in docs/benchmarks/templates.md."""

CIRCLE = b"iolaus skeleton 1\0"
"""What is hashed with a circle's key begins so: the key's other uses give other hashes."""

_PENDING = 1 << 13
_UNDO = tuple(np.uint64(pow(m, -1, 1 << 64)) for m in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """Sampled texts: the key that they are filed under, their hash, and their shingles."""

    key: I64
    exact: I64
    shingles: I64
    n: I32

    def taken(self, at: I64) -> _Texts:
        """Return some of them."""
        return _Texts(
            key=self.key[at], exact=self.exact[at], shingles=self.shingles[at], n=self.n[at]
        )


class Skeletons:
    """A sample of the texts that have a scaffold, in bounded memory."""

    def __init__(
        self,
        keys: Keys,
        limits: TemplateLimits,
        *,
        n_rows: int = 0,
        most_texts: int = MOST_TEXTS,
    ) -> None:
        self._keys = keys
        self._limits = limits
        self._most_texts = most_texts
        self._texts = _none()
        self._fresh: list[_Texts] = []
        self._level = max(0, (n_rows - 1) // LOOKED_AT).bit_length()
        self._known = np.zeros(0, np.int64)
        self._full = (np.zeros(0, np.int64), np.zeros(0, np.int64))

    def add(
        self, text: pa.Array, exact: pa.Int64Array, *, features: TextFeatures, scaffold: Scaffold
    ) -> None:
        """Look at the rows of a batch; only the text of those that enter the sample is read."""
        has = exact.is_valid().to_numpy(zero_copy_only=False)
        values = exact.fill_null(0).to_numpy(zero_copy_only=False)
        has = has & (features.n_kept >= self._limits.min_kept) & self._is_sampled(values)
        rows = np.flatnonzero(has)
        if not rows.size:
            return
        values = values[rows]
        keys = lowest_keys(features.signature[rows])
        chosen = self._chosen(keys, values)
        if not chosen.size:
            return
        read = text.take(pa.array(rows[chosen]))
        shingles, n = skeletons_of(read, keys=self._keys, scaffold=scaffold, limits=self._limits)
        self._fresh.append(_Texts(key=keys[chosen], exact=values[chosen], shingles=shingles, n=n))
        if sum(texts.key.size for texts in self._fresh) >= _PENDING:
            self._settle()

    def by_template(self, exact: I64, template: I64, has_template: Mask) -> dict[int, I64]:
        """Return template -> skeleton, ascending as unsigned numbers, for those that have one."""
        self._settle()
        order = np.argsort(exact, kind="stable")
        at = order[np.searchsorted(exact[order], self._texts.exact)]
        kept = np.flatnonzero(has_template[at])
        if not kept.size:
            return {}
        order = kept[np.argsort(template[at[kept]], kind="stable")]
        texts = self._texts.taken(order)
        names, start = np.unique(template[at[order]], return_index=True)
        ends = [*start[1:].tolist(), order.size]
        cuts = zip(names.tolist(), start.tolist(), ends, strict=True)
        found = {
            name: _common(texts.shingles[a:b], texts.n[a:b])
            for name, a, b in cuts
            if b - a >= LEAST_TEXTS
        }
        return {name: skeleton for name, skeleton in found.items() if skeleton.size}

    @property
    def n_texts(self) -> int:
        """How many texts are in the sample."""
        return int(self._texts.key.size)

    def _chosen(self, keys: I64, exact: I64) -> I64:
        """Return which rows could enter the sample: each text once, the smallest of each key."""
        full, limit = self._full
        is_late = np.zeros(keys.size, np.bool_)
        if full.size:
            at = np.minimum(np.searchsorted(full, keys), full.size - 1)
            is_late = (full[at] == keys) & (exact > limit[at])
        open_to = np.flatnonzero(~is_late)
        _, once = np.unique(exact[open_to], return_index=True)
        fresh = open_to[once]
        fresh = fresh[~_is_among(self._known, exact[fresh])]
        return fresh[_smallest_of_each(keys[fresh], exact[fresh])]

    def _is_sampled(self, exact: I64) -> Mask:
        return exact.view(np.uint64) <= np.uint64((1 << (64 - self._level)) - 1)

    def _settle(self) -> None:
        """Take in what came since; leave out more where there is too much."""
        texts = _joined([self._texts, *self._fresh])
        self._fresh = []
        _, once = np.unique(texts.exact, return_index=True)
        texts = texts.taken(once)
        texts = texts.taken(_smallest_of_each(texts.key, texts.exact))
        while texts.key.size > self._most_texts:
            self._level += 1
            texts = texts.taken(np.flatnonzero(self._is_sampled(texts.exact)))
        self._texts, self._known = texts, np.sort(texts.exact)
        names, start, count = np.unique(texts.key, return_index=True, return_counts=True)
        is_full = count == TEXTS_PER_KEY
        last = start[is_full] + TEXTS_PER_KEY - 1
        self._full = (names[is_full], texts.exact[last])


def rekeyed(skeleton: I64, own_key: bytes, *, circle_key: bytes) -> I64:
    """
    Return a skeleton as a circle shares it, ascending.

    Each hash is undone with the operator's own key and the public hash under it goes through
    HMAC-SHA256 with the circle's, of which 64 bits are kept. Who knows the circle's key can test
    guesses of the words; who does not, cannot.
    """
    k0, k1 = subkey(own_key, "text")
    return shared(undone(skeleton.view(np.uint64), (k0, k1)), circle_key=circle_key)


def shared(shingles: U64, *, circle_key: bytes) -> I64:
    """Return public hashes of pairs of words, distinct, as a circle shares them, ascending."""
    digests = b"".join(
        hmac.digest(circle_key, CIRCLE + int(x).to_bytes(8, "little"), "sha256")[:8]
        for x in np.unique(shingles)
    )
    return np.sort(np.frombuffer(digests, "<i8")).astype(np.int64)


def containment(skeleton: I64, hashes: I64) -> float:
    """Return which share of a skeleton stands among the hashes of a prompt; an empty one 0."""
    return float(np.isin(skeleton, hashes).mean()) if skeleton.size else 0.0


def undone(hashes: U64, keys: Keys) -> U64:
    """Return the public hashes under keyed ones: the kernel's permutation, backwards."""
    k0, k1 = keys
    return _unmixed(_unmixed(hashes ^ k0) ^ k1) ^ k0


def _unmixed(x: U64) -> U64:
    """Undo the finaliser of splitmix64."""
    for shift, factor in ((31, _UNDO[1]), (27, _UNDO[0]), (30, np.uint64(1))):
        s = np.uint64(shift)
        x = (x ^ (x >> s) ^ (x >> (s + s))) * factor
    return x


def _common(shingles: I64, n: I32) -> I64:
    """Return what stands in most of a template's sampled texts.

    A text of many shingles shows the smallest 64 only: what lies above them is not held
    against a shingle, as long as half of the texts reach so far.
    """
    n_texts, held = n.size, shingles.view(np.uint64)
    values, count = np.unique(held[np.arange(SKELETON_SAMPLE) < n[:, None]], return_counts=True)
    last = held[np.arange(n_texts), np.maximum(n - 1, 0)]
    reach = np.where(n < SKELETON_SAMPLE, np.uint64((1 << 64) - 1), last)
    n_reaching = n_texts - np.searchsorted(np.sort(reach), values)
    is_common = (count >= LEAST_SHARE * n_reaching) & (2 * n_reaching >= n_texts)
    return values[is_common][:SKELETON_SAMPLE].view(np.int64)


def _smallest_of_each(key: I64, exact: I64) -> I64:
    """Return where the texts with the smallest hashes of each key are, by key and hash."""
    order = np.lexsort((exact, key))
    ordered = key[order]
    first = np.searchsorted(ordered, ordered)
    return order[np.arange(order.size) - first < TEXTS_PER_KEY]


def _is_among(ordered: I64, values: I64) -> Mask:
    """Say which values stand in an ascending array."""
    if not ordered.size:
        return np.zeros(values.size, np.bool_)
    at = np.minimum(np.searchsorted(ordered, values), ordered.size - 1)
    return np.asarray(ordered[at] == values)


def _none() -> _Texts:
    empty = np.zeros(0, np.int64)
    return _Texts(
        key=empty,
        exact=empty,
        shingles=np.zeros((0, SKELETON_SAMPLE), np.int64),
        n=np.zeros(0, np.int32),
    )


def _joined(parts: list[_Texts]) -> _Texts:
    return _Texts(
        key=np.concatenate([part.key for part in parts]),
        exact=np.concatenate([part.exact for part in parts]),
        shingles=np.concatenate([part.shingles for part in parts]),
        n=np.concatenate([part.n for part in parts]),
    )
