"""A simulation writes what an operator would have, and the truth apart."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from iolaus import arrow
from iolaus.errors import NotFoundError, OutputError, UsageError
from iolaus.simulate import SCENARIOS, simulate_scenario

SMALL = {"february_2026": 0.0005, "june_2026": 0.0005}
ALL = sorted(SCENARIOS)


def _bytes_of(folder: Path) -> dict[str, bytes]:
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in found}


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two runs with one seed write the same bytes; another seed does not."""
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate_scenario("relay", out=tmp_path / name, seed=seed, scale=0.05)
    assert _bytes_of(tmp_path / "a") == _bytes_of(tmp_path / "b")
    assert _bytes_of(tmp_path / "a.truth") == _bytes_of(tmp_path / "b.truth")
    assert _bytes_of(tmp_path / "a") != _bytes_of(tmp_path / "c")


@pytest.mark.parametrize("name", ALL)
def test_every_scenario_has_the_published_schemas(name: str, simulated) -> None:
    """Every file of every scenario has exactly the schema that arrow.py publishes."""
    made = simulated(name, scale=SMALL.get(name, 0.1))
    parts = sorted((made.summary.out / "log").glob("*.parquet"))
    assert len(parts) >= 1
    for part in parts:
        assert pq.read_schema(part).equals(arrow.EXCHANGE)
    assert made.accounts.schema.equals(arrow.ACCOUNT_TABLE)
    assert made.truth_accounts.schema.equals(arrow.TRUTH_ACCOUNT)
    assert made.truth_exchanges.schema.equals(arrow.TRUTH_EXCHANGE)


@pytest.mark.parametrize("name", ALL)
def test_truth_agrees_with_the_log(name: str, simulated) -> None:
    """Ids match one to one; a campaign's accounts carry extraction, the innocent carry none."""
    made = simulated(name, scale=SMALL.get(name, 0.1))
    ids = made.log["id"].to_pylist()
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(made.truth_exchanges["id"].to_pylist())
    known = set(made.truth_accounts["account"].to_pylist())
    assert set(made.accounts["account"].to_pylist()) == known
    assert set(made.log["account"].to_pylist()) <= known
    named = made.truth_exchanges.filter(pc.is_valid(made.truth_exchanges["campaign"]))
    assert named.num_rows == pc.sum(made.truth_exchanges["is_extraction"]).as_py()
    both = made.log.select(["id", "account"]).join(named, "id", join_type="inner")
    carriers = set(both["account"].to_pylist())
    told = made.truth_accounts
    assert set(told.filter(pc.is_valid(told["campaign"]))["account"].to_pylist()) == carriers
    guilty = told.filter(pc.invert(told["is_innocent"]))
    assert carriers <= set(guilty["account"].to_pylist())
    # A stolen key is its owner's account; all others are run by whoever runs a campaign.
    run = guilty.filter(pc.not_equal(guilty["group"], "stolen_key"))
    assert set(run["operator"].to_pylist()) <= set(made.summary.campaigns)
    assert set(named["campaign"].to_pylist()) == set(made.summary.campaigns)


@pytest.mark.parametrize("name", ALL)
def test_log_is_in_time_order_and_within_lives(name: str, simulated) -> None:
    """Rows are in order of time, inside the window, and nobody writes before or after a life."""
    made = simulated(name, scale=SMALL.get(name, 0.1))
    moments = made.log["at"].cast("int64").to_numpy()
    assert (moments[1:] >= moments[:-1]).all()
    assert moments[-1] - moments[0] <= made.summary.days * 86_400_000_000
    lives = made.accounts.select(["account", "opened_at", "closed_at"])
    both = made.log.select(["account", "at"]).join(lives, "account")
    assert pc.all(pc.greater_equal(both["at"], both["opened_at"])).as_py()
    assert pc.all(pc.less(both["at"], both["closed_at"])).as_py() in {True, None}


def test_innocents_hold_no_campaign(simulated) -> None:
    """The scenario of innocents has nothing to find."""
    made = simulated("innocents")
    assert made.summary.campaigns == ()
    assert pc.all(made.truth_accounts["is_innocent"]).as_py()
    assert len(set(made.truth_accounts["group"].to_pylist())) >= 15


def test_releases_can_be_read(simulated) -> None:
    """The calendar names every model in the log, with moments that have a zone."""
    made = simulated("relay")
    calendar = json.loads((made.summary.out / "releases.json").read_text())
    assert set(made.log["model"].to_pylist()) <= {entry["model"] for entry in calendar}
    assert all(datetime.fromisoformat(entry["at"]).tzinfo for entry in calendar)


def test_without_text_only_text_is_missing(tmp_path: Path, simulated) -> None:
    """A content-free log is the same log without system and prompt."""
    whole = simulated("relay").log
    summary = simulate_scenario("relay", out=tmp_path / "bare", seed=5, scale=0.1, text=False)
    bare = pq.read_table(summary.out / "log")
    assert bare["prompt"].null_count == bare["system"].null_count == bare.num_rows
    assert bare.drop(["prompt", "system"]).equals(whole.drop(["prompt", "system"]))


def test_bad_arguments_say_what_to_do(tmp_path: Path) -> None:
    """An unknown scenario, no size and far too much are refused before anything is written."""
    with pytest.raises(NotFoundError, match="choose one of"):
        simulate_scenario("hydra", out=tmp_path / "x", seed=1)
    with pytest.raises(UsageError, match="above 0"):
        simulate_scenario("relay", out=tmp_path / "x", seed=1, scale=0.0)
    with pytest.raises(UsageError, match="stay under --scale"):
        simulate_scenario("june_2026", out=tmp_path / "x", seed=1, scale=1.0)
    assert list(tmp_path.iterdir()) == []


def test_a_strangers_folder_is_not_replaced(tmp_path: Path) -> None:
    """A folder with something else in it stays as it is; an earlier simulation is replaced."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="something else"):
        simulate_scenario("graders", out=tmp_path / "mine", seed=1, scale=0.05)
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine"]
    simulate_scenario("graders", out=tmp_path / "sim", seed=1, scale=0.05)
    first = _bytes_of(tmp_path / "sim")
    simulate_scenario("graders", out=tmp_path / "sim", seed=2, scale=0.05)
    assert _bytes_of(tmp_path / "sim") != first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine", "sim", "sim.truth"]
