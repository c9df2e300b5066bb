"""Candidate pairs become sets worth growing: at several levels, each once, in a fixed order."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from iolaus.link.communities import seed_sets

N_ACCOUNTS = 60


def sets_of(edges, views, **changes):
    """Return seed sets as lists; `edges` are (a, b, bits)."""
    asked = {"cut_bits": (6.0, 16.0), "resolutions": (1.0, 4.0), "limit": 100, **changes}
    both = np.array([(a, b) for a, b, _ in edges], dtype=np.int64).reshape(-1, 2)
    bits = np.array([x for _, _, x in edges], dtype=float)
    return [found.tolist() for found in seed_sets(both, bits, views=views, **asked)]


def knot(accounts, bits):
    """Return all pairs of some accounts."""
    return [(a, b, bits) for a, b in combinations(accounts, 2)]


@pytest.fixture
def silent(viewed):
    """Return a view of 60 accounts that nobody shares anything in."""
    return [viewed([(a, a) for a in range(N_ACCOUNTS)], n_accounts=N_ACCOUNTS)]


def test_components_are_read_off_at_every_level(silent):
    """A strong knot of four with two weak hangers-on is a set with them, and one without."""
    edges = [*knot(range(4), 20.0), (3, 4, 8.0), (4, 5, 8.0)]
    found = sets_of(edges, silent)
    assert [0, 1, 2, 3, 4, 5] in found
    assert [0, 1, 2, 3] in found


def test_knots_joined_by_one_thread_are_also_tried_apart(silent):
    """Two knots of eight, one pair between them: the whole, and each of the two."""
    edges = [*knot(range(8), 10.0), *knot(range(8, 16), 10.0), (7, 8, 10.0)]
    found = sets_of(edges, silent)
    assert list(range(16)) in found
    assert list(range(8)) in found and list(range(8, 16)) in found


def test_pairs_and_weak_links_are_no_seed(silent):
    """Two accounts are a household; bits under every level are nothing to follow."""
    assert sets_of([(0, 1, 30.0)], silent) == []
    assert sets_of(knot(range(5), 5.0), silent) == []
    assert sets_of([], silent) == []


def test_holders_of_a_controlled_value_are_a_seed(viewed):
    """Six on one card are tried without a pair between them; six with one recipe are not."""
    pairs = [(a, 1) for a in range(6)]
    card = viewed(pairs, n_accounts=N_ACCOUNTS, name="payment")
    recipe = viewed(pairs, n_accounts=N_ACCOUNTS, name="template")
    assert sets_of([], [card]) == [[0, 1, 2, 3, 4, 5]]
    assert sets_of([], [recipe]) == []


def test_value_of_a_third_of_all_is_no_seed(viewed):
    """A promotional credit that a cohort was given is nobody's card."""
    cohort = viewed([(a, 1) for a in range(30)], n_accounts=N_ACCOUNTS, name="payment")
    assert sets_of([], [cohort]) == []


def test_each_set_is_tried_once_and_the_largest_first(viewed):
    """The same six by card and by pairs are one seed; a limit keeps the largest."""
    card = viewed([(a, 1) for a in range(6)], n_accounts=N_ACCOUNTS, name="payment")
    edges = [*knot(range(6), 20.0), *knot(range(10, 20), 20.0)]
    found = sets_of(edges, [card], resolutions=())
    assert found == [list(range(10, 20)), list(range(6))]
    assert sets_of(edges, [card], resolutions=(), limit=1) == [list(range(10, 20))]
