"""The waterfall: what counts, what does not, and a sum that is right."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import ModuleType

import pytest

from iolaus.report.sections import track_of
from iolaus.report.waterfall import campaign_waterfall, cleared_waterfalls, network_waterfall


def test_steps_lead_from_the_prior_to_the_total(built: ModuleType) -> None:
    """Each term begins where the one before ended, and the last ends at the total."""
    report = built.report()
    for claim in ("coordination", "extraction"):
        fall = campaign_waterfall(report.campaigns[0], claim, report)
        steps = fall.steps
        assert "prior" == steps[0].kind
        assert 0.0 == steps[0].start_bits
        for before, after in pairwise(steps[:-1]):
            assert before.end_bits == after.start_bits
        assert "total" == steps[-1].kind
        assert steps[-2].end_bits == pytest.approx(steps[-1].bits)


def test_the_gap_between_terms_and_total_is_named(built: ModuleType) -> None:
    """An innocent cause that explains part of it is a step of its own, never hidden."""
    report = built.report()
    fall = campaign_waterfall(report.campaigns[0], "extraction", report)
    competing = [step for step in fall.steps if step.kind == "competing"]
    assert ["innocent cause"] == [step.label for step in competing]
    assert competing[0].bits == pytest.approx(-2.3)
    assert "public template: Nine outsiders" in competing[0].says


def test_a_gap_without_an_innocent_cause_is_a_bound(built: ModuleType) -> None:
    """No cause is named that does not explain it better."""
    report = built.report()
    campaign = replace(report.campaigns[0], explanations=(), extraction_bits=3.0)
    fall = campaign_waterfall(campaign, "extraction", report)
    assert ["bound"] == [step.label for step in fall.steps if step.kind == "competing"]


def test_a_sum_that_adds_up_has_no_such_step(built: ModuleType) -> None:
    """Nothing is put in where nothing is missing."""
    report = built.report()
    fall = campaign_waterfall(report.campaigns[0], "coordination", report)
    assert ["prior", *["counted"] * 4, "total"] == [s.kind for s in fall.steps]


def test_terms_that_do_not_count_stand_apart_with_their_reason(built: ModuleType) -> None:
    """They start at zero and add nothing."""
    report = built.report()
    fall = campaign_waterfall(report.campaigns[0], "extraction", report)
    assert ["pivot"] == [step.label for step in fall.uncounted]
    assert "Not counted: joint switching is coordination." in fall.uncounted[0].says


def test_the_two_claims_are_never_blended(built: ModuleType) -> None:
    """No term of the one is a term of the other."""
    report = built.report()
    falls = [
        campaign_waterfall(report.campaigns[0], c, report) for c in ("coordination", "extraction")
    ]
    labels = [{s.label for s in f.steps if s.kind == "counted"} for f in falls]
    assert set() == labels[0] & labels[1]


def test_a_report_without_thresholds_draws_no_line(built: ModuleType) -> None:
    """A line that nobody set is not invented."""
    report = replace(built.report(), thresholds=())
    track = track_of(campaign_waterfall(report.campaigns[0], "coordination", report))
    assert track.threshold is None


def test_every_bar_lies_on_its_track(built: ModuleType) -> None:
    """From 0 to 100 per cent, threshold and zero line too."""
    report = built.report()
    for claim in ("coordination", "extraction"):
        track = track_of(campaign_waterfall(report.campaigns[0], claim, report))
        assert track.threshold is not None
        for left, width in [(b.left, b.width) for b in track.bars] + [(track.zero, 0.0)]:
            assert 0 <= left
            assert left + width <= 100.05
        assert 0 <= track.threshold <= 100


def test_cleared_and_bare_networks_have_a_waterfall_too(built: ModuleType) -> None:
    """What cleared a network can be doubted, so it is shown by the same arithmetic."""
    report = built.report()
    weighed, unweighed = report.cleared
    falls = cleared_waterfalls(weighed, report.networks[2], report)
    assert [("coordination", -6.4), ("extraction", -8.8)] == [
        (f.claim, f.total_bits) for f in falls
    ]
    assert ["coordination"] == [f.claim for f in cleared_waterfalls(unweighed, None, report)]
    assert 23.4 == network_waterfall(report.networks[0], report).total_bits
