"""A campaign's beats, phases and pivots -> the bars and marks of its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from iolaus.report.limits import PageLimits
from iolaus.schema import Beat, Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What the chart draws; marks are positions among the bars."""

    labels: tuple[str, ...]
    n_exchanges: tuple[int, ...]
    n_accounts: tuple[int, ...]
    phases: tuple[tuple[str, int, int], ...]
    pivots: tuple[tuple[str, int], ...]
    bar_words: str
    n_bars_a_day: int
    first_midnight: int


def timeline_of(campaign: Campaign, limits: PageLimits) -> Timeline | None:
    """
    Return the timeline, silent stretches filled in; None where there is no beat.

    More than `limits.n_bars` bars are joined by whole numbers of beats. Of a joined bar's
    accounts the largest beat is told, for their union is not known here.
    """
    beats = sorted(campaign.timeline, key=lambda beat: beat.at)
    if not beats:
        return None
    start, step = beats[0].at, _step_of(beats)
    n_steps = (beats[-1].at - start) // step + 1
    step *= -(-n_steps // limits.n_bars)
    n_bars = (beats[-1].at - start) // step + 1
    exchanges, accounts = [0] * n_bars, [0] * n_bars
    for beat in beats:
        bar = (beat.at - start) // step
        exchanges[bar] += beat.n_exchanges
        accounts[bar] = max(accounts[bar], beat.n_accounts)

    def bar_of(at: datetime) -> int:
        return min(max((at - start) // step, 0), n_bars - 1)

    return Timeline(
        labels=tuple(_label(start + i * step) for i in range(n_bars)),
        n_exchanges=tuple(exchanges),
        n_accounts=tuple(accounts),
        phases=tuple(
            # The end is where the next begins: its bar is the next one's.
            (p.name, bar_of(p.start_at), bar_of(p.end_at - timedelta(microseconds=1)))
            for p in campaign.phases
            if len(campaign.phases) > 1
        ),
        pivots=tuple((p.model, bar_of(p.at)) for p in campaign.pivots),
        bar_words=_step_words(step),
        n_bars_a_day=max(1, timedelta(days=1) // step),
        first_midnight=-(-_to_midnight(start) // step),
    )


def _step_of(beats: list[Beat]) -> timedelta:
    """Return the shortest distance between beats; an hour where there is only one."""
    gaps = [b.at - a.at for a, b in pairwise(beats) if b.at > a.at]
    return min(gaps, default=timedelta(hours=1))


def _to_midnight(at: datetime) -> timedelta:
    """Return how long it is to the next midnight in UTC; nothing at midnight."""
    at = at.astimezone(UTC)
    since = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    return timedelta(days=1) - since if since else timedelta()


def _label(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%d %b %H:%M").lstrip("0")


def _step_words(step: timedelta) -> str:
    hours = step / timedelta(hours=1)
    if hours < 1:
        return f"{step / timedelta(minutes=1):g} minutes"
    if hours % 24 == 0:
        return "a day" if hours == 24 else f"{hours / 24:g} days"
    return "an hour" if hours == 1 else f"{hours:g} hours"
