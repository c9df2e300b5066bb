"""Levels at which accounts share, inside a set and outside -> bits of the best event reached.

An event is "shares with at least s others a value that at most l accounts outside hold".
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from iolaus.link.levels import SUPPORTS
from iolaus.link.views import Floats, Ints

LEVELS = np.array([0, 2, 8, 32, 128, 512], dtype=np.int64)
SEARCHED_BITS = float(np.log2(6.0))  # the best of 24 nested events is about six tries
_MOST = 0.999  # no rate is certain

States = npt.NDArray[np.int8]


@numba.njit(cache=True, nogil=True)
def reaching(levels: Ints, accounts: Ints) -> Floats:
    """Count, per support and level, the accounts that reach it: SUPPORTS x LEVELS."""
    out = np.zeros((len(SUPPORTS), len(LEVELS)))
    for a in accounts:
        _count(levels[a], out)
    return out


@numba.njit(cache=True, nogil=True)
def _count(mine: Ints, out: Floats) -> None:
    for s in range(len(SUPPORTS)):
        # A higher support is reached at no lower level.
        if mine[s] > LEVELS[-1]:
            break
        for at in range(len(LEVELS) - 1, -1, -1):
            if mine[s] > LEVELS[at]:
                break
            out[s, at] += 1.0


@numba.njit(cache=True, nogil=True)
def event_bits(
    accounts: Ints, mine: Ints, theirs: Ints, rows: Ints,
    state: States, n_outside: int, stratum: Ints, n_in_stratum: Floats,
    n_held: Ints, mean_held: float, by_chance: Floats, fixed: bool,
    ceiling_bits: float, levels: Ints, bits: Floats, wide: Floats,
) -> None:  # fmt: skip
    """
    Write log2(theta / q) at the best event reached, and raise `wide` to the best wide one.

    The members come first among `accounts`, with the levels `mine`; `rows` are those of the
    outsiders with the levels `theirs`. Ignored accounts are weighed and count nowhere. How common
    an event is outside is asked of everybody and, where `stratum` names one for the account (not
    -1), of the `n_in_stratum` others of its own kind; the commoner counts.
    """
    n_members = len(mine)
    inside = np.zeros((len(SUPPORTS), len(LEVELS)))
    outside = np.zeros((len(SUPPORTS), len(LEVELS)))
    for i in range(n_members):
        _count(mine[i], inside)
    alike = np.zeros((len(n_in_stratum), len(SUPPORTS), len(LEVELS)))
    for o in range(len(rows)):
        if state[accounts[rows[o]]] == 0:
            _count(theirs[o], outside)
            if stratum[accounts[rows[o]]] >= 0:
                _count(theirs[o], alike[stratum[accounts[rows[o]]]])
    rate = (outside + 0.5) / (n_outside + 1.0)
    for k in range(len(n_in_stratum)):
        alike[k] = np.maximum(rate, (alike[k] + 0.5) / (n_in_stratum[k] + 1.0))
    typical = _typical(accounts[:n_members], n_held)
    for i in range(n_members + len(rows)):
        outsider = i >= n_members
        row = rows[i - n_members] if outsider else i
        own, level = (0.0, theirs[i - n_members]) if outsider else (1.0, mine[i])
        n = n_held[accounts[row]]
        k = stratum[accounts[row]]
        q = alike[k] if k >= 0 else rate
        found, found_wide = _best(
            level, own, n_members - own, inside, q, n / mean_held, n / typical, by_chance, fixed
        )
        levels[row] = level[0]
        bits[row] = min(found, ceiling_bits)
        wide[row] = max(wide[row], min(found_wide, ceiling_bits))


@numba.njit(cache=True, nogil=True)
def _rates(
    outsiders: Ints,
    theirs: Ints,
    state: States,
    n_outside: int,
    stratum: Ints,
    n_in_stratum: Floats,
) -> tuple[Floats, Floats]:
    """Return how common each event is outside, and the same or more a stratum."""
    outside = np.zeros((len(SUPPORTS), len(LEVELS)))
    alike = np.zeros((len(n_in_stratum), len(SUPPORTS), len(LEVELS)))
    for o in range(len(outsiders)):
        if state[outsiders[o]] == 0:
            _count(theirs[o], outside)
            if stratum[outsiders[o]] >= 0:
                _count(theirs[o], alike[stratum[outsiders[o]]])
    rate = (outside + 0.5) / (n_outside + 1.0)
    for k in range(len(n_in_stratum)):
        alike[k] = np.maximum(rate, (alike[k] + 0.5) / (n_in_stratum[k] + 1.0))
    return rate, alike


@numba.njit(cache=True, nogil=True)
def _typical(members: Ints, n_held: Ints) -> float:
    """Return how many values a member holds that holds any, on average."""
    total, holding = 0.0, 0.0
    for a in members:
        if n_held[a] > 0:
            total += n_held[a]
            holding += 1.0
    return total / holding if holding else 1.0


@numba.njit(cache=True, nogil=True)
def _best(
    mine: Ints,
    own: float,
    others: float,
    inside: Floats,
    rate: Floats,
    chances: float,
    exposure: float,
    by_chance: Floats,
    fixed: bool,
) -> tuple[float, float]:
    """
    Return the bits of the best event that is reached, and of the best wide one.

    Whoever holds many values has many chances to share one by accident, so q is raised.
    Whoever holds few had few chances to share as a member that holds many does, so theta is
    lowered: a busy relay holds every popular prompt, and who asks one of them is no member.
    """
    narrow, wide = 0.0, 0.0  # the largest theta / q; one logarithm at the end is enough
    for s in range(len(SUPPORTS)):
        if mine[s] > LEVELS[-1]:
            break
        for at in range(len(LEVELS) - 1, -1, -1):
            if mine[s] > LEVELS[at]:
                break
            q = min(max(rate[s, at] * max(chances, 1.0), by_chance[s, at]), _MOST)
            theta = min((inside[s, at] - own + 2.0 * q) / (others + 2.0), _MOST)
            if exposure < 1.0:
                theta = 1.0 - (1.0 - theta) ** exposure
            narrow = max(narrow, theta / q)
            if s > 0:
                wide = max(wide, theta / q)
    if fixed and mine[0] > LEVELS[-1]:
        # Not holding speaks too, in a view where everybody could: what is shared at all.
        q = min(max(rate[0, -1] * max(chances, 1.0), by_chance[0, -1]), _MOST)
        theta = min((inside[0, -1] + 2.0 * q) / (others + 2.0), _MOST)
        return min(max(np.log2((1.0 - theta) / (1.0 - q)), -2.0), 0.0), 0.0
    return _gain(narrow), _gain(wide)


@numba.njit(cache=True, nogil=True)
def _gain(ratio: float) -> float:
    return max(np.log2(ratio) - SEARCHED_BITS, 0.0) if ratio > 1.0 else 0.0
