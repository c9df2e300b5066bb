"""Exchanges whose source tells no conversation -> sessions, where that does nobody wrong.

The turns that follow a prompt ("go on", a tool's result) have no recipe of their own. A source
that tells no conversation leaves only the clock to join them by, and on a pooled account the
clock alone would join a harvest with the next stranger's question. So a gap of at most fifteen
minutes joins only exchanges of one account which the network alone would send:

- those in one context (system template, parameters and tools) of the network's own;
- a prompt too short to have a recipe, but in words that are the network's own, and the last one
  before it that was long enough.

Its own means: eight times commoner in it than outside, and used by several accounts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from iolaus.campaign.lift import belongs, least_users
from iolaus.campaign.traffic import NO_ACCOUNTS, Bools, Ints, Traffic, Uses

GAP_US = 15 * 60_000_000  # design/detection.md, "Separation inside a network"
LEAST_MARKS = 4  # fewer (a prompt of about eight words) say too little alone


def chained(
    inside: Traffic,
    outside: Traffic,
    *,
    lift_bits: float,
    support: int,
    suspects: Ints = NO_ACCOUNTS,
) -> tuple[Traffic, Traffic]:
    """
    Return both with the sessions that what is the network's own lets one see.

    The strangers outside are joined by the same rule: what it mistakes in them is what it
    mistakes in the network's own strangers. `suspects` may not be strangers, so that they do not
    speak against what is the network's own.
    """
    sure = outside.without(suspects) if len(suspects) else outside
    least = least_users(len(np.unique(inside.account)), support)

    def own(uses: Callable[[Traffic], Uses], of: Traffic) -> Bools:
        return belongs(
            uses(of),
            uses(inside),
            uses(sure),
            own_inside=of is inside,
            lift_bits=lift_bits,
            least=least,
        )

    return (
        _joined(inside, own(_contexts, inside), own(_wordings, inside)),
        _joined(outside, own(_contexts, outside), own(_wordings, outside)),
    )


def _contexts(traffic: Traffic) -> Uses:
    return traffic.contexts


def _wordings(traffic: Traffic) -> Uses:
    return traffic.wordings


def _joined(traffic: Traffic, context: Bools, wording: Bools) -> Traffic:
    if not traffic.n_rows:
        return traffic
    untold = ~np.asarray(traffic.table["conversation"].is_valid())
    at = traffic.table["at"].cast(pa.int64()).to_numpy()
    session = _by_context(traffic, np.flatnonzero(untold & context), at)
    short = np.diff(traffic.start) < LEAST_MARKS
    session = _after(traffic, session, untold & short & wording, untold & ~short, at)
    return dataclasses.replace(
        traffic, session=np.unique(session, return_inverse=True)[1].reshape(-1).astype(np.int64)
    )


def _by_context(traffic: Traffic, rows: Ints, at: Ints) -> Ints:
    """Give rows of one account and context one session until a gap of fifteen minutes."""
    account, context = traffic.account[rows], traffic.contexts.code[rows]
    order = np.lexsort((at[rows], context, account))
    starts = np.ones(len(rows), dtype=np.bool_)
    starts[1:] = (
        (np.diff(account[order]) != 0)
        | (np.diff(context[order]) != 0)
        | (np.diff(at[rows[order]]) > GAP_US)
    )
    session = traffic.session.copy()
    session[rows[order]] = traffic.session.max() + np.cumsum(starts)
    return session


def _after(traffic: Traffic, session: Ints, short: Bools, long: Bools, at: Ints) -> Ints:
    """Give each short row the session of the last long one of its account, if fresh enough."""
    order = np.lexsort((at, traffic.account))
    place = np.arange(len(order))
    last = np.maximum.accumulate(np.where(long[order], place, -1))
    found = np.flatnonzero(short[order] & (last >= 0))
    row, before = order[found], order[last[found]]
    fresh = (traffic.account[row] == traffic.account[before]) & (at[row] - at[before] <= GAP_US)
    out = session.copy()
    out[row[fresh]] = session[before[fresh]]
    return out
