"""A grown set -> accepted or not, run together or not, and what the record of it needs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from iolaus.link.events import LEVELS, SEARCHED_BITS
from iolaus.link.growth import CONTROLLED_BITS, FAMILY_BITS, Grown, grow, member_threshold
from iolaus.link.levels import NEVER
from iolaus.link.linked import Linked, LinkSettings
from iolaus.link.pieces import HALF, held_share
from iolaus.link.views import Ints, View
from iolaus.link.weights import Weighed, Weigher

SWEPT_BITS = (4.0, 6.0, 8.0, 10.0, 12.0)


def log2_choose(n: int, k: int) -> float:
    """Return log2 of n choose k."""
    return (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)) / math.log(2)


def judged(weigher: Weigher, grown: Grown, settings: LinkSettings) -> Linked | None:
    """Return what is said of a grown set, or None where its bits do not pay for the search."""
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
    # Of any controlled view, each tie by itself: a pool may pay together here and hand over there.
    controlled_share = float((weighed.controlled_bits[:k] >= FAMILY_BITS).mean())
    survives, strongest = _survives(weigher, grown, settings)
    together = len(supported) >= 2 and controlled_share >= 0.5 and survives
    # Members who only stand side by side are not held together by anything.
    together = together and held_share(weigher, members) > HALF
    return Linked(
        **_described(weigher, weighed),
        suspects=grown.suspects,
        threshold_bits=grown.threshold_bits,
        controlled_share=controlled_share,
        supported_families=supported,
        together=together,
        survives=survives,
        strongest_view=strongest,
        block_bits=block_bits,
        price_bits=price_bits,
        stability_share=_stability(weigher, grown, settings),
        by_recipe=np.zeros(k, dtype=np.bool_),
        sweep=_sweep(weigher, grown),
    )


def joined_by(weigher: Weigher, one: Linked, adherents: Ints) -> Linked:
    """Return a network with its adherents; only what is said of each member is weighed anew."""
    members = np.sort(np.concatenate([one.members, adherents]))
    return dataclasses.replace(
        one,
        **_described(weigher, weigher.weigh(members)),
        suspects=np.union1d(one.suspects, adherents),
        by_recipe=np.isin(members, adherents, assume_unique=True),
    )


def _described(weigher: Weigher, weighed: Weighed) -> dict[str, Any]:
    """Return the fields of Linked that tell what the members share, and with how many outside."""
    k = weighed.n_members
    holders = _typical_holders(weighed.levels[:k])
    return {
        "members": weighed.accounts[:k],
        "totals": weighed.totals[:k],
        "bits": weighed.bits[:k],
        "by_family": weighed.by_family[:k],
        "families": weighed.families,
        "family_views": weigher.of_family,
        "view_names": tuple(view.name for view in weigher.views),
        "shared_shares": (weighed.levels[:k] <= LEVELS[-1]).mean(axis=0),
        "typical_holders": holders,
        "outside_shares": (weighed.levels[k:] <= holders).sum(axis=0) / max(weighed.n_outside, 1),
        "prior_bits": -member_threshold(weigher.n_accounts, k, 0.0),
    }


def _sweep(weigher: Weigher, grown: Grown) -> tuple[tuple[float, int], ...]:
    """Return, a margin, how many of the suspects bring the bits that it asks of a member."""
    totals = grown.weighed.totals[: len(grown.suspects)]
    prior = member_threshold(weigher.n_accounts, len(grown.members), 0.0)
    return tuple((margin, int((totals >= prior + margin).sum())) for margin in SWEPT_BITS)


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


def too_few(views: Sequence[View], settings: LinkSettings) -> str | None:
    """
    Return a sentence where so few accounts could never show a network, else None.

    The rarest event that all members share is worth log2(2 (N - k + 1) (k - 1) / (k + 1)) a
    family, less the price of the search; a member needs the prior odds and the margin. Where no
    k up to half of the accounts gets there, silence says nothing about the accounts.
    """
    held = [view for view in views if len(view.held)]
    if not held:
        return None
    n = held[0].n_accounts
    families = {view.family for view in held}
    for k in range(settings.least_accounts, n // 2 + 1):
        most = math.log2(2 * (n - k + 1) * (k - 1) / (k + 1)) - SEARCHED_BITS
        if len(families) * max(most, 0.0) >= member_threshold(n, k, settings.margin_bits):
            return None
    return f"{n} accounts are too few to tell a network from the population; nobody was linked"
