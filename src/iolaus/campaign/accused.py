"""A network's members and their sums -> what each of them may read about itself."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from iolaus.campaign.records import Standing
from iolaus.campaign.traffic import Bools, Floats, Ints
from iolaus.schema import Member, Tally

MOST_TALLIED = 2000  # members of a campaign, its carriers first: half a kilobyte each in the store
MOST_CLEARED = 50  # members of a network that is accused of nothing, a sample by their hash
SILENT_BITS = 0.05  # below what is printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """
    The members' sums, term by term, in the order of a Standing.

    `views` is members x `view_names`, `families` members x `family_names`; `controlled` says
    which views one hand must control. `line_bits` is the posterior that each member must reach; `by_recipe` says who
    is one by the network's own recipe alone.
    """

    prior_bits: float
    line_bits: Floats
    by_recipe: Bools
    view_names: tuple[str, ...]
    views: Floats
    controlled: Bools
    family_names: tuple[str, ...]
    families: Floats
    family_of_view: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What doubt leaves of the same sums; the evidence alone, without the prior."""

    without_value_bits: Floats
    value_holders: Ints
    n_stays: Ints
    n_resamples: int


def tallied(
    members: tuple[Member, ...], sums: Sums, *, doubts: Doubts, most: int = MOST_TALLIED
) -> tuple[Member, ...]:
    """
    Add each member's own tally; of more than `most`, to those that carry most of the campaign.

    `members` stand in the order of the sums. The order stays.
    """
    carried = np.array([member.n_exchanges for member in members])
    chosen = set(np.argsort(-carried, kind="stable")[:most].tolist())
    controlled = _controlled_bits(sums)
    return tuple(
        dataclasses.replace(member, tally=_tally(i, sums, controlled, doubts))
        if i in chosen
        else member
        for i, member in enumerate(members)
    )


def unaccused(
    standing: Standing, sums: Sums, *, extraction_prior_bits: float, most: int = MOST_CLEARED
) -> tuple[Member, ...]:
    """Tell the first accounts, by hash, of a network that is in no campaign why they are in it."""
    controlled = _controlled_bits(sums)
    order = sorted(range(len(standing.names)), key=lambda i: standing.names[i])[:most]
    return tuple(
        Member(
            account=standing.names[i],
            role="member",
            coordination_bits=float(standing.posterior_bits[i]),
            extraction_bits=extraction_prior_bits,
            n_exchanges=0,
            campaign_share=0.0,
            strongest=standing.strongest[i],
            tally=_tally(i, sums, controlled, None),
        )
        for i in order
    )


def _tally(i: int, sums: Sums, controlled: Floats, doubts: Doubts | None) -> Tally:
    tally = Tally(
        prior_bits=sums.prior_bits,
        line_bits=float(sums.line_bits[i]),
        by_recipe=bool(sums.by_recipe[i]),
        families=_families(i, sums),
        views=_spoken(sums.view_names, sums.views[i]),
        controlled_bits=float(controlled[i]) + sums.prior_bits,
    )
    if doubts is None:
        return tally
    return dataclasses.replace(
        tally,
        without_value_bits=float(doubts.without_value_bits[i]) + sums.prior_bits,
        value_holders=int(doubts.value_holders[i]),
        n_stays=int(doubts.n_stays[i]),
        n_resamples=doubts.n_resamples,
    )


def _families(i: int, sums: Sums) -> tuple[tuple[str, str, float], ...]:
    """Return the terms that count, the most first, each with its family's best view."""
    out = []
    for family, bits in _spoken(sums.family_names, sums.families[i]):
        mine = np.flatnonzero(sums.family_of_view == sums.family_names.index(family))
        best = mine[int(sums.views[i, mine].argmax())]
        out.append((family, sums.view_names[best], bits))
    return tuple(out)


def _spoken(names: tuple[str, ...], bits: Floats) -> tuple[tuple[str, float], ...]:
    """Return the terms that say anything, the most first."""
    order = sorted(range(len(names)), key=lambda t: (-bits[t], names[t]))
    return tuple((names[t], float(bits[t])) for t in order if abs(bits[t]) >= SILENT_BITS)


def _controlled_bits(sums: Sums) -> Floats:
    """Add up, a member, what controlled views say, never more than their family was counted for."""
    out = np.zeros(len(sums.families))
    for f in range(len(sums.family_names)):
        mine = np.flatnonzero(sums.controlled & (sums.family_of_view == f))
        if len(mine):
            out += np.minimum(sums.views[:, mine].max(axis=1), sums.families[:, f])
    return out
