"""Clients keep the fitted rhythm: heavy tails, bursts, nights and weekends."""

from __future__ import annotations

import numpy as np

from iolaus.simulate.columns import DAY_US, HOUR_US, Window
from iolaus.simulate.rhythm import arrivals, gap_shapes, volumes

WINDOW = Window(start_us=1_772_409_600_000_000, days=14.0)


def _arrivals(flatness: float, n: int = 400):
    rng = np.random.default_rng(1)
    return arrivals(
        rng,
        WINDOW,
        counts=np.full(n, 60),
        hours_from_utc=np.zeros(n),
        flatness=flatness,
        session_size=4.0,
    )


def test_volumes_have_the_asked_mean_and_a_heavy_tail() -> None:
    """The mean is what was asked for, and the top tenth carries most of the traffic."""
    counts = np.sort(volumes(np.random.default_rng(0), 20_000, mean=30.0))
    assert abs(counts.mean() / 30.0 - 1) < 0.06
    assert counts.min() == 1
    assert counts[-2_000:].sum() / counts.sum() > 0.6


def test_gaps_are_mostly_burstier_than_poisson() -> None:
    """Nine in ten clients have a Weibull shape of at most 1, as real ones do."""
    shapes = gap_shapes(np.random.default_rng(0), 10_000)
    assert np.mean(shapes <= 1.0) > 0.85
    assert 0.38 < np.median(shapes) < 0.5


def test_people_sleep_and_machines_do_not() -> None:
    """At four in the morning people are far below noon; a scheduler is not."""
    share = {}
    for flatness in (0.0, 1.0):
        hour = _arrivals(flatness).at // HOUR_US % 24
        share[flatness] = np.mean(hour == 5) / np.mean(hour == 14)
    assert share[0.0] < 0.5
    assert 0.7 < share[1.0] < 1.4


def test_weekends_are_quieter() -> None:
    """Saturday and Sunday carry less than a working day each."""
    weekday = (_arrivals(0.0).at // DAY_US + 3) % 7
    assert np.mean(weekday >= 5) / 2 < np.mean(weekday < 5) / 5


def test_arrivals_stay_in_the_window_and_in_their_sessions() -> None:
    """Nothing falls outside, sessions belong to one client, and time runs forward in them."""
    times = _arrivals(0.3)
    assert times.at.min() >= WINDOW.start_us
    assert times.at.max() < WINDOW.end_us
    same = times.session[1:] == times.session[:-1]
    assert (times.client[1:][same] == times.client[:-1][same]).all()
    assert (times.at[1:][same] >= times.at[:-1][same]).all()
