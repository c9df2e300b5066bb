"""The network's own sessions are told from the strangers that pass through its accounts."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.campaign.separation import _cut, _falling, flow_rows, separate
from iolaus.campaign.traffic import traffic_of

MEMBERS, OUTSIDERS = range(12), range(100, 220)
LIMIT = 0.005


def separated(inside, outside, **changes):
    """Separate two tables of fingerprints with the shipped numbers."""
    asked = {"lift_bits": 3.0, "support": 5, "stranger_share": LIMIT, **changes}
    return separate(traffic_of(inside, has_text=True), traffic_of(outside, has_text=True), **asked)


@pytest.fixture(scope="module")
def crowd(talk):
    """Return what 120 strangers outside say."""
    said = talk(seed=2)
    said.chat(OUTSIDERS, 20)
    return said.table()


@pytest.fixture(scope="module")
def relay(talk):
    """Return a relay's accounts: half of what they send is one recipe's, half its customers'."""
    said = talk(seed=3)
    said.use(7, MEMBERS, 20)
    said.chat(MEMBERS, 20)
    return said


def test_templated_sessions_are_found_among_customers(relay, crowd):
    """Nearly all of the recipe's sessions, at less than one stranger in a hundred."""
    own = separated(relay.table(), crowd).own
    assert own[relay.is_own].mean() > 0.97
    assert (own & ~relay.is_own).sum() <= 0.01 * own.sum()


def test_strangers_inside_are_bounded_by_strangers_outside(relay, crowd):
    """Half of the traffic is customers', and so it is said."""
    assert separated(relay.table(), crowd).inside_share == pytest.approx(0.5, abs=0.05)


def test_network_of_innocents_has_nothing_of_its_own(talk, crowd):
    """A clean reseller's customers say what everybody says: nothing is attributed."""
    clean = talk(seed=4)
    clean.chat(MEMBERS, 40)
    found = separated(clean.table(), crowd)
    assert not found.own.any()
    assert found.cut == np.inf


def test_recipe_that_strangers_use_too_is_not_the_network_s(talk):
    """Half of the world uses the tool: its sessions stay with nobody."""
    inside, outside = talk(seed=5), talk(seed=6)
    inside.use(7, MEMBERS, 20)
    inside.chat(MEMBERS, 20)
    outside.use(7, OUTSIDERS, 10)
    outside.chat(OUTSIDERS, 10)
    assert not separated(inside.table(), outside.table()).own.any()


def test_what_one_account_alone_repeats_is_its_own_business(talk, crowd):
    """A customer with a pet prompt vouches only for himself; when all send it, it is shared."""
    pet = talk(seed=7)
    pet.use(9, [0], 200)
    pet.chat(MEMBERS, 40)
    assert not separated(pet.table(), crowd).own[pet.is_own].any()
    shared = talk(seed=7)
    shared.use(9, MEMBERS, 17)
    shared.chat(MEMBERS, 40)
    assert separated(shared.table(), crowd).own[shared.is_own].mean() > 0.95


@pytest.mark.parametrize(("n_users", "is_own"), [(3, False), (4, True)])
def test_nobody_vouches_for_his_own_marks(talk, crowd, n_users, is_own):
    """Of twelve accounts three others must use a mark: four users vouch for each other, three do not."""
    said = talk(seed=12)
    said.use(9, range(n_users), 60)
    said.chat(MEMBERS, 20)
    own = separated(said.table(), crowd).own[said.is_own]
    assert own.mean() > 0.95 if is_own else not own.any()


def test_sessions_go_whole(talk, crowd):
    """Where the first turn carries the recipe, "go on" belongs to it; said to nobody, it does not."""
    said = talk(seed=8)
    said.use(7, MEMBERS, 20)
    for a in MEMBERS:
        said.add(a, said.shingles[20 * a], family=7, conversation=a + 1)
        said.add(a, said.words(16), conversation=a + 1)
        said.add(a, said.words(16), conversation=a + 1000)
    own = separated(said.table(), crowd).own
    turns = own[12 * 20 :].reshape(12, 3)
    assert turns[:, 0].all() and turns[:, 1].all()
    assert not turns[:, 2].any()


def test_prompts_of_a_few_words_say_too_little(talk, crowd):
    """Two words of the recipe are no session of it; ten are."""
    said = talk(seed=9)
    said.use(7, MEMBERS, 20)
    for a in MEMBERS:
        said.add(a, said.shingles[20 * a][:2])
    own = separated(said.table(), crowd).own
    assert own[: 12 * 20].mean() > 0.95
    assert not own[12 * 20 :].any()


def test_members_that_linking_missed_do_not_spoil_the_cut(relay, talk):
    """Two of 120 outsiders send nothing but the recipe; the relay's sessions are found all the same."""
    outside = talk(seed=10)
    outside.chat(OUTSIDERS[2:], 20)
    outside.use(7, OUTSIDERS[:2], 20)
    own = separated(relay.table(), outside.table()).own
    assert own[relay.is_own].mean() > 0.97
    assert (own & ~relay.is_own).sum() <= 0.01 * own.sum()


