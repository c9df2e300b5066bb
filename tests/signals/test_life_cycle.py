"""Heads that are cut off and grow back, roll-outs in one hour, accounts opened in one go."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.link.views import view_of
from iolaus.link.weights import Weigher
from iolaus.signals.batch_opening import BatchOpening
from iolaus.signals.succession import Succession
from iolaus.signals.upgrade import Upgrade

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US
T0 = 1_772_409_600 * SECOND_US  # 2026-03-02, a Monday


# Succession


@pytest.fixture
def lives(ties_of, fingerprints, accounts):
    """Return a function that runs succession on accounts with exits, openings and closures."""

    def run(exits, *, closed=None, opened=None, **columns):
        n = len(exits)
        rows = accounts(
            n,
            first_at=np.full(n, T0),
            last_at=np.full(n, T0 + 7 * DAY_US),
            closed_at=_moments(closed, n),
            opened_at=_moments(opened, n),
            **columns,
        )
        return set(ties_of(Succession(), fingerprints(range(n), network=exits), rows).values())

    return run


def _moments(hours, n):
    """Return moments by the hours since the log began; None where nothing is known."""
    given = [None] * n if hours is None else hours
    return [None if h is None else int(T0 + h * HOUR_US) for h in given]


def test_account_opened_after_a_closure_behind_its_exit_succeeds_it(lives):
    """Account 1 comes six hours after 0 was closed; 2 comes then too, through an exit of its own."""
    assert lives([5, 5, 6], closed=[60, None, None], opened=[-900, 66, 66]) == {(0, 1)}


def test_late_or_earlier_opening_succeeds_nobody(lives):
    """Three days later is another story, and so is whoever was there before."""
    assert lives([5, 5], closed=[60, None], opened=[-900, 133]) == set()
    assert lives([5, 5], closed=[60, None], opened=[-900, 58]) == set()


def test_person_who_comes_back_with_the_same_card_is_left_to_other_views(lives):
    """Re-registered after a wrongful closure: the card says so already, and nothing is added."""
    given = {"closed": [60, None], "opened": [-900, 66]}
    for column in ("payment", "device", "phone"):
        assert lives([5, 5], **given, **{column: [8, 8]}) == set()
        assert lives([5, 5], **given, **{column: [8, 9]}) == {(0, 1)}


def test_mass_sign_up_pairs_at_most_once_a_closure(lives):
    """Twenty open in one hour after one closure on their campus: the first of them alone pairs."""
    tied = lives([5] * 21, closed=[60] + [None] * 20, opened=[-900] + [60.1 + i for i in range(20)])
    assert tied == {(0, 1)}


def test_busy_exit_where_chance_makes_pairs_ties_nobody(lives):
    """Ten closures and ten openings a week behind one carrier: some follow each other anyway."""
    closed = [8 + 16 * i for i in range(10)] + [None] * 10
    opened = [-900] * 10 + [16 + 16 * i for i in range(10)]
    assert lives([5] * 20, closed=closed, opened=opened) == set()
    # A rota in which every closed head is back within minutes is not left to chance.
    soon = [-900] * 10 + [8.05 + 16 * i for i in range(10)]
    assert lives([5] * 20, closed=closed, opened=soon) == {(i, i + 10) for i in range(10)}


def test_exit_that_thousands_use_says_nothing_of_succession(lives):
    """More than 32 accounts and 1 % of all of them stand behind one carrier's prefix."""
    closed, opened = [60] + [None] * 39, [-900, 60.5] + [-900] * 38
    assert lives([5] * 40, closed=closed, opened=opened) == set()
    assert lives([5] * 30 + [7] * 10, closed=closed, opened=opened) == {(0, 1)}


def test_log_alone_shows_succession_by_refusal_and_first_appearance(
    ties_of, fingerprints, accounts
):
    """Without an account table: 0's last exchange was refused, and 1 first appears hours later."""
    rows = fingerprints(
        [0, 0, 2, 1, 2],
        at=[T0, T0 + 60 * HOUR_US, T0, T0 + 64 * HOUR_US, T0 + 160 * HOUR_US],
        network=[5, 5, 6, 5, 6],
        status=[200, 403, 200, 200, 200],
    )
    seen = accounts(
        3,
        first_at=[T0, T0 + 64 * HOUR_US, T0],
        last_at=[T0 + 60 * HOUR_US, T0 + 64 * HOUR_US, T0 + 160 * HOUR_US],
    )
    assert set(ties_of(Succession(), rows, seen).values()) == {(0, 1)}


def test_predecessor_and_successor_are_marked(engine, fingerprints, accounts):
    """The phase says who was first."""
    engine.put("fingerprints", fingerprints([0, 1], network=[5, 5]))
    rows = accounts(
        2,
        first_at=[T0] * 2,
        last_at=[T0 + 7 * DAY_US] * 2,
        closed_at=_moments([60, None], 2),
        opened_at=_moments([-900, 66], 2),
    )
    engine.put("accounts", rows)
    engine.sql("ties", Succession().ties())
    (batch,) = engine.stream("ties")
    assert {row["account"]: row["phase"] for row in batch.to_pylist()} == {0: -1, 1: 1}


