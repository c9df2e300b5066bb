"""From ties to networks: what one hand runs is found whole, and what strangers share is not."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from iolaus.link import networks
from iolaus.link.judging import log2_choose, too_few
from iolaus.link.networks import find_networks

N_ACCOUNTS = 3000
FORTY = np.arange(500, 540)


def found_among(world, settings):
    """Return {first member: Linked}."""
    return {int(one.members[0]): one for one in find_networks(world.views(), settings=settings)}


@pytest.fixture(scope="module")
def one_network(people, planted, link_settings):
    """Return what is found where forty accounts share cards and a recipe."""
    world = people(N_ACCOUNTS, strangers=FORTY)
    planted(world, FORTY, mark=1)
    return list(find_networks(world.views(), settings=link_settings()))


def test_planted_network_is_found_whole(one_network):
    """Forty accounts among three thousand: all of them, nobody else, and run together."""
    (network,) = one_network
    np.testing.assert_array_equal(network.members, FORTY)
    assert network.together and network.survives
    assert set(network.supported_families) >= {"money", "text"}
    assert network.controlled_share == 1.0
    assert network.stability_share == pytest.approx(1.0)


def test_block_pays_for_the_search(one_network):
    """Its bits exceed the price of having looked at every set of its size."""
    (network,) = one_network
    price = log2_choose(N_ACCOUNTS, 40) + 2 * math.log2(40) + math.log2(1000)
    assert network.price_bits == pytest.approx(price)
    # Forty accounts that share one thing are thirty-nine coincidences.
    assert network.block_bits == pytest.approx(network.totals.sum() * 39 / 40)
    assert network.block_bits > price
    assert network.prior_bits == pytest.approx(-math.log2((N_ACCOUNTS - 40) / 40))


def test_block_that_does_not_pay_is_not_accepted(people, planted, link_settings):
    """The same forty, where one false block in ten to the 300th scans is one too many: nothing."""
    world = people(N_ACCOUNTS, strangers=FORTY)
    planted(world, FORTY, mark=1)
    assert find_networks(world.views(), settings=link_settings(alpha=1e-300)) == []


def test_network_of_nobody(people, link_settings):
    """Three thousand people who share exits, clients, mail hosts and popular prompts: nothing."""
    assert find_networks(people(N_ACCOUNTS).views(), settings=link_settings()) == []
    assert find_networks([], settings=link_settings()) == []


def test_users_of_one_public_tool_are_not_together(people, link_settings):
    """300 strangers with one recipe and one client, each with a card of his own: no common hand."""
    users = np.arange(1000, 1300)
    world = people(N_ACCOUNTS)
    world.give("template", users, [77] * 300)
    world.give("client", users, [78] * 300)
    found = find_networks(world.views(), settings=link_settings())
    assert [one for one in found if one.together] == []


def test_ordinary_people_are_in_no_network(one_network):
    """Those who only share adoptable, popular values with members are not members."""
    (network,) = one_network
    assert np.setdiff1d(network.members, FORTY).tolist() == []


def test_copying_what_is_popular_makes_no_member(people, planted, link_settings):
    """Twenty people take over the network's client, exits and mail host, not its cards: outside."""
    copiers = np.arange(2000, 2020)
    world = people(N_ACCOUNTS, strangers=FORTY)
    planted(world, FORTY, mark=1)
    for view, value in (("client", 200), ("infrastructure", 100), ("mailbox", 300)):
        world.give(view, copiers, [value] * 20)
        world.give(view, FORTY, [value] * 40)
    found = find_networks(world.views(), settings=link_settings())
    assert [one.members.tolist() for one in found if one.together] == [FORTY.tolist()]


def test_household_is_no_network(people, link_settings):
    """Two who share a card, an address and a recipe are a household; three such are too few too."""
    world = people(N_ACCOUNTS)
    for view, value in (("payment", 1), ("infrastructure", 2), ("template", 3)):
        world.give(view, [10, 11], [value, value])
    assert find_networks(world.views(), settings=link_settings()) == []


def test_many_households_are_no_network(people, link_settings):
    """Six hundred couples, each with its own card, address and recipe, do not vouch for each other."""
    couples = np.arange(1200).reshape(600, 2)
    world = people(N_ACCOUNTS, strangers=couples.reshape(-1))
    for view in ("payment", "infrastructure", "template"):
        for number, couple in enumerate(couples):
            world.give(view, couple, [1000 + number] * 2)
    found = find_networks(world.views(), settings=link_settings())
    assert [len(one.members) for one in found] == []


def test_two_hands_side_by_side_are_two_networks(people, planted, link_settings):
    """Two networks that use one public recipe stay two; each is found whole."""
    other = np.arange(1500, 1530)
    both = np.concatenate([FORTY, other])
    world = people(N_ACCOUNTS, strangers=both)
    planted(world, FORTY, mark=1)
    planted(world, other, mark=2)
    users = np.concatenate([both, np.arange(2000, 2060)])
    world.give("template", users, [9] * len(users))
    found = found_among(world, link_settings())
    assert {first: one.members.tolist() for first, one in found.items()} == {
        500: FORTY.tolist(),
        1500: other.tolist(),
    }
    assert all(one.together for one in found.values())


