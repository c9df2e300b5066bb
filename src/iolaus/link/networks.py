"""Seed sets -> accepted sets of accounts, each with what the network verdict needs."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iolaus.link.candidates import candidate_pairs
from iolaus.link.cohesion import separate_parts
from iolaus.link.communities import seed_sets
from iolaus.link.growth import CONTROLLED_BITS, Grown, grow, peel
from iolaus.link.levels import NEVER
from iolaus.link.pieces import HALF, held_share, pieces_of
from iolaus.link.views import Floats, Ints, View
from iolaus.link.weights import Weigher


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """What linking may be told; defaults and their births stand in config.py."""

    reach: int
    n_orders: int
    cap_share: float
    floor_bits: float
    cut_bits: tuple[float, ...]
    resolutions: tuple[float, ...]
    seed_limit: int
    margin_bits: float
    alpha: float
    least_accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """
    An accepted set of accounts, and the suspects that it was weighed among.

    `totals` are the members' bits; `views` name the views; `bits` is members x views.
    `shared_shares` are the members' share that shares a value with another member;
    `typical_holders` says of the rarest that a typical one of them shares how many outside
    hold it, `outside_shares` how many outside share anything as rare with a member.
    `survives` says whether half of the members still stand without the strongest value.
    """

    members: Ints
    suspects: Ints
    totals: Floats
    bits: Floats
    by_family: Floats
    families: tuple[str, ...]
    family_views: tuple[tuple[int, ...], ...]
    view_names: tuple[str, ...]
    shared_shares: Floats
    typical_holders: Ints
    outside_shares: Floats
    controlled_share: float
    supported_families: tuple[str, ...]
    together: bool
    survives: bool
    strongest_view: str
    block_bits: float
    price_bits: float
    prior_bits: float
    threshold_bits: float
    stability_share: float


def find_networks(views: Sequence[View], *, settings: LinkSettings) -> list[Linked]:
    """
    Return disjoint accepted sets: those run together first, then by the bits of the block.

    A block of k among N accounts pays log2 C(N,k) + 2 log2 k + log2(1/alpha) for having
    been searched for. An account in two candidate sets stays with the stronger one.
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
    weigher = Weigher(views)
    grown = _grown(weigher, seeds, settings)
    return _disjoint(weigher, grown, settings)


def _grown(weigher: Weigher, seeds: Sequence[Ints], settings: LinkSettings) -> list[Linked]:
    found: dict[bytes, Linked] = {}
    tried: set[bytes] = set()
    waiting: deque[tuple[Ints, Ints | None]] = deque((seed, None) for seed in seeds)
    while waiting:
        seed, barred = waiting.popleft()
        # A seed inside an accepted set that is run together would only grow back into it.
        if seed.tobytes() in tried or any(
            _inside(seed, linked.members) for linked in found.values() if linked.together
        ):
            continue
        tried.add(seed.tobytes())
        result = grow(
            weigher,
            seed,
            margin_bits=settings.margin_bits,
            barred=barred,
            least=settings.least_accounts,
        )
        if result is None or result.members.tobytes() in found:
            continue
        parts = _apart(weigher, result.members, settings)
        if parts is not None:
            tried.add(result.members.tobytes())
            waiting.extendleft(parts)
            continue
        linked = _judged(weigher, result, settings)
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
            if free.mean() < 0.5:
                continue
            rest = peel(
                weigher,
                one.members[free],
                margin_bits=settings.margin_bits,
                least=settings.least_accounts,
            )
            again = _judged(weigher, rest, settings) if rest is not None else None
            if again is None:
                continue
            one = again  # noqa: PLW2901 - the same network, less what a stronger one holds
        taken[one.members] = True
        out.append(one)
    return out


def log2_choose(n: int, k: int) -> float:
    """Return log2 of n choose k."""
    return (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)) / math.log(2)


