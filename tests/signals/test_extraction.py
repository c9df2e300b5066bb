"""Pool signals: each speaks of a harvest, stays calm beside innocents, and knows when to be silent."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iolaus.catalog import pool_signals
from iolaus.signals.coverage import Coverage
from iolaus.signals.elicitation import Elicitation
from iolaus.signals.rhythm import MachineRhythm
from iolaus.signals.value import HarvestValue

HOUR_US = 3_600_000_000
MIDNIGHT = 1_772_409_600_000_000
QUICK = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def bits(evidence):
    """Return the bits of evidence that was given."""
    assert evidence is not None
    assert evidence.says and evidence.claim == "extraction"
    return evidence.bits


def rank(evidence):
    """Return the rank of a description that counts for nothing."""
    assert evidence is not None
    assert evidence.bits == 0.0 and not evidence.counted and evidence.why_not_counted
    return dict(evidence.facts)["rank"]


# Elicitation


@pytest.fixture(scope="module")
def scored(fingerprints, background):
    """Return thirty innocent flows of thirty exchanges each, which ask for little."""
    family = np.repeat(np.arange(30), 30)
    score = np.clip(np.random.default_rng(1).normal(20, 5, 900) + family % 7, 0, 100)
    return background(fingerprints(family, family=family, extraction=score.astype(np.int8)))


def asking(fingerprints, pool, score, n=100):
    """Return a flow whose prompts all have one score."""
    return pool(fingerprints(np.arange(n) % 10, extraction=np.full(n, score, dtype=np.int8)))


def test_flow_that_asks_for_more_than_all_others_elicits(fingerprints, pool, scored):
    """No innocent flow outside asks for as much; one that asks for next to nothing has no bits."""
    assert bits(Elicitation().weigh(asking(fingerprints, pool, 95), scored)) > 1
    assert bits(Elicitation().weigh(asking(fingerprints, pool, 2), scored)) <= 0


def test_innocents_that_ask_for_as_much_take_the_bits_away(fingerprints, pool, background, scored):
    """Where sixty judges and tutors outside score alike, the same flow is nothing unusual."""
    family = np.repeat(np.arange(60), 30)
    score = np.full(1800, 97, dtype=np.int8)
    tutors = background(fingerprints(family, family=family, extraction=score))
    flow = asking(fingerprints, pool, 95)
    assert bits(Elicitation().weigh(flow, tutors)) < bits(Elicitation().weigh(flow, scored)) - 1


def test_elicitation_is_silent_without_scores(fingerprints, pool, scored):
    """No text, or a handful of prompts: no opinion."""
    assert Elicitation().weigh(pool(fingerprints([0] * 50)), scored) is None
    assert Elicitation().weigh(asking(fingerprints, pool, 90, n=10), scored) is None


def test_a_few_hours_prove_less_than_a_week(fingerprints, pool, scored):
    """The same scores say more the more accounts and hours they come from, and never accuse early."""

    def flow(n):
        return pool(
            fingerprints(np.arange(n) % 10, extraction=np.tile([60, 99], n // 2).astype(np.int8))
        )

    few = bits(Elicitation().weigh(flow(24), scored))
    many = bits(Elicitation().weigh(flow(2000), scored))
    assert 0 <= few < many


def test_one_account_has_one_voice_an_hour(fingerprints, pool, scored):
    """A thousand requests of one account in one hour are one step, and prove nothing alone."""
    at = np.full(1000, MIDNIGHT)
    burst = pool(fingerprints([0] * 1000, at=at, extraction=np.full(1000, 99, dtype=np.int8)))
    assert bits(Elicitation().weigh(burst, scored)) == 0.0


# Coverage


@pytest.fixture(scope="module")
def repeating(fingerprints, background):
    """Return ten templated flows outside whose contents come back as people's do."""
    family = np.repeat(np.arange(10), 60)
    exact = family * 1000 + np.random.default_rng(2).zipf(1.8, 600) % 40
    return background(fingerprints(family, family=family, exact=exact))


def test_contents_swept_once_cover(fingerprints, pool, repeating):
    """A list worked through without return, beside flows that repeat; and one that repeats more."""
    swept = pool(fingerprints(np.arange(200) % 9, exact=np.arange(200)))
    again = pool(fingerprints(np.arange(200) % 9, exact=[1] * 200))
    assert rank(Coverage().weigh(swept, repeating)) > 0.8
    assert rank(Coverage().weigh(again, repeating)) < 0.2


