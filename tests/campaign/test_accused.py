"""What the accused reads: its own traffic, its own sum, and what each doubt leaves of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from iolaus.campaign.accused import Doubts, Sums, tallied, unaccused
from iolaus.campaign.records import Standing
from iolaus.report.own_case import sentences_of
from iolaus.schema import Member

NAMES = tuple(f"a{i:016x}" for i in range(3))
VIEWS = np.array([[6.0, 4.0, 7.0, 0.0], [2.0, 0.0, 9.0, 1.0], [0.0, 0.0, 5.0, 0.01]])
FAMILIES = np.array([[5.0, 7.0, 0.0], [1.0, 9.0, 1.0], [0.0, 5.0, 0.0]])
SUMS = Sums(
    prior_bits=-4.0,
    line_bits=np.array([4.0, 4.0, 0.0]),
    by_recipe=np.array([False, False, True]),
    view_names=("payment", "device", "template", "client"),
    views=VIEWS,
    controlled=np.array([True, True, False, False]),
    family_names=("money", "text", "client"),
    families=FAMILIES,
    family_of_view=np.array([0, 0, 1, 2]),
)
DOUBTS = Doubts(
    without_value_bits=np.array([9.0, 5.0, 1.0]),
    value_holders=np.array([3, 3, 2]),
    n_stays=np.array([100, 71, 12]),
    n_resamples=100,
)


def member(i: int, *, n_exchanges: int = 40) -> Member:
    """Return a member whose own sum is that of the figures above."""
    return Member(
        account=NAMES[i],
        role="extractor" if n_exchanges else "member",
        coordination_bits=float(FAMILIES[i].sum() - 4.0),
        extraction_bits=3.0,
        n_exchanges=n_exchanges,
        campaign_share=0.5 if n_exchanges else 0.0,
        strongest="template",
    )


@pytest.fixture
def members() -> tuple[Member, ...]:
    """Return three members told apart."""
    return tallied(tuple(member(i) for i in range(3)), SUMS, doubts=DOUBTS)


def test_the_terms_add_up_to_the_members_own_bits(members):
    """Prior and families are the sum that is printed; views stand beside it."""
    for one in members:
        bits = one.tally.prior_bits + sum(bits for *_, bits in one.tally.families)
        assert bits == pytest.approx(one.coordination_bits)
    assert members[0].tally.families == (("text", "template", 7.0), ("money", "payment", 5.0))
    assert [name for name, _ in members[2].tally.views] == ["template"]


def test_what_is_adoptable_leaves_the_controlled_sum_as_it_was(members):
    """However alike the prompt, only cards and devices count there, and no more than was counted."""
    assert [one.tally.controlled_bits for one in members] == [1.0, -3.0, -4.0]
    louder = replace(SUMS, families=FAMILIES + [0.0, 20.0, 0.0], views=VIEWS + [0, 0, 20.0, 0])
    again = tallied(tuple(member(i) for i in range(3)), louder, doubts=DOUBTS)
    assert [one.tally.controlled_bits for one in again] == [1.0, -3.0, -4.0]


def test_doubt_is_told_with_the_prior_as_every_sum_is(members):
    """Without its strongest value the first has nine bits of evidence, less the four of the prior."""
    assert [one.tally.without_value_bits for one in members] == [5.0, 1.0, -3.0]
    assert [one.tally.n_stays for one in members] == [100, 71, 12]


def test_of_a_large_campaign_the_carriers_are_told_apart():
    """The store stays small: whoever carries most is told first, and the order stays."""
    given = tuple(member(i, n_exchanges=n) for i, n in enumerate((1, 90, 0)))
    told = tallied(given, SUMS, doubts=DOUBTS, most=1)
    assert [one.account for one in told] == list(NAMES)
    assert [one.tally is not None for one in told] == [False, True, False]


def test_nobody_is_doubted_where_nobody_is_accused():
    """A cleared network's accounts read why they are in it, and are accused of nothing."""
    standing = Standing(
        accounts=np.arange(3),
        names=NAMES[::-1],
        posterior_bits=FAMILIES.sum(axis=1) - 4.0,
        strongest=("template",) * 3,
    )
    told = unaccused(standing, SUMS, extraction_prior_bits=-6.0, most=2)
    assert [one.account for one in told] == list(NAMES[:2])
    assert all(one.n_exchanges == 0 and one.tally.n_stays is None for one in told)
    said = " ".join(sentences_of(told[0], in_campaign=False))
    assert "nothing is claimed of its traffic" in said
    assert "draws" not in said


def test_a_member_that_carries_nothing_is_told_so_in_words():
    """Zero is said, not left to be read off a table; the twin below carries half of its traffic."""
    (idle,) = tallied((member(0, n_exchanges=0),), _first(SUMS), doubts=_first_doubts())
    assert sentences_of(idle, in_campaign=True)[0].startswith(
        "in the network, no extraction seen, nothing above watch"
    )
    (busy,) = tallied((member(0),), _first(SUMS), doubts=_first_doubts())
    assert sentences_of(busy, in_campaign=True)[0].startswith("40 of its exchanges, 50%")


def test_each_family_is_taken_away_in_turn(members):
    """Whether the account would still be named is said after each; so is what controls alone."""
    said = " | ".join(sentences_of(members[0], in_campaign=True))
    assert "without text (template), +1.0 bits: below the line, likelier than not" in said
    assert "+5.0 bits of it rest on what one hand must control and +7.0 on what anybody" in said
    assert "without money (payment), +3.0 bits: below the line" in said
    assert (
        "without its strongest value, which 3 members share, it is +5.0 bits: still above" in said
    )
    assert "in 100 of 100 draws" in said
    weak = " | ".join(sentences_of(members[2], in_campaign=True))
    assert "without text (template), -4.0 bits: it would not be in the network" in weak
    assert "a member by the network's own recipe alone" in weak
    assert "the line is +0.0" in weak
    assert "recipe alone" not in said


def _first(sums: Sums) -> Sums:
    return replace(sums, views=sums.views[:1], families=sums.families[:1])


def _first_doubts() -> Doubts:
    return replace(
        DOUBTS,
        without_value_bits=DOUBTS.without_value_bits[:1],
        value_holders=DOUBTS.value_holders[:1],
        n_stays=DOUBTS.n_stays[:1],
    )
