"""What the two charts draw: honest bars and a fair sample of dots."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

from iolaus.report.limits import PageLimits
from iolaus.report.picture import picture_of
from iolaus.report.timeline import timeline_of
from iolaus.schema import Beat

LIMITS = PageLimits()


def test_silence_is_drawn_as_silence(built: ModuleType) -> None:
    """A gap in the beats is empty bars, not two bars side by side."""
    campaign = built.campaign()
    kept = [beat for i, beat in enumerate(campaign.timeline) if not 4 <= i < 10]
    line = timeline_of(replace(campaign, timeline=tuple(kept)), LIMITS)
    assert line is not None
    assert (0,) * 6 == line.n_exchanges[4:10]
    assert sum(beat.n_exchanges for beat in kept) == sum(line.n_exchanges)


def test_long_timelines_are_joined_without_losing_an_exchange(built: ModuleType) -> None:
    """A year of minutes does not become half a million bars."""
    beats = tuple(
        Beat(at=built.START + timedelta(minutes=i), n_exchanges=2, n_accounts=1) for i in range(999)
    )
    line = timeline_of(replace(built.campaign(), timeline=beats), PageLimits(n_bars=100))
    assert line is not None
    assert len(line.n_exchanges) <= 100
    assert 1998 == sum(line.n_exchanges)


def test_marks_stand_at_their_bars(built: ModuleType) -> None:
    """A phase ends in the bar before the next begins; a pivot stands in its own."""
    line = timeline_of(built.campaign(), LIMITS)
    assert line is not None
    assert (("reasoning", 1, 15), ("rubric_grading", 16, 27)) == line.phases
    assert (("lumen-4", 16),) == line.pivots
    assert "6 hours" == line.bar_words


def test_one_beat_and_none(built: ModuleType) -> None:
    """A single beat is one bar; without beats there is no chart."""
    campaign = built.campaign()
    one = timeline_of(replace(campaign, timeline=campaign.timeline[:1]), LIMITS)
    assert one is not None
    assert 1 == len(one.n_exchanges)
    assert timeline_of(replace(campaign, timeline=()), LIMITS) is None


def test_every_account_is_a_dot_beside_its_strongest_evidence(built: ModuleType) -> None:
    """Small networks are drawn whole."""
    members = built.members(48)
    picture = picture_of(members, LIMITS, {})
    assert picture is not None
    assert {m.account for m in members} == {dot.name for dot in picture.dots}
    assert 48 == sum(hub.n_accounts for hub in picture.hubs)
    strongest = {m.account: m.strongest for m in members}
    for dot in picture.dots:
        assert strongest[dot.name] == picture.hubs[dot.hub].name


def test_no_dot_hides_another(built: ModuleType) -> None:
    """Discs keep apart and dots within a disc too."""
    picture = picture_of(built.members(300), LIMITS, {})
    assert picture is not None
    places = [(dot.x, dot.y) for dot in picture.dots]
    nearest = min(math.dist(a, b) for i, a in enumerate(places) for b in places[:i])
    assert nearest > 0.5


def test_large_networks_are_sampled_by_hash(built: ModuleType) -> None:
    """The sample does not depend on order or role, and the hubs still count everyone."""
    members = built.members(2_000)
    picture = picture_of(members, LIMITS, {})
    again = picture_of(tuple(reversed(members)), LIMITS, {})
    assert picture == again
    assert picture is not None
    assert LIMITS.n_dots == len(picture.dots)
    assert 2_000 == picture.n_members == sum(hub.n_accounts for hub in picture.hubs)


def test_many_kinds_of_evidence_are_gathered(built: ModuleType) -> None:
    """Eight labels are read, eighty are not."""
    members = tuple(
        replace(member, strongest=f"kind {i % 30}") for i, member in enumerate(built.members(90))
    )
    picture = picture_of(members, LIMITS, {})
    assert picture is not None
    assert LIMITS.n_hubs + 1 == len(picture.hubs)
    assert 90 == sum(hub.n_accounts for hub in picture.hubs)
    assert picture_of((), LIMITS, {}) is None