def filled(n, contents, *, first=0):
    """Return n slots, filled in turn with so many contents of three hashes each."""
    start = 3 * (first + np.arange(n) % contents)
    return [[int(s), int(s) + 1, int(s) + 2] for s in start]


@pytest.fixture(scope="module")
def refilling(fingerprints, background):
    """Return ten flows outside: every prompt has a date of its own, slots come back."""
    family = np.repeat(np.arange(10), 60)
    novelty = [row for f in range(10) for row in filled(60, 5 + f, first=1000 * f)]
    return background(fingerprints(family, family=family, exact=np.arange(600), novelty=novelty))


def test_slots_that_return_are_seen_under_a_date_that_does_not(fingerprints, pool, refilling):
    """No whole prompt is ever the same again; a list worked through stands out, a habit does not."""
    every = 10_000 + np.arange(200)
    swept = pool(
        fingerprints(np.arange(200) % 9, exact=every, novelty=filled(200, 200, first=10**6))
    )
    again = pool(fingerprints(np.arange(200) % 9, exact=every, novelty=filled(200, 3, first=10**6)))
    assert rank(Coverage().weigh(swept, refilling)) > 0.8
    assert rank(Coverage().weigh(again, refilling)) < 0.2


def test_a_shared_turn_of_phrase_is_no_return(fingerprints, pool, refilling):
    """Slots that have one hash in common, and no other, differ; empty slots are all the same."""
    every = 10_000 + np.arange(200)
    alike = [[-5, i, i + 1] for i in range(200)]
    phrase = pool(fingerprints(np.arange(200) % 9, exact=every, novelty=alike))
    bare = pool(fingerprints(np.arange(200) % 9, exact=every, novelty=[[]] * 200))
    assert rank(Coverage().weigh(phrase, refilling)) > 0.8
    assert rank(Coverage().weigh(bare, refilling)) < 0.2


def test_where_nobody_repeats_sweeping_says_nothing(fingerprints, pool, background):
    """In a world in which no flow ever repeats itself, not repeating is no mark."""
    family = np.repeat(np.arange(10), 60)
    others = background(fingerprints(family, family=family, exact=np.arange(600)))
    mine = pool(fingerprints(np.arange(200) % 9, exact=10_000 + np.arange(200)))
    assert rank(Coverage().weigh(mine, others)) == 0.5


def test_coverage_is_silent_on_little(fingerprints, pool, background, repeating):
    """Under fifty exchanges, or without flows outside to compare with: no opinion."""
    assert Coverage().weigh(pool(fingerprints([0] * 49, exact=np.arange(49))), repeating) is None
    swept = pool(fingerprints([0] * 200, exact=np.arange(200)))
    assert Coverage().weigh(swept, background(fingerprints([0] * 200))) is None


# Rhythm


