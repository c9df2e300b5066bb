"""A tie table becomes a View that can be read from either end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

N_ACCOUNTS = 12
PAIRS = st.lists(st.tuples(st.integers(0, N_ACCOUNTS - 1), st.integers(-5, 5)), max_size=60)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pairs=PAIRS)
def test_views_are_indexed_both_ways(viewed, pairs):
    """Reading by account and reading by value give the pairs that were put in, each once."""
    view = viewed(pairs, n_accounts=N_ACCOUNTS)
    by_account = {
        (account, int(view.values[x]))
        for account in range(N_ACCOUNTS)
        for x in view.held[view.start_of_account[account] : view.start_of_account[account + 1]]
    }
    by_value = {
        (int(account), int(view.values[x]))
        for x in range(view.n_values)
        for account in view.holders[view.start_of_value[x] : view.start_of_value[x + 1]]
    }
    assert by_account == by_value == set(pairs)
    assert len(view.held) == len(view.holders) == len(set(pairs))
    assert view.n_holders.sum() == view.n_held.sum() == len(set(pairs))


def test_order_of_rows_does_not_matter(viewed):
    """Shuffled tie rows give the same index."""
    rng = np.random.default_rng(3)
    pairs = np.stack([rng.integers(0, 50, 300), rng.integers(0, 30, 300)], axis=1)
    first = viewed(pairs, n_accounts=50)
    second = viewed(rng.permutation(pairs), n_accounts=50)
    for name in ("start_of_account", "held", "start_of_value", "holders", "values"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_account_that_holds_nothing_counts_in_the_population_and_in_no_mean(viewed):
    """Silent accounts are people too, but say nothing of how many values a holder has."""
    view = viewed([(0, 7), (0, 8), (3, 7)], n_accounts=100)
    assert view.n_accounts == 100
    assert view.mean_held == pytest.approx(1.5)


def test_view_without_ties_is_empty_and_usable(viewed):
    """A column that no log carries gives no value, no holder, and a mean that divides."""
    view = viewed([], n_accounts=5)
    assert view.n_values == 0
    assert view.n_held.tolist() == [0] * 5
    assert view.mean_held == 1.0
