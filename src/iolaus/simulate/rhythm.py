"""How many requests a client makes and when: heavy-tailed, bursty, by day and week.

The figures were fitted once to public traces and only they are kept here:
  ServeGen client arrivals (422 production clients, 10-minute windows, 14 days):
    log of a client's mean rate has standard deviation 2.55; the median Weibull shape of
    its gaps has the quantiles below (5, 10, 25, 50, 75, 90, 95 %); hourly rates around a
    client's own mean have log standard deviation 1.70; an hour is silent with share 0.56.
    SELECT category, model, client, avg(rate_rps), median(param1) FILTER (dist = 'Weibull')
    FROM servegen_client_arrivals GROUP BY ALL
  BurstGPT shape: mean requests by hour of day (a campus), blended half and half with the
    hour profile of the ServeGen clients (each normalised), because the two disagree.
  ServeGen by weekday (normalised): a weekend carries about 0.8 of a working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate.columns import DAY_US, HOUR_US, Window

Array = NDArray[Any]

RATE_LOG_SIGMA = 2.55
GAP_SHAPE_QUANTILES = (0.24, 0.28, 0.35, 0.44, 0.70, 1.0, 1.05)
_GAP_SHAPE_AT = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
DAY_LOG_SIGMA = 0.9  # of the 1.70 an hour, the part that survives averaging over a day
_SERVEGEN_HOURS = (
    *(0.56, 0.60, 0.58, 0.51, 0.45, 0.40, 0.41, 0.49, 0.53, 0.68, 0.83, 0.86),
    *(0.66, 0.69, 0.81, 0.77, 0.84, 0.83, 0.74, 0.69, 0.73, 0.68, 0.64, 0.58),
)
_BURSTGPT_HOURS = (
    *(940, 893, 572, 513, 368, 342, 194, 153, 178, 416, 879, 1287),
    *(1744, 1501, 1796, 1401, 1476, 1356, 1181, 1568, 1353, 1175, 1129, 1026),
)
HOUR_PROFILE = (
    np.array(_SERVEGEN_HOURS) / sum(_SERVEGEN_HOURS) / 2
    + np.array(_BURSTGPT_HOURS) / sum(_BURSTGPT_HOURS) / 2
)
WEEKDAY_PROFILE = np.array([1.05, 1.07, 1.06, 1.04, 1.02, 0.86, 0.84])  # Monday first
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


@dataclass(slots=True)
class Arrivals:
    """Moments in time order within a client; `session` numbers stretches of activity."""

    client: Array
    at: Array
    session: Array


def volumes(
    rng: np.random.Generator,
    n: int,
    *,
    mean: float,
    sigma: float = RATE_LOG_SIGMA,
    cap: float = 60.0,
) -> Array:
    """Return exchanges per client with the fitted heavy tail, at least 1, `mean` on average.

    Without a cap one client in a thousand would be the whole log; `cap` is in means.
    """
    raw = np.exp(rng.normal(0.0, sigma, n))
    level = np.median(raw)
    for _ in range(40):
        scaled = np.minimum(raw * level, cap * mean)
        level *= mean / max(float(scaled.mean()), 1e-9)
    counts: Array = np.maximum(1, rng.poisson(np.minimum(raw * level, cap * mean)))
    return counts


def gap_shapes(rng: np.random.Generator, n: int) -> Array:
    """Return each client's Weibull shape, from the fitted quantiles."""
    shapes: Array = np.interp(rng.random(n), _GAP_SHAPE_AT, GAP_SHAPE_QUANTILES)
    return shapes


def _pick(rng: np.random.Generator, weights: Array, *, row: Array) -> Array:
    """Draw one column for each entry of `row`, by that row's weights."""
    total = weights.sum(axis=1, keepdims=True)
    cumulative = np.cumsum(weights / np.where(total > 0, total, 1), axis=1)
    cumulative[:, -1] = 1.0
    flat = (cumulative + np.arange(len(weights))[:, None]).ravel()
    drawn = np.searchsorted(flat, row + rng.random(len(row)), side="right")
    column: Array = np.minimum(drawn - row * weights.shape[1], weights.shape[1] - 1)
    return column


def _day_weights(rng: np.random.Generator, window: Window, *, n: int, awake: Array | None) -> Array:
    days = int(np.ceil(window.days))
    first = window.start_us // DAY_US
    weekday = (first + np.arange(days) + _EPOCH_WEEKDAY) % 7
    weights = WEEKDAY_PROFILE[weekday] * np.exp(rng.normal(0, DAY_LOG_SIGMA, (n, days)))
    chosen: Array = weights if awake is None else weights * awake
    return chosen


def arrivals(
    rng: np.random.Generator,
    window: Window,
    *,
    counts: Array,
    hours_from_utc: Array,
    flatness: Array | float = 0.1,
    session_size: Array | float = 4.0,
    gap_s: Array | float = 60.0,
    awake: Array | None = None,
) -> Arrivals:
    """Place each client's requests: days by burst, hours by profile, then sessions.

    `flatness` is the share of sessions that know no night (schedulers); `gap_s` the mean
    pause within a session; `awake` a client x day matrix of weights. Requests that would
    fall outside the window are dropped.
    """
    n = len(counts)
    size = np.broadcast_to(np.asarray(session_size, dtype=float), (n,))
    n_sessions = np.maximum(1, np.ceil(counts / size)).astype(np.int64)
    owner = np.repeat(np.arange(n), n_sessions)
    day = _pick(rng, _day_weights(rng, window, n=n, awake=awake), row=owner)
    hour = np.searchsorted(np.cumsum(HOUR_PROFILE), rng.random(len(owner)) * 0.999999)
    hour = (hour - hours_from_utc[owner]) % 24
    level = rng.random(len(owner)) < np.broadcast_to(np.asarray(flatness), (n,))[owner]
    hour = np.where(level, rng.integers(0, 24, len(owner)), hour)
    start = (
        window.start_us
        + day * DAY_US
        + ((hour + rng.random(len(owner))) * HOUR_US).astype(np.int64)
    )
    return _fill(rng, window, counts=counts, owner=owner, start=start, gap_s=gap_s)


def _fill(
    rng: np.random.Generator,
    window: Window,
    *,
    counts: Array,
    owner: Array,
    start: Array,
    gap_s: Array | float,
) -> Arrivals:
    """Deal a client's requests to its sessions, unevenly, and space them out."""
    n = len(counts)
    weight = np.bincount(owner, minlength=n)
    first = np.concatenate([[0], np.cumsum(weight)[:-1]])
    client = np.repeat(np.arange(n), counts)
    slot = (rng.random(len(client)) ** 1.3 * weight[client]).astype(np.int64)
    session = np.sort(first[client] + slot)
    client = owner[session]
    shape = gap_shapes(rng, n)[client]
    mean_gap = np.broadcast_to(np.asarray(gap_s, dtype=float), (n,))[client]
    gap = rng.weibull(shape) * mean_gap / np.maximum(1.0, 1 / shape) * 1e6
    elapsed = np.cumsum(np.minimum(gap, 4 * HOUR_US).astype(np.int64))
    begins = (
        np.concatenate([[True], session[1:] != session[:-1]]) if len(session) else np.zeros(0, bool)
    )
    base = np.maximum.accumulate(np.where(begins, np.arange(len(session)), 0))
    at = start[session] + elapsed - elapsed[base]
    keep = (at >= window.start_us) & (at < window.end_us)
    return Arrivals(client=client[keep], at=at[keep], session=session[keep])
