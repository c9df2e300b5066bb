"""What each campaign does shows in the log, and the innocent do some of it too."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest


def _rows(made, **equal) -> pa.Table:
    table = made.with_truth()
    for column, value in equal.items():
        table = table.filter(pc.equal(table[column], value))
    return table


def _accounts_a_value(table: pa.Table, column: str) -> dict[object, int]:
    known = table.filter(pc.is_valid(table[column]))
    counted = known.group_by(column).aggregate([("account", "count_distinct")])
    return dict(
        zip(counted[column].to_pylist(), counted["account_count_distinct"].to_pylist(), strict=True)
    )


def test_june_keeps_the_public_rate(simulated) -> None:
    """25.6 exchanges a day for each account, over 45 days, as disclosed."""
    made = simulated("june_2026", scale=0.0005)
    n_accounts = made.summary.n_campaign_accounts
    assert made.summary.n_extraction / n_accounts / 45 == pytest.approx(25.6, rel=0.08)


def test_february_keeps_the_public_proportions(simulated) -> None:
    """Three campaigns of 150 k, 3.4 M and 13 M exchanges, whatever the scale."""
    made = simulated("february_2026", scale=0.002)
    told = made.truth_exchanges.filter(made.truth_exchanges["is_extraction"])
    counts = {c["values"]: c["counts"] for c in pc.value_counts(told["campaign"]).to_pylist()}
    assert counts["lab-b"] / 6_800 == pytest.approx(1.0, abs=0.25)
    assert counts["lab-c"] / 26_000 == pytest.approx(1.0, abs=0.25)
    assert counts["lab-a"] / 300 == pytest.approx(1.0, abs=0.5)


def test_release_day_moves_the_harvest_and_not_the_population(simulated) -> None:
    """Within a day or two of a release half of a pivoting harvest is on the new model."""
    made = simulated("relay", scale=0.3)
    calendar = json.loads((made.summary.out / "releases.json").read_text())
    released = max(datetime.fromisoformat(entry["at"]) for entry in calendar)
    table = made.with_truth()
    assert pc.min(table.filter(pc.equal(table["model"], "titan-3"))["at"]).as_py() >= released
    later = table.filter(pc.greater(table["at"], released + timedelta(days=1)))
    on_new = pc.equal(later["model"], "titan-3")
    harvest = later["is_extraction"]
    n_harvest = pc.sum(harvest).as_py()
    moved = pc.sum(pc.and_(on_new, harvest)).as_py() / n_harvest
    others = pc.sum(pc.and_(on_new, pc.invert(harvest))).as_py() / (later.num_rows - n_harvest)
    assert moved >= 0.4
    assert others < moved


def test_failover_goes_on_in_another_account(simulated) -> None:
    """After a 429 a relay's conversation, that turn repeated, goes on elsewhere."""
    relay = _rows(simulated("relay", scale=0.3), group="relay")
    shared = [c for c, n in _accounts_a_value(relay, "conversation").items() if n > 1]
    assert len(shared) >= 5
    within = relay.filter(pc.is_in(relay["conversation"], pa.array(shared)))
    assert 429 in within["status"].to_pylist()
    assert max(_accounts_a_value(relay, "prefix").values()) > 1


def test_innocents_hand_over_too(simulated) -> None:
    """A firm's gateway, a clean reseller and a person with two accounts carry on elsewhere."""
    table = simulated("innocents", scale=0.4).with_truth()
    handed = set()
    for group in ("enterprise", "reseller", "several_accounts"):
        some = table.filter(pc.equal(table["group"], group))
        if max(_accounts_a_value(some, "conversation").values()) > 1:
            handed.add(group)
    assert {"enterprise", "reseller", "several_accounts"} == handed
    ordinary = table.filter(pc.equal(table["group"], "ordinary"))
    assert max(_accounts_a_value(ordinary, "conversation").values()) == 1


def test_prefix_is_null_where_a_conversation_begins(simulated) -> None:
    """Turn 0 has no history; later turns of clients that keep it do."""
    log = simulated("relay").log
    assert (
        log.filter(pc.equal(log["turn"], 0))["prefix"].null_count
        == pc.sum(pc.equal(log["turn"], 0)).as_py()
    )
    later = log.filter(pc.greater(log["turn"], 0))
    assert later["prefix"].null_count < later.num_rows


def test_strangers_inside_a_relay_are_innocent(simulated) -> None:
    """A relay's accounts carry customers whose exchanges are nobody's extraction."""
    relay = _rows(simulated("relay", scale=0.3), group="relay")
    share = pc.mean(relay["is_extraction"].cast("double")).as_py()
    assert 0.04 < share < 0.72
    strangers = relay.filter(pc.invert(relay["is_extraction"]))
    assert strangers["told"].null_count == strangers.num_rows


