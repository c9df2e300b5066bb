"""Fingerprint tables become rows of marks, with or without text."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.campaign.separation import separate
from iolaus.campaign.traffic import traffic_of


def test_marks_are_the_prompt_s_shingles(fingerprints):
    """Each row has its own; one without a prompt has none."""
    table = fingerprints([0, 0, 1], shingles=[[1, 2], None, [3]])
    traffic = traffic_of(table, has_text=True)
    assert traffic.start.tolist() == [0, 2, 2, 3]
    assert traffic.marks.tolist() == [1, 2, 3]
    assert traffic.row_of_mark.tolist() == [0, 0, 2]


def test_conversation_is_one_session_and_a_lone_exchange_its_own(fingerprints):
    """Two exchanges of one conversation, over two accounts; two without one stand alone."""
    table = fingerprints([0, 1, 0, 0], conversation=[5, 5, None, None], shingles=[[1]] * 4)
    session = traffic_of(table, has_text=True).session
    assert session[0] == session[1]
    assert len({session[1], session[2], session[3]}) == 3


def test_leaving_accounts_out_keeps_the_rest_as_it_was(fingerprints):
    """Rows, marks and times of the others stay together."""
    table = fingerprints([0, 1, 2, 1], shingles=[[1, 2], [3], [4, 5, 6], [7]])
    rest = traffic_of(table, has_text=True).without(np.array([1]))
    assert rest.account.tolist() == [0, 2]
    assert rest.marks.tolist() == [1, 2, 4, 5, 6]
    assert rest.start.tolist() == [0, 2, 5]
    assert rest.table["account"].to_pylist() == [0, 2]


def habits(fingerprints, accounts, *, parameters, model, sizes):
    """Return exchanges without text: only how they were asked for, and how large."""
    n = len(accounts)
    return fingerprints(
        accounts,
        parameters=[parameters] * n,
        tools=[parameters + 1] * n,
        model=[model] * n,
        input_tokens=sizes,
        output_tokens=sizes,
    )


def test_without_text_habits_and_sizes_are_the_marks(fingerprints):
    """The same habit in two tables is the same six marks; another habit shares none of them."""
    one = traffic_of(
        habits(fingerprints, [0], parameters=11, model="m", sizes=[100]), has_text=False
    )
    same = traffic_of(
        habits(fingerprints, [9], parameters=11, model="m", sizes=[100]), has_text=False
    )
    other = traffic_of(
        habits(fingerprints, [9], parameters=12, model="n", sizes=[900]), has_text=False
    )
    assert len(one.marks) == 6
    assert one.marks.tolist() == same.marks.tolist()
    assert set(one.marks.tolist()).isdisjoint(other.marks.tolist())


@pytest.mark.parametrize("is_public", [False, True], ids=["own habit", "everybody's habit"])
def test_content_free_log_is_separated_by_habit(fingerprints, is_public):
    """A job's habit that nobody else has is the network's own; a library's default is not."""
    rng = np.random.default_rng(1)
    members, others = np.repeat(np.arange(12), 20), np.repeat(np.arange(100, 200), 20)
    job = habits(fingerprints, members, parameters=99, model="m", sizes=np.full(240, 5000))
    plain = fingerprints(
        others,
        parameters=np.full(2000, 99) if is_public else rng.integers(0, 30, 2000),
        tools=np.full(2000, 100) if is_public else rng.integers(0, 30, 2000),
        model=["m"] * 2000,
        input_tokens=np.full(2000, 5000) if is_public else rng.integers(1, 20_000, 2000),
        output_tokens=np.full(2000, 5000) if is_public else rng.integers(1, 20_000, 2000),
    )
    own = separate(
        traffic_of(job, has_text=False),
        traffic_of(plain, has_text=False),
        lift_bits=3.0,
        support=5,
        stranger_share=0.005,
    ).own
    assert own.all() if not is_public else not own.any()
