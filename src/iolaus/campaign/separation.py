"""A network's traffic beside everybody else's -> which sessions are the network's own.

A mark (a shingle of the prompt) belongs to the network when the share of its accounts that
use it is eight times the share outside. A session scores the share of its marks that belong.
The cut comes from the strangers' own scores, so the share of strangers is known, printed,
and nothing need be labelled (reference/arithmetic.md, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iolaus.campaign.traffic import Bools, Floats, Ints, Traffic

LEAST_MARKS = 3  # a prompt of fewer sampled shingles (about 24 words) says too little alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """
    Which rows are the network's own.

    `score` is per row its session's score; `own` the rows above `cut`; `belongs` per mark
    whether it is the network's; `stranger_share` the estimated strangers among `own`, and
    `inside_share` the estimated strangers in the whole network's traffic.
    """

    score: Floats
    own: Bools
    belongs: Bools
    cut: float
    stranger_share: float
    inside_share: float


def separate(  # noqa: PLR0913
    inside: Traffic,
    outside: Traffic,
    *,
    n_outside_accounts: int,
    lift_bits: float,
    support: int,
    stranger_share: float,
) -> Separation:
    """
    Return the sessions whose marks are the network's, at most `stranger_share` strangers.

    `outside` holds all exchanges of a sample of accounts outside, `n_outside_accounts` of
    them. With no cut that keeps strangers below the limit, nothing is attributed.
    """
    marks, n_inside, n_outside = _users(inside, outside)
    n_members = max(len(np.unique(inside.account)), 1)
    least = min(support, max(2, (n_members + 3) // 4))
    belongs_of = _belonging(n_inside, n_outside, n_members, n_outside_accounts, lift_bits, least)
    position, known = _lookup(marks, inside.marks)
    belongs = belongs_of[position] & known
    position_out, known_out = _lookup(marks, outside.marks)
    score = _session_scores(inside, belongs)
    out_score = _session_scores(outside, belongs_of[position_out] & known_out)
    cut, share, pi = _cut(score, out_score, limit=stranger_share)
    return Separation(
        score=score,
        own=score >= cut,
        belongs=belongs,
        cut=cut,
        stranger_share=share,
        inside_share=pi,
    )


def _users(inside: Traffic, outside: Traffic) -> tuple[Ints, Ints, Ints]:
    """Return the marks seen inside, and how many accounts inside and outside use each."""
    marks, n_inside = _accounts_by_mark(inside)
    other, n_other = _accounts_by_mark(outside)
    position, known = _lookup(other, marks)
    n_outside = np.where(known, n_other[position] if len(n_other) else 0, 0)
    return marks, n_inside, n_outside


def _accounts_by_mark(traffic: Traffic) -> tuple[Ints, Ints]:
    if not len(traffic.marks):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    marks, code = np.unique(traffic.marks, return_inverse=True)
    account = traffic.account[traffic.row_of_mark]
    width = int(account.max()) + 1
    used = np.unique(code.astype(np.int64) * width + account) // width
    return marks, np.bincount(used, minlength=len(marks)).astype(np.int64)


def _lookup(marks: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    if not len(marks):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    position = np.minimum(np.searchsorted(marks, wanted), len(marks) - 1)
    return position, marks[position] == wanted


def _belonging(  # noqa: PLR0913
    n_inside: Ints, n_outside: Ints, n_members: int, n_out_accounts: int, lift_bits: float, least: int
) -> Bools:
    # Leave one out: whoever's exchange is scored does not vouch for its own marks.
    share = (n_inside - 1 + 0.5) / (n_members - 1 + 1.0)
    share_out = (n_outside + 0.5) / (n_out_accounts + 1.0)
    lift = np.log2(np.maximum(share, 1e-12) / share_out)
    return (lift >= lift_bits) & (n_inside - 1 >= least)


def _session_scores(traffic: Traffic, belongs: Bools) -> Floats:
    """Score each row by its session's best exchange: only the first turn carries the recipe."""
    n_marks = np.diff(traffic.start)
    n_own = np.bincount(traffic.row_of_mark, weights=belongs, minlength=traffic.n_rows)
    row = np.where(n_marks >= LEAST_MARKS, n_own / np.maximum(n_marks, 1), 0.0)
    best = np.zeros(int(traffic.session.max()) + 1 if traffic.n_rows else 0)
    np.maximum.at(best, traffic.session, row)
    return best[traffic.session]


def _cut(score: Floats, out_score: Floats, *, limit: float) -> tuple[float, float, float]:
    """Return the lowest cut with few strangers above it, their share there, and in all."""
    if not len(score) or score.max() <= 0:
        return np.inf, 0.0, 1.0
    grid = np.arange(0.05, 1.0001, 0.025)
    above_in = np.array([(score >= t).mean() for t in grid])
    above_out = np.array([(out_score >= t).mean() if len(out_score) else 0.0 for t in grid])
    below_in, below_out = 1 - above_in, 1 - above_out
    # Strangers inside score like strangers outside, so they cannot be more than this.
    pi = float(np.min(np.where(below_out > 0, below_in / np.maximum(below_out, 1e-9), 1.0)))
    pi = min(max(pi, 0.0), 1.0)
    expected = pi * above_out / np.maximum(above_in, 1e-12)
    good = np.flatnonzero((expected <= limit) & (above_in > 0) & (grid >= 0.2))
    if not len(good):
        return np.inf, 0.0, pi
    return float(grid[good[0]]), float(expected[good[0]]), pi
