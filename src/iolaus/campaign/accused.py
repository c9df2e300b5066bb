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
    which views one hand must control. `line_bits` is the posterior that a member must reach.
    """

    prior_bits: float
    line_bits: float
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
        line_bits=sums.line_bits,
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


def sentences_of(member: Member, *, in_campaign: bool) -> tuple[str, ...]:
    """
    Tell a member in sentences what is claimed of it and what is not.

    First its traffic, then its own sum, then what is left of the sum under each doubt.
    """
    words = [_traffic_words(member, in_campaign=in_campaign)]
    tally = member.tally
    if tally is None:
        words.append("its own sum was not kept: of so large a network the carriers' are")
        return tuple(words)
    words.append(
        f"its own sum for being run with the others, itself left out, is"
        f" {member.coordination_bits:+.1f} bits; the line is {tally.line_bits:+.1f}"
    )
    if tally.without_value_bits is not None:
        words.append(_without_value_words(tally))
    words += _without_family_words(member, tally)
    held = tally.controlled_bits - tally.prior_bits
    copied = member.coordination_bits - tally.controlled_bits
    words.append(
        f"{held:+.1f} bits of it rest on what one hand must control and {copied:+.1f} on what anybody"
        f" can copy; without the latter it stands at {tally.controlled_bits:+.1f}"
    )
    if tally.n_stays is not None:
        words.append(
            f"with the other members drawn anew it stays above the line in {tally.n_stays} of"
            f" {tally.n_resamples} draws"
        )
    return tuple(words)


def _traffic_words(member: Member, *, in_campaign: bool) -> str:
    if not in_campaign:
        return "its network is in no campaign: nothing is claimed of its traffic"
    if member.n_exchanges == 0:
        return (
            "in the network, no extraction seen, nothing above watch: none of its exchanges is"
            " attributed to the campaign"
        )
    return (
        f"{member.n_exchanges:,} of its exchanges, {member.campaign_share:.0%} of what it sent,"
        " are attributed to the campaign; nothing is claimed of the rest"
    )


def _without_value_words(tally: Tally) -> str:
    left = tally.without_value_bits or 0.0
    held = f"which {tally.value_holders:,} members share" if tally.value_holders else "of its own"
    return f"without its strongest value, {held}, it is {left:+.1f} bits: {_verdict(left, tally)}"


def _without_family_words(member: Member, tally: Tally) -> list[str]:
    """Say what is left without each family that counts, the most telling family first."""
    return [
        f"without {family} ({view.replace('_', ' ')}), {left:+.1f} bits: {_verdict(left, tally)}"
        for family, view, bits in tally.families
        if bits > 0
        for left in [member.coordination_bits - bits]
    ]


def _verdict(bits: float, tally: Tally) -> str:
    """Say whether the account would be named, would be a suspect, or neither."""
    if bits >= tally.line_bits:
        return "still above the line"
    return "below the line, likelier than not" if bits > 0 else "it would not be in the network"
