"""What a campaign did, when, and to which models it moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iolaus.arrow import RELEASES
from iolaus.campaign.life import moment, phases_of, pivots_of, targets_of, timeline_of

HOUR_US = 3_600_000_000
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MONDAY_US = int(MONDAY.timestamp()) * 1_000_000


def at(hours):
    """Return microseconds, hours after a Monday."""
    return (MONDAY_US + np.asarray(hours, dtype=float) * HOUR_US).astype(np.int64)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hours=st.lists(st.integers(0, 24 * 200), min_size=1, max_size=80))
def test_timeline_counts_every_exchange_once(fingerprints, hours):
    """However long the campaign, its beats add up, follow each other and are 120 at most."""
    account = np.arange(len(hours)) % 7
    beats = timeline_of(fingerprints(account, at=at(hours)))
    assert sum(beat.n_exchanges for beat in beats) == len(hours)
    assert len(beats) <= 120
    steps = {after.at - before.at for before, after in pairwise(beats)}
    assert len(steps) <= 1
    assert all(beat.n_accounts <= min(7, beat.n_exchanges) for beat in beats)
    assert beats[0].at <= moment(at(hours).min()) < beats[0].at + timedelta(hours=168)


def test_silent_hours_are_shown_as_silent(fingerprints):
    """An hour without an exchange is a beat of none; accounts are counted once a beat."""
    beats = timeline_of(fingerprints([0, 0, 1], at=at([0, 0.5, 2])))
    assert [(beat.n_exchanges, beat.n_accounts) for beat in beats] == [(2, 1), (0, 0), (1, 1)]


def test_nothing_has_no_timeline(fingerprints):
    """No exchange, no beat."""
    assert timeline_of(fingerprints([])) == ()


def test_targets_are_counted_commonest_first():
    """Shares add up to one; equals stand in the order of their names."""
    targets = targets_of(np.array(["math", "coding", "coding", "vision"], dtype=object))
    assert [(t.capability, t.n_exchanges) for t in targets] == [
        ("coding", 2),
        ("math", 1),
        ("vision", 1),
    ]
    assert sum(t.share for t in targets) == pytest.approx(1.0)


def test_phases_are_runs_of_days_with_one_main_target(fingerprints):
    """Two days of coding, then reasoning: two phases, no exchange lost."""
    hours = [1, 2, 25, 26, 49, 50, 51]
    names = ["coding", "coding", "coding", "math", "reasoning", "reasoning", "coding"]
    phases = phases_of(fingerprints([0] * 7, at=at(hours)), np.array(names, dtype=object))
    assert [(p.name, p.n_exchanges) for p in phases] == [("coding", 4), ("reasoning", 3)]
    assert phases[0].start_at == MONDAY
    assert phases[0].end_at == phases[1].start_at == MONDAY + timedelta(days=2)


def test_one_target_throughout_is_one_phase(fingerprints):
    """Nothing changed, so nothing is told apart."""
    phases = phases_of(
        fingerprints([0] * 5, at=at([1, 30, 55, 80, 100])), np.array(["coding"] * 5, dtype=object)
    )
    assert [(p.name, p.n_exchanges) for p in phases] == [("coding", 5)]


def releases(hour):
    """Return the calendar of one release."""
    return pa.table({"model": ["new"], "at": pa.array(at([hour]), pa.int64())}).cast(RELEASES)


def moving(fingerprints, n, *, share_after):
    """Return n exchanges over four days, of which a share is on the new model after two."""
    hours = np.linspace(0, 95.9, n)
    new = (hours >= 48) & (np.arange(n) % 100 < 100 * share_after)
    return fingerprints(np.arange(n) % 9, at=at(hours), model=np.where(new, "new", "old"))


def test_move_beyond_the_population_s_own_is_a_pivot(fingerprints):
    """Everybody moves a fifth of what they send to the new model; the campaign moves half."""
    mine, others = (moving(fingerprints, 1000, share_after=share) for share in (0.5, 0.2))
    (pivot,) = pivots_of(mine, others, releases(48))
    assert pivot.model == "new"
    assert pivot.at == MONDAY + timedelta(days=2)
    assert pivot.share_before == 0.0
    assert pivot.share_after == pytest.approx(0.5, abs=0.03)
    assert pivot.population_share_after == pytest.approx(0.2, abs=0.03)


def test_move_that_everybody_makes_is_no_pivot(fingerprints):
    """Half of everybody's exchanges moved on that day, and so did the campaign's."""
    mine, others = (moving(fingerprints, 1000, share_after=0.5) for _ in range(2))
    assert pivots_of(mine, others, releases(48)) == ()


def test_few_exchanges_and_unknown_releases_tell_no_pivot(fingerprints):
    """Nineteen on the new model say nothing; nor does a move without a calendar."""
    others = moving(fingerprints, 1000, share_after=0.0)
    few = moving(fingerprints, 38, share_after=1.0)
    assert pivots_of(few, others, releases(48)) == ()
    assert (
        pivots_of(moving(fingerprints, 1000, share_after=0.9), others, RELEASES.empty_table()) == ()
    )


def test_campaign_that_began_with_the_model_did_not_move_to_it(fingerprints):
    """Without a before there is nothing to move from."""
    late = fingerprints([0] * 100, at=at(np.linspace(50, 90, 100)), model=["new"] * 100)
    others = moving(fingerprints, 1000, share_after=0.1)
    assert pivots_of(late, others, releases(48)) == ()
