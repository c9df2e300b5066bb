"""Signatures of distinct texts -> their template and their family, in linear time, any order.

A *template* is one scaffold whose slots are filled in many ways. The signature is cut into
sixteen bands of eight values; texts that agree in a whole band share its key. A text's template
is the key that most rows share (the smallest among equals): one GROUP BY, no chains. A text that
misses that key in the group's chosen band, and shares others with it, goes where most rows of
such a key went: one more look, and only one. A template of a single row is none: free text.

A *family* joins templates and rewordings, see family.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.family import Nodes, families_of
from iolaus.fingerprint.limits import TemplateLimits

I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

N_BANDS, BAND_ROWS = 16, 8
"""Bands of 16 lost one slot variant in forty where slots are long; see docs/decisions/0007."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """
    Distinct texts: hash, signature, and what the signature was made of.

    `exact` breaks ties, so that the order of texts changes nothing. `n_signed` pairs of words
    went into the signature: the scaffold's where the text has one, else all of them.
    """

    exact: I64
    signature: U8
    n_signed: I64
    eligible: Mask
    has_scaffold: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """For each distinct text its template and family; where the mask is False it has none."""

    template: I64
    has_template: Mask
    family: I64
    has_family: Mask


def group_texts(texts: Signed, n_rows: I64, *, limits: TemplateLimits) -> Grouping:
    """Group distinct texts, each standing in `n_rows` rows; only eligible ones are grouped."""
    template, n_held = _templates(texts.signature, n_rows, texts.eligible)
    has_template = texts.eligible & (n_held >= 2)
    _, first = representatives_of(template, texts.exact, has_template)
    # Free text without a scaffold of its own has nothing that a family could be known by.
    alone = np.flatnonzero(texts.eligible & ~has_template & texts.has_scaffold)
    at = np.concatenate([first, alone])
    # Centres are taken by rows, most first; equals by their hash, so that order changes nothing.
    at = at[np.lexsort((texts.exact[at], -n_held[at]))]
    nodes = Nodes(
        signature=np.ascontiguousarray(texts.signature[at]),
        n_signed=texts.n_signed[at],
        n_rows=n_held[at],
    )
    member_of = families_of(nodes, limits=limits)
    family, has_family = _named(member_of, at, template=template, has_template=has_template)
    return Grouping(
        template=template, has_template=has_template, family=family, has_family=has_family
    )


def representatives_of(values: I64, exact: I64, mask: Mask) -> tuple[I64, I64]:
    """Return each value, and the index of its text with the smallest hash."""
    at = np.flatnonzero(mask)
    order = at[np.lexsort((exact[at], values[at]))]
    ordered = values[order]
    is_first = np.ones(order.size, np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first], order[is_first]


def lowest_keys(signature: U8) -> I64:
    """Return the smallest band key of each text: most texts of one template have one in common."""
    bands = np.ascontiguousarray(signature).view(np.uint64).reshape(-1, N_BANDS)
    keys = _mixed(bands[:, 0], 0)
    for band in range(1, N_BANDS):
        keys = np.minimum(keys, _mixed(bands[:, band], band))
    return keys


def _templates(signature: U8, n_rows: I64, eligible: Mask) -> tuple[I64, I64]:
    """Return for each text its template and in how many rows that stands; 0 where ineligible."""
    at = np.flatnonzero(eligible)
    bands = np.ascontiguousarray(signature[at]).view(np.uint64).reshape(-1, N_BANDS)
    rows = n_rows[at]
    best, count = np.zeros(at.size, np.int64), np.full(at.size, -1, np.int64)
    for band in range(N_BANDS):
        keys = _mixed(bands[:, band], band)
        _take_most_shared(keys, np.argsort(keys), rows, best, count)
    # Who shares no key with anybody has nowhere to go.
    kin = np.flatnonzero(count > rows)
    chosen, support = best[kin], np.zeros(kin.size, np.int64)
    for band in range(N_BANDS):
        keys = _mixed(bands[kin, band], band)
        _take_majority(keys, np.argsort(keys), rows[kin], best[kin], chosen, support)
    best[kin] = chosen
    _, inverse = np.unique(best, return_inverse=True)
    held = np.bincount(inverse, weights=rows).astype(np.int64)
    template, n_held = np.zeros(n_rows.size, np.int64), np.zeros(n_rows.size, np.int64)
    template[at], n_held[at] = best, held[inverse]
    return template, n_held


def _mixed(part: U64, band: int) -> I64:
    """Hash a band of eight bytes and its number to an int64."""
    x = (part ^ np.uint64(band + 1)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (x ^ (x >> np.uint64(32))).view(np.int64)


def _named(member_of: I64, at: I64, *, template: I64, has_template: Mask) -> tuple[I64, Mask]:
    """Name each family by its smallest template, and give it to all texts of its templates."""
    family = np.zeros(template.size, np.int64)
    has_family = np.zeros(template.size, np.bool_)
    n_members = np.bincount(member_of, minlength=1)
    smallest = np.full(n_members.size, np.iinfo(np.int64).max)
    np.minimum.at(smallest, member_of, template[at])
    family[at] = smallest[member_of]
    has_family[at] = has_template[at] | (n_members[member_of] > 1)
    first = at[has_template[at]]
    order = first[np.argsort(template[first], kind="stable")]
    held = np.flatnonzero(has_template)
    family[held] = family[order[np.searchsorted(template[order], template[held])]]
    has_family[held] = True
    return family, has_family


@numba.njit(cache=True, nogil=True)
def _run_end(keys: I64, order: I64, start: int) -> int:
    """Return where the run of one key ends that begins at `start`."""
    end = start + 1
    while end < order.size and keys[order[end]] == keys[order[start]]:
        end += 1
    return end


@numba.njit(cache=True, nogil=True)
def _take_most_shared(keys: I64, order: I64, rows: I64, best: I64, count: I64) -> None:
    """Give each text this band's key where more rows share it than the best one so far."""
    start = 0
    while start < order.size:
        end = _run_end(keys, order, start)
        shared = np.int64(0)
        for i in range(start, end):
            shared += rows[order[i]]
        key = keys[order[start]]
        for i in range(start, end):
            a = order[i]
            if shared > count[a] or (shared == count[a] and key < best[a]):
                best[a], count[a] = key, shared
        start = end


@numba.njit(cache=True, nogil=True)
def _take_majority(keys: I64, order: I64, rows: I64, best: I64, chosen: I64, support: I64) -> None:
    """Give each text the template that more than half of the rows of this band's key went to.

    Of several bands the one with most such rows decides. The vote is Boyer and Moore's: one
    pass finds the only candidate, a second counts it.
    """
    start = 0
    while start < order.size:
        end = _run_end(keys, order, start)
        candidate, lead, total = np.int64(0), np.int64(0), np.int64(0)
        for i in range(start, end):
            a = order[i]
            total += rows[a]
            if best[a] == candidate:
                lead += rows[a]
            elif rows[a] > lead:
                candidate, lead = best[a], rows[a] - lead
            else:
                lead -= rows[a]
        votes = np.int64(0)
        for i in range(start, end):
            votes += rows[order[i]] if best[order[i]] == candidate else 0
        for i in range(start, end):
            a = order[i]
            is_better = votes > support[a] or (votes == support[a] and candidate < chosen[a])
            if 2 * votes > total and is_better:
                chosen[a], support[a] = candidate, votes
        start = end
