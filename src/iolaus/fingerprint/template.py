"""Signatures of distinct texts -> their template and their family, in linear time, any order.

A *template* is one scaffold whose slots are filled in many ways. The signature is cut into eight
bands of sixteen values; texts that agree in a whole band share its key. A text's template is the
key that most rows share (the smallest among equals): one GROUP BY, no chains. A key that a single
row holds is no template: free text.

A *family* is a centre, the template of most rows, and what resembles it: templates and
rewordings reached over pairs that agree in `family_similarity` of their values, each of which
agrees with the centre itself in `centre_similarity`. Candidates come from weak bands of three
values, each text meeting only its next neighbours there. Without the centre, pairs chain: nine
hundred strangers who fill other scaffolds from one vocabulary became one family.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.kernel import N_HASHES
from iolaus.fingerprint.limits import TemplateLimits

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
U8 = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

N_BANDS, BAND_ROWS = 8, 16
"""On scaffold signatures: slot variants meet with probability .998, others never
(performance.md, B)."""

N_WEAK, WEAK_ROWS = 42, 3
"""Rewordings of 30 % of the words meet with probability .975 (performance.md, B)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """For each distinct text its template and family; where the mask is False it has none."""

    template: I64
    has_template: Mask
    family: I64
    has_family: Mask


def group_texts(
    signature: U8, exact: I64, n_rows: I64, *, eligible: Mask, limits: TemplateLimits
) -> Grouping:
    """Group distinct texts, each standing in `n_rows` rows; only eligible ones are grouped.

    `exact` is each text's own hash: it breaks ties, so that the order of texts changes nothing.
    """
    template, count = _best_keys(signature, n_rows, eligible)
    has_template = eligible & (count >= 2)
    family, has_family = _families(
        signature,
        exact,
        n_rows=count,
        template=template,
        has_template=has_template,
        eligible=eligible,
        limits=limits,
    )
    return Grouping(
        template=template, has_template=has_template, family=family, has_family=has_family
    )


