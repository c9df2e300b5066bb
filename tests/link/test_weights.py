"""Bits of members: leave one out, over those outside, and never by what everybody shares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iolaus.link.growth import member_threshold
from iolaus.link.weights import Weigher

N_ACCOUNTS = 1000
FIVE = np.arange(5)


def bits_of(views, members, **asked):
    """Return the members' bits, members x views."""
    weighed = Weigher(views).weigh(np.asarray(members, dtype=np.int64), **asked)
    return weighed.bits[: len(members)]


def test_value_that_one_member_holds_alone_is_no_evidence(viewed):
    """Nobody vouches for himself: his own card says nothing; a card of five says much."""
    alone = viewed([(0, 1), *((a, 100 + a) for a in range(1, N_ACCOUNTS))], n_accounts=N_ACCOUNTS)
    shared = viewed([(a, 1) for a in FIVE], n_accounts=N_ACCOUNTS)
    assert bits_of([alone], FIVE).tolist() == [[0.0]] * 5
    assert (bits_of([shared], FIVE) > 5).all()


def test_bits_are_the_formula_s(viewed):
    """Four of four others share it, none of 995 outside: log2(theta / q), less the search's price."""
    q = 0.5 / (N_ACCOUNTS - 5 + 1)
    theta = (4 + 2 * q) / (4 + 2)
    view = viewed([(a, 1) for a in FIVE], n_accounts=N_ACCOUNTS)
    wanted = np.log2(theta / q) - np.log2(6)
    np.testing.assert_allclose(bits_of([view], FIVE)[:, 0], wanted)


def test_silence_speaks_in_a_fixed_view_alone(viewed):
    """Four of five share a device: the fifth's own device is held against him where all have one."""
    view = viewed([(a, 1) for a in range(4)] + [(4, 2)], n_accounts=N_ACCOUNTS)
    assert bits_of([view], FIVE)[4, 0] == 0.0
    assert -2.0 <= bits_of([replace(view, fixed=True)], FIVE)[4, 0] < -0.5


