"""A real campaign is told alike everywhere, and its sums come out on screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from iolaus import explain, pipeline
from iolaus.report.waterfall import campaign_waterfall, cleared_waterfalls

if TYPE_CHECKING:
    from iolaus.schema import Campaign, Claim, Report

pytestmark = pytest.mark.story
CLAIMS: tuple[Claim, ...] = ("coordination", "extraction")


@pytest.fixture
def report(scanned) -> Report:
    """Return the report of the scanned relay."""
    return scanned.report


@pytest.fixture
def campaign(report: Report) -> Campaign:
    """Return its campaign."""
    return report.campaigns[0]


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_library_and_the_report_tell_the_same_steps(
    campaign: Campaign, report: Report, claim: Claim
) -> None:
    """`iolaus.explain` and the waterfall: the same terms, order and bits, counted and not."""
    fall = campaign_waterfall(campaign, claim, report)
    drawn = [step for step in (*fall.steps, *fall.uncounted) if step.kind != "total"]
    told = [step for step in explain(campaign) if step.claim == claim]
    # The library puts the innocent cause last, where the page has it before its total.
    told.sort(key=lambda step: not step.counted)
    assert [step.bits for step in drawn] == [step.bits for step in told]
    assert [step.kind != "uncounted" for step in drawn] == [step.counted for step in told]
    evidence = [step.says for step in drawn if step.kind != "competing"]
    assert evidence == [step.says for step in told if "innocent cause" not in step.says]


def test_what_is_printed_adds_up(campaign: Campaign, report: Report) -> None:
    """Prior and counted terms, less the best innocent cause, are the total; nothing else is."""
    for claim in CLAIMS:
        fall = campaign_waterfall(campaign, claim, report)
        assert "bound" not in [step.label for step in fall.steps]
        parts = sum(step.bits for step in fall.steps if step.kind != "total")
        assert fall.total_bits == pytest.approx(parts)


def test_what_clears_a_network_is_what_was_taken_off(report: Report) -> None:
    """Every cleared network's sums add up too, with the cause that its reason names."""
    assert report.cleared
    networks = {network.id: network for network in report.networks}
    for case in report.cleared:
        for fall in cleared_waterfalls(case, networks[case.network], report):
            assert "bound" not in [step.label for step in fall.steps]
            taken = [step.says for step in fall.steps if step.label == "innocent cause"]
            causes = [cause.name for cause in case.explanations if cause.gap_bits > 0]
            if fall.claim == "extraction" and case.reason in causes:
                assert taken[0].startswith(case.reason.replace("_", " "))


def test_every_flow_says_why(campaign: Campaign) -> None:
    """Bits, strangers and words; one left alone names the figure that was not reached."""
    for flow in campaign.flows:
        assert flow.says
        assert flow.stranger_share is not None
        assert 0.0 <= flow.stranger_share <= 1.0
        if flow.verdict != "extraction":
            assert re.search(r"\d", flow.says)


def test_a_move_on_the_day_of_a_release_is_told(campaign: Campaign) -> None:
    """From nothing to more than the population's own move."""
    (pivot,) = campaign.pivots
    assert pivot.share_before == 0.0
    assert pivot.share_after > pivot.population_share_after + 0.15
    assert campaign.start_at < pivot.at < campaign.end_at


def test_without_a_calendar_no_move_is_told(scanned) -> None:
    """The same log without releases.json: nobody is said to pivot, all else stands."""
    report = pipeline.scan([scanned.traffic / "log"], key=b"a key of the stories alone")
    assert [] == [pivot for campaign in report.campaigns for pivot in campaign.pivots]
