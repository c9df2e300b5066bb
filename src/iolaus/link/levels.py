"""A set of accounts in one view -> the level at which each member, and each outsider, shares.

The level of an account is the fewest outsiders that hold a value which it shares with at least
s members, for each of the SUPPORTS s; NEVER where it shares none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

from iolaus.link.views import Ints

SUPPORTS = np.array([1, 4, 16, 64], dtype=np.int64)
NEVER = np.int64(1 << 40)
MEMBER, IGNORED = 1, 2
_FEW = 6  # a value of more holders is a block's, not a couple's
_HOT = 513  # a value that more outsiders hold reaches no level; one may be the outsider himself

States = npt.NDArray[np.int8]


@numba.njit(cache=True, nogil=True)
def levels_in_view(
    start_a: Ints,
    held: Ints,
    start_v: Ints,
    holders: Ints,
    members: Ints,
    state: States,
    in_set: Ints,
    rank: Ints,
    best: Ints,
    muted: int,
) -> tuple[Ints, Ints, Ints]:
    """Return the members' levels, the outsiders touched, and theirs; scratch is left clean."""
    touched = _touched(start_a, held, members, in_set, muted)
    outsiders = _outsiders(touched, start_v, holders, state, in_set, rank, best)
    levels = _levels_of(members, start_a, held, in_set, rank, muted)
    theirs = np.empty((len(outsiders), len(SUPPORTS)), dtype=np.int64)
    for o in range(len(outsiders)):
        for s in range(len(SUPPORTS)):
            theirs[o, s] = best[outsiders[o], s]
            best[outsiders[o], s] = NEVER
    for x in touched:
        in_set[x] = 0
        rank[x] = 0
    return levels, outsiders, theirs


@numba.njit(cache=True, nogil=True)
def _touched(start_a: Ints, held: Ints, members: Ints, in_set: Ints, muted: int) -> Ints:
    """Count the members that hold each value, and return the values that any holds."""
    n = 0
    for a in members:
        n += start_a[a + 1] - start_a[a]
    touched = np.empty(n, dtype=np.int64)
    k = 0
    for a in members:
        for at in range(start_a[a], start_a[a + 1]):
            x = held[at]
            if x == muted:
                continue
            if in_set[x] == 0:
                touched[k] = x
                k += 1
            in_set[x] += 1
    return touched[:k]


@numba.njit(cache=True, nogil=True)
def _outsiders(
    touched: Ints,
    start_v: Ints,
    holders: Ints,
    state: States,
    in_set: Ints,
    rank: Ints,
    best: Ints,
) -> Ints:
    """Rank each value by its holders outside, and note the best level of each such holder."""
    found = [np.int64(0) for _ in range(0)]
    for x in touched:
        n_out = start_v[x + 1] - start_v[x] - in_set[x]
        for at in range(start_v[x], start_v[x + 1]):
            if state[holders[at]] == IGNORED:
                n_out -= 1
        rank[x] = n_out
        if n_out > _HOT:
            continue
        for at in range(start_v[x], start_v[x + 1]):
            b = holders[at]
            if state[b] == MEMBER:
                continue
            # Whoever is background does not count himself; the ignored were not counted.
            level = n_out - 1 if state[b] == 0 else n_out
            if best[b, 0] == NEVER:
                found.append(b)
            for s in range(len(SUPPORTS)):
                if in_set[x] >= SUPPORTS[s] and level < best[b, s]:
                    best[b, s] = level
    out = np.empty(len(found), dtype=np.int64)
    for o in range(len(found)):
        out[o] = found[o]
    return out


@numba.njit(cache=True, nogil=True)
def _levels_of(
    members: Ints, start_a: Ints, held: Ints, in_set: Ints, rank: Ints, muted: int
) -> Ints:
    """Return the members' levels, members x supports; nobody supports himself."""
    levels = np.full((len(members), len(SUPPORTS)), NEVER, dtype=np.int64)
    for i in range(len(members)):
        a = members[i]
        for at in range(start_a[a], start_a[a + 1]):
            x = held[at]
            if x == muted:
                continue
            for s in range(len(SUPPORTS)):
                if in_set[x] - 1 >= SUPPORTS[s] and rank[x] < levels[i, s]:
                    levels[i, s] = rank[x]
    return levels


@numba.njit(cache=True, nogil=True)
def levels_among_all(start_a: Ints, held: Ints, start_v: Ints) -> Ints:
    """
    Return accounts x SUPPORTS: the level at which each shares with s of whomever it shares with.

    What a random set would be shared with if it held just the right s of the other holders:
    a value of d holders is then shared with s and left to d - 1 - s outside.
    """
    out = np.full((len(start_a) - 1, len(SUPPORTS)), NEVER, dtype=np.int64)
    for a in range(len(start_a) - 1):
        for at in range(start_a[a], start_a[a + 1]):
            others = start_v[held[at] + 1] - start_v[held[at]] - 1
            for s in range(len(SUPPORTS)):
                if others >= SUPPORTS[s]:
                    out[a, s] = min(out[a, s], others - SUPPORTS[s])
    return out


@numba.njit(cache=True, nogil=True)
def partner_codes(
    start_a: Ints, held: Ints, start_v: Ints, holders: Ints, members: Ints, position: Ints
) -> Ints:
    """
    Return member * n + partner, for members that share a value of few holders, mostly theirs.

    `position[a]` is the account's place among the members, or -1.
    """
    out = [np.int64(0) for _ in range(0)]
    for i in range(len(members)):
        a = members[i]
        for at in range(start_a[a], start_a[a + 1]):
            x = held[at]
            if start_v[x + 1] - start_v[x] > _FEW:
                continue
            for h in range(start_v[x], start_v[x + 1]):
                j = position[holders[h]]
                if j >= 0 and j != i:
                    out.append(i * len(members) + j)
    return np.array(out, dtype=np.int64)


def rows_of(found: Sequence[Ints], row: Ints) -> Ints:
    """Return the distinct accounts found, ascending, and note each one's place in `row`."""
    accounts = np.sort(_distinct(np.concatenate(found), row))
    row[accounts] = np.arange(len(accounts))
    return accounts


@numba.njit(cache=True, nogil=True)
def _distinct(accounts: Ints, row: Ints) -> Ints:
    out = np.empty(len(accounts), dtype=np.int64)
    k = 0
    for a in accounts:
        if row[a] < 0:
            row[a] = 0
            out[k] = a
            k += 1
    return out[:k]
