"""A grown set -> whether it is one network, or several that only stand side by side.

Members vouch for each other, so the union of two networks passes every member's test as well
as each network does. What tells them apart: a part of one network reaches the rest of it by
what they alone share, a part of a union only itself.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from iolaus.link.growth import member_threshold
from iolaus.link.views import Ints
from iolaus.link.weights import Weigher

HALF = 0.5


def parts_of(weigher: Weigher, members: Ints, *, least: int, resolution: float = 1.0) -> list[Ints]:
    """Split members into communities by the uncommon values that they share."""
    graph = _shared_values(weigher, members)
    if graph.nnz == 0:
        return []
    from sknetwork.clustering import Louvain  # noqa: PLC0415 - slow to import

    model = Louvain(resolution=resolution, random_state=0)
    model.fit(graph, force_bipartite=True)
    label = np.asarray(model.labels_row_)
    parts = [members[label == value] for value in np.unique(label)]
    return [part for part in parts if len(part) >= least]


def separate_parts(weigher: Weigher, members: Ints, *, least: int) -> list[Ints] | None:
    """
    Return None when the set is one network, else the networks it falls into.

    Two parts belong together when the larger one's evidence reaches half of the smaller: the
    smaller has too little to say, and a mixed scrap of two networks would bridge them. What
    the parts share must be their own: the rest of the set is no background here. Accounts
    in no part go with nobody; growing brings them back.
    """
    parts = sorted(parts_of(weigher, members, least=least), key=len, reverse=True)
    if len(parts) < 2:
        return None
    joined = np.zeros((len(parts), len(parts)), dtype=bool)
    for p, part in enumerate(parts[:-1]):
        reached = _reached(weigher, part, members)
        for o in range(p + 1, len(parts)):
            joined[p, o] = np.isin(parts[o], reached, assume_unique=True).mean() >= HALF
    n, label = connected_components(sp.csr_matrix(joined), directed=False)
    if n == 1:
        return None
    return [
        np.sort(np.concatenate([part for part, mine in zip(parts, label, strict=True) if mine == value]))
        for value in range(n)
    ]


def _reached(weigher: Weigher, part: Ints, members: Ints) -> Ints:
    """Members outside the part whom its evidence makes likelier than not."""
    rest = np.setdiff1d(members, part, assume_unique=True)
    weighed = weigher.weigh(part, ignored=rest)
    odds = weighed.totals - member_threshold(weigher.n_accounts, len(part), 0.0)
    return np.sort(weighed.accounts[odds > 0])


def _shared_values(weigher: Weigher, members: Ints) -> sp.csr_matrix:
    """Members x values that at least two of them and few outsiders hold, weighted by rarity."""
    blocks = []
    for view in weigher.views:
        rows, cols = _held(view.start_of_account, view.held, members)
        inside = np.bincount(cols, minlength=view.n_values)
        holders = view.n_holders
        kept = (inside >= 2) & (holders - inside <= np.maximum(inside, 8))
        weight = np.where(kept, np.log2(view.n_accounts / np.maximum(holders, 1)), 0.0)
        # Many values of one view say one thing together: a member's row is scaled to one.
        block = sp.csr_matrix((weight[cols], (rows, cols)), shape=(len(members), view.n_values))
        block.eliminate_zeros()
        sums = np.asarray(block.sum(axis=1)).reshape(-1)
        best = np.asarray(block.max(axis=1).todense()).reshape(-1)
        scale = np.divide(best, sums, out=np.zeros_like(sums), where=sums > 0)
        blocks.append(sp.diags(scale) @ block)
    return sp.csr_matrix(sp.hstack(blocks)) if blocks else sp.csr_matrix((len(members), 1))


def _held(start: Ints, held: Ints, members: Ints) -> tuple[Ints, Ints]:
    lengths = start[members + 1] - start[members]
    rows = np.repeat(np.arange(len(members)), lengths)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return rows, held[np.repeat(start[members], lengths) + offsets]
