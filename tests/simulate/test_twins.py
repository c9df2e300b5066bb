"""The harder worlds hold what they say: an attack, its victim, and the innocent beside it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from iolaus.simulate import twins
from iolaus.simulate.distortions import on_channel, renamed, sampled, skewed, without

GUILTLESS = {
    "bulk_reseller", "analysts", "judging_class", "benchmark_day", "labellers", "small_country",
    "copier", "framed_firm", "owners_other", "characters",
}  # fmt: skip


def _of(made, group: str) -> pa.Table:
    table = made.with_truth()
    return table.filter(pc.equal(table["group"], group))


def _campaigns(made) -> set[str]:
    return set(made.truth_exchanges["campaign"].drop_null().to_pylist())


@pytest.mark.parametrize(
    "name",
    [
        "bulk_relay",
        "framed_firm",
        "slow_ramp",
        "stolen_keys",
        "device_farm",
        "front_firm",
        "personas",
    ],
)
def test_no_exchange_of_an_innocent_is_extraction(simulated, name: str) -> None:
    """Whoever is there to be mistaken is innocent in the truth, with every exchange."""
    table = simulated(name).with_truth()
    innocent = table.filter(pc.is_in(table["group"], pa.array(sorted(GUILTLESS))))
    assert innocent.num_rows > 50
    assert not pc.any(innocent["is_extraction"]).as_py()


def test_look_alikes_hold_no_campaign(simulated) -> None:
    """Nobody in that world is guilty, and each kind is there several times."""
    made = simulated("look_alikes")
    assert not pc.any(made.truth_exchanges["is_extraction"]).as_py()
    for group in ("analysts", "judging_class", "benchmark_day", "labellers", "small_country"):
        same = pc.equal(made.truth_accounts["group"], group)
        assert len(set(made.truth_accounts.filter(same)["operator"].to_pylist())) >= 4


def test_bulk_in_a_clean_relay_outweighs_its_people(simulated) -> None:
    """Translations, help desks and judged papers, dealt over its accounts, are most of what it sends."""
    bulk = _of(simulated("bulk_relay"), "bulk_reseller")
    by_customer = pc.match_substring(bulk["flow"], "/customer-")
    assert pc.mean(by_customer.cast("double")).as_py() > 0.4
    judged = bulk.filter(pc.match_substring(bulk["flow"], "customer-judge"))
    assert len(set(judged["account"].to_pylist())) >= 3


def test_one_relay_serves_two_harvesters(simulated) -> None:
    """Accounts of the pool carry both campaigns, and customers besides."""
    made = simulated("shared_relay")
    assert {"tenant-1", "tenant-2"} == _campaigns(made)
    relay = _of(made, "relay")
    told = relay.group_by("account").aggregate([("told", "count_distinct")])
    assert pc.sum(pc.equal(told["told_count_distinct"], 2)).as_py() >= 4
    assert 0 < relay["told"].null_count


def test_one_harvest_goes_over_two_relays_that_share_no_account(simulated) -> None:
    """Two channels, one campaign, and no conversation that goes on in the other pool."""
    made = simulated("two_relays")
    assert {"spread-1"} == _campaigns(made)
    relay = _of(made, "relay")
    assert {"first_party", "aws.bedrock"} == set(relay["channel"].to_pylist())
    known = relay.filter(pc.is_valid(relay["conversation"]))
    by_talk = known.group_by("conversation").aggregate([("channel", "count_distinct")])
    assert 1 == pc.max(by_talk["channel_count_distinct"]).as_py()


def test_a_farm_shares_devices_and_goes_on_where_a_quota_ends(simulated) -> None:
    """Emulators of several accounts, each with a card of its own, and conversations in two accounts."""
    made = simulated("device_farm", scale=0.2)
    both = made.accounts.join(made.truth_accounts.select(["account", "group"]), "account")
    farm = both.filter(pc.equal(both["group"], "farm"))
    assert len(set(farm["device"].drop_null().to_pylist())) < 0.8 * farm.num_rows
    cards = farm["payment"].drop_null().to_pylist()
    assert len(set(cards)) > 0.8 * len(cards)
    rows = _of(made, "farm")
    known = rows.filter(pc.is_valid(rows["conversation"]))
    by_talk = known.group_by("conversation").aggregate([("account", "count_distinct")])
    assert pc.max(by_talk["account_count_distinct"]).as_py() >= 2


def test_decoys_repeat_and_the_plain_farm_does_not(simulated) -> None:
    """A third of the questions stood in the log before; a farm without decoys asks nothing twice."""
    fresh = []
    for name in ("decoys", "device_farm"):
        rows = _of(simulated(name, scale=0.2), "farm")
        served = rows.filter(pc.and_(pc.equal(rows["status"], 200), pc.equal(rows["turn"], 0)))
        fresh.append(len(set(served["prompt"].to_pylist())) / served.num_rows)
    assert fresh[0] < 0.85
    assert fresh[1] > 0.97


def test_owners_of_stolen_keys_work_on_and_the_thief_never_was_in_their_other_account(
    simulated,
) -> None:
    """One account carries both, most of it the owner's; the same person's other one is clean."""
    made = simulated("stolen_keys", scale=0.3)
    stolen = _of(made, "stolen_key")
    extraction = stolen["is_extraction"].cast("double")
    assert 0.03 < pc.mean(extraction).as_py() < 0.7
    theirs = stolen.filter(stolen["is_extraction"])
    own = stolen.filter(pc.invert(stolen["is_extraction"]))
    assert set(theirs["address"].to_pylist()).isdisjoint(own["address"].to_pylist())
    assert _of(made, "owners_other").num_rows > 0


def test_a_framer_uses_the_firms_words_and_address(simulated) -> None:
    """The firm's instructions stand before what he asks, and a third of it comes from its office."""
    made = simulated("framed_firm", scale=0.2)
    firm, framer = _of(made, "framed_firm"), _of(made, "framer")
    copied = pc.is_in(framer["system"], pc.unique(firm["system"]))
    assert pc.mean(copied.cast("double")).as_py() > 0.9
    through = pc.is_in(framer["address"], pc.unique(firm["address"]))
    assert 0.15 < pc.mean(through.cast("double")).as_py() < 0.5


