"""What tells of a flow and proves little: a move to a new model, and a distance."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.schema import CAPABILITIES
from iolaus.signals.concentration import Concentration
from iolaus.signals.pivot import Pivot

HOUR_US = 3_600_000_000
T0 = 1_772_409_600_000_000
RELEASE_H = 96
HOURS = 144


# Pivot


def hourly(accounts, share_new, *, rng, n_each=72):
    """Return account, moment and model of accounts of which a share uses the new model at once."""
    account = np.repeat(accounts, n_each)
    hour = np.tile(np.arange(n_each) * (HOURS / n_each), len(accounts))
    share = np.repeat(share_new, n_each)
    is_new = (hour >= RELEASE_H) & (rng.random(len(account)) < share)
    at = (T0 + hour * HOUR_US).astype(np.int64)
    return account, at, np.where(is_new, "new", "old")


@pytest.fixture(scope="module")
def firms(fingerprints, accounts, background):
    """Return a function: twelve firms of ten seats, each of which moves by its own share."""

    def made(shares):
        rng = np.random.default_rng(1)
        seats = np.arange(120)
        account, at, model = hourly(seats + 50, np.repeat(shares, 10), rng=rng)
        members = accounts(120, organization=500 + seats // 10)
        members = members.set_column(0, "account", pa.array(seats + 50, pa.int32()))
        return background(fingerprints(account, at=at, model=model), members)

    return made


@pytest.fixture(scope="module")
def slow(firms):
    """Return firms of which none moves more than a third of its traffic."""
    return firms(np.linspace(0.05, 0.3, 12))


def moving(fingerprints, pool, share):
    """Return a flow of ten accounts that moves a share of its traffic in the hour of release."""
    account, at, model = hourly(np.arange(10), np.full(10, share), rng=np.random.default_rng(2))
    return pool(fingerprints(account, at=at, model=model))


def test_flow_that_moves_further_than_every_firm_pivots(fingerprints, pool, slow):
    """Nine tenths on the new model, where no firm outside uses it for a third: one bit at most."""
    said = Pivot().weigh(moving(fingerprints, pool, 0.9), slow)
    assert said is not None
    assert 0.5 < said.bits <= 1.0
    assert said.claim == "extraction" and "0 of 12" in said.says


def test_flow_that_moves_as_others_do_has_no_bits(fingerprints, pool, slow, firms):
    """The population's own move is subtracted, and tools that switch at once are the null."""
    assert Pivot().weigh(moving(fingerprints, pool, 0.17), slow) is None
    switching = firms(np.where(np.arange(12) < 6, 0.95, 0.1))
    tool = Pivot().weigh(moving(fingerprints, pool, 0.9), switching)
    assert tool is not None and tool.bits == 0.0


def test_one_busy_account_does_not_move_a_pool(fingerprints, pool, slow):
    """Of ten accounts one moves, with half of all the exchanges: the error over accounts is large."""
    rng = np.random.default_rng(3)
    calm = hourly(np.arange(1, 10), np.zeros(9), rng=rng, n_each=48)
    busy = hourly(np.arange(1), np.ones(1), rng=rng, n_each=432)
    account, at, model = (np.concatenate(pair) for pair in zip(calm, busy, strict=True))
    assert Pivot().weigh(pool(fingerprints(account, at=at, model=model)), slow) is None


def test_pivot_is_silent_without_release_or_comparison(fingerprints, pool, slow, firms):
    """No new model in the log, no groups outside, or a handful of exchanges: no opinion."""
    flow = moving(fingerprints, pool, 0.9)
    assert Pivot().weigh(flow, firms(np.zeros(12))) is None
    account, at, model = hourly(np.arange(50, 60), np.full(10, 0.2), rng=np.random.default_rng(4))
    from_nobody = slow.__class__(
        fingerprints=fingerprints(account, at=at, model=model),
        accounts=slow.accounts.slice(0, 0),
        n_exchanges=len(account),
        n_accounts=10,
    )
    assert Pivot().weigh(flow, from_nobody) is None
    few = pool(fingerprints([0] * 5, at=T0 + np.arange(5) * HOUR_US, model=["old"] * 5))
    assert Pivot().weigh(few, slow) is None


# Concentration


def scored(fingerprints, rng, n, *, mostly=None):
    """Return exchanges that do anything, or mostly one thing."""
    scores = rng.integers(0, 30, (n, len(CAPABILITIES)))
    if mostly is not None:
        scores[:, CAPABILITIES.index(mostly)] += 65
    return fingerprints(np.arange(n) % 9, capabilities=scores.astype(np.int8).tolist())


def test_flow_of_one_kind_is_described_and_not_counted(fingerprints, pool, background):
    """A grader stands far from the population; that is told, and gives nobody a bit."""
    rng = np.random.default_rng(5)
    everybody = background(scored(fingerprints, rng, 400))
    judge = Concentration().weigh(
        pool(scored(fingerprints, rng, 100, mostly="rubric_grading")), everybody
    )
    like = Concentration().weigh(pool(scored(fingerprints, rng, 100)), everybody)
    assert judge is not None and like is not None
    assert dict(judge.facts)["squared_mmd"] > 0.3
    assert dict(like.facts)["squared_mmd"] < 0.02
    assert "rubric grading" in judge.says
    for said in (judge, like):
        assert said.bits == 0.0 and not said.counted and said.why_not_counted


def test_distance_is_unknown_without_scores(fingerprints, pool, background):
    """No text, or under fifty exchanges: nothing to describe."""
    rng = np.random.default_rng(6)
    everybody = background(scored(fingerprints, rng, 400))
    assert Concentration().weigh(pool(fingerprints([0] * 90)), everybody) is None
    assert Concentration().weigh(pool(scored(fingerprints, rng, 49)), everybody) is None