def representatives_of(values: I64, exact: I64, mask: Mask) -> tuple[I64, I64, I64]:
    """Return each value, and the index of its text with the smallest and the largest hash."""
    at = np.flatnonzero(mask)
    order = at[np.lexsort((exact[at], values[at]))]
    ordered = values[order]
    is_first = np.ones(order.size, np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    is_last = np.ones(order.size, np.bool_)
    is_last[:-1] = is_first[1:]
    return ordered[is_first], order[is_first], order[is_last]


def _best_keys(signature: U8, n_rows: I64, eligible: Mask) -> tuple[I64, I64]:
    """Return for each text the band key that most rows share, and how many rows that is."""
    best = np.zeros(len(signature), np.int64)
    count = np.full(len(signature), -1, np.int64)
    halves = np.ascontiguousarray(signature).view(np.uint64).reshape(-1, N_HASHES // 8)
    for band in range(N_BANDS):
        keys = _mix_keys(halves[:, 2 * band], halves[:, 2 * band + 1], band)
        shared = _count_keys(keys, n_rows * eligible)
        better = (shared > count) | ((shared == count) & (keys < best))
        best = np.where(better, keys, best)
        count = np.where(better, shared, count)
    return best, count


def _mix_keys(a: U64, b: U64, band: int) -> I64:
    """Hash a band of sixteen bytes and its number to an int64."""
    x = a * np.uint64(0x9E3779B97F4A7C15) ^ (b + np.uint64(band + 1)) * np.uint64(
        0xC2B2AE3D27D4EB4F
    )
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (x ^ (x >> np.uint64(32))).view(np.int64)


def _count_keys(keys: I64, n_rows: I64) -> I64:
    """Return for each text how many rows hold its key."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    is_first = np.ones(keys.size, np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    run = np.cumsum(is_first) - 1
    total = np.bincount(run, weights=n_rows[order]).astype(np.int64)
    counts = np.empty(keys.size, np.int64)
    counts[order] = total[run]
    return counts


def _families(
    signature: U8,
    exact: I64,
    *,
    n_rows: I64,
    template: I64,
    has_template: Mask,
    eligible: Mask,
    limits: TemplateLimits,
) -> tuple[I64, Mask]:
    """Join template representatives and texts without template into families."""
    _, first, _ = representatives_of(template, exact, has_template)
    nodes = np.concatenate([first, np.flatnonzero(eligible & ~has_template)])
    # Centres are taken by rows, most first; equals by their hash, so that order changes nothing.
    nodes = nodes[np.lexsort((exact[nodes], -n_rows[nodes]))]
    needed = int(np.ceil(limits.family_similarity * N_HASHES))
    node_signature = np.ascontiguousarray(signature[nodes])
    pairs = [
        _pairs_in(node_signature, band, limits.ring_neighbours, needed) for band in range(N_WEAK)
    ]
    root = _claimed(
        node_signature,
        *_adjacency(np.concatenate(pairs), nodes.size),
        int(np.ceil(limits.centre_similarity * N_HASHES)),
    )
    smallest = np.full(nodes.size, np.iinfo(np.int64).max)
    np.minimum.at(smallest, root, template[nodes])
    members = np.bincount(root, minlength=nodes.size)
    in_family = has_template[nodes] | (members[root] > 1)
    family = np.zeros(exact.size, np.int64)
    has_family = np.zeros(exact.size, np.bool_)
    family[nodes] = smallest[root]
    has_family[nodes] = in_family
    return _spread(template, has_template, family=family, has_family=has_family, first=first)


def _spread(
    template: I64, has_template: Mask, *, family: I64, has_family: Mask, first: I64
) -> tuple[I64, Mask]:
    """Give every text of a template the family of its representative."""
    order = np.argsort(template[first], kind="stable")
    ordered = template[first][order]
    at = np.flatnonzero(has_template)
    family[at] = family[first[order]][np.searchsorted(ordered, template[at])]
    has_family[at] = True
    return family, has_family


def _pairs_in(signature: U8, band: int, neighbours: int, needed: int) -> I64:
    """Return the pairs of one weak band that agree enough."""
    part = signature[:, WEAK_ROWS * band : WEAK_ROWS * (band + 1)].astype(np.int32)
    keys = part[:, 0] | part[:, 1] << 8 | part[:, 2] << 16
    return _agreeing(signature, keys, np.argsort(keys, kind="stable"), neighbours, needed)


def _adjacency(pairs: I64, n: int) -> tuple[I64, I64]:
    """Turn pairs into compressed rows, both ways."""
    both = np.concatenate([pairs, pairs[:, ::-1]]) if len(pairs) else pairs
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    return np.searchsorted(both[:, 0], np.arange(n + 1)).astype(np.int64), both[:, 1].copy()


@numba.njit(cache=True, nogil=True)
def _same(signature: U8, a: int, b: int) -> int:
    same = 0
    for p in range(signature.shape[1]):
        same += signature[a, p] == signature[b, p]
    return same


@numba.njit(cache=True, nogil=True)
def _agreeing(
    signature: U8, keys: npt.NDArray[np.int32], order: I64, neighbours: int, needed: int
) -> I64:
    """Pair each text with its next neighbours under one key whose signatures agree enough."""
    out = np.empty((order.size * neighbours, 2), np.int64)
    n = 0
    for i in range(order.size):
        a = order[i]
        for step in range(1, neighbours + 1):
            if i + step >= order.size or keys[order[i + step]] != keys[a]:
                break
            b = order[i + step]
            if _same(signature, a, b) >= needed:
                out[n, 0], out[n, 1] = a, b
                n += 1
    return out[:n].copy()


@numba.njit(cache=True, nogil=True)
def _claimed(signature: U8, start: I64, neighbour: I64, needed: int) -> I64:
    """Let each centre, in order, claim what is reached from it and resembles it."""
    centre = np.full(len(signature), -1, np.int64)
    queue = np.empty(len(signature), np.int64)
    for c in range(len(signature)):
        if centre[c] >= 0:
            continue
        centre[c] = c
        queue[0], head, tail = c, 0, 1
        while head < tail:
            a = queue[head]
            head += 1
            for at in range(start[a], start[a + 1]):
                b = neighbour[at]
                if centre[b] < 0 and _same(signature, b, c) >= needed:
                    centre[b] = c
                    queue[tail] = b
                    tail += 1
    return centre
