"""Seed sets -> accepted sets of accounts, each with what the network verdict needs."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from iolaus.link.adherents import adherents_of
from iolaus.link.candidates import candidate_pairs
from iolaus.link.cohesion import separate_parts
from iolaus.link.communities import seed_sets
from iolaus.link.growth import grow, peel
from iolaus.link.judging import joined_by, judged
from iolaus.link.linked import Linked, LinkSettings
from iolaus.link.pieces import HALF, pieces_of
from iolaus.link.views import Bools, Ints, View
from iolaus.link.weights import Weigher


def find_networks(
    views: Sequence[View], *, settings: LinkSettings, strata: Ints | None = None
) -> list[Linked]:
    """
    Return disjoint accepted sets: those run together first, then by the bits of the block.

    A block of k among N accounts pays log2 C(N,k) + 2 log2 k + log2(1/alpha) for having
    been searched for. An account in two candidate sets stays with the stronger one. `strata`
    names each account's own kind, against which it is held besides everybody (strata.py).
    """
    views = [view for view in views if len(view.held)]
    if not views:
        return []
    pairs, bits = candidate_pairs(
        views,
        reach=settings.reach,
        n_orders=settings.n_orders,
        cap_share=settings.cap_share,
        floor_bits=settings.floor_bits,
    )
    seeds = seed_sets(
        pairs,
        bits,
        views=views,
        cut_bits=settings.cut_bits,
        resolutions=settings.resolutions,
        limit=settings.seed_limit,
    )
    weigher = Weigher(views, strata)
    grown = _grown(weigher, seeds, settings)
    return _disjoint(weigher, grown, settings)


def _grown(weigher: Weigher, seeds: Sequence[Ints], settings: LinkSettings) -> list[Linked]:
    found: dict[bytes, Linked] = {}
    tried: set[tuple[bytes, bytes]] = set()
    waiting: deque[tuple[Ints, Ints]] = deque((seed, seed[:0]) for seed in seeds)
    while waiting:
        seed, barred = waiting.popleft()
        # The same seed with others barred grows into something else: it is another try.
        key = (seed.tobytes(), barred.tobytes())
        # A seed inside an accepted set that is run together would only grow back into it.
        if key in tried or any(
            _inside(seed, linked.members) for linked in found.values() if linked.together
        ):
            continue
        tried.add(key)
        result = grow(
            weigher,
            seed,
            margin_bits=settings.margin_bits,
            barred=barred if len(barred) else None,
            least=settings.least_accounts,
        )
        if result is None or result.members.tobytes() in found:
            continue
        parts = _apart(weigher, result.members, settings)
        if parts is not None:
            tried.add((result.members.tobytes(), key[1]))
            # Whoever was once another network's stays so, or two would take turns to join.
            waiting.extendleft((part, np.union1d(barred, others)) for part, others in parts)
            continue
        linked = judged(weigher, result, settings)
        if linked is not None:
            found[result.members.tobytes()] = linked
    return list(found.values())


def _apart(
    weigher: Weigher, members: Ints, settings: LinkSettings
) -> list[tuple[Ints, Ints]] | None:
    """
    Return what a set falls into, each with whom it may not take in; None where it is one network.

    A piece never takes in what no value of its own ties to it; a part may, growing brings
    back whoever is in no other part. Where there are but scraps the set is left whole, and
    is not together.
    """
    label = pieces_of(weigher, members)
    pieces = [members[label == value] for value in range(int(label.max()) + 1)]
    pieces = [piece for piece in pieces if len(piece) >= settings.least_accounts]
    if label.any() and pieces:
        return [(piece, np.setdiff1d(members, piece, assume_unique=True)) for piece in pieces]
    parts = separate_parts(
        weigher, members, margin_bits=settings.margin_bits, least=settings.least_accounts
    )
    if parts is None:
        return None
    apart = np.sort(np.concatenate(parts))
    return [(part, np.setdiff1d(apart, part, assume_unique=True)) for part in parts]


def _inside(seed: Ints, members: Ints) -> bool:
    return bool(np.isin(seed, members, assume_unique=True).all())


def _disjoint(weigher: Weigher, grown: list[Linked], settings: LinkSettings) -> list[Linked]:
    order = sorted(
        grown,
        key=lambda one: (not one.together, -one.block_bits + one.price_bits, int(one.members[0])),
    )
    taken = np.zeros(weigher.n_accounts, dtype=bool)
    out: list[Linked] = []
    for one in order:
        free = ~taken[one.members]
        if not free.all():
            if free.mean() < HALF:
                continue
            rest = peel(
                weigher,
                one.members[free],
                margin_bits=settings.margin_bits,
                least=settings.least_accounts,
            )
            again = judged(weigher, rest, settings) if rest is not None else None
            if again is None:
                continue
            one = again  # noqa: PLW2901 - the same network, less what a stronger one holds
        taken[one.members] = True
        out.append(one)
    return [_with_adherents(weigher, one, taken) for one in out]


def _with_adherents(weigher: Weigher, one: Linked, taken: Bools) -> Linked:
    """Add to a network run together whoever uses its own recipe; what shows it is unchanged."""
    if not one.together:
        return one
    found = adherents_of(weigher, one.members, taken=taken)
    if not len(found):
        return one
    taken[found] = True
    return joined_by(weigher, one, found)