def test_copiers_are_there_before_the_pool(simulated) -> None:
    """Strangers use the recipe from the first day on, its owner in the second half only."""
    made = simulated("slow_ramp", scale=0.2)
    table = made.with_truth()
    copied = table.filter(pc.equal(table["flow"], "ramp-1/copied"))
    harvest = table.filter(table["is_extraction"])
    assert pc.min(copied["at"]).as_py() < pc.min(harvest["at"]).as_py()
    assert len(set(copied["account"].to_pylist())) > len(set(harvest["account"].to_pylist()))


def test_a_front_firm_is_one_name_on_many_cards(simulated) -> None:
    """Nearly every account declares the same organisation; the cards are many, and it is not vetted."""
    made = simulated("front_firm", scale=0.3)
    both = made.accounts.join(made.truth_accounts.select(["account", "group"]), "account")
    front = both.filter(pc.equal(both["group"], "relay"))
    names = front["organization"].drop_null().to_pylist()
    assert 1 == len(set(names))
    assert len(names) > 0.9 * front.num_rows
    assert len(set(front["payment"].drop_null().to_pylist())) >= 4
    assert pc.mean(pc.fill_null(front["vetted"], False).cast("double")).as_py() < 0.2


def test_a_speck_is_one_in_thousands_and_a_flood_more_than_half(simulated) -> None:
    """The two ends of how much of a log a campaign may be."""
    shares = []
    for name in ("speck", "flood"):
        made = simulated(name)
        shares.append(made.summary.n_extraction / made.summary.n_exchanges)
    assert 0 < shares[0] < 1e-3
    assert 0.45 < shares[1] < 0.75


def test_every_build_says_what_stands_beside_what() -> None:
    """A scenario without a sentence could not be judged by who reads its name."""
    builds = [
        v
        for k, v in vars(twins).items()
        if callable(v) and getattr(v, "__module__", "") == twins.__name__
    ]
    assert all(build.__doc__ for build in builds)


def test_a_distorted_log_is_the_same_log_told_worse(simulated) -> None:
    """Sampling thins, clocks shift, a channel hides the others, a column goes; no row is invented."""
    log = simulated("two_relays").log
    thin = sampled(log, rate=0.3, seed=4)
    assert 0.3 == pytest.approx(thin.num_rows / log.num_rows, abs=0.05)
    assert {0.3} == set(thin["sample_rate"].to_pylist())
    moved = skewed(log, minutes=5, seed=4).sort_by("id")["at"].cast("int64").to_numpy()
    off = np.abs(moved - log.sort_by("id")["at"].cast("int64").to_numpy())
    assert 0 < off.max() <= 5 * 60_000_000
    assert {"aws.bedrock"} == set(on_channel(log, "aws.bedrock")["channel"].to_pylist())
    assert "address" not in without(log, "address").column_names


def test_a_renamed_account_stops_and_its_new_name_starts(simulated) -> None:
    """No id stands on both sides of the change, nothing else moves, and the table knows both."""
    made = simulated("device_farm")
    log, accounts, old_of = renamed(made.log, made.accounts, share=0.5, seed=3)
    assert accounts.num_rows == made.accounts.num_rows + len(old_of)
    last = log.group_by("account").aggregate([("at", "max"), ("at", "min")])
    ends = dict(zip(last["account"].to_pylist(), last["at_max"].to_pylist(), strict=True))
    begins = dict(zip(last["account"].to_pylist(), last["at_min"].to_pylist(), strict=True))
    pairs = [(old, new) for new, old in old_of.items() if new in begins and old in ends]
    assert len(pairs) >= 10
    assert all(ends[old] < begins[new] for old, new in pairs)
    back = [old_of.get(name, name) for name in log["account"].to_pylist()]
    assert made.log["account"].to_pylist() == back
