"""What only a pool's traffic shows of one hand: turns that are kept, and a list that is split."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.signals.sharding import Sharding
from iolaus.signals.slot_partition import SlotPartition

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US
T0 = 1_772_409_600 * SECOND_US
K = 12


@pytest.fixture(scope="module")
def nobody(fingerprints, background):
    """Return a background that these signals need not ask."""
    return background(fingerprints(np.arange(50)))


def arrivals(rng, days, n_a_day):
    """Return moments of a job that runs from eight to eight, at random, each day."""
    hours = 8 + 12 * np.sort(rng.random((days, n_a_day)), axis=1)
    return (T0 + (np.arange(days)[:, None] * 24 + hours) * HOUR_US).astype(np.int64).ravel()


# Sharding


def test_turns_kept_over_three_days_are_controlled(fingerprints, pool, nobody):
    """One queue dealt in a circle over twelve accounts, while jobs come at random."""
    at = arrivals(np.random.default_rng(1), 3, 120)
    said = Sharding().weigh(pool(fingerprints(np.arange(360) % K, at=at)), nobody)
    assert said is not None
    assert said.controlled and said.bits > 4.0
    assert said.claim == "coordination" and "3 of 3 days" in said.says


def test_turns_kept_on_one_day_are_a_lead_only(fingerprints, pool, nobody):
    """One day may be an accident: at most two bits, and not controlled."""
    at = arrivals(np.random.default_rng(1), 1, 240)
    said = Sharding().weigh(pool(fingerprints(np.arange(240) % K, at=at)), nobody)
    assert said is not None
    assert not said.controlled and 0.0 < said.bits <= 2.0


def test_work_dealt_at_random_is_no_opinion(fingerprints, pool, nobody):
    """Equal loads without turns: what chance would do as well is not counted against anybody."""
    rng = np.random.default_rng(2)
    at = arrivals(rng, 4, 120)
    assert Sharding().weigh(pool(fingerprints(rng.integers(0, K, 480), at=at)), nobody) is None


def test_class_on_its_evenings_takes_no_turns(fingerprints, pool, nobody):
    """Thirty students ask eight questions each in sittings of their own, three evenings long."""
    rng = np.random.default_rng(3)
    account = np.tile(np.repeat(np.arange(30), 8), 3)
    begin = np.repeat(rng.random((3, 30)) * 2, 8).reshape(3, -1)
    at = begin * HOUR_US + np.tile(np.arange(8) * 45 * SECOND_US, (3, 30))
    at = (T0 + np.arange(3)[:, None] * DAY_US + 18 * HOUR_US + at).astype(np.int64).ravel()
    assert Sharding().weigh(pool(fingerprints(account, at=at)), nobody) is None


def test_cron_fleet_takes_turns_under_any_shift(fingerprints, pool, nobody):
    """Twelve strangers, each at a minute of its own in every hour: in turn, and no one hand."""
    minute = np.sort(np.random.default_rng(4).choice(60, K, replace=False))
    hour = np.repeat(np.arange(72), K)
    at = T0 + hour * HOUR_US + np.tile(minute, 72) * 60 * SECOND_US
    assert Sharding().weigh(pool(fingerprints(np.tile(np.arange(K), 72), at=at)), nobody) is None


def test_turns_are_unknown_with_little_traffic(fingerprints, pool, nobody):
    """Twenty exchanges a day, or three accounts: no opinion."""
    few = arrivals(np.random.default_rng(1), 3, 20)
    assert Sharding().weigh(pool(fingerprints(np.arange(60) % K, at=few)), nobody) is None
    at = arrivals(np.random.default_rng(1), 3, 120)
    assert Sharding().weigh(pool(fingerprints(np.arange(360) % 3, at=at)), nobody) is None


# Slot partition


def filled(items):
    """Return what fills the slots, three hashes an item."""
    return [[3 * int(i), 3 * int(i) + 1, 3 * int(i) + 2] for i in items]


def drawn(rng, n_accounts, n_each, *, n_items):
    """Return items that people draw from one public list, the first of it oftenest."""
    weight = 1.0 / (1.0 + np.arange(n_items)) ** 0.5
    each = [
        rng.choice(n_items, n_each, replace=False, p=weight / weight.sum())
        for _ in range(n_accounts)
    ]
    return np.concatenate(each)


@pytest.fixture(scope="module")
def users(fingerprints, background):
    """Return forty strangers who run one public recipe over its public list."""
    rng = np.random.default_rng(5)
    items = drawn(rng, 40, 30, n_items=400)
    return background(
        fingerprints(np.repeat(np.arange(40), 30), family=[7] * 1200, novelty=filled(items))
    )


def test_shards_of_one_list_never_collide(fingerprints, pool, users):
    """Ten accounts work off one list, dealt out: strangers with the recipe would meet often."""
    items = np.random.default_rng(6).permutation(400)[:300]
    rows = fingerprints(np.repeat(np.arange(10), 30), family=[7] * 300, novelty=filled(items))
    said = SlotPartition().weigh(pool(rows), users)
    assert said is not None
    assert said.controlled and said.bits > 3.0
    assert dict(said.facts)["collisions"] == 0.0


def test_strangers_with_one_public_recipe_collide(fingerprints, pool, users):
    """Ten more users of the same list collide as the forty do: no opinion, over thirty draws."""
    bits = []
    for seed in range(30):
        items = drawn(np.random.default_rng(100 + seed), 10, 30, n_items=400)
        rows = fingerprints(np.repeat(np.arange(10), 30), family=[7] * 300, novelty=filled(items))
        said = SlotPartition().weigh(pool(rows), users)
        bits.append(0.0 if said is None else said.bits)
    assert np.mean(np.array(bits) >= 3.0) == 0.0
    assert np.median(bits) == 0.0


def test_one_recipe_is_held_against_itself(fingerprints, pool, background, users):
    """Outsiders collide in a busy recipe, members use it once each and another one much: no word."""
    mine = np.repeat(np.arange(10), 31)
    family = np.tile([7] + [8] * 30, 10)
    items = np.where(family == 7, 0, 10_000 + np.arange(310))
    one = fingerprints([50], family=[8], novelty=filled([99_999]))
    others = background(pa.concat_tables([users.fingerprints, one]))
    rows = fingerprints(mine, family=family, novelty=filled(items))
    assert SlotPartition().weigh(pool(rows), others) is None


def test_partition_is_unknown_without_users_outside(fingerprints, pool, users, nobody):
    """A recipe of one's own, or one too rare to collide in, gives no opinion."""
    items = np.arange(300)
    own = fingerprints(np.repeat(np.arange(10), 30), family=[8] * 300, novelty=filled(items))
    assert SlotPartition().weigh(pool(own), users) is None
    assert SlotPartition().weigh(pool(own), nobody) is None
    few = fingerprints(np.arange(10), family=[7] * 10, novelty=filled(items[:10]))
    assert SlotPartition().weigh(pool(few), users) is None
