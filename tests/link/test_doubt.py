"""Doubt: a member's sum without its strongest value, and with the others drawn anew."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.link.doubt import doubt
from iolaus.link.networks import find_networks
from iolaus.link.weights import Weigher

N_ACCOUNTS = 1500
FORTY = np.arange(500, 540)


@pytest.fixture(scope="module")
def doubted(people, planted, link_settings):
    """Return a network of forty whose heads share cards in batches, and what doubt leaves."""
    world = people(N_ACCOUNTS, strangers=FORTY)
    planted(world, FORTY, mark=1)
    views = world.views()
    linked = max(find_networks(views, settings=link_settings()), key=lambda one: len(one.members))
    assert set(FORTY) <= set(linked.members.tolist())
    weigher = Weigher(views)
    return weigher, linked, doubt(weigher, linked, seed=1)


def test_a_network_that_shares_much_survives_every_draw(doubted):
    """Each head is tied by cards, a recipe and a client: with a third of the others gone it stays."""
    _, linked, left = doubted
    assert len(left.n_stays) == len(linked.members)
    assert left.n_resamples == 100
    assert np.median(left.n_stays) == 100


def test_the_same_seed_draws_the_same(doubted):
    """A case that is read twice says the same twice."""
    weigher, linked, left = doubted
    again = doubt(weigher, linked, seed=1)
    np.testing.assert_array_equal(left.n_stays, again.n_stays)
    np.testing.assert_array_equal(left.without_value_bits, again.without_value_bits)


def test_without_its_strongest_value_no_member_has_more(doubted):
    """Taking evidence away adds none, and of a shared recipe it takes a good deal."""
    _, linked, left = doubted
    assert (left.without_value_bits <= linked.totals + 1e-9).all()
    assert (left.without_value_bits < linked.totals - 1).any()
    assert (left.value_holders >= 2).all()


def test_where_all_hangs_on_two_partners_some_draws_fall(people, planted, link_settings):
    """Four who share a card, an exit and a recipe: one draw in many leaves too few to vouch."""
    four = np.arange(700, 704)
    world = people(N_ACCOUNTS, strangers=four)
    planted(world, four, mark=9)
    world.give("infrastructure", four, [90_000_900] * 4)
    world.give("client", four, [90_000_901] * 4)
    views = world.views()
    (found,) = [
        one
        for one in find_networks(views, settings=link_settings())
        if set(one.members.tolist()) == set(four.tolist())
    ]
    left = doubt(Weigher(views), found, seed=1)
    assert (left.n_stays < 100).all()
    assert (left.n_stays > 50).all()
