"""Templates and rewordings -> families, each around what most of its members have in common.

Two rewordings of one scaffold share little: where a fifth of the words is changed in each, a
third of their pairs. But each shares half with the scaffold itself, and that can be had: at every
position of the signature most members hold the scaffold's value, since what they changed they
changed differently. So families grow in rounds. A round pairs signatures that meet in a weak band
of three values, each with its next neighbours only; lets each centre, most rows first, claim what
is reached over such pairs *and resembles the centre itself*; and makes each family's commonest
values the signature of the next round. Without the centre pairs chain: nine hundred strangers
who fill other scaffolds from one vocabulary became one family.

Likeness is held to two measures: the share of pairs, and how many pairs that is. Half of twelve
pairs is a turn of phrase; half of sixty is a scaffold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.limits import TemplateLimits

I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]

N_WEAK, WEAK_ROWS = 42, 3
"""Rewordings of 30 % of the words meet with probability .975 (performance.md, B)."""

N_ROUNDS = 3
"""A fourth found nothing more on real prompts."""

ENOUGH = 16
"""Neighbours of a node in a round: as good as all; with 4, rewordings of 30 % lost one pair in twenty."""

_LEAST_VOTERS = 3  # of two, neither is the majority
_PAIR_BITS = 32
_LOW = (1 << _PAIR_BITS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """What families are made of, in the order in which centres are taken."""

    signature: U8
    n_signed: I64
    n_rows: I64


def families_of(nodes: Nodes, *, limits: TemplateLimits) -> I64:
    """Return a family number for each node; numbers mean nothing but equality."""
    family = np.arange(nodes.n_rows.size)
    if not family.size:
        return family
    current = nodes
    for round_ in range(N_ROUNDS):
        if round_:
            family, current = _condensed(nodes, family)
        pairs = _pairs(current, limits)
        claimed = _claimed(
            current.signature, current.n_signed, *_adjacency(pairs, current.n_rows.size),
            _needed(limits.centre_similarity, current), limits.shared_pairs,
        )  # fmt: skip
        _, number = np.unique(claimed, return_inverse=True)
        family = number[family]
    return family


def _needed(similarity: float, nodes: Nodes) -> int:
    return int(np.ceil(similarity * nodes.signature.shape[1]))


def _pairs(nodes: Nodes, limits: TemplateLimits) -> I64:
    """Return the pairs of nodes that meet in some weak band and are alike."""
    needed = _needed(limits.family_similarity, nodes)
    degree = np.zeros(nodes.n_rows.size, np.uint8)
    found = []
    for band in range(N_WEAK):
        part = nodes.signature[:, WEAK_ROWS * band : WEAK_ROWS * (band + 1)].astype(np.int64)
        keys = part[:, 0] | part[:, 1] << 8 | part[:, 2] << 16
        # Sorted with their numbers: neighbours are then the same on every machine.
        ordered = np.sort(keys << _PAIR_BITS | np.arange(keys.size))
        found.append(
            _alike(
                nodes.signature, nodes.n_signed, ordered,
                limits.ring_neighbours, needed, limits.shared_pairs, degree,
            )
        )  # fmt: skip
    return np.concatenate(found)


def _adjacency(pairs: I64, n: int) -> tuple[I64, I64]:
    """Turn pairs into compressed rows, both ways; most pairs were met in many bands."""
    one, other = pairs >> _PAIR_BITS, pairs & _LOW
    both = np.sort(np.concatenate([pairs, other << _PAIR_BITS | one]))
    both = both[np.append(True, both[1:] != both[:-1])] if both.size else both
    start = np.searchsorted(both, np.arange(n + 1) << _PAIR_BITS)
    return start.astype(np.int64), both & _LOW


def _condensed(nodes: Nodes, family: I64) -> tuple[I64, Nodes]:
    """Make each family one node, most rows first; return the nodes' new numbers and these."""
    members = np.argsort(family, kind="stable")
    start = np.searchsorted(family[members], np.arange(family.max() + 2))
    n_rows = np.bincount(family, weights=nodes.n_rows).astype(np.int64)
    order = np.lexsort((members[start[:-1]], -n_rows))
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    signature = np.empty((order.size, nodes.signature.shape[1]), np.uint8)
    n_signed = np.empty(order.size, np.int64)
    _agree(nodes.signature, nodes.n_signed, members, start, signature, n_signed)
    condensed = Nodes(signature=signature[order], n_signed=n_signed[order], n_rows=n_rows[order])
    return rank[family], condensed