# Upgrade


def changing(fingerprints, hours, *, back=()):
    """Return accounts that leave client 1 for client 2 at the given hours; some go back to 1."""
    account, client, at = [], [], []
    for a, hour in enumerate(hours):
        for step in range(-4, 4):
            account.append(a)
            client.append(1 if step < 0 or (a in back and step == 3) else 2)
            at.append(int(T0 + (24 + hour + 5 * step) * HOUR_US))
    return fingerprints(account, client=client, at=at)


def test_pool_that_changes_its_client_in_one_hour_upgrades(ties_of, fingerprints):
    """Accounts 0 to 2 change within the hour; account 3 changes likewise ten hours later."""
    rows = changing(fingerprints, [0.1, 0.4, 0.9, 10.2])
    assert list(ties_of(Upgrade(), rows).values()) == [(0, 1, 2)]


def test_whoever_goes_back_has_not_upgraded(ties_of, fingerprints):
    """A laptop and a telephone in turn are two clients and no roll-out."""
    assert ties_of(Upgrade(), changing(fingerprints, [0.1, 0.4], back={0, 1})) == {}


def test_models_and_habits_change_as_clients_do(ties_of, fingerprints):
    """The value is what was left and what was taken up: other changes that hour are others."""
    account = np.repeat([0, 1, 2], 8)
    at = T0 + np.tile(np.arange(8) * 3, 3) * HOUR_US
    model = ["old"] * 4 + ["new"] * 4
    rows = fingerprints(account, at=at, model=model + model + ["old"] * 4 + ["other"] * 4)
    assert list(ties_of(Upgrade(), rows).values()) == [(0, 1)]


def bits_of(tied, members, *, n):
    """Return the bits of members of a population of n that these ties give."""
    pairs = [(a, value) for value, who in tied.items() for a in who]
    table = pa.table({"account": [a for a, _ in pairs], "value": [v for _, v in pairs]})
    view = view_of(table, n, name="upgrade", version=1, family="life cycle", controlled=False)
    return Weigher([view]).weigh(np.asarray(members)).bits[: len(members), 0]


def test_release_that_moves_everybody_is_no_evidence(ties_of, fingerprints):
    """Of forty whom an SDK updates at once ten say nothing; ten who change alone say much."""
    everybody = ties_of(Upgrade(), changing(fingerprints, np.linspace(0, 0.9, 40)))
    apart = np.concatenate([np.linspace(0, 0.9, 10), 10.0 + 3.0 * np.arange(30)])
    alone = ties_of(Upgrade(), changing(fingerprints, apart))
    assert bits_of(everybody, range(10), n=40).max() == 0.0
    assert bits_of(alone, range(10), n=40).min() > 1.0


# Batch opening


@pytest.fixture(scope="module")
def openings(fingerprints, accounts, background):
    """Return four hundred people who opened over four hundred days."""
    opened = T0 - (np.random.default_rng(3).random(400) * 400 * DAY_US).astype(np.int64)
    return background(fingerprints(np.arange(400)), accounts(400, opened_at=opened))


def opened_at(fingerprints, accounts, pool, opened):
    """Return a pool of accounts by the moments at which they were opened."""
    return pool(fingerprints(np.arange(len(opened))), accounts(len(opened), opened_at=opened))


def test_stock_of_accounts_opened_in_one_go_is_a_batch(fingerprints, accounts, pool, openings):
    """Twelve in ten minutes are no chance; the bits stay under four."""
    stock = T0 - 50 * DAY_US + np.arange(12) * 45 * SECOND_US
    said = BatchOpening().weigh(opened_at(fingerprints, accounts, pool, stock), openings)
    assert said is not None and 2.0 < said.bits < 4.0
    assert said.claim == "coordination" and not said.controlled


def test_people_who_join_one_by_one_are_no_batch(fingerprints, accounts, pool, openings):
    """A tool's users, one a month: no opinion."""
    slow = T0 - np.arange(12) * 30 * DAY_US
    assert BatchOpening().weigh(opened_at(fingerprints, accounts, pool, slow), openings) is None


def test_where_everybody_opens_at_once_a_batch_is_nothing(fingerprints, accounts, pool, background):
    """On a release day a thousand sign up in an hour, and twelve of them in ten minutes."""
    crowd = T0 + (np.random.default_rng(4).random(1000) * HOUR_US).astype(np.int64)
    others = background(fingerprints(np.arange(1000)), accounts(1000, opened_at=crowd))
    stock = T0 + np.arange(12) * 45 * SECOND_US
    assert BatchOpening().weigh(opened_at(fingerprints, accounts, pool, stock), others) is None


def test_batches_are_unknown_without_opening_dates(fingerprints, accounts, pool, openings):
    """No account table, or four accounts: no opinion."""
    assert BatchOpening().weigh(pool(fingerprints(np.arange(12))), openings) is None
    four = T0 + np.arange(4)
    assert BatchOpening().weigh(opened_at(fingerprints, accounts, pool, four), openings) is None
