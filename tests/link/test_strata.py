"""What is common among an account's own kind is no evidence, however rare in the world."""

from __future__ import annotations

import numpy as np

from iolaus.link.strata import LEAST, strata_of
from iolaus.link.weights import Weigher

N_ACCOUNTS = 5000
HERE = np.arange(1000)
TEN = np.arange(10)
WORLD = np.where(np.arange(N_ACCOUNTS) < 1000, 0, -1)


def bits_of(view, members, strata):
    """Return the members' bits in one view."""
    return Weigher([view], strata).weigh(members).bits[: len(members), 0]


def carriers(viewed, *, shared_by):
    """Return a view in which each of a country's carriers serves so many of its thousand people."""
    pairs = [(int(a), int(a) // shared_by) for a in HERE]
    return viewed(pairs, n_accounts=N_ACCOUNTS, name="infrastructure")


def test_sharing_what_all_of_one_country_share_is_no_evidence(viewed):
    """Everybody there shares a carrier with nine others; in the whole world one in five does."""
    view = carriers(viewed, shared_by=10)
    members = np.concatenate([np.arange(k, k + 2) for k in range(0, 100, 10)])
    alone = bits_of(view, members, None)
    told = bits_of(view, members, WORLD)
    assert (told <= alone).all()
    assert told.max() < 1 < alone.max()


def test_sharing_what_nobody_of_one_s_country_shares_stays_evidence(viewed):
    """A card of ten people says as much against their own country as against the world, nearly."""
    view = viewed([(int(a), 1) for a in TEN], n_accounts=N_ACCOUNTS)
    alone, told = bits_of(view, TEN, None), bits_of(view, TEN, WORLD)
    assert (told > 5).all()
    assert (alone - told < 2.5).all()


def test_no_stratum_never_raises_bits_and_all_in_one_changes_nothing(viewed):
    """One stratum of everybody is the background as it was."""
    view = carriers(viewed, shared_by=20)
    members = np.arange(40)
    everybody = np.zeros(N_ACCOUNTS, dtype=np.int64)
    np.testing.assert_allclose(
        bits_of(view, members, everybody), bits_of(view, members, None), rtol=1e-12
    )


def test_small_kinds_back_off_one_column_at_a_time():
    """Country and pathway where a thousand are alike in both, else the country, else nobody's."""
    country = np.repeat([0, 1, 2, -1], [2500, 1200, 300, 100])
    pathway = np.concatenate([np.repeat([0, 1], [1500, 1000]), np.arange(1200) % 7, np.zeros(400)])
    strata = strata_of([country, pathway.astype(np.int64)])
    assert len(set(strata[:1500])) == len(set(strata[1500:2500])) == 1
    assert strata[0] != strata[1500]
    assert len(set(strata[2500:3700])) == 1 and strata[2500] not in set(strata[:2500])
    assert (strata[3700:] == -1).all()
    assert sorted(set(strata[strata >= 0])) == list(range(int(strata.max()) + 1))


def test_few_accounts_have_no_strata_and_unknown_columns_none():
    """A log of less than a thousand accounts, or without an account table, is as before."""
    assert (strata_of([np.zeros(LEAST - 1, dtype=np.int64)]) == -1).all()
    assert (strata_of([np.full(5000, -1)]) == -1).all()
    assert len(strata_of([])) == 0
