"""What stands side by side is not one network; what holds it together must be its own."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.link.networks import find_networks
from iolaus.link.pieces import held_share, pieces_of
from iolaus.link.weights import Weigher

N_ACCOUNTS = 3000
TWENTY = np.arange(400, 420)


def batches(world, accounts, *, size):
    """Let each so many accounts share a card."""
    for a in accounts:
        world.give("payment", [a], [5000 + a // size])


@pytest.mark.parametrize(("n_outside", "n_pieces"), [(0, 1), (60, 4)])
def test_batches_are_one_by_a_recipe_that_is_theirs(people, n_outside, n_pieces):
    """Four cards behind twenty accounts: one piece by a recipe of their own, four by a public one."""
    world = people(N_ACCOUNTS, strangers=TWENTY)
    batches(world, TWENTY, size=5)
    world.give("template", TWENTY, [9] * 20)
    strangers = np.arange(1000, 1000 + n_outside)
    world.give("template", strangers, [9] * n_outside)
    label = pieces_of(Weigher(world.views()), TWENTY)
    assert n_pieces == label.max() + 1


def test_couples_among_users_of_a_public_pipeline_are_not_together(people, link_settings):
    """Ten couples and thirty singles use one pipeline and client: no hand, though couples share.

    The same couples with a recipe of their own are together.
    """
    singles = np.arange(1000, 1030)
    users = np.concatenate([TWENTY, singles])

    def together(of_recipe):
        world = people(N_ACCOUNTS, strangers=users)
        batches(world, TWENTY, size=2)
        world.give("payment", singles, 7000 + singles)
        world.give("template", of_recipe, [9] * len(of_recipe))
        world.give("client", of_recipe, [8] * len(of_recipe))
        found = find_networks(world.views(), settings=link_settings())
        return [one for one in found if one.together]

    assert together(users) == []
    (own,) = together(TWENTY)
    np.testing.assert_array_equal(own.members, TWENTY)


def test_couple_that_sits_beside_a_firm_is_not_of_it(people, planted, link_settings):
    """Two who share a card with each other, and with forty others what everybody there asks."""
    forty, couple = np.arange(500, 540), np.array([700, 701])
    both = np.concatenate([forty, couple])
    world = people(N_ACCOUNTS, strangers=both)
    planted(world, forty, mark=1)
    world.give("payment", couple, [77, 77])
    # A prompt and an exit that the forty, the couple and sixty more of one town share.
    town = np.concatenate([both, np.arange(1500, 1560)])
    world.give("template", town, [78] * len(town))
    world.give("infrastructure", town, [79] * len(town))
    found = [one for one in find_networks(world.views(), settings=link_settings()) if one.together]
    assert [one.members.tolist() for one in found] == [forty.tolist()]


def test_two_couples_with_one_rare_client_are_two(people):
    """Four accounts, two cards, one client and one exit of their own: couples, not a network."""
    four = np.arange(100, 104)
    world = people(N_ACCOUNTS, strangers=four)
    batches(world, four, size=2)
    world.give("client", four, [1] * 4)
    world.give("infrastructure", four, [2] * 4)
    weigher = Weigher(world.views())
    assert pieces_of(weigher, four).max() == 1
    assert held_share(weigher, four) == 0.5


def test_batches_that_share_client_and_exit_of_their_own_are_one(people):
    """Two families of their own join batches of five; one family alone does not."""
    ten = TWENTY[:10]

    def n_pieces(*shared):
        world = people(N_ACCOUNTS, strangers=ten)
        batches(world, ten, size=5)
        for number, view in enumerate(shared):
            world.give(view, ten, [number + 1] * 10)
        return pieces_of(Weigher(world.views()), ten).max() + 1

    assert n_pieces("client", "infrastructure") == 1
    assert n_pieces("client") == 2


def test_nothing_is_cut_where_controlled_views_tie_few(people):
    """Users of one tool, four of whom share cards: one set, and no hand that holds it."""
    world = people(N_ACCOUNTS, strangers=TWENTY)
    batches(world, TWENTY[:4], size=2)
    world.give("template", TWENTY, [1] * 20)
    weigher = Weigher(world.views())
    assert not pieces_of(weigher, TWENTY).any()
    assert held_share(weigher, TWENTY) == 0.0


@pytest.mark.parametrize("handed_across", [False, True])
def test_two_pools_that_bought_one_recipe_are_two(people, viewed, handed_across):
    """Two relays of twenty use one recipe that nobody else has, and hand no conversation across.

    Where they do hand conversations across, they are one pool.
    """
    forty = np.arange(100, 140)
    world = people(N_ACCOUNTS, strangers=forty)
    world.give("template", forty, [9] * 40)
    rng = np.random.default_rng(4)
    talks = []
    for number in range(120):
        side = forty[:20] if number % 2 else forty[20:]
        talks += [(a, number) for a in rng.choice(side, 2, replace=False)]
    if handed_across:
        talks += [(a, 500 + k) for k in range(10) for a in (forty[k], forty[20 + k])]
    view = viewed(talks, n_accounts=N_ACCOUNTS, name="handover", family="time", controlled=True)
    label = pieces_of(Weigher([*world.views(), view]), forty)
    assert label.max() + 1 == (1 if handed_across else 2)


@pytest.mark.parametrize("named", [True, False])
def test_firm_whose_words_are_copied_is_no_part_of_the_pool(people, named):
    """Twenty seats on one card and mail domain; a pool on four cards uses their words and exit.

    Twins without a name are one: nothing that they show tells them apart.
    """
    firm, pool = np.arange(100, 120), np.arange(200, 220)
    both = np.concatenate([firm, pool])
    world = people(N_ACCOUNTS, strangers=both)
    world.give("payment", firm, [1] * 20)
    batches(world, pool, size=5)
    world.give("template", both, [9] * 40)
    world.give("infrastructure", both, [8] * 40)
    if named:
        world.give("mailbox", firm, [7] * 20)
    label = pieces_of(Weigher(world.views()), both)
    assert label.max() + 1 == (2 if named else 1)
    if named:
        assert len(set(label[:20].tolist())) == len(set(label[20:].tolist())) == 1


@pytest.mark.parametrize("keys", [2, 3])
@pytest.mark.parametrize("under_own_names", [True, False])
def test_firms_that_run_one_program_stay_firms(viewed, under_own_names, keys):
    """Some keys on one card each, one program of their own: a pool's batches, unless each has its name.

    A private mail host of one key alone is no name of the two.
    """
    members = np.arange(18)
    firm = members // keys
    n_pieces = 18 // keys if under_own_names else 1
    views = [
        viewed(zip(members, 100 + firm, strict=True), n_accounts=1000, name="payment"),
        viewed(zip(members, np.full(18, 7), strict=True), n_accounts=1000, name="template"),
        viewed(
            zip(members, (200 + firm) if under_own_names else 200 + members, strict=True),
            n_accounts=1000,
            name="mailbox",
        ),
    ]
    assert len(set(pieces_of(Weigher(views), members))) == n_pieces
