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

import numpy as np

from iolaus.link.events import event_bits, reaching
from iolaus.link.levels import (
    IGNORED,
    MEMBER,
    NEVER,
    SUPPORTS,
    levels_among_all,
    levels_in_view,
    partner_codes,
    rows_of,
)
from iolaus.link.views import Floats, Ints, View


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

    def __init__(self, views: Sequence[View], strata: Ints | None = None) -> None:
        self.views = tuple(views)
        self.n_accounts = self.views[0].n_accounts if self.views else 0
        everywhere = np.full(self.n_accounts, -1, dtype=np.int64)
        self.strata = everywhere if strata is None else strata
        self._n_strata = int(self.strata.max(initial=-1)) + 1
        self._n_in_stratum = self._in_strata(np.arange(self.n_accounts))
        self.families = tuple(sorted({view.family for view in self.views}))
        self._state = np.zeros(self.n_accounts, dtype=np.int8)
        self._row = np.full(self.n_accounts, -1, dtype=np.int64)
        self._anywhere = [
            levels_among_all(view.start_of_account, view.held, view.start_of_value)
            for view in self.views
        ]
        everybody = np.arange(self.n_accounts)
        self._n_anywhere = [reaching(levels, everybody) for levels in self._anywhere]
        self._n_held = [view.n_held for view in self.views]
        self._in_set = [np.zeros(view.n_values, dtype=np.int64) for view in self.views]
        self._rank = [np.zeros(view.n_values, dtype=np.int64) for view in self.views]
        self._best = np.full((self.n_accounts, len(SUPPORTS)), NEVER, dtype=np.int64)
        self.of_family = tuple(
            tuple(v for v, view in enumerate(self.views) if view.family == family)
            for family in self.families
        )

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
        weighed = self._weighed(members, found, ignored)
        self._state[ignored] = 0
        self._state[members] = 0
        return weighed

    def _weighed(
        self, members: Ints, found: list[tuple[Ints, Ints, Ints]], ignored: Ints
    ) -> Weighed:
        outsiders = rows_of([f[1] for f in found], self._row) if found else members[:0]
        accounts = np.concatenate([members, outsiders])
        n_members = len(members)
        n_outside = self.n_accounts - n_members - len(ignored)
        others = self._n_in_stratum - self._in_strata(members) - self._in_strata(ignored)
        levels = np.full((len(accounts), len(self.views)), NEVER, dtype=np.int64)
        bits = np.zeros((len(accounts), len(self.views)))
        wide = np.zeros(len(accounts))
        for v, one in enumerate(found):
            self._weigh_view(v, one, accounts, n_outside, others, levels[:, v], bits[:, v], wide)
        self._row[outsiders] = -1
        by_family, controlled = self._by_family(bits)
        return Weighed(
            accounts=accounts,
            n_members=n_members,
            bits=bits,
            levels=levels,
            by_family=by_family,
            families=self.families,
            controlled_bits=controlled,
            wide_bits=wide,
            n_outside=n_outside,
        )

    def _weigh_view(
        self,
        v: int,
        found: tuple[Ints, Ints, Ints],
        accounts: Ints,
        n_outside: int,
        others: Floats,
        levels: Ints,
        bits: Floats,
        wide: Floats,
    ) -> None:
        """Write one view's levels and bits, and raise `wide`."""
        view, (mine, outsiders, theirs) = self.views[v], found
        rows = self._row[outsiders] + len(mine)
        if view.fixed:
            # A silent account says something here: everybody is looked at.
            rows, theirs = _all_rows(rows, theirs, len(mine), len(accounts))
        event_bits(
            accounts,
            mine,
            theirs,
            rows,
            self._state,
            n_outside,
            self.strata,
            others,
            self._n_held[v],
            view.mean_held,
            self._by_chance(v, accounts[: len(mine)]),
            view.fixed,
            view.ceiling_bits,
            levels,
            bits,
            wide,
        )

    def _in_strata(self, accounts: Ints) -> Floats:
        """Count accounts by stratum; those without one are in none."""
        known = self.strata[accounts]
        return np.bincount(known[known >= 0], minlength=self._n_strata).astype(np.float64)

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
        n_sharing = self._n_anywhere[v] - reaching(self._anywhere[v], members)
        here = len(members) / max(self.n_accounts, 1)
        return n_sharing / n_others * np.power(here, SUPPORTS.astype(np.float64))[:, None]

    def _by_family(self, bits: Floats) -> tuple[Floats, Floats]:
        by_family = np.zeros((len(bits), len(self.families)))
        controlled = np.zeros(len(bits))
        for f, mine in enumerate(self.of_family):
            # The best of several views that may speak is a small search of its own.
            best = bits[:, list(mine)].max(axis=1)
            paid = np.where(best > 0, np.maximum(best - np.log2(len(mine)), 0.0), best)
            by_family[:, f] = paid
            held = [v for v in mine if self.views[v].controlled]
            if held:
                controlled = np.maximum(controlled, np.minimum(bits[:, held].max(axis=1), paid))
        return by_family, controlled


def _all_rows(rows: Ints, levels: Ints, n_members: int, n_accounts: int) -> tuple[Ints, Ints]:
    """Spread levels over all outsiders; whoever is not named shares nothing."""
    out = np.full((n_accounts - n_members, levels.shape[1]), NEVER, dtype=np.int64)
    out[rows - n_members] = levels
    return np.arange(n_members, n_accounts), out
