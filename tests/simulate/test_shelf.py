"""Prompt families given by a folder are dealt where they fit, and bad folders are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from iolaus.errors import ColumnError, EmptyError, InputError
from iolaus.simulate import simulate_scenario
from iolaus.simulate.shelf import Deck, Shelf


def _family(folder: Path, family: str, *, side: str, capability: str, n: int = 60) -> None:
    folder.mkdir(exist_ok=True)
    rows = {
        "text": [f"{family} prompt number {i}" for i in range(n)],
        "system": [""] * n,
        "family": [family] * n,
        "side": [side] * n,
        "capability": [capability] * n,
        "labels": [""] * n,
        "template_id": [f"{family}-{i % 2}" for i in range(n)],
        "lang": ["en"] * n,
    }
    pq.write_table(pa.table(rows), folder / f"{family}.parquet")


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """Return a folder with one family for graders, one for labs, one for people."""
    folder = tmp_path / "prompts"
    _family(folder, "hard_grading", side="distill", capability="rubric_grading")
    _family(folder, "alpaca_eval_judge", side="lookalike", capability="rubric_grading")
    _family(folder, "oasst_prompts", side="benign", capability="general_chat")
    return folder


def test_campaigns_draw_distilled_and_innocents_benign_families(
    prompts: Path, tmp_path: Path
) -> None:
    """Only the graders speak from the distilled family; only others from the benign ones."""
    made = simulate_scenario("graders", out=tmp_path / "sim", seed=2, scale=0.1, prompts=prompts)
    log = pq.read_table(made.out / "log", columns=["id", "prompt"])
    truth = pq.read_table(made.truth / "exchanges.parquet")
    both = log.join(truth.select(["id", "is_extraction"]), "id")
    harvest = both.filter(both["is_extraction"])
    others = both.filter(pc.invert(both["is_extraction"]))
    assert pc.all(pc.starts_with(harvest["prompt"], "hard_grading")).as_py()
    assert not pc.any(pc.starts_with(others["prompt"], "hard_grading")).as_py()
    assert pc.any(pc.starts_with(others["prompt"], "oasst_prompts")).as_py()
    assert pc.any(pc.starts_with(others["prompt"], "alpaca_eval_judge")).as_py()


def test_a_capability_without_a_family_falls_back_to_the_grammars(
    prompts: Path, tmp_path: Path
) -> None:
    """A relay that harvests reasoning still has text where the shelf holds no such family."""
    made = simulate_scenario("relay", out=tmp_path / "sim", seed=2, scale=0.05, prompts=prompts)
    log = pq.read_table(made.out / "log", columns=["prompt"])
    assert log["prompt"].null_count == 0
    assert made.n_extraction > 0


def test_a_deck_deals_every_card_before_any_twice() -> None:
    """Dealing goes through the whole deck, then shuffles it again."""
    rng = np.random.default_rng(0)
    cards = np.array([f"c{i}" for i in range(10)], dtype=object)
    deck = Deck(rng, prompts=cards, systems=np.full(10, None, dtype=object))
    first = [*deck.deal(rng, 4)[0], *deck.deal(rng, 6)[0]]
    assert sorted(first) == sorted(cards)
    second = deck.deal(rng, 25)[0].tolist()
    assert sorted(second[:10]) == sorted(cards)
    assert sorted(second[10:20]) == sorted(cards)
    assert len(deck.deal(rng, 0)[0]) == 0


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that does not exist is an input error that names it, before anything is written."""
    with pytest.raises(InputError, match="no such folder of prompts"):
        simulate_scenario("relay", out=tmp_path / "sim", seed=1, prompts=tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_malformed_folder_says_what_is_wrong(tmp_path: Path) -> None:
    """No file, a file without the columns, half a file, and no text are four different errors."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    with pytest.raises(EmptyError, match="no Parquet file"):
        Shelf(folder)
    pq.write_table(pa.table({"text": ["a"]}), folder / "bad.parquet")
    with pytest.raises(ColumnError, match="no column system, family"):
        Shelf(folder)
    (folder / "bad.parquet").write_bytes(b"PAR1 half a file")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        Shelf(folder)
    (folder / "bad.parquet").unlink()
    _family(folder, "empty", side="benign", capability="other", n=0)
    with pytest.raises(EmptyError, match="no row has a text"):
        Shelf(folder)
