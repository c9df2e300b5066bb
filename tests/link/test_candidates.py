"""Candidate pairs along a ring: what a join would find where it matters, and never its cost."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from iolaus.link.candidates import candidate_pairs

N_ACCOUNTS = 100
RARE = 5  # a ring of reach 2 over five holders is all of their pairs
TIES = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 11)), min_size=1, max_size=70)


def pairs_of(views, **changes):
    """Return {(a, b): bits} at the shipped reach."""
    asked = {"reach": 2, "n_orders": 2, "cap_share": 0.05, "floor_bits": 0.0, **changes}
    pairs, bits = candidate_pairs(views, **asked)
    return {(int(a), int(b)): float(x) for (a, b), x in zip(pairs, bits, strict=True)}


def shared_by(ties):
    """Return {value: accounts that hold it}, by brute force."""
    holders = {}
    for account, value in ties:
        holders.setdefault(value, set()).add(account)
    return holders


def brute_bits(a, b, ties, *, cap_share=0.05):
    """Bits of one pair in one view, from the formulas of detection.md, written anew."""
    holders = {x: h for x, h in shared_by(ties).items() if len(h) / N_ACCOUNTS <= cap_share}
    both = [x for x, h in holders.items() if a in h and b in h]
    if not both:
        return 0.0
    n_a, n_b = (len({x for i, x in ties if i == account}) for account in (a, b))
    rarest = min(len(holders[x]) / N_ACCOUNTS for x in both)
    sum_square = sum((len(h) / N_ACCOUNTS) ** 2 for h in holders.values() if len(h) >= 2)
    single = -np.log2(min(1.0, min(n_a, n_b) * rarest))
    many = -poisson.logsf(len(both) - 1, n_a * n_b * sum_square) / np.log(2)
    return max(single, min(max(many, 0.0), 200.0))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ties=TIES)
def test_ring_finds_every_pair_that_shares_a_rare_value(viewed, ties):
    """Where at most five hold a value, the ring is the self-join, and so are its bits."""
    found = pairs_of([viewed(ties, n_accounts=N_ACCOUNTS)])
    rare = [accounts for accounts in shared_by(ties).values() if len(accounts) <= RARE]
    wanted = {pair for accounts in rare for pair in combinations(sorted(accounts), 2)}
    assert wanted == set(found)
    for (a, b), bits in found.items():
        assert bits == pytest.approx(brute_bits(a, b, ties), abs=1e-6)


def test_hot_value_brings_no_candidates(viewed):
    """What six in a hundred share links nobody; its twin, shared by five, links all five."""
    hot = [(account, 1) for account in range(6)]
    assert pairs_of([viewed(hot, n_accounts=N_ACCOUNTS)]) == {}
    assert len(pairs_of([viewed(hot[:5], n_accounts=N_ACCOUNTS)])) == 10


@pytest.mark.parametrize("n_holders", [100, 200, 400])
def test_candidates_grow_with_ties_not_with_their_square(viewed, n_holders):
    """A value's ring costs reach x orders a holder, however many hold it."""
    ties = [(account, 1) for account in range(n_holders)]
    found = pairs_of([viewed(ties, n_accounts=20_000)])
    assert len(found) <= 2 * 2 * n_holders
    assert len(found) >= n_holders  # and nobody on the ring is left out
    assert {account for pair in found for account in pair} == set(range(n_holders))


def test_views_of_one_family_do_not_add_up(viewed):
    """Address and prefix say the same thing; two families say two things."""
    ties = [(0, 1), (1, 1)]
    once = pairs_of([viewed(ties, n_accounts=N_ACCOUNTS)])[0, 1]
    same = [viewed(ties, n_accounts=N_ACCOUNTS, name=n, family="place") for n in ("a", "b")]
    other = [viewed(ties, n_accounts=N_ACCOUNTS, name=n, family=n) for n in ("a", "b")]
    assert pairs_of(same)[0, 1] == pytest.approx(once)
    assert pairs_of(other)[0, 1] == pytest.approx(2 * once)


def test_pairs_below_the_floor_are_not_kept(viewed):
    """A pair is kept at a floor under its bits, and dropped at one above."""
    view = viewed([(0, 1), (1, 1)], n_accounts=N_ACCOUNTS)
    bits = pairs_of([view])[0, 1]
    assert pairs_of([view], floor_bits=bits - 0.1) == {(0, 1): bits}
    assert pairs_of([view], floor_bits=bits + 0.1) == {}


def test_many_values_held_make_a_coincidence_cheap(viewed):
    """Two busy accounts meet by chance; the same rare value between quiet ones says more."""
    quiet = [(0, 1), (1, 1)]
    busy = [*quiet, *((a, 10 + 40 * a + x) for a in (0, 1) for x in range(30))]
    assert (
        pairs_of([viewed(busy, n_accounts=N_ACCOUNTS)])[0, 1]
        < pairs_of([viewed(quiet, n_accounts=N_ACCOUNTS)])[0, 1]
    )


def test_no_views_give_no_pairs():
    """A log that shows nothing links nobody."""
    assert pairs_of([]) == {}
