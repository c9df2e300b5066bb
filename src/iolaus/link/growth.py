"""A candidate set -> the set that explains itself: grown, then peeled against everybody."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from iolaus.link.events import LEVELS
from iolaus.link.pieces import users_of_own_recipe
from iolaus.link.views import Bools, Ints
from iolaus.link.weights import Weighed, Weigher

LINKED_LEVEL = 32  # a trimmed outsider shares something that few others hold
SLACK_BITS = 4.0  # with the default margin, a suspect is sixteen times likelier than not
FAMILY_BITS = 2.0  # four times likelier than chance
CONTROLLED_BITS = 3.0  # a controlled view speaks when it is eight times likelier than chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """
    A set that survived, with its weights against the full background.

    `suspects` are the members and whoever else is likelier than not one of them; the members
    are weighed among all suspects.
    """

    members: Ints
    suspects: Ints
    weighed: Weighed
    threshold_bits: float


def member_threshold(n_accounts: int, n_members: int, margin_bits: float) -> float:
    """Bits that one member must bring: the prior odds against it, plus the margin."""
    return float(np.log2(max(n_accounts - n_members, 1) / max(n_members, 1)) + margin_bits)


def grow(
    weigher: Weigher,
    seed: Ints,
    *,
    margin_bits: float,
    barred: Ints | None = None,
    rounds: int = 6,
    least: int = 3,
) -> Grown | None:
    """
    Add who is linked and drop who is not, against a trimmed background; then only peel.

    Without trimming, every subset of a real network collapses: the rest of the network is
    its background (reference/arithmetic.md). `barred` accounts are of another network: they
    stay background and never join. Returns None when fewer than `least` stay.
    """
    members = np.unique(seed)
    for _ in range(rounds):
        # Half of all accounts cannot be told from the population.
        if not least <= len(members) <= weigher.n_accounts / 2:
            return None
        first = weigher.weigh(members)
        limit = min(4 * len(members), int(0.3 * weigher.n_accounts))
        trimmed = _trimmed(weigher, first, limit=limit)
        trimmed = np.union1d(trimmed, _recipe_users(weigher, members))
        if barred is not None:
            trimmed = np.setdiff1d(trimmed, barred, assume_unique=True)
        weighed = weigher.weigh(members, ignored=trimmed) if len(trimmed) else first
        threshold = member_threshold(weigher.n_accounts, len(members), margin_bits - SLACK_BITS)
        grown = np.sort(weighed.accounts[weighed.totals >= threshold])
        if barred is not None:
            grown = np.setdiff1d(grown, barred, assume_unique=True)
        if np.array_equal(grown, members):
            break
        members = grown
    return peel(weigher, members, margin_bits=margin_bits, least=least)


def peel(weigher: Weigher, suspects: Ints, *, margin_bits: float, least: int) -> Grown | None:
    """
    Drop suspects that do not hold against everybody else, until all do; name the members.

    A suspect needs SLACK_BITS less than a member: whoever is likelier than not is no stranger
    to hold the others against, and one weak member would unravel a strong network. For the
    same reason a grey zone of up to half of the set is no background: accounts just dropped,
    and others linked in two families; and users of the set's own recipe.
    """
    while len(suspects) >= least:
        first = weigher.weigh(suspects)
        grey = grey_zone(weigher, first)
        weighed = weigher.weigh(suspects, ignored=grey) if len(grey) else first
        threshold = member_threshold(weigher.n_accounts, len(suspects), margin_bits)
        totals = weighed.totals[: weighed.n_members]
        kept = totals >= threshold - SLACK_BITS
        if kept.all():
            return _named(weigher, suspects, weighed, threshold, least)
        # The weakest half of those that fail goes first: their going lowers the others too.
        cut = np.median(totals[~kept])
        suspects = suspects[kept | (totals > cut)]
    return None


def grey_zone(weigher: Weigher, weighed: Weighed) -> Ints:
    """
    Return who is neither of a weighed set nor background.

    Accounts linked to it in two families, half as many as it has at most, and the users of a
    recipe of its own.
    """
    linked = _trimmed(weigher, weighed, limit=weighed.n_members // 2)
    return np.union1d(linked, _recipe_users(weigher, weighed.accounts[: weighed.n_members]))


def _named(
    weigher: Weigher, suspects: Ints, weighed: Weighed, threshold: float, least: int
) -> Grown | None:
    """Name those suspects members that reach the threshold and are held by two families."""
    sure = weighed.totals[: len(suspects)] >= threshold
    sure &= _in_two_families(weigher, weighed)
    # A couple shares its card, its address and its questions: one coincidence, not three. A
    # member is tied to several others, or by what at least four of them share.
    wide = weighed.wide_bits[: len(suspects)] >= FAMILY_BITS
    sure &= wide | (weigher.n_partners(suspects) >= 2)
    sure[sure] = _hold_alone(weigher, suspects[sure], suspects[~sure], threshold)
    if sure.sum() < least:
        return None
    order = np.concatenate(
        [
            np.flatnonzero(sure),
            np.flatnonzero(~sure),
            np.arange(len(suspects), len(weighed.accounts)),
        ]
    )
    named = dataclasses.replace(
        weighed,
        accounts=weighed.accounts[order],
        n_members=int(sure.sum()),
        bits=weighed.bits[order],
        levels=weighed.levels[order],
        by_family=weighed.by_family[order],
        controlled_bits=weighed.controlled_bits[order],
        wide_bits=weighed.wide_bits[order],
    )
    return Grown(members=suspects[sure], suspects=suspects, weighed=named, threshold_bits=threshold)


def _hold_alone(weigher: Weigher, members: Ints, rest: Ints, threshold: float) -> Bools:
    """Say which members still are suspects when only members, not mere suspects, vouch for them."""
    if not len(members):
        return np.zeros(0, dtype=np.bool_)
    alone = weigher.weigh(members, ignored=rest)
    return np.asarray(alone.totals[: len(members)] >= threshold - SLACK_BITS)


def _in_two_families(weigher: Weigher, weighed: Weighed) -> Bools:
    """
    Say which members are held by two families: one recipe alone makes nobody a member.

    A bounded view (synchrony) repeats what the view that explains it said; no second family.
    """
    n = weighed.n_members
    held = np.zeros(n, dtype=np.int64)
    for family in weigher.families:
        mine = [
            v
            for v, view in enumerate(weigher.views)
            if view.family == family and np.isinf(view.ceiling_bits)
        ]
        if mine:
            held += weighed.bits[:n][:, mine].max(axis=1) >= FAMILY_BITS
    return held >= 2


def _trimmed(weigher: Weigher, weighed: Weighed, *, limit: int) -> Ints:
    """
    Outsiders linked in two families by values that few others hold: likely the rest of the set.

    What many hold (a public tool, a carrier) links nobody here: its holders stay background.
    """
    close = weighed.levels[weighed.n_members :] <= LINKED_LEVEL
    if not len(close):
        return weighed.accounts[:0]
    n_families = np.zeros(len(close), dtype=np.int64)
    for family in weigher.families:
        mine = [v for v, view in enumerate(weigher.views) if view.family == family]
        n_families += close[:, mine].any(axis=1)
    linked = n_families >= 2
    totals = weighed.totals[weighed.n_members :][linked]
    order = np.argsort(-totals, kind="stable")[:limit]
    return np.sort(weighed.accounts[weighed.n_members :][linked][order])


def _recipe_users(weigher: Weigher, members: Ints) -> Ints:
    """Return the outsiders who use the set's own recipe: no strangers to hold it against."""
    return np.setdiff1d(users_of_own_recipe(weigher, members), members, assume_unique=True)


def shared_share(weighed: Weighed, view: int) -> float:
    """Share of members that share something in the view with another member."""
    levels = weighed.levels[: weighed.n_members, view]
    return float((levels <= LEVELS[-1]).mean())
