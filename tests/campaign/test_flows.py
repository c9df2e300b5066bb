"""What one recipe made is one flow."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.campaign.flows import dealt_share, flow_labels, without_strays
from iolaus.campaign.separation import separate
from iolaus.campaign.traffic import traffic_of

MEMBERS, OUTSIDERS = range(12), range(100, 200)


@pytest.fixture(scope="module")
def outside(talk):
    """Return what strangers say."""
    said = talk(seed=2)
    said.chat(OUTSIDERS, 20)
    return traffic_of(said.table(), has_text=True)


def labels_of(said, outside):
    """Return the flow of each row."""
    inside = traffic_of(said.table(), has_text=True)
    found = separate(inside, outside, lift_bits=3.0, support=5, stranger_share=0.005)
    return flow_labels(inside, found), found


def test_two_recipes_are_two_flows_largest_first(talk, outside):
    """Each recipe's sessions are one flow, and strangers' are none."""
    said = talk(seed=3)
    said.use(7, MEMBERS, 30)
    said.use(8, MEMBERS, 10)
    said.chat(MEMBERS, 20)
    label, found = labels_of(said, outside)
    family = np.array([f or 0 for f in said.family])
    assert set(label[(family == 7) & found.own]) == {0}
    assert set(label[(family == 8) & found.own]) == {1}
    assert (label[~found.own] == -1).all()


def test_one_recipe_under_many_template_families_is_one_flow(talk, outside):
    """A persona prompt in many variations: the marks they share join the families."""
    said = talk(seed=4)
    for variation in range(6):
        said.use(7, MEMBERS, 6, family=70 + variation)
    label, found = labels_of(said, outside)
    assert set(label[found.own]) == {0}


def test_without_families_marks_alone_join(talk, outside):
    """Prompts that no template was made of are joined by what they share all the same."""
    said = talk(seed=5)
    said.use(7, MEMBERS, 20)
    said.family = [None] * len(said.family)
    label, found = labels_of(said, outside)
    assert found.own.mean() > 0.9
    assert np.bincount(label[label >= 0]).max() > 0.9 * found.own.sum()


def test_session_s_later_turns_take_its_flow(talk, outside):
    """Whatever is asked after the recipe's first turn goes into the recipe's flow."""
    said = talk(seed=6)
    said.use(7, MEMBERS, 30)
    said.use(8, MEMBERS, 10)
    for a in MEMBERS:
        said.add(a, said.shingles[30 * 12 + 10 * a], family=8, conversation=a + 1)
        said.add(a, said.words(16), conversation=a + 1)
    label, _ = labels_of(said, outside)
    turns = label[12 * 40 :].reshape(12, 2)
    assert (turns == 1).all()


def test_nothing_own_is_no_flow(talk, outside):
    """Where every session is a stranger's, every label says so."""
    said = talk(seed=7)
    said.chat(MEMBERS, 20)
    label, _ = labels_of(said, outside)
    assert (label == -1).all()


def test_recipes_that_fill_their_slots_alike_stay_apart(talk, outside):
    """Topics that come up in both are no scaffold; what all prompts of a recipe say is."""
    said = talk(seed=11)
    topics = [[5_000_000 + 10 * t + w for w in range(6)] for t in range(8)]
    for k, a in enumerate(np.tile(MEMBERS, 40)):
        for recipe in (7, 8):
            scaffold = (1_000_000 * recipe + np.arange(8)).tolist()
            said.add(int(a), scaffold + topics[(k + recipe) % 8], family=recipe)
    label, found = labels_of(said, outside)
    family = np.array(said.family)
    assert found.own.all()
    assert len(set(label[family == 7])) == len(set(label[family == 8])) == 1
    assert set(label[family == 7]).isdisjoint(label[family == 8])


def test_prompt_of_no_family_goes_to_the_recipe_whose_words_it_uses(talk, outside):
    """A wording too rare for a template of its own is in the flow all the same."""
    said = talk(seed=12)
    said.use(7, MEMBERS, 30)
    said.use(8, MEMBERS, 30)
    for a in MEMBERS:
        said.add(a, list(said.shingles[30 * a]))
    label, found = labels_of(said, outside)
    rare = np.arange(2 * 12 * 30, len(label))
    assert found.own[rare].all()
    assert set(label[rare]) == {label[0]}


def test_account_that_carries_what_chance_would_give_it_is_in_no_flow():
    """One of a thousand exchanges is a stray; two of three are not, nor is all that one sends."""
    account = np.repeat([0, 1, 2], [1000, 3, 40])
    label = np.full(len(account), -1)
    label[5] = label[1000] = label[1001] = 0
    label[1003:] = 1
    kept = without_strays(label, account, share=0.005)
    assert kept[5] == -1
    assert set(kept[1000:1002]) == {1} and set(kept[1003:]) == {0}
    assert (without_strays(np.full(4, -1), np.arange(4), share=0.005) == -1).all()


def test_share_that_is_dealt_out_leaves_customers_own_recipes_away():
    """A job over all accounts counts whole, one that sticks to two of twenty not at all, between in part."""
    account = np.concatenate([np.arange(100) % 20, np.arange(100) % 2, np.arange(200) % 20])
    label = np.repeat([0, 1, -1], [100, 100, 200])
    assert dealt_share(label, account) == pytest.approx(0.25)
    account[100:200] = np.arange(100) % 8
    assert 0.25 < dealt_share(label, account) < 0.5
    account[100:200] = np.arange(100) % 10
    assert dealt_share(label, account) == pytest.approx(0.5, abs=0.01)
    assert dealt_share(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)) == 0.0
