"""Who uses a network's own recipe adheres to it; who has another hand, or other habits, does not."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.link.adherents import adherents_of
from iolaus.link.networks import find_networks
from iolaus.link.weights import Weigher

N_ACCOUNTS = 3000
POOL, LONERS = np.arange(500, 540), np.arange(600, 625)
RECIPE = 10_000_500
NOBODY = np.zeros(N_ACCOUNTS, dtype=bool)


@pytest.fixture
def pool(people, planted):
    """Return what builds forty who share cards and a recipe, and 25 who use it with their own."""

    def built(*, public=0):
        world = people(N_ACCOUNTS, strangers=np.concatenate([POOL, LONERS]))
        planted(world, POOL, mark=1)
        world.give("template", LONERS, [RECIPE] * len(LONERS))
        world.give("payment", LONERS, 9000 + LONERS)
        world.give("template", np.arange(1000, 1000 + public), [RECIPE] * public)
        return world

    return built


def test_users_of_the_network_s_own_recipe_adhere(pool, link_settings):
    """All 65 are members, and it is said which of them by the recipe alone."""
    (one,) = find_networks(pool().views(), settings=link_settings())
    np.testing.assert_array_equal(one.members, np.concatenate([POOL, LONERS]))
    np.testing.assert_array_equal(one.members[one.by_recipe], LONERS)
    assert one.together


def test_users_of_a_public_recipe_do_not(pool, link_settings):
    """The same pool with a recipe that most users outside have: only the forty."""
    found = find_networks(pool(public=80).views(), settings=link_settings())
    members = [one.members for one in found if one.together]
    assert not np.isin(LONERS, np.concatenate([POOL[:0], *members])).any()


def test_who_shares_a_card_outside_has_another_hand(pool):
    """A firm framed by the pool's recipe pays with its own card, and stays outside."""
    world = pool()
    world.give("payment", LONERS[:2], [4242] * 2)
    found = adherents_of(Weigher(world.views()), POOL, taken=NOBODY)
    np.testing.assert_array_equal(found, LONERS[2:])


def test_who_mostly_asks_other_things_does_not_adhere(pool):
    """A person who used the recipe once, among prompts that everybody asks, is no adherent."""
    world = pool()
    for popular in (400, 401, 402):
        world.give("template", LONERS[:2], [popular] * 2)
    found = adherents_of(Weigher(world.views()), POOL, taken=NOBODY)
    np.testing.assert_array_equal(found, LONERS[2:])


def test_who_is_in_another_network_does_not_adhere(pool):
    """An account is in one network."""
    taken = NOBODY.copy()
    taken[LONERS] = True
    assert not len(adherents_of(Weigher(pool().views()), POOL, taken=taken))


def test_few_members_have_no_adherents(people, planted):
    """Of eight members the share of strangers among the recipe's users is a guess."""
    eight = np.arange(500, 508)
    world = people(N_ACCOUNTS, strangers=np.concatenate([eight, LONERS[:4]]))
    planted(world, eight, mark=1)
    world.give("template", LONERS[:4], [RECIPE] * 4)
    assert not len(adherents_of(Weigher(world.views()), eight, taken=NOBODY))
