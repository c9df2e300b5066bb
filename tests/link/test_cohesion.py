"""A grown set is one network, or falls into several; scraps never break one up."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.link.cohesion import parts_of, separate_parts
from iolaus.link.weights import Weigher

N_ACCOUNTS = 3000
FIRST, SECOND = np.arange(100, 130), np.arange(200, 230)
BOTH = np.concatenate([FIRST, SECOND])


@pytest.fixture(scope="module")
def side_by_side(people, planted):
    """Return the weigher of a world in which two hands use one recipe, as sixty others do."""
    world = people(N_ACCOUNTS, strangers=BOTH)
    planted(world, FIRST, mark=1)
    planted(world, SECOND, mark=2)
    users = np.concatenate([BOTH, np.arange(1000, 1060)])
    world.give("template", users, [7] * 120)
    return Weigher(world.views())


def test_union_of_two_falls_apart_into_the_two(side_by_side):
    """Members vouch for each other, so the union passes; what they share across does not."""
    parts = separate_parts(side_by_side, BOTH, margin_bits=10.0, least=3)
    assert parts is not None
    assert [part.tolist() for part in sorted(parts, key=lambda p: p[0])] == [
        FIRST.tolist(),
        SECOND.tolist(),
    ]


def test_different_open_names_keep_one_private_recipe_apart(people, planted):
    """Two firms that share a recipe nobody else has, each under its own mail domain, are two.

    Without a name that is shown openly the same ties are one network: its recipe is its own.
    """

    def parts(*, named):
        world = people(N_ACCOUNTS, strangers=BOTH)
        planted(world, FIRST, mark=1)
        planted(world, SECOND, mark=2)
        world.give("template", BOTH, [7] * 60)
        if named:
            world.give("mailbox", BOTH, [901] * 30 + [902] * 30)
        return separate_parts(Weigher(world.views()), BOTH, margin_bits=10.0, least=3)

    apart = parts(named=True)
    assert apart is not None and len(apart) == 2
    assert parts(named=False) is None


@pytest.mark.parametrize("members", [FIRST, SECOND], ids=["first", "second"])
def test_each_of_the_two_is_one(side_by_side, members):
    """A network whose accounts use three cards is still one: its recipe joins the cards."""
    assert separate_parts(side_by_side, members, margin_bits=10.0, least=3) is None


def test_scraps_do_not_split_one_network(people, planted):
    """Six accounts that share an exit of their own besides are no network beside the network."""
    world = people(N_ACCOUNTS, strangers=FIRST)
    planted(world, FIRST, mark=1)
    world.give("infrastructure", FIRST[:6], [9] * 6)
    world.give("client", FIRST[20:24], [8] * 4)
    weigher = Weigher(world.views())
    assert separate_parts(weigher, FIRST, margin_bits=10.0, least=3) is None


def test_parts_are_communities_of_uncommon_values(side_by_side):
    """Those who share cards come together; strangers share nothing uncommon and have no part."""
    parts = parts_of(side_by_side, BOTH, least=3)
    assert all(len(np.intersect1d(p, FIRST)) in (0, len(p)) for p in parts)
    assert parts_of(side_by_side, np.arange(1000, 1010), least=3) == []