def _judged(weigher: Weigher, grown: Grown, settings: LinkSettings) -> Linked | None:
    weighed, members = grown.weighed, grown.members
    k, n = len(members), weigher.n_accounts
    totals = weighed.totals[:k]
    # What k members share is k - 1 coincidences, and each of the k was counted.
    block_bits = float(totals.sum()) * (k - 1) / k
    price_bits = log2_choose(n, k) + 2 * math.log2(k) + math.log2(1 / settings.alpha)
    if block_bits < price_bits:
        return None
    family_share = (weighed.by_family[:k] >= CONTROLLED_BITS).mean(axis=0)
    supported = tuple(family for f, family in enumerate(weighed.families) if family_share[f] >= 0.5)
    controlled_share = float((weighed.controlled_bits[:k] >= CONTROLLED_BITS).mean())
    survives, strongest = _survives(weigher, grown, settings)
    together = len(supported) >= 2 and controlled_share >= 0.5 and survives
    # Members who only stand side by side are not held together by anything.
    together = together and held_share(weigher, members) > HALF
    holders = _typical_holders(weighed.levels[:k])
    return Linked(
        members=members,
        suspects=grown.suspects,
        totals=totals,
        bits=weighed.bits[:k],
        by_family=weighed.by_family[:k],
        families=weighed.families,
        family_views=weigher.of_family,
        view_names=tuple(view.name for view in weigher.views),
        shared_shares=(weighed.levels[:k] <= 512).mean(axis=0),
        typical_holders=holders,
        outside_shares=(weighed.levels[k:] <= holders).sum(axis=0) / max(weighed.n_outside, 1),
        controlled_share=controlled_share,
        supported_families=supported,
        together=together,
        survives=survives,
        strongest_view=strongest,
        block_bits=block_bits,
        price_bits=price_bits,
        prior_bits=-math.log2(max(n - k, 1) / k),
        threshold_bits=grown.threshold_bits,
        stability_share=_stability(weigher, grown, settings),
    )


def _typical_holders(levels: Ints) -> Ints:
    """Return, a view, the lower median of the levels of those members that share anything."""
    ordered = np.sort(levels, axis=0)
    n_sharing = (levels < NEVER).sum(axis=0)
    middle = ordered[np.maximum(n_sharing - 1, 0) // 2, np.arange(levels.shape[1])]
    return np.where(n_sharing > 0, middle, 0)


def _survives(weigher: Weigher, grown: Grown, settings: LinkSettings) -> tuple[bool, str]:
    """Ask whether half of the members keep posterior odds above one without the strongest value."""
    strongest = (0.0, "", -1)
    for v, view in enumerate(weigher.views):
        bits = grown.weighed.bits[: len(grown.members), v]
        counts = np.zeros(view.n_values, dtype=np.float64)
        for row, a in enumerate(grown.members):
            counts[view.held[view.start_of_account[a] : view.start_of_account[a + 1]]] += bits[row]
        if len(counts) and counts.max() > strongest[0]:
            strongest = (float(counts.max()), view.name, int(counts.argmax()))
    if strongest[2] < 0:
        return False, ""
    without = weigher.weigh(grown.suspects, muted={strongest[1]: strongest[2]})
    rows = np.searchsorted(grown.suspects, grown.members)
    odds = without.totals[rows] - (grown.threshold_bits - settings.margin_bits)
    return bool((odds > 0).mean() >= 0.5), strongest[1]


def _stability(weigher: Weigher, grown: Grown, settings: LinkSettings, n: int = 3) -> float:
    """Mean overlap of the set with what random halves of it grow into."""
    rng = np.random.default_rng(len(grown.members))
    overlaps = []
    for _ in range(n):
        half = rng.permutation(grown.members)[
            : max(len(grown.members) // 2, settings.least_accounts)
        ]
        again = grow(
            weigher, np.sort(half), margin_bits=settings.margin_bits, least=settings.least_accounts
        )
        if again is None:
            overlaps.append(0.0)
            continue
        both = len(np.intersect1d(again.members, grown.members, assume_unique=True))
        overlaps.append(both / len(np.union1d(again.members, grown.members)))
    return float(np.mean(overlaps))