@numba.njit(cache=True, nogil=True)
def _is_alike(signature: U8, n_signed: I64, a: int, b: int, needed: int, shared_pairs: int) -> bool:
    """Say whether enough values agree, and stand for enough pairs: J / (1 + J) of both texts'."""
    n = signature.shape[1]
    same = 0
    for p in range(n):
        same += signature[a, p] == signature[b, p]
    both = n_signed[a] + n_signed[b]
    return same >= needed and same * both >= shared_pairs * (n + same)


@numba.njit(cache=True, nogil=True)
def _alike(
    signature: U8,
    n_signed: I64,
    ordered: I64,
    neighbours: int,
    needed: int,
    shared_pairs: int,
    degree: U8,
) -> I64:
    """Pair each node with its next neighbours under one key that are like it; two in one number.

    Who has neighbours enough looks for no more: a million rewordings of one scaffold would
    otherwise make eighty million pairs.
    """
    low = np.int64(_LOW)
    out = np.empty(ordered.size * neighbours, np.int64)
    n = 0
    for i in range(ordered.size):
        a, key = ordered[i] & low, ordered[i] >> _PAIR_BITS
        for at in range(i + 1, min(i + 1 + neighbours, ordered.size)):
            if ordered[at] >> _PAIR_BITS != key:
                break
            b = ordered[at] & low
            if degree[a] >= ENOUGH and degree[b] >= ENOUGH:
                continue
            if _is_alike(signature, n_signed, a, b, needed, shared_pairs):
                out[n] = a << _PAIR_BITS | b
                n += 1
                degree[a] = min(degree[a] + 1, ENOUGH)
                degree[b] = min(degree[b] + 1, ENOUGH)
    return out[:n].copy()


@numba.njit(cache=True, nogil=True)
def _claimed(
    signature: U8, n_signed: I64, start: I64, neighbour: I64, needed: int, shared_pairs: int
) -> I64:
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
                if centre[b] < 0 and _is_alike(signature, n_signed, b, c, needed, shared_pairs):
                    centre[b] = c
                    queue[tail] = b
                    tail += 1
    return centre


@numba.njit(cache=True, nogil=True)
def _agree(
    signature: U8, n_signed: I64, members: I64, start: I64, out: U8, out_signed: I64
) -> None:
    """Write each family's commonest value of every position, and its median of pairs.

    A family of one or two keeps both of its first member.
    """
    tally = np.zeros(256, np.int64)
    for g in range(start.size - 1):
        inside = members[start[g] : start[g + 1]]
        out[g], out_signed[g] = signature[inside[0]], n_signed[inside[0]]
        if inside.size < _LEAST_VOTERS:
            continue
        out_signed[g] = np.int64(np.median(n_signed[inside]))
        for p in range(signature.shape[1]):
            _vote(signature, inside, p, tally, out[g])


@numba.njit(cache=True, nogil=True)
def _vote(signature: U8, inside: I64, p: int, tally: I64, out: U8) -> None:
    """Write the commonest value of position `p`, the smallest among equals; leave zeros behind."""
    for a in inside:
        tally[signature[a, p]] += 1
    best = signature[inside[0], p]
    for a in inside:
        value = signature[a, p]
        if tally[value] > tally[best] or (tally[value] == tally[best] and value < best):
            best = value
    for a in inside:
        tally[signature[a, p]] = 0
    out[p] = best
