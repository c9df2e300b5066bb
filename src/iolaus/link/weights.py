"""A set of accounts -> bits for every member and every account that touches it.

Leave one out: what member i shares is counted over the other members, and how common that
is over those outside. The event is "shares with at least s other members a value that at most
l others outside hold", for the LEVELS l and the SUPPORTS s. Single values made networks fall
apart in the prototype (reference/arithmetic.md); without s, a busy network in which strangers'
rare words meet by chance drowns the one recipe that all its members carry.

How common an event is outside is the larger of two rates: outsiders who share with members,
and outsiders who share with anybody, times the chance that their partners are in the set. The
second keeps a union of households from vouching for itself: everybody in it shares a card
with somebody, and so do many outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from iolaus.link.candidates import Floats
from iolaus.link.levels import (
    IGNORED,
    MEMBER,
    NEVER,
    SUPPORTS,
    levels_among_all,
    levels_in_view,
    partner_codes,
)
from iolaus.link.views import Ints, View

LEVELS = np.array([0, 2, 8, 32, 128, 512], dtype=np.int64)
_SEARCHED_BITS = float(np.log2(6.0))  # the best of 24 nested events is about six tries


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """
    Bits of a set of accounts.

    `accounts` lists the members first (`n_members` of them), then outsiders that touch the
    set; `bits` is accounts x views; `levels` likewise: the fewest outsiders that hold a value
    which the account shares, `NEVER` where it shares none. `wide_bits` is the most that any
    view says when only values shared with at least four members count.
    """

    accounts: Ints
    n_members: int
    bits: Floats
    levels: Ints
    by_family: Floats
    families: tuple[str, ...]
    controlled_bits: Floats
    wide_bits: Floats
    n_outside: int

    @property
    def totals(self) -> Floats:
        """Sum over families, in a fixed order."""
        return self.by_family.sum(axis=1)


class Weigher:
    """Weighs sets of accounts over fixed views; keeps scratch space, so one a thread."""

    def __init__(self, views: Sequence[View]) -> None:
        self.views = tuple(views)
        self.n_accounts = self.views[0].n_accounts if self.views else 0
        self.families = tuple(sorted({view.family for view in self.views}))
        self._state = np.zeros(self.n_accounts, dtype=np.int8)
        self._anywhere = [
            levels_among_all(view.start_of_account, view.held, view.start_of_value)
            for view in self.views
        ]
        self._n_anywhere = [_reaching(levels) for levels in self._anywhere]
        self._in_set = [np.zeros(view.n_values, dtype=np.int64) for view in self.views]
        self._rank = [np.zeros(view.n_values, dtype=np.int64) for view in self.views]
        self._best = np.full((self.n_accounts, len(SUPPORTS)), NEVER, dtype=np.int64)

    def weigh(
        self, members: Ints, *, ignored: Ints | None = None, muted: dict[str, int] | None = None
    ) -> Weighed:
        """
        Weigh `members` against everybody else.

        `ignored` accounts are no background: they neither raise a value's count outside nor
        enter the rate, but are weighed as candidates. `muted` names one dense value a view
        that is treated as if nobody held it.
        """
        ignored = np.empty(0, dtype=np.int64) if ignored is None else ignored
        self._state[ignored] = IGNORED
        self._state[members] = MEMBER
        found = [
            levels_in_view(
                view.start_of_account,
                view.held,
                view.start_of_value,
                view.holders,
                members,
                self._state,
                self._in_set[v],
                self._rank[v],
                self._best,
                (muted or {}).get(view.name, -1),
            )
            for v, view in enumerate(self.views)
        ]
        state = self._state.copy()
        self._state[ignored] = 0
        self._state[members] = 0
        return self._weighed(members, found, state)

    def _weighed(
        self,
        members: Ints,
        found: list[tuple[Ints, Ints, Ints]],
        state: npt.NDArray[np.int8],
    ) -> Weighed:
        outsiders = np.unique(np.concatenate([f[1] for f in found])) if found else members[:0]
        accounts = np.concatenate([members, outsiders])
        n_ignored = int((state == IGNORED).sum())
        n_outside = self.n_accounts - len(members) - n_ignored
        levels = np.full((len(accounts), len(self.views), len(SUPPORTS)), NEVER, dtype=np.int64)
        bits = np.zeros((len(accounts), len(self.views)))
        wide = np.zeros(len(accounts))
        for v, (mine, theirs, their_levels) in enumerate(found):
            levels[: len(members), v] = mine
            levels[len(members) + np.searchsorted(outsiders, theirs), v] = their_levels
            bits[:, v], wide_here = _bits_in_view(
                self.views[v],
                accounts,
                levels[:, v],
                len(members),
                n_outside,
                state,
                self._by_chance(v, members),
            )
            wide = np.maximum(wide, wide_here)
        by_family, controlled = self._by_family(bits)
        return Weighed(
            accounts=accounts,
            n_members=len(members),
            bits=bits,
            levels=levels[:, :, 0],
            by_family=by_family,
            families=self.families,
            controlled_bits=controlled,
            wide_bits=wide,
            n_outside=n_outside,
        )

    def n_partners(self, members: Ints) -> Ints:
        """Count with how many other members each shares a value that few hold, over all views."""
        position = np.full(self.n_accounts, -1, dtype=np.int64)
        position[members] = np.arange(len(members))
        codes = [
            partner_codes(
                view.start_of_account,
                view.held,
                view.start_of_value,
                view.holders,
                members,
                position,
            )
            for view in self.views
        ]
        pairs = np.unique(np.concatenate(codes)) // max(len(members), 1)
        return np.bincount(pairs, minlength=len(members)).astype(np.int64)

    def _by_chance(self, v: int, members: Ints) -> Floats:
        """Return SUPPORTS x LEVELS: how often outsiders share with anybody, and those are here."""
        n_others = max(self.n_accounts - len(members), 1)
        n_sharing = self._n_anywhere[v] - _reaching(self._anywhere[v][members])
        here = len(members) / max(self.n_accounts, 1)
        return n_sharing / n_others * np.power(here, SUPPORTS.astype(np.float64))[:, None]

    def _by_family(self, bits: Floats) -> tuple[Floats, Floats]:
        by_family = np.zeros((len(bits), len(self.families)))
        controlled = np.zeros(len(bits))
        for f, family in enumerate(self.families):
            mine = [v for v, view in enumerate(self.views) if view.family == family]
            # The best of several views that may speak is a small search of its own.
            best = bits[:, mine].max(axis=1)
            paid = np.where(best > 0, np.maximum(best - np.log2(len(mine)), 0.0), best)
            by_family[:, f] = paid
            held = [v for v in mine if self.views[v].controlled]
            if held:
                controlled = np.maximum(controlled, np.minimum(bits[:, held].max(axis=1), paid))
        return by_family, controlled


def _reaching(levels: Ints) -> Floats:
    """Count, per support and level, the accounts that reach it: SUPPORTS x LEVELS."""
    return np.stack([(levels <= level).sum(axis=0) for level in LEVELS], axis=1).astype(np.float64)


def _bits_in_view(
    view: View,
    accounts: Ints,
    levels: Ints,
    n_members: int,
    n_outside: int,
    state: npt.NDArray[np.int8],
    by_chance: Floats,
) -> tuple[Floats, Floats]:
    """Turn levels into bits: log2(theta / q) at the best event reached, and at the best wide one."""
    # One that holds many values has many chances: scale the rate by how many it holds.
    chances = np.maximum(1.0, view.n_held[accounts] / view.mean_held)
    bits, wide = _event_bits(
        levels, state[accounts], n_members, n_outside, chances, by_chance, view.fixed
    )
    return np.minimum(bits, view.ceiling_bits), np.minimum(wide, view.ceiling_bits)


@numba.njit(cache=True, nogil=True)
def _event_counts(
    levels: Ints, state: npt.NDArray[np.int8], n_members: int
) -> tuple[Floats, Floats]:
    """Count members and outsiders that reach each event; ignored accounts are neither."""
    inside = np.zeros((len(SUPPORTS), len(LEVELS)))
    outside = np.zeros((len(SUPPORTS), len(LEVELS)))
    for i in range(len(levels)):
        if i >= n_members and state[i] != 0:
            continue
        into = inside if i < n_members else outside
        for s in range(len(SUPPORTS)):
            for at in range(len(LEVELS)):
                if levels[i, s] <= LEVELS[at]:
                    into[s, at] += 1.0
    return inside, outside


@numba.njit(cache=True, nogil=True)
def _event_bits(
    levels: Ints,
    state: npt.NDArray[np.int8],
    n_members: int,
    n_outside: int,
    chances: Floats,
    by_chance: Floats,
    fixed: bool,
) -> tuple[Floats, Floats]:
    n_levels, n_supports = len(LEVELS), len(SUPPORTS)
    inside, outside = _event_counts(levels, state, n_members)
    bits, wide = np.zeros(len(levels)), np.zeros(len(levels))
    for i in range(len(levels)):
        others = float(n_members - 1 if i < n_members else n_members)
        best = 0.0
        for s in range(n_supports):
            for at in range(n_levels):
                reached = levels[i, s] <= LEVELS[at]
                # Not holding speaks too, in a view where everybody could: what is shared at all.
                silent = fixed and not reached and s == 0 and at == n_levels - 1
                if not (reached or silent):
                    continue
                q = (outside[s, at] + 0.5) / (n_outside + 1.0) * chances[i]
                q = min(max(q, by_chance[s, at]), 0.999)
                own = 1.0 if i < n_members and reached else 0.0
                theta = min((inside[s, at] - own + 2.0 * q) / (others + 2.0), 0.999)
                if reached:
                    gain = np.log2(max(theta, 1e-12) / q) - _SEARCHED_BITS
                    best = max(best, gain)
                    if s > 0:
                        wide[i] = max(wide[i], gain)
                elif best == 0.0:
                    best = min(max(np.log2((1.0 - theta) / (1.0 - q)), -2.0), 0.0)
        bits[i] = best
    return bits, wide
