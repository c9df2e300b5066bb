"""Candidate pairs and controlled values -> sets of accounts worth growing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from iolaus.link.pieces import RECIPE, ROAMING
from iolaus.link.views import Floats, Ints, View, held_by

LEAST = 3
TIED_SHARE = 1 / 3  # of a recipe's users, as a lead; what it says is weighed later


def seed_sets(
    pairs: Ints,
    bits: Floats,
    *,
    views: Sequence[View],
    cut_bits: Sequence[float],
    resolutions: Sequence[float],
    limit: int,
) -> list[Ints]:
    """
    Return distinct sets, largest evidence first: components at each cut, communities inside
    large components at each resolution, the holders of each controlled value, and the users of
    each recipe of whom at least a third share a controlled value with another user.

    At most `limit` sets; which are dropped is decided by size, then by first account, so
    that the same log gives the same seeds.
    """
    n_accounts = views[0].n_accounts
    found: dict[bytes, Ints] = {}
    for cut in cut_bits:
        kept = bits >= cut
        if not kept.any():
            continue
        graph = _graph(pairs[kept], bits[kept], n_accounts)
        for members in _components(graph):
            _keep(found, members)
            if len(members) >= 2 * LEAST:
                for part in _communities(graph, members, resolutions):
                    _keep(found, part)
    for view in views:
        if view.controlled:
            for members in _value_blocks(view, n_accounts):
                _keep(found, members)
    for members in _recipes_that_pay_together(views):
        _keep(found, members)
    order = sorted(found.values(), key=lambda members: (-len(members), int(members[0])))
    return order[:limit]


def _keep(found: dict[bytes, Ints], members: Ints) -> None:
    if len(members) >= LEAST:
        found.setdefault(members.tobytes(), members)


def _graph(pairs: Ints, bits: Floats, n_accounts: int) -> sp.csr_matrix:
    half = sp.coo_matrix((bits, (pairs[:, 0], pairs[:, 1])), shape=(n_accounts, n_accounts))
    return sp.csr_matrix(half + half.T)


def _components(graph: sp.csr_matrix) -> list[Ints]:
    _, label = connected_components(graph, directed=False)
    return _sets_of(label.astype(np.int64), np.arange(graph.shape[0], dtype=np.int64))


def _communities(graph: sp.csr_matrix, members: Ints, resolutions: Sequence[float]) -> list[Ints]:
    """Split a component; the resolution limit hides small sets in big ones, so try several."""
    from sknetwork.clustering import Louvain

    part = graph[members][:, members]
    out: list[Ints] = []
    for resolution in resolutions:
        label = Louvain(resolution=resolution, random_state=0).fit_predict(part)
        if label.max() > 0:
            out.extend(_sets_of(label.astype(np.int64), members))
    return out


def _recipes_that_pay_together(views: Sequence[View]) -> list[Ints]:
    """
    Return the users of each value of text that a third of them use together with their payer.

    Small batches of cards hold pairs together, and one recipe is too little for a pair; so no
    component reaches over the batches of a pool. Linear in ties, for views of about one value
    an account; work that is handed about makes components of its own.
    """
    tying = [v for v in views if v.controlled and v.mean_held < ROAMING and len(v.held)]
    out: list[Ints] = []
    for view in views:
        if view.family != RECIPE or view.controlled:
            continue
        n_tied = sum(_tied_users(view, other) for other in tying)
        chosen = np.flatnonzero((n_tied >= LEAST) & (n_tied >= TIED_SHARE * view.n_holders))
        chosen = chosen[view.n_holders[chosen] <= 0.3 * view.n_accounts]
        out += [view.holders[view.start_of_value[x] : view.start_of_value[x + 1]] for x in chosen]
    return [np.sort(members) for members in out]


def _tied_users(view: View, other: View) -> Ints:
    """Count, a value, the holders that share a value of the other view with another holder."""
    account = np.repeat(np.arange(view.n_accounts), view.n_held)
    row, payer = held_by(other, account)
    code = view.held[row] * other.n_values + payer
    _, at, n = np.unique(code, return_inverse=True, return_counts=True)
    tied = np.zeros(len(account), dtype=np.bool_)
    tied[row[n[at] >= 2]] = True
    return np.bincount(view.held[tied], minlength=view.n_values)


def _value_blocks(view: View, n_accounts: int) -> list[Ints]:
    n = view.n_holders
    chosen = np.flatnonzero((n >= LEAST) & (n <= 0.3 * n_accounts))
    return [
        np.sort(view.holders[view.start_of_value[x] : view.start_of_value[x + 1]]) for x in chosen
    ]


def _sets_of(label: Ints, accounts: Ints) -> list[Ints]:
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return [np.sort(part) for part in np.split(accounts[order], cuts) if len(part) >= LEAST]
