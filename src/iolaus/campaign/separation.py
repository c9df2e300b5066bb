"""A network's traffic beside everybody else's -> which sessions are the network's own.

A mark (a shingle of the prompt) belongs to the network when the share of the network's
exchanges that use it is eight times the share outside and several accounts use it; whoever's
exchange is scored does not vouch for its own marks. Shares are of exchanges, not accounts: a
relay's account is ten times busier than a person's, and uses more of everything.
A session scores the share of its marks that belong. The cut comes from the strangers' own
scores, so the share of strangers is known, printed, and nothing need be labelled
(reference/arithmetic.md, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iolaus.campaign.lift import Own, least_users
from iolaus.campaign.sessions import LEAST_MARKS
from iolaus.campaign.traffic import NO_ACCOUNTS, Bools, Floats, Ints, Traffic

GRID = np.arange(0.05, 1.0001, 0.025)
LOCAL_SHARE = 0.05  # no attributed session may be likelier than this a stranger's (detection.md)
LEAST_CUT = 0.2  # below a fifth of its marks a session has nothing of the recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """
    Which rows may be the network's own.

    `score` is per row its session's score; `own` the rows above `cut`; `belongs` per use of a
    mark, and `system` per row of its system prompt, whether it is the network's; `strange` and
    `strange_system` the same for the `strangers` outside;
    `inside_share` is the estimated share of strangers in the whole network's traffic, `missed`
    the accounts outside that carry the network's own recipe and so are no strangers.
    """

    score: Floats
    own: Bools
    belongs: Bools
    system: Bools
    strangers: Traffic
    strange: Bools
    strange_system: Bools
    cut: float
    inside_share: float
    missed: Ints


def separate(
    inside: Traffic,
    outside: Traffic,
    *,
    lift_bits: float,
    support: int,
    stranger_share: float,
    suspects: Ints = NO_ACCOUNTS,
) -> Separation:
    """
    Return the sessions whose marks are the network's, at most `stranger_share` strangers.

    `outside` holds all exchanges of a sample of accounts outside. `suspects` may not be strangers:
    members of other networks, and whom linking nearly added. They are asked last: what belongs to
    the network is first read off without them, and those of them that carry it stay out, for two
    pools of one operator must not be each other's innocent public. With no cut that keeps
    strangers below the limit, no session is the network's own. The limit is for finding
    flows; each flow's strangers are counted again by `flow_rows`.
    """
    n_members = max(len(np.unique(inside.account)), 1)
    least = least_users(n_members, support)
    sure = outside.without(suspects) if len(suspects) else outside
    own = Own(inside, sure, lift_bits=lift_bits, least=least)
    out_score = _session_scores(outside, *own.of(outside))
    missed = _missed_members(outside, out_score, suspects=suspects, n_members=n_members)
    if len(missed) or len(suspects):
        outside = outside.without(missed) if len(missed) else outside
        own = Own(inside, outside, lift_bits=lift_bits, least=least)
    strange, strange_system = own.of(outside)
    out_score = _session_scores(outside, strange, strange_system)
    own_marks, own_system = own.of(inside)
    own_system &= ~_put_before_all(inside, own_marks)
    score = _session_scores(inside, own_marks, own_system)
    pi = _inside_share(score, out_score)
    cut, _ = _cut(score, out_score, limit=stranger_share, n_strangers=pi * len(score))
    return Separation(
        score=score,
        own=score >= cut,
        belongs=own_marks,
        system=own_system,
        strangers=outside,
        strange=strange,
        strange_system=strange_system,
        cut=cut,
        inside_share=pi,
        missed=missed,
    )


def flow_rows(
    inside: Traffic, separation: Separation, rows: Ints, *, limit: float
) -> tuple[Ints, float]:
    """
    Return the rows of a flow that its own marks hold together, and their share of strangers.

    Strangers who speak a rare language, or use a tool of their own, resemble the network as
    a whole; they seldom resemble this one flow. Where no cut keeps the strangers under the
    limit, all rows come back with the share that was found.
    """
    in_flow = np.zeros(inside.n_rows, dtype=bool)
    in_flow[rows] = True
    marks = np.unique(inside.marks[separation.belongs & in_flow[inside.row_of_mark]])
    mine = np.isin(inside.uses.marks, marks)[inside.uses.code]
    outside = separation.strangers.uses
    theirs = np.isin(outside.marks, marks)[outside.code]
    systems = np.unique(inside.systems.marks[inside.systems.code[rows]][separation.system[rows]])
    system, strange_system = (
        own & np.isin(traffic.systems.marks, systems)[traffic.systems.code]
        for own, traffic in (
            (separation.system, inside),
            (separation.strange_system, separation.strangers),
        )
    )
    score = _session_scores(inside, separation.belongs & mine, system)[rows]
    out_score = _session_scores(separation.strangers, separation.strange & theirs, strange_system)
    n_strangers = separation.inside_share * inside.n_rows
    cut, share = _cut(score, out_score, limit=limit, n_strangers=n_strangers)
    if not np.isfinite(cut):
        return rows, min(1.0, n_strangers * float((out_score >= LEAST_CUT).mean()) / len(rows))
    return rows[score >= cut], share


def _missed_members(outside: Traffic, score: Floats, *, suspects: Ints, n_members: int) -> Ints:
    """
    Return outside accounts of which a fifth is the network's own recipe: no strangers.

    Linking misses members; as "strangers" they would make every cut look bad. Besides suspects,
    at most as many as the network has, or one account in fifty, are set aside, so that a recipe
    which is in fact public stays outside.
    """
    n_all = np.bincount(outside.account)
    n_high = np.bincount(outside.account, weights=score >= 0.5, minlength=len(n_all))
    suspect = np.flatnonzero((n_all >= 3) & (n_high >= 0.2 * n_all))
    named = np.isin(suspect, suspects)
    limit = max(np.count_nonzero(n_all) // 50, n_members)
    others = suspect[~named]
    order = np.argsort(-n_high[others], kind="stable")
    return np.sort(np.concatenate([suspect[named], others[order][:limit]]))


def _put_before_all(inside: Traffic, own_marks: Bools) -> Bools:
    """
    Say of which rows the system prompt may be the pool's and not the recipe's.

    Some relays put one before every customer's request. One that stands before more than half
    of the network's exchanges tells its own from customers' only where the prompts do so too.
    """
    n_marks = np.diff(inside.start)
    n_own = np.bincount(inside.row_of_mark, weights=own_marks, minlength=inside.n_rows)
    told = (n_marks >= LEAST_MARKS) & (n_own >= 0.5 * n_marks)
    code = inside.systems.code
    n_rows = np.bincount(code, minlength=len(inside.systems.marks))
    n_told = np.bincount(code, weights=told, minlength=len(inside.systems.marks))
    return ((n_rows > 0.5 * inside.n_rows) & (n_told < 0.5 * n_rows))[code]


def _session_scores(traffic: Traffic, belongs: Bools, system: Bools) -> Floats:
    """
    Score each row by its session's best exchange: only the first turn carries the recipe.

    A system prompt of the network's own says it all; else it is the share of marks that belong.
    """
    n_marks = np.diff(traffic.start)
    n_own = np.bincount(traffic.row_of_mark, weights=belongs, minlength=traffic.n_rows)
    row = np.where(n_marks >= LEAST_MARKS, n_own / np.maximum(n_marks, 1), 0.0)
    row = np.where(system, 1.0, row)
    best = np.zeros(int(traffic.session.max()) + 1 if traffic.n_rows else 0)
    np.maximum.at(best, traffic.session, row)
    return best[traffic.session]


def _inside_share(score: Floats, out_score: Floats) -> float:
    """Bound the share of strangers inside: they score as strangers outside do."""
    if not len(score) or not len(out_score):
        return 1.0
    below = np.array([(score < t).mean() for t in GRID])
    below_out = np.array([(out_score < t).mean() for t in GRID])
    ratio = np.divide(below, below_out, out=np.ones_like(below), where=below_out > 0)
    return float(np.clip(ratio.min(), 0.0, 1.0))


def _cut(
    score: Floats, out_score: Floats, *, limit: float, n_strangers: float
) -> tuple[float, float]:
    """
    Return the lowest cut with at most `limit` strangers above it, and their share there.

    No score above the cut may be a stranger's by more than LOCAL_SHARE either: a mean hides
    doubtful sessions behind many sure ones, and each of them is somebody's.
    """
    above = np.array([float((score >= t).sum()) for t in GRID])
    rate = np.array([float((out_score >= t).mean()) if len(out_score) else 0.0 for t in GRID])
    expected = n_strangers * rate / np.maximum(above, 1.0)
    local = _falling(-np.diff(n_strangers * rate, append=0.0), weight=-np.diff(above, append=0.0))
    good = np.flatnonzero(
        (expected <= limit) & (local <= LOCAL_SHARE) & (above > 0) & (GRID >= LEAST_CUT)
    )
    if not len(good):
        return np.inf, 0.0
    return float(GRID[good[0]]), float(expected[good[0]])


def _falling(strangers: Floats, *, weight: Floats) -> Floats:
    """Fit strangers per session, bin by bin, by what never rises with the score (PAVA)."""
    blocks: list[tuple[float, float, int]] = []
    for n, of in zip(strangers, weight, strict=True):
        blocks.append((float(n), float(of), 1))
        while len(blocks) > 1 and _ratio(blocks[-2]) < _ratio(blocks[-1]):
            last, before = blocks.pop(), blocks.pop()
            blocks.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))
    return np.concatenate([np.full(size, _ratio((n, of, size))) for n, of, size in blocks])


def _ratio(block: tuple[float, float, int]) -> float:
    n, of, _ = block
    return min(1.0, n / of) if of > 0 else float(n > 0)
