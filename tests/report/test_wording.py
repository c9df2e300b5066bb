"""Figures in words: never rounded into a lie."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iolaus.report import wording


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0"),
        (0.0001, "under 0.1"),
        (0.004, "0.4"),
        (0.31, "31"),
        (0.9996, "99.9"),
        (1.0, "100"),
    ],
)
def test_a_share_is_none_or_all_only_when_it_is(share: float, said: str) -> None:
    """0.01 % is not 0 % and 99.96 % is not 100 %."""
    assert f"{said}{wording.THIN}%" == wording.share_words(share)


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        (0.2, "as likely as not"),
        (1.0, "about 2.0 to 1 for"),
        (-10.0, "about 1,000 to 1 against"),
        (19.3, "about 650,000 to 1 for"),
        (90.0, "over a thousand billion to 1 for"),
    ],
)
def test_bits_are_said_as_odds(bits: float, said: str) -> None:
    """Two figures are enough for odds, and none for certainty."""
    assert said == wording.odds_words(bits)


def test_bits_carry_their_sign_and_zero_has_none() -> None:
    """A minus is a minus sign, as long as a plus."""
    said = [wording.bits_words(x) for x in (8.44, -8.46, 0.04, -0.04, None)]
    assert ["+8.4", f"{wording.MINUS}8.5", "0.0", "0.0", "\N{EN DASH}"] == said


def test_spans_name_the_year_once() -> None:
    """Unless there are two."""
    first, last = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 7, tzinfo=UTC)
    assert "1 Mar to 7 Mar 2026" == wording.span_words(first, last).replace(wording.SOLID, " ")
    assert "7 Mar 2026" == wording.span_words(last, last).replace(wording.SOLID, " ")
    before = datetime(2025, 12, 30, tzinfo=UTC)
    said = wording.span_words(before, first).replace(wording.SOLID, " ")
    assert "30 Dec 2025 to 1 Mar 2026" == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("domain_share", 0.9436619718309859, "domain share 94\N{NARROW NO-BREAK SPACE}%"),
        ("exchanges_each", 10.098039215686274, "exchanges each 10.1"),
        ("users_outside", 1051, "users outside 1,051"),
        ("hub", True, "hub yes"),
        ("kind", "card", "kind card"),
    ],
)
def test_a_fact_has_no_more_figures_than_it_knows(name: str, value: object, said: str) -> None:
    """Sixteen digits of a share are noise."""
    assert said == wording.fact_words(name, value)
