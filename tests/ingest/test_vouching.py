"""Whom an allow list names, in a log whose organisations are hashes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.ingest.allow_list import AllowList
from iolaus.ingest.pseudonyms import Pseudonyms
from iolaus.ingest.vouching import vouched_in, vouching_words

KEY = b"0123456789abcdef"
NAMES = pa.table(
    {"channel": ["first_party", "aws.bedrock", "first_party"], "account": ["one", "one", "two"]}
)


def vouched(*, accounts=(), pairs=(), organizations=(), declared=()):
    """Return whom a list names among the three; `declared` is account and organisation."""
    pseudonyms = Pseudonyms(KEY)
    names = pa.array([name for _, name in declared], pa.string())
    return vouched_in(
        AllowList(
            accounts=frozenset(accounts),
            organizations=frozenset(organizations),
            channel_accounts=frozenset(pairs),
        ),
        names=NAMES,
        declared=pa.table(
            {
                "account": pa.array([account for account, _ in declared], pa.int32()),
                "organization": pseudonyms.organizations(names),
            }
        ),
        pseudonyms=pseudonyms,
    )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, []),
        ({"accounts": ["one"]}, [0, 1]),
        ({"pairs": [("aws.bedrock", "one")]}, [1]),
        ({"pairs": [("gcp.vertex_ai", "one")]}, []),
        ({"accounts": ["On", "ONE"]}, []),
        ({"accounts": ["two"], "pairs": [("aws.bedrock", "one")]}, [1, 2]),
    ],
)
def test_account_is_vouched_for_by_its_name(given, wanted):
    """A bare name in every channel, a name with a channel in that one; no likeness counts."""
    assert vouched(**given).accounts.tolist() == wanted


def test_account_is_vouched_for_by_its_organisation():
    """All accounts that declare it, in the log or in the account table."""
    declared = [(0, "Acme"), (1, "Other"), (2, "Acme")]
    assert vouched(organizations=["Acme"], declared=declared).accounts.tolist() == [0, 2]
    assert vouched(organizations=["Nobody"], declared=declared).accounts.tolist() == []


def test_account_seen_under_another_organisation_too_is_not():
    """Whoever borrows a key for a day does not get vouched for by it."""
    declared = [(0, "Acme"), (0, "Other"), (2, "Acme")]
    assert vouched(organizations=["Acme"], declared=declared).accounts.tolist() == [2]
    both = vouched(organizations=["Acme", "Other"], declared=declared)
    assert both.accounts.tolist() == [0, 2]


def test_names_that_met_nobody_are_counted():
    """Three of five names do not occur; what is said counts them and repeats none."""
    found = vouched(
        accounts=["one", "three"],
        pairs=[("gcp.vertex_ai", "one")],
        organizations=["Acme", "Gone"],
        declared=[(2, "Acme")],
    )
    assert found.n_unknown == 3
    said = vouching_words(found, n_in_networks=1)
    assert said[0].startswith("3 accounts are vouched for") and "1 of them" in said[0]
    assert said[1] == "3 names on the allow list do not occur in the log"
    assert len(vouching_words(vouched(accounts=["one"]), n_in_networks=0)) == 1


def test_empty_list_vouches_for_nobody():
    """No name, nobody, nothing unknown."""
    found = vouched(declared=[(0, "Acme")])
    assert (found.accounts.tolist(), found.n_unknown) == ([], 0)
    assert found.accounts.dtype == np.int64