def by_hours(hours, n):
    """Return n moments over six days, in the given hours of the day."""
    day, hour = np.arange(n) % 6, np.asarray(hours)[np.arange(n) // 6 % len(hours)]
    return MIDNIGHT + (day * 24 + hour) * HOUR_US + np.arange(n)


@pytest.fixture(scope="module")
def awake_by_day(fingerprints, background):
    """Return people who ask between eight and midnight."""
    return background(fingerprints(np.arange(960) % 40, at=by_hours(range(8, 24), 960)))


def test_flow_that_never_sleeps_is_a_machine(fingerprints, pool, awake_by_day):
    """Round the clock beside people with nights; office hours beside them speak against."""
    steady = pool(fingerprints(np.arange(576) % 9, at=by_hours(range(24), 576)))
    human = pool(fingerprints(np.arange(576) % 9, at=by_hours(range(9, 18), 576)))
    assert bits(MachineRhythm().weigh(steady, awake_by_day)) > 1
    assert bits(MachineRhythm().weigh(human, awake_by_day)) <= 0.0


def test_where_nobody_sleeps_nights_say_nothing(fingerprints, pool, background):
    """A population in all time zones has no night to be awake in."""
    everywhere = background(fingerprints(np.arange(960) % 40, at=by_hours(range(24), 960)))
    steady = pool(fingerprints(np.arange(576) % 9, at=by_hours(range(24), 576)))
    assert MachineRhythm().weigh(steady, everywhere) is None


def test_office_abroad_keeps_its_own_night(fingerprints, pool, background):
    """Awake while most of the world sleeps, and asleep later: an office, not a machine."""
    home = by_hours(range(7, 23), 960)
    world = background(fingerprints(np.arange(960) % 40, at=home, country=["DE"] * 960))
    abroad = pool(fingerprints(np.arange(320) % 9, at=by_hours([*range(19, 24), *range(11)], 320)))
    machine = pool(fingerprints(np.arange(576) % 9, at=by_hours(range(24), 576)))
    assert bits(MachineRhythm().weigh(abroad, world)) < 0
    assert bits(MachineRhythm().weigh(machine, world)) > 1


def test_rhythm_is_silent_on_a_short_flow(fingerprints, pool, awake_by_day):
    """One day, or a few exchanges, have no rhythm."""
    one_day = pool(fingerprints(np.arange(200) % 9, at=MIDNIGHT + np.arange(200) * HOUR_US // 20))
    assert MachineRhythm().weigh(one_day, awake_by_day) is None
    few = pool(fingerprints([0] * 60, at=by_hours(range(24), 60)))
    assert MachineRhythm().weigh(few, awake_by_day) is None


# Harvest value


@pytest.fixture(scope="module")
def short_answers(fingerprints, background):
    """Return people whose answers are short, and who ask for nothing special."""
    n = 400
    return background(fingerprints(np.arange(n) % 40, output_tokens=50 + np.arange(n)))


def test_long_answers_with_reasoning_are_worth_training_on(fingerprints, pool, short_answers):
    """Longer than anybody's and with token probabilities; one-word labels speak against."""
    n = 100
    rich = fingerprints(
        [0] * n, output_tokens=[3000] * n, logprobs=[True] * n, reasoning=[True] * n
    )
    poor = fingerprints([0] * n, output_tokens=[1] * n)
    assert bits(HarvestValue().weigh(pool(rich), short_answers)) > 1
    assert bits(HarvestValue().weigh(pool(poor), short_answers)) < 0


def test_usual_answers_have_usual_value(fingerprints, pool, short_answers):
    """The population's own median is worth nothing either way."""
    usual = pool(fingerprints([0] * 100, output_tokens=[250] * 100))
    assert bits(HarvestValue().weigh(usual, short_answers)) == pytest.approx(0.0, abs=0.02)


def test_value_is_silent_without_token_counts(fingerprints, pool, short_answers):
    """A log without sizes gives no opinion."""
    assert HarvestValue().weigh(pool(fingerprints([0] * 100)), short_answers) is None


# All of them


PROMISE = re.compile(r"Return (-?[\d.]+) to ([\d.]+) bits")


@QUICK
@given(seed=st.integers(0, 10_000))
def test_bits_stay_within_what_is_promised(fingerprints, accounts, pool, background, seed):
    """Whatever the traffic, no signal exceeds the bounds that its docstring states."""
    rng = np.random.default_rng(seed)

    def traffic(n, n_accounts):
        return fingerprints(
            rng.integers(0, n_accounts, n),
            at=MIDNIGHT + rng.integers(0, 5 * 24, n) * HOUR_US,
            family=rng.integers(0, 12, n),
            exact=rng.integers(0, rng.integers(2, 500), n),
            extraction=rng.integers(0, 101, n).astype(np.int8),
            output_tokens=rng.integers(0, 4000, n),
            logprobs=rng.random(n) < rng.random(),
            choices=rng.integers(1, 4, n).astype(np.int32),
        )

    def people(n):
        return accounts(n, organization=rng.integers(0, 5, n), email_domain=rng.integers(0, 50, n))

    mine = pool(traffic(150, 10), people(10))
    others = background(traffic(900, 60), people(60))
    for signal in pool_signals():
        promised = PROMISE.search(signal.weigh.__doc__)
        assert promised, f"{signal.name} promises no bounds"
        found = signal.weigh(mine, others)
        assert found is None or float(promised[1]) <= found.bits <= float(promised[2])
