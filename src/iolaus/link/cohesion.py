"""A grown set -> whether it is one network, or several that only stand side by side.

Members vouch for each other, so the union of two networks passes every member's test as well
as each network does. What tells them apart: a part of one network grows back into the whole,
a part of a union only into itself.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from iolaus.link.growth import grow
from iolaus.link.views import Ints
from iolaus.link.weights import Weigher

REGROWN = 0.8  # design/reference/arithmetic.md: parts holding half of C regrow 80 % of it
HOLDING = 0.5


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


def separate_parts(
    weigher: Weigher, members: Ints, *, margin_bits: float, least: int
) -> list[Ints] | None:
    """
    Return None when the set is one network, else the parts to grow on their own.

    A set whose communities do not grow at all stays whole: they are too small to judge.
    """
    parts = parts_of(weigher, members, least=least)
    if len(parts) < 2:
        return None
    holding = 0
    regrown: list[Ints] = []
    for part in parts:
        grown = grow(weigher, part, margin_bits=margin_bits, least=least)
        if grown is None:
            continue
        covered = np.isin(members, grown.members, assume_unique=True).mean()
        if covered >= REGROWN:
            holding += len(part)
        else:
            regrown.append(grown.members)
    if holding >= HOLDING * len(members) or not regrown:
        return None
    return regrown


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
