"""A member of a network -> what the accused reads of itself, in sentences."""

from __future__ import annotations

from iolaus.schema import Member, Tally


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
    if tally.by_recipe:
        words.append(
            "it is a member by the network's own recipe alone, which hardly anybody else uses:"
            " nothing that one hand must control ties it to the others"
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
