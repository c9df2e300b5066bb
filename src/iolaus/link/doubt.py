"""A network and its views -> what is left of each member's sum under doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iolaus.link.growth import grey_zone
from iolaus.link.linked import Linked
from iolaus.link.views import Bools, Floats, Ints, View
from iolaus.link.weights import Weighed, Weigher

N_RESAMPLES = 100
MOST_VALUES = 24  # strongest values that are taken away one by one; each costs one weighing


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """
    What each member's sum comes to under doubt, in the order of `Linked.members`.

    `without_value_bits` is the sum without the one value that it needs most, `value_holders` how many members hold that value; `n_stays` in how many of `n_resamples`
    the member is above the line, when the others are drawn anew.
    """

    without_value_bits: Floats
    value_holders: Ints
    n_stays: Ints
    n_resamples: int


def doubt(
    weigher: Weigher, linked: Linked, *, seed: int, n_resamples: int = N_RESAMPLES
) -> Doubted:
    """
    Take away each member's strongest value, and draw the other members anew.

    A resample draws as many of the suspects as there are, with replacement: some 63 % come up,
    the others are no background, and everyone is weighed against those that came up, itself
    left out. Whoever hangs on one partner falls in a third of the draws. The prior stays the
    network's own. Costs one weighing a draw and one a strongest value; beyond 24 distinct ones
    the member's whole strongest view is taken away, which is never less.
    """
    # Who adheres by the recipe alone vouches for nobody, and is no stranger either.
    adherents = np.setdiff1d(linked.members, linked.suspects)
    grey = np.union1d(grey_zone(weigher, weigher.weigh(linked.suspects)), adherents)
    without_value_bits, value_holders = _without_value(weigher, linked, grey)
    return Doubted(
        without_value_bits=without_value_bits,
        value_holders=value_holders,
        n_stays=_n_stays(weigher, linked, grey, rng=np.random.default_rng(seed), n=n_resamples),
        n_resamples=n_resamples,
    )


def line_of(linked: Linked) -> Floats:
    """Return the evidence that each member must bring: who adheres, to be likelier than not."""
    return np.where(linked.by_recipe, -linked.prior_bits, linked.threshold_bits)


def _n_stays(
    weigher: Weigher, linked: Linked, grey: Ints, *, rng: np.random.Generator, n: int
) -> Ints:
    out = np.zeros(len(linked.members), dtype=np.int64)
    lines = line_of(linked)
    for _ in range(n):
        drawn = np.unique(rng.choice(linked.suspects, len(linked.suspects)))
        rest = np.setdiff1d(linked.suspects, drawn, assume_unique=True)
        weighed = weigher.weigh(drawn, ignored=np.union1d(rest, grey))
        out += _totals_of(weighed, linked.members) >= lines
    return out


def _totals_of(weighed: Weighed, accounts: Ints) -> Floats:
    """Return the sums of some accounts; 0 of those that share nothing with the set."""
    order = np.argsort(weighed.accounts, kind="stable")
    known = weighed.accounts[order]
    at = np.minimum(np.searchsorted(known, accounts), len(known) - 1)
    return np.where(known[at] == accounts, weighed.totals[order][at], 0.0)


def _without_value(weigher: Weigher, linked: Linked, grey: Ints) -> tuple[Floats, Ints]:
    """
    Return each member's sum without the value whose absence costs it most, and its holders inside.

    Tried are the values that tell most of some member. Whose own is not among them loses the
    whole of its strongest view.
    """
    telling = [_telling(weigher, linked, v) for v in range(len(weigher.views))]
    strongest = np.stack([t.bits for t in telling], axis=1).argmax(axis=1)
    own = np.stack([t.value for t in telling], axis=1)
    chosen = _chosen_values(own, linked.bits)
    tried = np.array([(int(v), int(own[i, v])) in chosen for i, v in enumerate(strongest)])
    out = np.where(tried, linked.totals, linked.totals - linked.bits.max(axis=1))
    holders = np.array([telling[v].holders[i] for i, v in enumerate(strongest)], dtype=np.int64)
    for view, value in chosen:
        rows = np.flatnonzero(_holds(weigher.views[view], linked.members, value))
        muted = {weigher.views[view].name: value}
        weighed = weigher.weigh(linked.suspects, ignored=grey, muted=muted)
        left = _totals_of(weighed, linked.members[rows])
        lower = left < out[rows]
        out[rows[lower]] = left[lower]
        holders[rows[lower]] = len(rows)
    return out, holders


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """A view's most telling value of each member, what it tells, and its holders inside."""

    value: Ints
    bits: Floats
    holders: Ints


def _telling(weigher: Weigher, linked: Linked, v: int) -> _Telling:
    """
    Find the value whose share among the others, times log2 of its ratio outside, is greatest.

    What a pair alone shares is rare, and says little of the set. -1 where nothing is shared.
    """
    view, k = weigher.views[v], len(linked.members)
    inside = np.zeros(view.n_values, dtype=np.int64)
    for a in linked.members:
        inside[_held(view, int(a))] += 1
    theta = (inside - 1) / max(k - 1, 1)
    q = (view.n_holders - inside + 0.5) / (weigher.n_accounts - k + 1)
    tells = np.where(inside >= 2, theta * np.log2(np.maximum(theta, 1e-12) / q), 0.0)
    value, bits = np.full(k, -1, dtype=np.int64), np.zeros(k)
    for row, a in enumerate(linked.members):
        held = _held(view, int(a))
        if len(held) and tells[held].max() > 0:
            value[row], bits[row] = held[tells[held].argmax()], tells[held].max()
    return _Telling(value=value, bits=bits, holders=np.where(value >= 0, inside[value], 0))


def _chosen_values(own: Ints, bits: Floats) -> list[tuple[int, int]]:
    """Return (view, value) of the values that tell most, all members taken together."""
    told: dict[tuple[int, int], float] = {}
    for v in range(own.shape[1]):
        for value in np.unique(own[own[:, v] >= 0, v]):
            told[v, int(value)] = float(bits[own[:, v] == value, v].sum())
    return sorted(told, key=lambda key: (-told[key], key))[:MOST_VALUES]


def _holds(view: View, accounts: Ints, value: int) -> Bools:
    """Say which accounts hold a value."""
    holders = view.holders[view.start_of_value[value] : view.start_of_value[value + 1]]
    return np.isin(accounts, holders)


def _held(view: View, account: int) -> Ints:
    return view.held[view.start_of_account[account] : view.start_of_account[account + 1]]
