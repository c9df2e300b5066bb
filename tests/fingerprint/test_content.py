"""The weights in the package score what a prompt asks for, and say how well they do."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pyarrow as pa
import pytest

from iolaus.fingerprint.content import (
    COLUMNS,
    OUTPUTS,
    bits_of,
    flow_means,
    load_weights,
    scores_of,
    session_score,
)
from iolaus.fingerprint.fingerprinter import Fingerprinter
from iolaus.fingerprint.shape import STRUCTURE
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


@pytest.mark.parametrize(
    ("ask", "asking", "twin"),
    [
        (
            "decomposition",
            (
                "A tank empties through two pipes. Tell me only what to work out next, one step, and "
                "stop there; I will ask for the following step afterwards."
            ),
            "A tank empties through two pipes. How long does it take?",
        ),
        (
            "critique",
            (
                "List the flaws of the assistant's reply, each with a reason. Do not rewrite it and "
                "give no score.\n\nReply: Sell all you have."
            ),
            "Fix the typos in my reply please: Sel all you have.",
        ),
        (
            "synthesis",
            (
                "Invent 20 varied user requests about gardening with ideal answers, one JSON object "
                "per line, to fine-tune a model."
            ),
            "Give me 20 title ideas for my gardening blog.",
        ),
    ],
)
def test_ask_outscores_its_innocent_twin(ask: str, asking: str, twin: str) -> None:
    """What is asked for raises the ask's score; the same subject without it does not."""
    at = ASKS.index(ask)
    first, second = (row["asks"][at] for row in scores([asking, twin]))
    assert first > second


def test_judge_for_a_leaderboard_scores_below_a_grader_for_training() -> None:
    """Comparing two models for a ranking harvests less than rating a reply with a rationale."""
    reply = "Question: Why does bread rise?\n\nReply A: Yeast.\n\nReply B: Heat."
    judge, grader = scores(
        [
            f"Which of the two replies would people prefer? Output A or B only.\n\n{reply}",
            (
                "Rate each reply from 1 to 5 by the rubric. Write a detailed rationale before each "
                f"score, as training feedback for the model.\n\n{reply}"
            ),
        ]
    )
    assert judge["extraction"] < grader["extraction"]


def test_german_order_for_training_data_outscores_german_talk() -> None:
    """The few whole prompts in other languages teach their words."""
    asking, talk = scores(
        [
            (
                "Schreibe 15 verschiedene Anweisungen mit Eingabe und Ausgabe, zum Training eines "
                "Sprachmodells."
            ),
            "Kannst du mir bitte beim Packen für den Urlaub helfen?",
        ]
    )
    assert asking["extraction"] > talk["extraction"]


def test_turns_of_a_session_add_up_and_repeat_themselves() -> None:
    """Ten doubtful turns say more than one, less than ten independent ones; one keeps its score."""
    weights = load_weights()
    one, ten = session_score(weights, np.array([70.0])), session_score(weights, np.full(10, 70.0))
    assert one == pytest.approx(70.0)
    assert one <= ten < 100 / (1 + (3 / 7) ** 10)
    assert session_score(weights, np.array([])) == 50.0
    assert session_score(weights, np.array([30.0, 70.0])) == pytest.approx(50.0)


def test_rows_scored_together_or_alone_are_the_same() -> None:
    """A batch changes no row's score."""
    prompts = [COT, *ORDINARY, GRADING.format(ORDINARY[0])]
    alone = [scores([prompt])[0] for prompt in prompts]
    assert alone == scores(prompts)


def test_percentages_are_those_of_plain_numpy() -> None:
    """The compiled last step is softmax, log odds and a bounded logistic curve."""
    luck = np.random.default_rng(5)
    weights = load_weights()
    n, n_columns = 200, len(COLUMNS)
    sums = np.zeros((n, 32), np.int32)
    sums[:, :n_columns] = luck.integers(-2000, 2000, (n, n_columns))
    n_features = luck.integers(0, 900, n).astype(np.int32)
    structure = luck.integers(0, 1 << len(STRUCTURE), n).astype(np.int32)
    norm = np.sqrt(np.maximum(n_features, 1))[:, None]
    logits = weights.slope * (sums[:, :n_columns] / norm) + weights.intercept
    logits = logits + bits_of(structure) @ weights.shape
    share = np.exp(logits[:, len(CAPABILITIES) :])
    asks = share[:, : len(ASKS)]
    parts = np.column_stack([asks, asks.sum(axis=1)])
    slope, offset, low, high = weights.curves.T
    odds = slope * np.log(parts / (share.sum(axis=1)[:, None] - parts)) + offset
    wanted = np.column_stack(
        [
            1 / (1 + np.exp(-logits[:, : len(CAPABILITIES)])),
            low + (high - low) / (1 + np.exp(-odds)),
        ]
    )
    got = scores_of(weights, sums=sums, n_features=n_features, structure=structure)
    assert got is not None
    found = np.column_stack([got.capabilities, got.asks, got.extraction])
    assert np.abs(found - 100 * wanted * weights.known).max() <= 0.51


def test_card_has_the_figures_of_every_trained_output() -> None:
    """AUC and recall out of lineage, by family, beside the baseline on the same split."""
    card = json.loads((resources.files("iolaus.fingerprint") / "weights/card.json").read_text())
    known = [name for name, is_known in zip(OUTPUTS, load_weights().known, strict=True) if is_known]
    assert sorted(known) == sorted((*card["outputs"], *card["not_measured"]))
    assert card["not_measured"] == ["ask:decomposition"]
    for figures in (*card["outputs"].values(), *card["baselines"].values()):
        assert 0 <= figures["recall_at_1pct_fpr"] <= 1
        assert 0 <= figures["auc"] <= 1
    assert {figures["split"] for figures in card["outputs"].values()} == {"lineages", "rows"}
    assert card["outputs"]["extraction"]["split"] == "lineages"
    assert card["outputs"]["extraction"]["auc"] > card["baselines"]["tfidf"]["auc"]
    assert card["outputs"]["extraction"]["ece"] < 0.1
    assert set(card["baselines"]) == {"tfidf", "length", "layout"}
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
