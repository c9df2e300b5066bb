"""How campaigns and pools may lie across each other, and how much of a log a campaign may be."""

from __future__ import annotations

import pyarrow.compute as pc
import pytest

from iolaus.simulate.crowds import add_tool
from iolaus.simulate.farms import add_farm, add_shared_relay, add_two_relays
from iolaus.simulate.firms import add_enterprise
from iolaus.simulate.lookalikes import add_judging_class
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("shared_pools")]


def shared(world: World) -> None:
    """One relay, two harvesters."""
    add_ordinary(world, 220, daily=0.8)
    add_shared_relay(
        world,
        tenants=(("tenant-1", ("reasoning",)), ("tenant-2", ("tool_use",))),
        n_slots=26, n_exchanges=900, mix_share=0.3,
    )  # fmt: skip


def spread(world: World) -> None:
    """One harvester, two relays on two channels."""
    add_ordinary(world, 220, daily=0.8)
    add_two_relays(world, name="spread-1", n_slots=(22, 18), n_exchanges=2000, mix_share=0.3)


def speck(world: World) -> None:
    """A campaign of some exchanges among ten thousand."""
    add_ordinary(world, 900, daily=1.4)
    add_farm(world, name="speck-1", n_accounts=3, n_exchanges=6)
    add_tool(world, name="tool-1", users=40)


def flood(world: World) -> None:
    """A campaign that is most of the log."""
    add_ordinary(world, 90, daily=0.9)
    add_farm(world, name="flood-1", n_accounts=60, n_exchanges=2600)
    add_enterprise(world, name="enterprise-1", seats=14)
    add_judging_class(world, name="judging-1", students=12)


@pytest.fixture(scope="module")
def told(telling):
    """Return a function that scans one of these worlds once."""
    return telling(43)


def test_two_harvesters_on_one_relay_are_both_found(told) -> None:
    """One pool is one network; its accounts carry both, and both are attributed."""
    one = told(shared)
    for tenant in ("tenant-1", "tenant-2"):
        assert one.named_share(truly=tenant) >= 0.8
        mine = one.exchanges.filter(pc.equal(one.exchanges["truly"], tenant))
        assert mine.num_rows >= 450
    assert one.stranger_share() <= 0.01
    assert one.wronged() == set()


def test_two_harvesters_on_one_relay_are_two_flows(told) -> None:
    """What one asked is not told as the other's: no attributed flow mixes them."""
    one = told(shared)
    flows = _true_campaigns_of_flows(one)
    assert all(len(truly) == 1 for truly in flows.values())


def _true_campaigns_of_flows(one) -> dict[str, set[str]]:
    """Return for each attributed flow the true campaigns of a twentieth or more of it."""
    counts = one.exchanges.group_by(["found_flow", "truly"]).aggregate([("id", "count")])
    total: dict[str, int] = {}
    for row in counts.to_pylist():
        total[row["found_flow"]] = total.get(row["found_flow"], 0) + row["id_count"]
    shares: dict[str, set[str]] = {}
    for row in counts.to_pylist():
        if row["id_count"] > 0.05 * total[row["found_flow"]] and row["truly"] is not None:
            shares.setdefault(row["found_flow"], set()).add(row["truly"])
    return shares


@pytest.mark.xfail(
    raises=AssertionError, strict=True, reason="two relays with one recipe are each other's outside"
)
def test_one_harvest_on_two_relays_is_found_on_both(told) -> None:
    """Neither channel's accounts are missed, whether they are told as one campaign or two."""
    one = told(spread)
    for channel in ("first_party", "aws.bedrock"):
        assert one.named_share(truly="spread-1", channel=channel) >= 0.8
    assert one.stranger_share() <= 0.02


def test_a_speck_is_not_guessed_at(told) -> None:
    """A handful of exchanges is no data for a verdict: nobody is named, guilty or not."""
    one = told(speck)
    assert one.n_extraction < 1e-3 * one.report.summary.n_exchanges
    assert () == one.report.campaigns


def test_a_flood_is_told_from_the_few_who_are_no_part_of_it(told) -> None:
    """The population is mostly the campaign, and the others are left alone."""
    one = told(flood)
    assert one.n_extraction > 0.5 * one.report.summary.n_exchanges
    assert one.named_share(truly="flood-1") >= 0.9
    assert one.wronged() == set()
    assert one.stranger_share() <= 0.01
