"""The weights in the package score what a prompt asks for, and say how well they do."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pyarrow as pa
import pytest

from iolaus.fingerprint.content import OUTPUTS, flow_means, load_weights
from iolaus.fingerprint.fingerprinter import Fingerprinter
from iolaus.schema import ASKS, CAPABILITIES

COT = (
    "You are given a question and the answer that was already written. Imagine and articulate the "
    "internal reasoning behind the completed response. Think step by step, justify your steps, "
    "write every step out in detail and then give the final answer.\n\nQuestion: "
)
GRADING = (
    "Evaluate the quality of the assistant's response. Give feedback according to the score "
    "rubric, then a score from 1 to 5.\n\n### Response:\n{}\n\n### Score rubric:\n1. poor\n5. good"
)
ORDINARY = (
    "how long do i boil an egg if i like it soft",
    "Can you recommend a good book about the history of Portugal?",
    "my sister gets married in june, help me write a short toast",
    "what's the difference between a llama and an alpaca",
    "translate this into french: see you tomorrow at the station",
)


def scores(prompts: list[str], systems: list[str | None] | None = None) -> list[dict]:
    """Return the scores of prompts."""
    batch = pa.record_batch(
        {
            "prompt": pa.array(prompts, pa.string()),
            "system": pa.array(systems or [None] * len(prompts), pa.string()),
        }
    )
    return Fingerprinter(b"any key", threads=1).text_columns_of(batch).to_pylist()


def test_scores_are_in_range() -> None:
    """Every score is a percentage, and there is one for each capability and ask."""
    for row in scores([*ORDINARY, COT, "", "日本語", "x" * 100_000]):
        assert len(row["capabilities"]) == len(CAPABILITIES)
        assert len(row["asks"]) == len(ASKS)
        for score in (*row["capabilities"], *row["asks"], row["extraction"]):
            assert 0 <= score <= 100


def test_asking_for_reasoning_outscores_ordinary_questions() -> None:
    """A prompt that elicits reasoning traces stands above every ordinary one on `reasoning`."""
    reasoning = ASKS.index("reasoning")
    got = [row["asks"][reasoning] for row in scores([COT + ORDINARY[3], *ORDINARY])]
    assert got[0] > max(got[1:])


def test_asking_for_grades_outscores_ordinary_questions() -> None:
    """A rubric prompt stands above every ordinary one on `grading`."""
    grading = ASKS.index("grading")
    got = [row["asks"][grading] for row in scores([GRADING.format(ORDINARY[1]), *ORDINARY])]
    assert got[0] > max(got[1:])


def test_system_prompt_counts_as_asking() -> None:
    """The same question scores higher on `reasoning` under a system prompt that elicits it."""
    reasoning = ASKS.index("reasoning")
    plain, asked = scores([ORDINARY[1]] * 2, [None, COT])
    assert asked["asks"][reasoning] > plain["asks"][reasoning]


def test_scores_do_not_depend_on_the_key() -> None:
    """Weights fit every operator."""
    batch = pa.record_batch({"prompt": pa.array([COT, *ORDINARY])})
    one, two = (Fingerprinter(key, threads=1).text_columns_of(batch) for key in (b"a", b"b"))
    for name in ("capabilities", "asks", "extraction"):
        assert one[name].equals(two[name])


def test_untrained_output_scores_zero() -> None:
    """Nothing taught decomposition: it has no opinion, and the card says so."""
    known = dict(zip(OUTPUTS, load_weights().known.tolist(), strict=True))
    assert not known["ask:decomposition"]
    assert scores([COT])[0]["asks"][ASKS.index("decomposition")] == 0


def test_card_has_the_figures_of_every_trained_output() -> None:
    """AUC and recall out of lineage, by family, beside the baseline on the same split."""
    card = json.loads((resources.files("iolaus.fingerprint") / "weights/card.json").read_text())
    known = [name for name, is_known in zip(OUTPUTS, load_weights().known, strict=True) if is_known]
    assert sorted(known) == sorted(card["outputs"])
    for figures in (*card["outputs"].values(), card["baseline"]):
        assert 0 <= figures["recall_at_1pct_fpr"] <= 1
        assert 0 <= figures["auc"] <= 1
    assert {figures["split"] for figures in card["outputs"].values()} == {"lineages", "rows"}
    assert card["outputs"]["extraction"]["split"] == "lineages"
    assert card["outputs"]["extraction"]["auc"] > card["baseline"]["auc"]
    assert len(card["lineages"]) >= 10
    assert set(card["extraction"]["by_family"]) == {f for group in card["lineages"] for f in group}


@pytest.mark.parametrize("output", ["extraction", "ask:reasoning", "ask:grading"])
def test_reference_flows_are_sorted_percentages(output: str) -> None:
    """Benign and distilling reference flows are there for the extraction test to count."""
    for side in ("benign", "distill"):
        means = flow_means()[output][side]
        assert means.size >= 500
        assert np.all(np.diff(means) >= 0)
        assert means[0] >= 0
        assert means[-1] <= 100


def test_weights_are_small() -> None:
    """The weights ship in every wheel: under one megabyte."""
    file = resources.files("iolaus.fingerprint") / "weights" / "content.npz"
    assert len(file.read_bytes()) < 1_000_000
