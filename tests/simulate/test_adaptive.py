"""Turning one knob changes that one thing, and the truth keeps up."""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from iolaus.errors import NotFoundError
from iolaus.simulate import simulate_scenario
from iolaus.simulate.adaptive import CAMPAIGN, KNOBS, USUAL, adaptive_scenario, attack_of, knob_of

SCALE = 0.12


def made(folder: Path, name: str, setting: float) -> Path:
    """Simulate one small point of a curve; return its world."""
    out = folder / f"{name}-{setting:g}"
    simulate_scenario(adaptive_scenario(name, setting), out=out, seed=3, scale=SCALE)
    return out


def share(world: Path, kind: str) -> float:
    """Return which share of a world's exchanges through campaign accounts is `kind` of thing."""
    truth = pq.read_table(world.with_name(f"{world.name}.truth") / "accounts.parquet")
    pool = truth.filter(pc.equal(truth["group"], "relay"))["account"].combine_chunks()
    log = pq.read_table(world / "log", columns=["id", "account", "address", "prompt"])
    log = log.filter(pc.is_in(log["account"], value_set=pool))
    told = pq.read_table(world.with_name(f"{world.name}.truth") / "exchanges.parquet")
    guilty = told.filter(told["is_extraction"])["id"].combine_chunks()
    extraction = np.asarray(pc.is_in(log["id"], value_set=guilty))
    if kind == "strangers":
        return 1.0 - float(extraction.mean())
    prompts = log.filter(extraction)["prompt"]
    return 1.0 - len(pc.unique(prompts)) / len(prompts)


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_every_knob_turns(knob) -> None:
    """Each end of a curve is another attack than the other end."""
    assert attack_of(knob.name, knob.settings[0]) != attack_of(knob.name, knob.settings[-1])
    assert any(attack_of(knob.name, setting) for setting in knob.settings)


def test_mix_is_the_strangers_share(tmp_path: Path) -> None:
    """Without strangers all is harvest; mixed, about the asked share is not."""
    assert share(made(tmp_path, "mix", 0.0), "strangers") == 0.0
    assert share(made(tmp_path, "mix", 0.8), "strangers") == pytest.approx(0.8, abs=0.1)


def test_repeats_ask_again(tmp_path: Path) -> None:
    """Far more prompts come back than a harvest's own short follow-up questions."""
    few, many = (share(made(tmp_path, "repeats", x), "repeats") for x in (0.0, 0.9))
    assert many > few + 0.15


def test_framing_is_no_extraction_and_the_firm_is_innocent(tmp_path: Path) -> None:
    """The copies come from the firm's address through the pool, and the truth blames nobody for them."""
    world = made(tmp_path, "framing", 0.6)
    truth = pq.read_table(world.with_name(f"{world.name}.truth") / "accounts.parquet")
    firm = truth.filter(pc.equal(truth["group"], "framed_firm"))
    assert len(firm) and all(firm["is_innocent"].to_pylist())
    log = pq.read_table(world / "log", columns=["account", "address"])
    own = log.filter(pc.is_in(log["account"], value_set=firm["account"].combine_chunks()))
    egress = pc.value_counts(own["address"]).to_pylist()
    most = max(egress, key=lambda row: row["counts"])["values"]
    behind = set(log.filter(pc.equal(log["address"], most))["account"].to_pylist())
    assert behind - set(firm["account"].to_pylist())


def test_seeded_accounts_are_the_operators(tmp_path: Path) -> None:
    """Throwaway accounts are not innocent, though they harvest nothing."""
    world = made(tmp_path, "ramp", 200)
    truth = pq.read_table(world.with_name(f"{world.name}.truth") / "accounts.parquet")
    seeded = truth.filter(pc.equal(truth["group"], "seeded"))
    assert set(seeded["operator"].to_pylist()) == {CAMPAIGN}
    assert not any(seeded["is_innocent"].to_pylist())


def test_the_usual_attack_seeds_and_frames_nobody() -> None:
    """The twin: what a curve turns is off elsewhere."""
    assert (USUAL.seeded, USUAL.flooded, USUAL.framed, USUAL.repeated) == (0, 0.0, 0.0, 0.0)


def test_unknown_knob_is_refused() -> None:
    """The message names those there are."""
    with pytest.raises(NotFoundError, match="mix"):
        knob_of("volume")
