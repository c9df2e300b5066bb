"""Turns whose source tells no conversation: joined where only the network would send them."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.campaign.sessions import chained
from iolaus.campaign.traffic import traffic_of

MINUTE_US = 60_000_000
MEMBERS, OUTSIDERS = range(8), range(100, 160)
HARNESS, BARE = 77, 1


@pytest.fixture(scope="module")
def outside(fingerprints):
    """Return strangers: bare requests of four words and more, each an hour apart."""
    account = np.repeat(list(OUTSIDERS), 10)
    marks = [[int(i), int(i) + 1, int(i) + 2, int(i) + 3] for i in range(len(account))]
    return traffic_of(
        fingerprints(account, shingles=marks, parameters=np.full(len(account), BARE)),
        has_text=True,
    )


def talk_of(fingerprints, *, parameters, follow_exact, gap_min=2):
    """Return members' traffic: a long prompt, then two words, by account, ten times over."""
    rows = [(a, k, turn) for a in MEMBERS for k in range(10) for turn in (0, 1)]
    at = [(a * 10 + k) * 600 * MINUTE_US + turn * gap_min * MINUTE_US for a, k, turn in rows]
    marks = [[9001, 9002, 9003, 9004, 5 * k] if turn == 0 else [8001, 8002] for a, k, turn in rows]
    table = fingerprints(
        [a for a, _, _ in rows],
        at=np.array(at) + 1_772_409_600_000_000,
        shingles=marks,
        parameters=np.full(len(rows), parameters),
        exact=[follow_exact if turn else 10_000 + i for i, (_, _, turn) in enumerate(rows)],
    )
    return traffic_of(table, has_text=True)


def joined_share(inside, outside):
    """Return the share of second turns that lie in the session of their first."""
    found, _ = chained(inside, outside, lift_bits=3.0, support=5)
    session = found.session.reshape(-1, 2)
    return float((session[:, 0] == session[:, 1]).mean())


def test_turns_in_a_context_of_the_network_s_own_are_one_session(fingerprints, outside):
    """A harness of its own sends both within minutes; an hour later it is another session."""
    near = talk_of(fingerprints, parameters=HARNESS, follow_exact=None)
    late = talk_of(fingerprints, parameters=HARNESS, follow_exact=None, gap_min=60)
    assert joined_share(near, outside) == 1.0
    assert joined_share(late, outside) == 0.0


def test_short_turn_in_words_of_the_network_s_own_follows_the_prompt_before(fingerprints, outside):
    """The same few words sent by all members and nobody else go with what they follow."""
    inside = talk_of(fingerprints, parameters=BARE, follow_exact=42)
    assert joined_share(inside, outside) == 1.0


def test_what_strangers_would_send_too_stays_alone(fingerprints, outside):
    """In everybody's context, and in words of no common kind, the clock alone joins nothing."""
    inside = talk_of(fingerprints, parameters=BARE, follow_exact=None)
    assert joined_share(inside, outside) == 0.0


def test_told_conversations_stay_as_they_are(fingerprints, outside):
    """Where the source tells the conversation, nothing is guessed."""
    table = fingerprints(
        np.repeat(list(MEMBERS), 4),
        shingles=[[9001, 9002, 9003, 9004]] * 32,
        parameters=np.full(32, HARNESS),
        conversation=np.arange(32),
        at=1_772_409_600_000_000 + np.arange(32) * MINUTE_US,
    )
    inside = traffic_of(table, has_text=True)
    found, _ = chained(inside, outside, lift_bits=3.0, support=5)
    assert np.array_equal(found.session, inside.session)


def test_empty_traffic_is_no_session(fingerprints, outside):
    """A network without an exchange is chained to nothing."""
    nothing = traffic_of(fingerprints([]), has_text=True)
    found, same = chained(nothing, outside, lift_bits=3.0, support=5)
    assert found.n_rows == 0 and same.n_rows == outside.n_rows
