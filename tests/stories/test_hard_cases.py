"""Logs as they are handed over: without a table, addresses or words, thinned, skewed, renamed.

One small world with a device farm is scanned again and again, each time told worse. What must
hold is always the same: no crash, nobody innocent in a campaign, customers left alone; and what
can still be seen is seen.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from iolaus.simulate import Scenario
from iolaus.simulate.crowds import add_class, add_tool
from iolaus.simulate.distortions import on_channel, renamed, sampled, skewed, without
from iolaus.simulate.farms import add_farm
from iolaus.simulate.firms import add_enterprise
from iolaus.simulate.people import add_ordinary
from iolaus.simulate.world import World

pytestmark = [pytest.mark.story, pytest.mark.xdist_group("hard_cases")]


def build(world: World) -> None:
    """A device farm, a firm, a class and a tool's users among strangers."""
    add_ordinary(world, 220, daily=0.7)
    add_farm(world, name="farm-1", n_accounts=26, n_exchanges=1100, capabilities=("coding",))
    add_enterprise(world, name="enterprise-1", seats=14, declared=False)
    add_class(world, name="class-1", students=16)
    add_tool(world, name="tool-1", users=24)


@pytest.fixture(scope="module")
def world(simulate):
    """Return that world's tables."""
    scenario = Scenario(name="story_hard_cases", summary=str(build.__doc__), build=build)
    return simulate(scenario, 1.0, 41)


@pytest.fixture(scope="module")
def whole(world, judge):
    """Return the scan of all that there is."""
    return judge(world)


def leaves_bystanders_alone(told) -> bool:
    """Say whether no innocent is in a campaign and no customer's exchange attributed."""
    return told.wronged() == set() and told.stranger_share() <= 0.01


def test_the_whole_log_shows_the_farm(whole) -> None:
    """What the others lack is here: devices, addresses, words, conversations."""
    assert whole.named_share(truly="farm-1") >= 0.9
    assert whole.attributed_share() >= 0.8
    assert leaves_bystanders_alone(whole)


def test_without_an_account_table_conversations_still_tie(world, judge) -> None:
    """No card, no device: what is handed over and what is asked must do, or nobody is named."""
    told = judge(world, has_table=False)
    assert not told.report.summary.has_account_table
    assert leaves_bystanders_alone(told)


def test_without_addresses_cards_and_devices_still_tie(world, judge) -> None:
    """No place at all: the farm is found all the same."""
    told = judge(world, log=without(world.log, "address", "asn", "country"))
    assert told.named_share(truly="farm-1") >= 0.8
    assert leaves_bystanders_alone(told)


def test_without_text_nobody_is_accused_of_what_was_not_read(world, judge) -> None:
    """Networks may be seen, by devices and conversations; what they ask for cannot."""
    told = judge(world, log=without(world.log, "system", "prompt"))
    assert told.wronged() == set()
    assert told.stranger_share() <= 0.05


def test_with_ids_times_and_accounts_only_nothing_is_claimed(world, judge) -> None:
    """The least that a log can hold says nothing about anybody."""
    told = judge(world, log=world.log.select(["id", "at", "account"]), has_table=False)
    assert () == told.report.campaigns
    assert () == told.report.networks


def test_a_sampled_log_is_scanned_for_what_is_left(world, judge) -> None:
    """One row in five: the farm is linked by its devices; nobody else is drawn in."""
    told = judge(world, log=sampled(world.log, rate=0.2, seed=1))
    assert told.linked_share("farm-1") >= 0.5
    assert leaves_bystanders_alone(told)


def test_one_channel_alone_shows_the_accounts_on_it(world, judge) -> None:
    """What another reseller saw is not there; the rest of the farm is found without it."""
    told = judge(world, log=on_channel(world.log, "first_party"))
    assert told.named_share(truly="farm-1") >= 0.8
    assert leaves_bystanders_alone(told)


def test_clocks_that_are_minutes_off_hide_nothing(world, judge) -> None:
    """Machines that disagree by five minutes blur who spoke when, and the verdict stands."""
    told = judge(world, log=skewed(world.log, minutes=5.0, seed=1))
    assert told.named_share(truly="farm-1") >= 0.8
    assert leaves_bystanders_alone(told)


def test_accounts_renamed_in_the_middle_are_found_under_both_names(world, judge) -> None:
    """Half of all accounts get a new id on one day: no crowd of successors is a campaign for it."""
    log, table, old_of = renamed(world.log, world.accounts, share=0.5, seed=1)
    told = judge(world, log=log, accounts=table, old_of=old_of)
    assert told.named_share(truly="farm-1") >= 0.8
    assert leaves_bystanders_alone(told)


def test_ten_accounts_are_too_few_to_accuse_any(world, judge) -> None:
    """Five heads of the farm among ten accounts: no background is left to tell them from."""
    told = world.truth_accounts
    heads = told.filter(pc.equal(told["campaign"], "farm-1"))["account"].to_pylist()[:5]
    others = told.filter(pc.equal(told["group"], "ordinary"))["account"].to_pylist()
    busy = pc.value_counts(world.log["account"].combine_chunks()).to_pylist()
    spoke = {one["values"]: one["counts"] for one in busy}
    others = sorted((o for o in others if o in spoke), key=lambda o: -spoke[o])[:5]
    few = world.log.filter(pc.is_in(world.log["account"], pa.array([*heads, *others])))
    found = judge(world, log=few)
    assert 10 == found.report.summary.n_accounts
    assert () == found.report.campaigns


def test_one_account_and_one_exchange_are_a_report_too(world, judge) -> None:
    """Nothing can be said, and that is said."""
    found = judge(world, log=world.log.slice(0, 1))
    assert (1, 1) == (found.report.summary.n_accounts, found.report.summary.n_exchanges)
    assert ((), ()) == (found.report.networks, found.report.campaigns)


def test_a_log_of_nothing_but_the_farm_has_nobody_to_tell_it_from(world, judge) -> None:
    """Without a population nothing is rare: no crash, and no verdict about what was never compared."""
    heads = pc.unique(
        world.truth_accounts.filter(pc.equal(world.truth_accounts["campaign"], "farm-1"))["account"]
    )
    told = judge(world, log=world.log.filter(pc.is_in(world.log["account"], heads)))
    assert () == told.report.campaigns


def test_one_name_on_two_channels_is_two_accounts(world, judge) -> None:
    """Whoever has the same id at another reseller is somebody else until something ties them."""
    place = world.log.schema.get_field_index("channel")
    odd = pc.equal(pc.bit_wise_and(world.log["at"].cast("int64"), 1), 1)
    channel = pc.if_else(odd, "aws.bedrock", "first_party")
    told = judge(world, log=world.log.set_column(place, "channel", channel))
    assert told.report.summary.n_accounts > 1.3 * world.truth_accounts.num_rows
    assert told.wronged() == set()


def test_rows_in_any_order_give_the_same_campaign(world, whole, judge) -> None:
    """Shuffled rows: the same accounts are named."""
    again = judge(world, log=world.log.sort_by("id"))
    assert _named(whole) == _named(again)


def _named(told) -> set[str]:
    """Return who is in a campaign."""
    return set(told.accounts.filter(pc.is_valid(told.accounts["campaign"]))["who"].to_pylist())
