"""Figures, moments and names -> the words of the page."""

from __future__ import annotations

from datetime import datetime

MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"
SOLID = "\N{NO-BREAK SPACE}"
GREW = {"merged": "took in", "split": "came off", "regrown": "grew back from"}
"""What a network did with an earlier one, by the `how` of its origin."""
CERTAIN_BITS = 40.0
"""Beyond one in a thousand billion the odds are a figure of speech."""


def count_words(n: int) -> str:
    """Return 1234567 as 1,234,567."""
    return f"{n:,}"


def things(n: int, thing: str) -> str:
    """Return "1 account", "2 accounts"."""
    return f"{n:,}{SOLID}{thing}{'' if n == 1 else 's'}"


def bits_words(bits: float | None) -> str:
    """Return signed bits with one decimal; a dash where there is no figure."""
    if bits is None:
        return "\N{EN DASH}"
    text = f"{abs(bits):.1f}"
    if text == "0.0":
        return text
    return f"{'+' if bits > 0 else MINUS}{text}"


def size_words(bits: float) -> str:
    """Return bits without their sign."""
    return f"{abs(bits):.1f}"


def share_words(share: float) -> str:
    """Return a share in per cent; a small one with a decimal, so that it never reads as none."""
    percent = share * 100
    if percent == 0 or percent >= 10:
        return f"{percent:.0f}{THIN}%" if round(percent) < 100 or share >= 1 else f"99.9{THIN}%"
    return f"{percent:.1f}{THIN}%" if percent >= 0.05 else f"under 0.1{THIN}%"


def odds_words(bits: float) -> str:
    """Return bits as odds that can be said aloud."""
    if abs(bits) < 0.5:
        return "as likely as not"
    side = "for" if bits > 0 else "against"
    if abs(bits) > CERTAIN_BITS:
        return f"over a thousand billion to 1 {side}"
    odds = 2 ** abs(bits)
    if odds < 10:
        return f"about {odds:.1f} to 1 {side}"
    step = 10 ** (len(str(int(odds))) - 2)
    return f"about {round(odds / step) * step:,} to 1 {side}"


def fact_words(name: str, value: object) -> str:
    """Return a fact with its name: a share in per cent, any other fraction to three figures."""
    if isinstance(value, float):
        is_share = name.endswith("share") and 0 <= value <= 1
        said = share_words(value) if is_share else f"{value:,.3g}"
    elif isinstance(value, bool):
        said = "yes" if value else "no"
    else:
        said = f"{value:,}" if isinstance(value, int) else str(value)
    return f"{plain_words(name)} {said}"


def moment_words(at: datetime | None) -> str:
    """Return "1 Mar 2026, 07:00"; the page says once that all moments are UTC."""
    if at is None:
        return "unknown"
    return f"{at.day}{SOLID}{at:%b}{SOLID}{at:%Y}, {at:%H:%M}"


def span_words(first: datetime, last: datetime) -> str:
    """Return "1 Mar to 7 Mar 2026"; days are enough where a table compares."""
    if first.date() == last.date():
        return f"{last.day}{SOLID}{last:%b}{SOLID}{last:%Y}"
    year = "" if first.year == last.year else f"{SOLID}{first:%Y}"
    return f"{first.day}{SOLID}{first:%b}{year} to {last.day}{SOLID}{last:%b}{SOLID}{last:%Y}"


def sentence_words(said: str) -> str:
    """Return a clause as a sentence: a capital in front, a stop at the end."""
    whole = said.strip()
    if not whole:
        return whole
    return f"{whole[0].upper()}{whole[1:]}{'' if whole[-1] in '.!?' else '.'}"


def plain_words(name: str) -> str:
    """Return a name of the schema, "rubric_grading", as words."""
    return name.replace("_", " ")