def test_nothing_to_separate_gives_nothing(talk, crowd):
    """No exchange, or exchanges without a word, are nobody's."""
    silent = talk()
    for a in MEMBERS:
        silent.add(a, [])
    assert not separated(silent.table(), crowd).own.any()
    assert not separated(talk().table(), crowd).own.any()


def test_without_anybody_outside_nothing_is_attributed(relay, talk):
    """A log of one network alone has no strangers to tell its own sessions from."""
    found = separated(relay.table(), talk().table())
    assert found.inside_share == 1.0
    assert not (found.own & ~relay.is_own).any() or not found.own.any()


def test_order_of_rows_does_not_matter(relay, crowd):
    """Shuffled rows are separated alike."""
    order = np.random.default_rng(0).permutation(len(relay.account))
    first = separated(relay.table(), crowd).own
    second = separated(relay.table().take(order), crowd).own
    np.testing.assert_array_equal(first[order], second)


def test_flow_keeps_the_rows_its_own_marks_hold(relay, crowd):
    """Counted by the flow's own marks, strangers in it stay below the limit."""
    inside = traffic_of(relay.table(), has_text=True)
    separation = separated(relay.table(), crowd)
    rows, share = flow_rows(inside, separation, np.flatnonzero(separation.own), limit=LIMIT)
    assert share <= LIMIT
    assert relay.is_own[rows].mean() > 0.99
    assert len(rows) > 0.97 * relay.is_own.sum()


def test_customers_are_dropped_from_a_flow(relay, crowd):
    """Rows that carry none of the flow's marks do not stay in it."""
    inside = traffic_of(relay.table(), has_text=True)
    everything = np.arange(inside.n_rows)
    rows, share = flow_rows(inside, separated(relay.table(), crowd), everything, limit=LIMIT)
    assert share <= LIMIT
    assert relay.is_own[rows].mean() > 0.99


def test_flow_that_strangers_send_as_well_says_so(relay, talk):
    """One in fifty of everybody's exchanges is the recipe's: no cut keeps customers out of it."""
    outside = talk(seed=11)
    outside.chat(OUTSIDERS, 49)
    outside.use(7, OUTSIDERS, 1)
    inside = traffic_of(relay.table(), has_text=True)
    separation = separated(relay.table(), outside.table(), stranger_share=0.1)
    own = np.flatnonzero(separation.own)
    rows, share = flow_rows(inside, separation, own, limit=LIMIT)
    np.testing.assert_array_equal(rows, own)
    assert share == pytest.approx(0.02, rel=0.2)


def test_no_attributed_session_is_likely_a_stranger_s():
    """Ten thousand sure sessions do not buy a hundred doubtful ones, though the mean allows it."""
    rng = np.random.default_rng(3)
    sure, doubtful = rng.uniform(0.8, 1.0, 10_000), rng.uniform(0.3, 0.4, 100)
    score = np.concatenate([sure, doubtful, np.zeros(5000)])
    strangers = np.concatenate([np.zeros(9900), rng.uniform(0.3, 0.4, 60)])
    cut, share = _cut(score, strangers, limit=0.005, n_strangers=5000)
    assert cut > 0.4 and share <= 0.005
    alone, _ = _cut(score, np.zeros(9960), limit=0.005, n_strangers=5000)
    assert alone < 0.35


def test_strangers_a_session_never_rise_with_the_score():
    """Bins that chance put out of order are pooled; the whole stays as it was."""
    fitted = _falling(np.array([9.0, 1.0, 4.0, 0.0]), weight=np.full(4, 10.0))
    assert (np.diff(fitted) <= 0).all()
    assert fitted.sum() == pytest.approx(1.4)


def test_another_network_of_the_same_operator_is_no_stranger(relay, talk):
    """Forty accounts outside send the recipe all day: an innocent public, unless they are suspects."""
    outside = talk(seed=21)
    outside.chat(OUTSIDERS[40:], 20)
    outside.use(7, OUTSIDERS[:40], 20)
    suspects = np.array(list(OUTSIDERS)[:40])
    assert not separated(relay.table(), outside.table()).own.any()
    found = separated(relay.table(), outside.table(), suspects=suspects)
    assert found.own[relay.is_own].mean() > 0.97
    assert set(found.missed) == set(suspects)


def test_suspects_that_send_something_else_stay_strangers(relay, crowd):
    """A firm that is a network too, and has no part in the recipe, is background as before."""
    plain = separated(relay.table(), crowd)
    asked = separated(relay.table(), crowd, suspects=np.array(list(OUTSIDERS)[:30]))
    assert not len(asked.missed)
    assert np.array_equal(asked.own, plain.own)