def test_value_that_everybody_holds_is_no_evidence(viewed):
    """Half the world uses it; a value of the same five members alone is worth bits."""
    common = [(a, 1) for a in range(N_ACCOUNTS // 2)]
    assert bits_of([viewed(common, n_accounts=N_ACCOUNTS)], FIVE).max() == 0.0


def test_rarer_outside_is_worth_more(viewed):
    """The more outsiders hold a value, the less its members gain; down to nothing."""
    gains = []
    for n_outside in (0, 2, 8, 32, 128, 600):
        pairs = [(a, 1) for a in (*FIVE, *range(100, 100 + n_outside))]
        gains.append(bits_of([viewed(pairs, n_accounts=N_ACCOUNTS)], FIVE).mean())
    assert gains == sorted(gains, reverse=True)
    assert gains[0] > 5 and gains[-1] == 0.0


def test_a_member_that_shares_nothing_gains_nothing_from_the_others(viewed):
    """Four share a card; the fifth, who pays for himself, has no bit of theirs."""
    view = viewed([(a, 1) for a in range(4)] + [(4, 2)], n_accounts=N_ACCOUNTS)
    bits = bits_of([view], FIVE)[:, 0]
    assert (bits[:4] > 4).all() and bits[4] == 0.0


def test_outsider_who_shares_the_value_is_weighed_as_a_candidate(viewed):
    """A sixth holder is named with bits; one who holds something else is not even listed."""
    view = viewed([(a, 1) for a in range(6)] + [(9, 2)], n_accounts=N_ACCOUNTS)
    weighed = Weigher([view]).weigh(FIVE)
    assert weighed.accounts.tolist() == [0, 1, 2, 3, 4, 5]
    assert weighed.bits[5, 0] > 4


def test_one_who_holds_many_values_needs_more(viewed):
    """With forty cards one meets others by chance; the same card alone is worth more."""
    pairs = [(a, 1) for a in FIVE]
    few = viewed(pairs + [(900, 7)], n_accounts=N_ACCOUNTS)
    many = viewed(pairs + [(0, 100 + x) for x in range(40)], n_accounts=N_ACCOUNTS)
    assert bits_of([many], FIVE)[0, 0] < bits_of([few], FIVE)[0, 0]


def test_muted_value_is_as_if_nobody_held_it(viewed):
    """Muting the only shared value leaves nothing; muting another changes nothing."""
    view = viewed([(a, 1) for a in FIVE] + [(0, 2)], n_accounts=N_ACCOUNTS)
    assert bits_of([view], FIVE, muted={"payment": 0}).max() == 0.0
    np.testing.assert_array_equal(
        bits_of([view], FIVE, muted={"payment": 1}), bits_of([view], FIVE)
    )


def test_ignored_accounts_are_no_background(viewed):
    """The rest of a real network is not held against its part."""
    view = viewed([(a, 1) for a in range(60)], n_accounts=N_ACCOUNTS)
    rest = np.arange(5, 60)
    assert (bits_of([view], FIVE, ignored=rest) > bits_of([view], FIVE)).all()


def test_views_of_one_family_count_once_and_pay_for_the_choice(viewed):
    """Two views of one family give the better one's bits less one; of two families, both."""
    pairs = [(a, 1) for a in FIVE]
    one = [viewed(pairs, n_accounts=N_ACCOUNTS, name="a", family="place")]
    same = one + [viewed(pairs, n_accounts=N_ACCOUNTS, name="b", family="place")]
    other = one + [viewed(pairs, n_accounts=N_ACCOUNTS, name="b", family="money")]
    single = Weigher(one).weigh(FIVE).totals
    np.testing.assert_allclose(Weigher(same).weigh(FIVE).totals, single - 1.0)
    np.testing.assert_allclose(Weigher(other).weigh(FIVE).totals, 2 * single)


def test_only_controlled_views_speak_as_controlled(viewed):
    """A recipe can be copied; a card must be held."""
    pairs = [(a, 1) for a in FIVE]
    recipe = Weigher([viewed(pairs, n_accounts=N_ACCOUNTS, name="template")]).weigh(FIVE)
    card = Weigher([viewed(pairs, n_accounts=N_ACCOUNTS, name="payment")]).weigh(FIVE)
    assert recipe.controlled_bits.max() == 0.0
    np.testing.assert_allclose(card.controlled_bits, card.totals)


def test_ceiling_bounds_a_view(viewed):
    """What another view mostly explains is worth three bits at most."""
    view = viewed([(a, 1) for a in FIVE], n_accounts=N_ACCOUNTS)
    assert bits_of([replace(view, ceiling_bits=3.0)], FIVE).max() == 3.0
    assert bits_of([view], FIVE).max() > 3.0


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(n_more=st.integers(1, 5000), k=st.integers(3, 40), n_held=st.integers(1, 6))
def test_quiet_newcomers_never_hide_busy_members(viewed, n_more, k, n_held):
    """Members hold several values each, newcomers one: the mean sinks, and no bit with it."""
    members = np.arange(k)
    pairs = [(a, 1) for a in members] + [(a, 100 + a) for a in range(100, N_ACCOUNTS)]
    pairs += [(a, 10_000 * (x + 1) + a) for a in range(N_ACCOUNTS) for x in range(n_held - 1)]
    more = pairs + [(N_ACCOUNTS + a, 1_000_000 + a) for a in range(n_more)]
    before = bits_of([viewed(pairs, n_accounts=N_ACCOUNTS)], members)
    after = bits_of([viewed(more, n_accounts=N_ACCOUNTS + n_more)], members)
    assert (after >= before - 1e-9).all()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(n_more=st.integers(1, 5000), k=st.integers(3, 40), n_outside=st.integers(0, 20))
def test_unrelated_accounts_never_hide_a_network(viewed, n_more, k, n_outside):
    """As ordinary traffic is added, members' bits do not fall, nor does their surplus."""
    members = np.arange(k)
    pairs = [(a, 1) for a in range(k + n_outside)] + [(a, 100 + a) for a in range(100, N_ACCOUNTS)]
    more = pairs + [(N_ACCOUNTS + a, 1_000_000 + a) for a in range(n_more)]
    before = bits_of([viewed(pairs, n_accounts=N_ACCOUNTS)], members)
    after = bits_of([viewed(more, n_accounts=N_ACCOUNTS + n_more)], members)
    assert (after >= before - 1e-9).all()
    price = member_threshold(N_ACCOUNTS + n_more, k, 10) - member_threshold(N_ACCOUNTS, k, 10)
    if before.min() > 0:
        assert (after - before >= price - 0.1).all()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_weights_do_not_depend_on_how_accounts_are_numbered(viewed, seed):
    """Relabelling every account relabels the bits, and scratch space keeps nothing."""
    rng = np.random.default_rng(seed)
    pairs = np.stack([rng.integers(0, 60, 200), rng.integers(0, 40, 200)], axis=1)
    name = rng.permutation(60)
    members = np.sort(rng.choice(60, size=12, replace=False))
    first = Weigher([viewed(pairs, n_accounts=60)])
    second = Weigher([viewed(np.stack([name[pairs[:, 0]], pairs[:, 1]], axis=1), n_accounts=60)])
    first.weigh(np.arange(20))  # leaves its scratch space clean
    one, two = first.weigh(members), second.weigh(name[members])
    by_account = dict(zip(two.accounts.tolist(), two.totals, strict=True))
    renamed = [by_account[name[a]] for a in one.accounts]
    assert renamed == pytest.approx(one.totals.tolist())


def test_light_account_is_not_expected_to_share_as_a_heavy_member_does(viewed):
    """Twenty busy accounts share eighty exits; one who holds a single one of them gains little.

    Where the twenty hold two values each, one shared value says much more.
    """
    twenty, passer_by = np.arange(20), 500

    def bits(n_exits):
        pairs = [(a, 1000 + x) for a in twenty for x in range(n_exits)]
        pairs += [(a, 2000 + a) for a in range(20, N_ACCOUNTS)]
        view = viewed([*pairs, (passer_by, 1000)], n_accounts=N_ACCOUNTS)
        weighed = Weigher([view]).weigh(twenty)
        return weighed.bits[list(weighed.accounts).index(passer_by), 0]

    assert bits(2) - bits(80) > 2
