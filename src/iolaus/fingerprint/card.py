"""A trained classifier -> the card that says how well it does on lineages it never saw."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.authored import read_sentences
from iolaus.fingerprint.baselines import baselines_of
from iolaus.fingerprint.capability import balance
from iolaus.fingerprint.content import OUTPUTS
from iolaus.fingerprint.measures import auc_of, recall_at, reliability_of, short
from iolaus.fingerprint.promptset import F64, Mask, PromptSet
from iolaus.fingerprint.sessions import session_figures
from iolaus.fingerprint.training import Trained

CHOSEN_ON = (
    "aider_dev_session, alpaca_*, bfcl, camel, codealpaca_gen, curator, humaneval, lion, llava, "
    "toolalpaca, university_coursework, wizardlm"
)
"""The lineages on whose figures settings were compared first; those of all were seen too."""

SPLIT = "asks, extraction: each lineage left out alone; capabilities: groups of them, or rows"

LEAST = 20
"""Rows of a language below which no figure is given."""

LIMITS = """
Sentences were written by a language model that knows published pipelines by name and from its
training, before it had read a prompt of the data folder, but knowing the families' names and how an
older model scored each; two thirds also knowing how experiments with the first third had scored.
Those that shared a run of six words with the folder were removed.
Settings (length of composed prompts, ridge, that the families weigh nothing) were compared on held-out
figures, of the lineages in `chosen_on` first, but those of all were seen: they are optimistic.
Labels are guesses by family and keyword; there are about twenty lineages, so figures are coarse:
another seed of the composed prompts moves recall at 1 % by about .05 (AUC by .003).
Instructions harvested as they stand (label harvest) are worded as anybody's and do not generalise.
Decomposition is labelled nowhere: it is taught by composed prompts alone, takes the mean line of
the other asks, and has no held-out figure.
Languages other than English are taught by a few dozen whole prompts of our own; only Chinese
questions are measured, as innocents.
Sessions are drawn from one template's prompts: nobody published whole sessions of a harvest.
"""


def card_of(
    trained: Trained,
    *,
    seed: int,
    weight: float,
    shared: float,
    baseline: bool,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Return the figures of all outputs; `baseline` also measures simpler means on the split."""
    prompts = trained.prompts
    card: dict[str, Any] = {
        "version": 2,
        "seed": seed,
        "rows": int(prompts.family.size),
        "authored_sentences": sum(len(held) for held in read_sentences().values()),
        "weight_of_families": weight,
        "split": SPLIT if weight else f"{SPLIT}; asks, extraction: no family was trained on",
        "chosen_on": CHOSEN_ON,
        "lineages": lineages_of(prompts),
        "outputs": _outputs(trained),
        "not_measured": [name for name in trained.curves if name not in trained.share],
        "not_trained": [name for name in OUTPUTS if name not in trained.curves],
        "limits": LIMITS.split("\n")[1:-1],
    }
    if "extraction" in trained.share:
        share = trained.share["extraction"]
        card["extraction"] = _extraction(prompts, share)
        card["sessions"] = {"shared": shared} | session_figures(
            prompts, share, shared=shared, rng=rng
        )
    if baseline and "extraction" in trained.share:
        card["baselines"] = {
            name: _figures(prompts, "extraction", score, everything(prompts))
            for name, score in baselines_of(prompts).items()
        }
    return card


def everything(prompts: PromptSet) -> Mask:
    """Return the mask of all rows."""
    return np.ones(prompts.family.size, np.bool_)


def lineages_of(prompts: PromptSet) -> list[list[str]]:
    """Return the families of each lineage."""
    return [
        sorted({str(name) for name in prompts.family[prompts.lineage == number]})
        for number in np.unique(prompts.lineage)
    ]


def _outputs(trained: Trained) -> dict[str, dict[str, Any]]:
    """Return each output's figures, and what was held out for them."""
    every = everything(trained.prompts)
    return {
        name: _figures(trained.prompts, name, share, every)
        | {"split": "rows" if name in trained.within else "lineages"}
        for name, share in trained.share.items()
    }


def _figures(prompts: PromptSet, output: str, score: F64, rows: Mask) -> dict[str, Any]:
    """AUC and recall, by row and with families counting equally, and calibration."""
    truth, held = prompts.truth_of(output)[rows], score[rows]
    weight, even = balance(prompts.family[rows], truth), np.ones(truth.size)
    figures = {
        "auc": short(auc_of(held, truth, weight=even)),
        "auc_family_balanced": short(auc_of(held, truth, weight=weight)),
        "recall_at_1pct_fpr": short(recall_at(held, truth, weight=even)[0]),
        "recall_at_1pct_fpr_family_balanced": short(recall_at(held, truth, weight=weight)[0]),
        "recall_at_0_1pct_fpr_family_balanced": short(
            recall_at(held, truth, weight=weight, false_positives=0.001)[0]
        ),
        "positives": int(truth.sum()),
        "positive_families": len(np.unique(prompts.family[rows][truth])),
    }
    if 0 <= held.min() and held.max() <= 1:
        figures["ece"] = reliability_of(held, truth, weight=weight)["ece"]
    return figures


def _extraction(prompts: PromptSet, share: F64) -> dict[str, Any]:
    """Figures by lineage, family and language, without plain instructions, and calibration."""
    truth = prompts.truth_of("extraction")
    weight = balance(prompts.family, truth)
    _, threshold = recall_at(share, truth, weight=weight)

    def part(rows: Mask) -> dict[str, Any]:
        return _part(truth, share, rows, names=prompts.family, threshold=threshold)

    return {
        "threshold_at_1pct_fpr": short(100 * threshold),
        "without_plain_instructions": _figures(prompts, "extraction", share, ~prompts.plain),
        "reliability": reliability_of(share, truth, weight=weight),
        "by_lineage": {
            ", ".join(families): part(np.isin(prompts.family, families))
            for families in lineages_of(prompts)
        },
        "by_family": {
            str(name): {"side": str(prompts.side[prompts.family == name][0])}
            | part(prompts.family == name)
            for name in np.unique(prompts.family)
        },
        "by_language": {
            str(lang) or "unknown": part(prompts.lang == lang)
            for lang in np.unique(prompts.lang)
            if (prompts.lang == lang).sum() >= LEAST
        },
    }


def _part(
    truth: Mask, share: F64, rows: Mask, *, names: npt.NDArray[np.str_], threshold: float
) -> dict[str, Any]:
    """Return the figures of some rows, each side of them against the whole other side."""
    told: dict[str, Any] = {
        "n": int(rows.sum()),
        "mean": short(100 * share[rows].mean()),
        "share_above_threshold": short((share[rows] >= threshold).mean()),
    }
    for name, side in (("harvest", True), ("innocent", False)):
        kept = (rows & (truth == side)) | (truth != side)
        if (rows & (truth == side)).any():
            weight = balance(names[kept], truth[kept])
            told[f"auc_of_{name}"] = short(auc_of(share[kept], truth[kept], weight=weight))
    return told
