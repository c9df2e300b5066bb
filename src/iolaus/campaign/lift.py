"""Marks used inside a network and outside -> which of them are the network's own.

A mark belongs to the network when the share of its exchanges that use it is `lift_bits` above
the share outside, and `least` accounts use it; nobody's own exchanges vouch for themselves.
Shares are of exchanges, not accounts: a relay's account is ten times busier than a person's.
"""

from __future__ import annotations

import numpy as np

from iolaus.campaign.traffic import Bools, Ints, Traffic, Uses


def least_users(n_members: int, support: int) -> int:
    """Return how many accounts must use a mark: `support`, a quarter of a small network, at least 2."""
    return min(support, max(2, (n_members + 3) // 4))


def belongs(
    of: Uses, inside: Uses, outside: Uses, *, own_inside: bool, lift_bits: float, least: int
) -> Bools:
    """
    Say of every use of a mark in `of` whether the mark is the network's, own account left out.

    `of` is `inside` itself (then `own_inside`) or `outside`; the result has one entry a use.
    """
    n_in, accounts_in = _counts_of(of, inside)
    n_out, _ = _counts_of(of, outside)
    rows_in: Ints | int = inside.n_rows
    rows_out: Ints | int = outside.n_rows
    if own_inside:
        n_in, accounts_in = n_in - of.n_own, accounts_in - 1
        rows_in = rows_in - of.n_rows_own
    else:
        # Whoever is weighed against a part of the outside may not be in it himself.
        n_out = np.maximum(n_out - of.n_own, 0)
        rows_out = np.maximum(rows_out - of.n_rows_own, 0)
    share = n_in / np.maximum(rows_in, 1)
    # One more outside than was seen: a mark never met outside is rare, not impossible.
    share_out = (n_out + 1.0) / (rows_out + np.asarray(1.0))
    lift = np.log2(np.maximum(share, 1e-12) / share_out)
    return (lift >= lift_bits) & (accounts_in >= least)


def _counts_of(of: Uses, uses: Uses) -> tuple[Ints, Ints]:
    """Return, for every use in `of`, how often and by how many accounts `uses` has its mark."""
    position, known = _lookup(uses.marks, of.marks)
    if not len(uses.marks):
        return np.zeros(len(of.code), np.int64), np.zeros(len(of.code), np.int64)
    n_uses = np.where(known, uses.n_uses[position], 0)
    n_accounts = np.where(known, uses.n_accounts[position], 0)
    return n_uses[of.code], n_accounts[of.code]


def _lookup(marks: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    if not len(marks):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    position = np.minimum(np.searchsorted(marks, wanted), len(marks) - 1)
    return position, marks[position] == wanted


class Own:
    """What is a network's own, read off its traffic and a sample of everybody else's."""

    def __init__(self, inside: Traffic, outside: Traffic, *, lift_bits: float, least: int) -> None:
        self.inside, self.outside = inside, outside
        self._lift_bits, self._least = lift_bits, least

    def of(self, traffic: Traffic) -> tuple[Bools, Bools]:
        """
        Say of each mark of `traffic`, and of each row's system prompt, whether it is the network's.

        Where a system prompt carries the recipe, the prompt below it is a bare item of the list.
        """
        marks = self._belongs(traffic.uses, self.inside.uses, self.outside.uses, traffic)
        systems = self._belongs(traffic.systems, self.inside.systems, self.outside.systems, traffic)
        return marks, systems & (traffic.systems.marks[traffic.systems.code] != 0)

    def _belongs(self, of: Uses, inside: Uses, outside: Uses, traffic: Traffic) -> Bools:
        return belongs(
            of,
            inside,
            outside,
            own_inside=traffic is self.inside,
            lift_bits=self._lift_bits,
            least=self._least,
        )
