"""Each tie signal's SQL, run: who shares what, and who does not."""

from __future__ import annotations

import pytest

from iolaus.catalog import tie_signals
from iolaus.signals.client import Client
from iolaus.signals.enrolment import Enrolment
from iolaus.signals.habit import Habit
from iolaus.signals.handover import Handover
from iolaus.signals.infrastructure import Infrastructure
from iolaus.signals.mailbox import Mailbox
from iolaus.signals.payment import Payment
from iolaus.signals.synchrony import BUCKET_S, Synchrony
from iolaus.signals.template import SharedTemplate

SECOND_US = 1_000_000
T0 = 1_772_409_600 * SECOND_US  # a whole ten minutes since 1970


@pytest.mark.parametrize("signal", tie_signals(), ids=lambda signal: signal.name)
def test_log_that_shows_nothing_ties_nobody(signal, ties_of, fingerprints, accounts):
    """With every optional column empty the SQL runs, and yields no row."""
    assert ties_of(signal, fingerprints([0, 1, 2]), accounts(3)) == {}
    assert ties_of(signal) == {}


@pytest.mark.parametrize(
    ("signal", "column"),
    [
        (Payment(), "payment"),
        (Mailbox(), "email_domain"),
        (Enrolment(), "device"),
        (Enrolment(), "phone"),
    ],
)
def test_account_table_ties_those_who_share_a_value(signal, column, ties_of, accounts):
    """Two accounts of one instrument are tied by it; a third has its own, a fourth none."""
    rows = accounts(4, **{column: [7, 7, 8, None]})
    assert ties_of(signal, account_rows=rows) == {7: (0, 1), 8: (2,)}


@pytest.mark.parametrize(
    ("signal", "column"),
    [
        (Client(), "client"),
        (Habit(), "parameters"),
        (Habit(), "tools"),
        (Infrastructure(), "address"),
        (Infrastructure(), "network"),
        (SharedTemplate(), "family"),
        (SharedTemplate(), "system_template"),
    ],
)
def test_log_ties_those_who_share_a_value(signal, column, ties_of, fingerprints):
    """Two accounts of one client, exit or recipe are tied by it, once each, however busy."""
    rows = fingerprints([0, 0, 0, 1, 2, 3], **{column: [7, 7, 7, 7, 8, None]})
    assert ties_of(signal, rows) == {7: (0, 1), 8: (2,)}


def test_two_columns_of_one_signal_are_two_values(ties_of, fingerprints):
    """An address and its prefix each tie; neither replaces the other."""
    rows = fingerprints([0, 1], address=[1, 2], network=[9, 9])
    assert ties_of(Infrastructure(), rows) == {1: (0,), 2: (1,), 9: (0, 1)}


def test_conversation_that_goes_on_elsewhere_is_a_handover(ties_of, fingerprints):
    """Account 1 continues what account 0 began; account 2's conversation stays its own."""
    rows = fingerprints([0, 1, 2, 2], conversation=[5, 5, 6, 6])
    assert ties_of(Handover(), rows) == {5: (0, 1)}


def test_prefix_that_goes_on_elsewhere_is_a_handover(ties_of, fingerprints):
    """Within minutes, the same past under another account; a past of one account is none."""
    at = [T0, T0 + 30 * SECOND_US, T0, T0 + 60 * SECOND_US]
    rows = fingerprints([0, 1, 2, 2], prefix=[5, 5, 6, 6], at=at)
    assert ties_of(Handover(), rows) == {5: (0, 1)}


def test_worked_example_that_many_continue_is_no_handover(ties_of, fingerprints):
    """Forty strangers start from one published conversation over two weeks."""
    at = [T0 + i * 8 * 3600 * SECOND_US for i in range(40)]
    assert ties_of(Handover(), fingerprints(range(40), prefix=[5] * 40, at=at)) == {}


def test_same_recipe_in_the_same_minutes_is_synchrony(ties_of, fingerprints):
    """Two in one ten minutes are tied; the same recipe an hour later, or another one, is not."""
    at = [T0, T0 + 500 * SECOND_US, T0 + 3600 * SECOND_US, T0]
    rows = fingerprints([0, 1, 2, 3], family=[5, 5, 5, 6], at=at)
    (tied,) = ties_of(Synchrony(), rows).values()
    assert tied == (0, 1)


def test_synchrony_without_text_goes_by_habit(ties_of, fingerprints):
    """In a log without prompts the habit of parameters stands for the recipe."""
    at = [T0, T0 + SECOND_US, T0 + BUCKET_S * SECOND_US]
    rows = fingerprints([0, 1, 2], parameters=[5, 5, 5], at=at)
    assert list(ties_of(Synchrony(), rows).values()) == [(0, 1)]


def test_controlled_views_are_those_that_one_hand_must_hold():
    """What can be copied never shows one hand: card, enrolment and hand-over alone can."""
    controlled = {signal.name for signal in tie_signals() if signal.controlled}
    assert {"payment", "enrolment", "handover"} <= controlled
    assert controlled.isdisjoint({"template", "client", "habit", "infrastructure", "synchrony"})