def test_heads_grow_back_within_hours(simulated) -> None:
    """Where a relay lost accounts, new ones open within two days; strangers' need not."""
    made = simulated("relay", scale=0.3)
    both = made.accounts.join(made.truth_accounts.select(["account", "group"]), "account")
    relay = both.filter(pc.equal(both["group"], "relay"))
    closed = sorted(t for t in relay["closed_at"].cast("int64").to_pylist() if t is not None)
    opened = relay["opened_at"].cast("int64").to_pylist()
    two_days = 2 * 86_400_000_000
    answered = [any(t < o <= t + two_days for o in opened) for t in closed[: len(closed) // 2]]
    assert len(closed) >= 4
    assert sum(answered) / len(answered) >= 0.9


def test_graders_fire_in_the_same_minutes(simulated) -> None:
    """Most of a grading harvest falls into minutes in which several of its accounts speak."""
    graders = _rows(simulated("graders", scale=0.3), group="graders")
    minute = pc.divide(graders["at"].cast("int64"), 60_000_000)
    counted = graders.append_column("minute", minute)
    busy = {m for m, n in _accounts_a_value(counted, "minute").items() if n >= 3}
    share = sum(m in busy for m in minute.to_pylist()) / graders.num_rows
    assert share > 0.5


def test_mixed_paths_come_over_three_channels_and_turn_to_reasoning(simulated) -> None:
    """One operator on three access paths; reasoning traces are asked for later only."""
    mixed = _rows(simulated("mixed_paths", scale=0.3), group="mixed_paths")
    assert {"first_party", "aws.bedrock", "gcp.vertex_ai"} == set(mixed["channel"].to_pylist())
    reasoning = pc.equal(mixed["flow"], "mixed-1/reasoning")
    start = pc.min(mixed.filter(reasoning)["at"]).as_py()
    begin, end = pc.min(mixed["at"]).as_py(), pc.max(mixed["at"]).as_py()
    assert (start - begin) / (end - begin) > 0.4


def test_patient_accounts_stay_patient(simulated) -> None:
    """Nobody in the patient pool sends more than a person could."""
    patient = _rows(simulated("patient_pool", scale=0.3), group="patient_pool")
    per_account = patient.group_by("account").aggregate([("id", "count")])["id_count"]
    assert pc.max(per_account).as_py() <= 7 * 15
    assert pc.mean(per_account).as_py() == pytest.approx(7 * 6, rel=0.25)


def test_the_innocent_have_every_suspicious_trait(simulated) -> None:
    """Closed accounts, 429s, shared addresses, shared instruments and fresh accounts occur."""
    made = simulated("innocents", scale=0.3)
    table = made.with_truth()
    ordinary = table.filter(pc.equal(table["group"], "ordinary"))
    both = made.accounts.join(made.truth_accounts.select(["account", "group"]), "account")
    strangers = both.filter(pc.equal(both["group"], "ordinary"))
    assert 429 in ordinary["status"].to_pylist()
    assert max(_accounts_a_value(ordinary, "address").values()) >= 3
    assert max(_accounts_a_value(strangers, "payment").values()) >= 2
    assert strangers["closed_at"].null_count < strangers.num_rows
    assert "policy" in strangers["closed_reason"].to_pylist()
    assert pc.max(strangers["opened_at"]).as_py() > pc.min(table["at"]).as_py()


def test_a_harvest_never_returns_to_an_item_and_support_does(simulated) -> None:
    """Slots of a harvest are swept without return; support desks answer the same again."""
    made = simulated("everything", scale=0.3)
    table = made.with_truth()
    harvest = _rows(made, flow="lone-1/" + _capability_of(made, "lone-1"))
    served = harvest.filter(pc.equal(harvest["status"], 200))
    assert len(set(served["prompt"].to_pylist())) / served.num_rows > 0.97
    support = table.filter(pc.match_substring(table["flow"], "/assistant"))
    by_firm = support.group_by("flow").aggregate([("prompt", "count_distinct"), ("id", "count")])
    repeats = pc.divide(by_firm["prompt_count_distinct"].cast("double"), by_firm["id_count"])
    assert pc.max(repeats).as_py() < 0.97


def _capability_of(made, campaign: str) -> str:
    flows = {f for f in made.truth_exchanges["flow"].to_pylist() if f.startswith(campaign + "/")}
    return next(iter(flows)).split("/")[1]


def test_two_seeds_share_no_harvest_template(simulated) -> None:
    """A campaign's recipe is a fresh draw: two seeds' harvests open with other words."""
    openings = []
    for seed in (5, 6):
        rows = _rows(simulated("lone_harvester", seed=seed), group="lone_harvester")
        openings.append({" ".join(p.split()[:8]) for p in rows["prompt"].to_pylist()})
    assert openings[0].isdisjoint(openings[1])


def test_strangers_with_one_public_list_collide_and_shards_do_not(simulated) -> None:
    """Users of one pipeline meet the same seeds; a pool's accounts never share an item."""
    made = simulated("everything", scale=0.3)
    table = made.with_truth().filter(pc.equal(made.with_truth()["status"], 200))
    holders = []
    for group in ("pipeline", "patient_pool"):
        some = table.filter(pc.equal(table["group"], group))
        holders.append(max(_accounts_a_value(some, "prompt").values()))
    assert holders[0] >= 3
    assert holders[1] == 1
