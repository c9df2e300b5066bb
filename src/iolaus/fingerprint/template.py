"""Signatures of distinct texts -> their template and their family, in linear time, any order.

A *template* is one scaffold whose slots are filled in many ways. The signature is cut into eight
bands of sixteen values; texts that agree in a whole band share its key. A text's template is the
key that most rows share (the smallest among equals): one GROUP BY, no chains. A key that a single
row holds is no template: free text.

A *family* joins texts whose signatures agree in `family_similarity` or more of their values:
templates with one another, and rewordings with them. Candidates come from weak bands of three
values, each text meeting only its next neighbours there; a union-find joins those that pass.
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
    template: I64,
    has_template: Mask,
    eligible: Mask,
    limits: TemplateLimits,
) -> tuple[I64, Mask]:
    """Join template representatives and texts without template into families."""
    _, first, _ = representatives_of(template, exact, has_template)
    nodes = np.concatenate([first, np.flatnonzero(eligible & ~has_template)])
    nodes = nodes[np.argsort(exact[nodes], kind="stable")]
    parent = np.arange(nodes.size)
    needed = int(np.ceil(limits.family_similarity * N_HASHES))
    node_signature = np.ascontiguousarray(signature[nodes])
    for band in range(N_WEAK):
        part = node_signature[:, WEAK_ROWS * band : WEAK_ROWS * (band + 1)].astype(np.int32)
        keys = part[:, 0] | part[:, 1] << 8 | part[:, 2] << 16
        order = np.argsort(keys, kind="stable")
        _join(node_signature, keys, order, parent, limits.ring_neighbours, needed)
    root = _roots(parent)
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


@numba.njit(cache=True, nogil=True)
def _find(parent: I64, at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


@numba.njit(cache=True, nogil=True)
def _join(  # noqa: PLR0917 - numba knows no keyword-only arguments
    signature: U8,
    keys: npt.NDArray[np.int32],
    order: I64,
    parent: I64,
    neighbours: int,
    needed: int,
) -> None:
    """Join each text with its next neighbours under one key whose signatures agree enough."""
    for i in range(order.size):
        a = order[i]
        for step in range(1, neighbours + 1):
            if i + step >= order.size or keys[order[i + step]] != keys[a]:
                break
            b = order[i + step]
            root_a, root_b = _find(parent, a), _find(parent, b)
            if root_a == root_b:
                continue
            same = 0
            for p in range(signature.shape[1]):
                same += signature[a, p] == signature[b, p]
            if same >= needed:
                parent[max(root_a, root_b)] = min(root_a, root_b)


@numba.njit(cache=True, nogil=True)
def _roots(parent: I64) -> I64:
    out = np.empty_like(parent)
    for at in range(parent.size):
        out[at] = _find(parent, at)
    return out