def purse_of_thirty(people):
    """Return 300 people, thirty of whom spend one card, and nothing else that is shared."""
    world = people(300, strangers=range(30))
    world.pairs = {"payment": [*world.pairs["payment"], *((a, 1) for a in range(30))]}
    return world


def test_one_kind_of_tie_makes_no_network(people, link_settings):
    """One card behind thirty accounts and nothing else: a purse is not yet a hand."""
    lenient = link_settings(margin_bits=4.0)
    assert find_networks(purse_of_thirty(people).views(), settings=lenient) == []


def test_all_on_one_value_does_not_survive(people, link_settings):
    """Where a client that some others use too is all there is beside the card, it is not together.

    Its twin with a rare recipe beside the card stands without either.
    """
    lenient = link_settings(margin_bits=4.0)
    world = purse_of_thirty(people)
    world.give("client", range(36), [3] * 36)
    (alone,) = find_networks(world.views(), settings=lenient)
    assert alone.members.tolist() == list(range(30))
    assert alone.strongest_view == "payment"
    assert not alone.survives and not alone.together
    world.give("template", range(30), [2] * 30)
    (borne_out,) = find_networks(world.views(), settings=lenient)
    assert borne_out.survives and borne_out.together


def test_recipe_without_a_controlled_view_is_not_together(people, link_settings):
    """A rare recipe and a rare client can both be copied, however rare they are."""
    twenty = np.arange(700, 720)
    world = people(N_ACCOUNTS)
    world.give("template", twenty, [1] * 20)
    world.give("client", twenty, [2] * 20)
    found = find_networks(world.views(), settings=link_settings())
    assert [one.together for one in found] in ([], [False])


def test_networks_are_disjoint_and_best_first(people, planted, link_settings):
    """No account is in two networks; those run together come first."""
    other, recipe = np.arange(1500, 1530), np.arange(2500, 2540)
    world = people(N_ACCOUNTS, strangers=np.concatenate([FORTY, other]))
    planted(world, FORTY, mark=1)
    planted(world, other, mark=2)
    world.give("template", recipe, [5] * 40)
    world.give("client", recipe, [6] * 40)
    found = find_networks(world.views(), settings=link_settings())
    everyone = np.concatenate([one.members for one in found])
    assert len(everyone) == len(set(everyone.tolist()))
    together = [one.together for one in found]
    assert together == sorted(together, reverse=True) and sum(together) == 2


def test_log2_choose_counts_sets():
    """Of five things, ten pairs."""
    assert log2_choose(5, 2) == pytest.approx(math.log2(10))
    assert log2_choose(7, 7) == pytest.approx(0.0, abs=1e-9)


def test_ten_accounts_are_too_few_to_say_anything(people, link_settings):
    """Of ten accounts no network can be told, whatever they share, and that is said."""
    few = people(10)
    for view in ("payment", "client", "template"):
        few.give(view, range(5), [1] * 5)
    assert find_networks(few.views(), settings=link_settings()) == []
    said = too_few(few.views(), link_settings())
    assert said is not None and said.startswith("10 accounts are too few")
    assert too_few(people(N_ACCOUNTS).views(), link_settings()) is None
    assert too_few([], link_settings()) is None


def test_sweep_says_how_many_stay_at_a_higher_margin(one_network):
    """Forty at the margin of the settings; never more at a higher one."""
    (network,) = one_network
    counts = [n for _, n in network.sweep]
    assert [margin for margin, _ in network.sweep] == [4.0, 6.0, 8.0, 10.0, 12.0]
    assert counts == sorted(counts, reverse=True)
    assert dict(network.sweep)[8.0] == 40


def test_seed_that_took_in_a_neighbour_is_tried_again_without_him(monkeypatch):
    """A pool that grew together with a reseller, and fell apart from it, is found all the same."""
    pool, reseller = np.arange(5), np.arange(5, 9)

    def grown(_weigher, seed, *, barred, **_):
        inside = np.union1d(seed, reseller) if 0 in seed else seed
        members = inside if barred is None else np.setdiff1d(inside, barred)
        return SimpleNamespace(members=members)

    def apart(_weigher, members, _settings):
        if {0, 5} <= set(members.tolist()):
            return [(pool, reseller), (reseller, pool)]
        return None

    monkeypatch.setattr(networks, "grow", grown)
    monkeypatch.setattr(networks, "_apart", apart)
    monkeypatch.setattr(
        networks, "judged", lambda _w, one, _s: SimpleNamespace(members=one.members, together=True)
    )
    settings = SimpleNamespace(margin_bits=8.0, least_accounts=3)
    found = networks._grown(None, [pool], settings)
    assert sorted(one.members.tolist() for one in found) == [pool.tolist(), reseller.tolist()]
