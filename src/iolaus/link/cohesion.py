"""A grown set -> whether it is one network, or several that only stand side by side.

Members vouch for each other, so the union of two networks passes every member's test as well
as each network does. What tells them apart: a part of one network reaches the rest of it by
what they alone share, a part of a union only itself.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from iolaus.link.growth import CONTROLLED_BITS, member_threshold, peel
from iolaus.link.pieces import HALF, OPEN_VIEW, ROAMING
from iolaus.link.views import Bools, Floats, Ints, held_by
from iolaus.link.weights import Weigher

FIFTH = 0.2
ROAMING_LEAST, ROAMING_SHARE = 8, 0.1  # a part of fewer may meet nobody by chance


def parts_of(weigher: Weigher, members: Ints, *, least: int, resolution: float = 1.0) -> list[Ints]:
    """Split members into communities by the uncommon values that they share."""
    graph = _shared_values(weigher, members)
    if graph.nnz == 0:
        return []
    from sknetwork.clustering import Louvain

    model = Louvain(resolution=resolution, random_state=0)
    model.fit(graph, force_bipartite=True)
    label = np.asarray(model.labels_row_)
    parts = [members[label == value] for value in np.unique(label)]
    return [part for part in parts if len(part) >= least]


def separate_parts(
    weigher: Weigher, members: Ints, *, margin_bits: float, least: int
) -> list[Ints] | None:
    """
    Return None when the set is one network, else the networks it falls into.

    Groups of parts that do not stand alone are scraps of one another, not networks: together
    they are one more candidate. With fewer than two that stand, the set is one network.

    Two parts belong together when one's evidence reaches half of the other and the other's
    a fifth of it: a mixed scrap of two networks reaches both, and would bridge them if its
    word counted alone. What the parts share must be their own: the rest of the set is no
    background here. Where the parts go openly by different names, one recipe is not enough:
    then a controlled view must reach across. Accounts in no part go with nobody; growing
    brings them back.
    """
    parts = _settled(weigher, parts_of(weigher, members, least=least), members, least)
    if len(parts) < 2:
        return None
    reach, controlled, roaming = np.zeros((3, len(parts), len(parts)))
    for p, part in enumerate(parts):
        for found, by in zip(
            _reached(weigher, part, members), (reach, controlled, roaming), strict=True
        ):
            by[p] = [np.isin(other, found, assume_unique=True).mean() for other in parts]
    joined = (np.maximum(reach, reach.T) >= HALF) & (np.minimum(reach, reach.T) >= FIFTH)
    names = [_open_name(weigher, part) for part in parts]
    strange = np.array([[a != b for b in names] for a in names])
    joined &= ~strange | (np.maximum(controlled, controlled.T) >= HALF)
    joined &= ~_strangers_to_each_other(roaming, np.array([len(part) for part in parts]))
    n, label = connected_components(sp.csr_matrix(joined), directed=False)
    if n == 1:
        return None
    sides = [
        np.sort(
            np.concatenate([part for part, mine in zip(parts, label, strict=True) if mine == value])
        )
        for value in range(n)
    ]
    standing = [side for side in sides if _stands(weigher, side, margin_bits, least)]
    if not standing:
        return None
    rest = np.setdiff1d(members, np.concatenate(standing), assume_unique=True)
    if _stands(weigher, rest, margin_bits, least):
        standing.append(rest)
    return standing if len(standing) > 1 else None


def _stands(weigher: Weigher, side: Ints, margin_bits: float, least: int) -> bool:
    """Say whether most of a side holds against everybody, the rest of the set included."""
    if len(side) < least:
        return False
    peeled = peel(weigher, side, margin_bits=margin_bits, least=least)
    return peeled is not None and len(peeled.members) >= HALF * len(side)


def _settled(weigher: Weigher, parts: list[Ints], members: Ints, least: int) -> list[Ints]:
    """
    Move each member to the part whose evidence says most of it, twice.

    Communities are read off a graph and leave a few accounts on the wrong side; two firm
    accounts in a scrap of a relay would make that scrap reach the whole firm.
    """
    for _ in range(2):
        if len(parts) < 2:
            return parts
        totals = np.zeros((len(parts), len(members)))
        for p, part in enumerate(parts):
            rest = np.setdiff1d(members, part, assume_unique=True)
            weighed = weigher.weigh(part, ignored=rest)
            inside = np.isin(weighed.accounts, members, assume_unique=True)
            at = np.searchsorted(members, weighed.accounts[inside])
            totals[p, at] = weighed.totals[inside]
        best = totals.argmax(axis=0)
        placed = totals.max(axis=0) > 0
        parts = [members[placed & (best == p)] for p in range(len(parts))]
        parts = [part for part in parts if len(part) >= least]
    return parts


def _reached(weigher: Weigher, part: Ints, members: Ints) -> tuple[Ints, Ints, Ints]:
    """
    Return whom a part's evidence makes likelier than not, whom controlled views reach, and
    whom those controlled views reach of which an account holds several values.
    """
    rest = np.setdiff1d(members, part, assume_unique=True)
    weighed = weigher.weigh(part, ignored=rest)
    odds = weighed.totals - member_threshold(weigher.n_accounts, len(part), 0.0)
    roam = [
        v for v, view in enumerate(weigher.views) if view.controlled and view.mean_held >= ROAMING
    ]
    roaming = weighed.bits[:, roam].max(axis=1, initial=0.0) >= CONTROLLED_BITS
    return (
        np.sort(weighed.accounts[odds > 0]),
        np.sort(weighed.accounts[weighed.controlled_bits >= CONTROLLED_BITS]),
        np.sort(weighed.accounts[roaming]),
    )


def _strangers_to_each_other(roaming: Floats, sizes: Ints) -> Bools:
    """
    Say which pairs of parts hand work about among themselves and never to each other.

    One pool hands conversations to any of its accounts. Two parts that do so inside and not
    across are two pools, though they buy one recipe. A card is no such tie: each account has
    one, so a pool that pays with several cards has parts that share none.
    """
    busy = (roaming.diagonal() >= HALF) & (sizes >= ROAMING_LEAST)
    across = np.maximum(roaming, roaming.T)
    return np.asarray(busy[:, None] & busy[None, :] & (across < ROAMING_SHARE))


def _open_name(weigher: Weigher, part: Ints) -> int:
    """Return the uncommon e-mail domain under which most of a part openly goes, or -1."""
    for view in weigher.views:
        if view.name != OPEN_VIEW:
            continue
        _, held = held_by(view, part)
        uncommon = held[view.n_holders[held] <= max(0.01 * view.n_accounts, len(part) * 2)]
        if len(uncommon):
            values, counts = np.unique(uncommon, return_counts=True)
            if counts.max() >= HALF * len(part):
                return int(values[counts.argmax()])
    return -1


def _shared_values(weigher: Weigher, members: Ints) -> sp.csr_matrix:
    """Members x values that at least two of them and few outsiders hold, weighted by rarity."""
    blocks = []
    for view in weigher.views:
        rows, cols = held_by(view, members)
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
