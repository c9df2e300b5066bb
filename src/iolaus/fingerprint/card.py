"""A trained classifier -> the card that says how well it does on lineages it never saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.content import OUTPUTS
from iolaus.fingerprint.promptset import F64, I64, Mask, PromptSet
from iolaus.fingerprint.training import Trained, balance, folds_of, rows_for

FALSE_POSITIVES = 0.01
SMALLEST_FLOW = 20
LARGEST_FLOW = 400
SUBSETS = 20
"""Subsets drawn of one template's prompts; they are not independent, templates are."""

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
LIMITS = """
Instructions harvested as they stand (label harvest) are not trained on; their figures are apart.
Settings were compared on the held-out lineages that the figures are from: they are optimistic.
Labels are guesses by family and keyword; there are about twenty lineages, so figures are coarse.
Nothing is labelled decomposition (sub-questions asked step by step): it is not trained, scores 0.
"""


def card_of(trained: Trained, *, seed: int, baseline: bool) -> dict[str, Any]:
    """Return the figures of all outputs; `baseline` also measures TF-IDF on the same split."""
    prompts = trained.prompts
    outputs = {name: _figures(prompts, name, trained.percent[name]) for name in trained.percent}
    for name, held in outputs.items():
        held["split"] = "rows" if name in trained.within else "lineages"
    names, counts = np.unique(prompts.family, return_counts=True)
    lineages: dict[int, list[str]] = {}
    for name in names:
        number = int(prompts.lineage[prompts.family == name][0])
        lineages.setdefault(number, []).append(str(name))
    card: dict[str, Any] = {
        "version": 1,
        "seed": seed,
        "rows": int(counts.sum()),
        "split": "extraction: each lineage left out alone; the rest: groups of lineages, or rows",
        "lineages": list(lineages.values()),
        "outputs": outputs,
        "not_trained": [name for name in OUTPUTS if name not in trained.percent],
        "limits": LIMITS.split("\n")[1:-1],
    }
    if "extraction" in trained.percent:
        card["extraction"] = _extraction(prompts, trained.percent["extraction"])
        if baseline:
            logits = _tfidf(prompts)
            card["baseline"] = {"name": "TF-IDF (1-2 words), logistic regression"} | _figures(
                prompts, "extraction", logits
            )
    return card


def flows_of(trained: Trained, *, rng: np.random.Generator) -> dict[str, Any]:
    """Return the means of reference flows, benign (look-alikes included) and distilling."""
    prompts = trained.prompts
    units = _units(prompts)
    drawn = [(unit, _subsets(rows, rng)) for unit, rows in units.items()]
    outputs = [name for name in trained.percent if not name.startswith("capability:")]
    means: dict[str, dict[str, list[float]]] = {}
    for output in outputs:
        score = trained.percent[output].astype(np.float64)
        sides: dict[str, list[float]] = {"benign": [], "distill": []}
        for (side, _, _), subsets in drawn:
            sides[side] += [round(float(score[rows].mean()), 2) for rows in subsets]
        means[output] = {side: sorted(values) for side, values in sides.items()}
    quantiles = {
        output: {
            side: [round(float(q), 1) for q in np.quantile(values, QUANTILES)] if values else []
            for side, values in sides.items()
        }
        for output, sides in means.items()
    }
    return {
        "unit": "mean score, 0 to 100, of 20 to 400 prompts of one template",
        "templates": {
            side: sum(unit[0] == side for unit in units) for side in ("benign", "distill")
        },
        "subsets_a_template": SUBSETS,
        "quantile_levels": list(QUANTILES),
        "quantiles": quantiles,
        "means": means,
    }


def recall_at(score: F64, truth: Mask, *, weight: F64) -> tuple[float, float]:
    """Return recall where FALSE_POSITIVES of the weighted negatives pass, and the threshold."""
    levels, code = np.unique(score, return_inverse=True)
    wrong = np.bincount(code, weight * ~truth, levels.size)[::-1].cumsum()[::-1]
    right = np.bincount(code, weight * truth, levels.size)[::-1].cumsum()[::-1]
    passing = np.flatnonzero(wrong <= FALSE_POSITIVES * wrong[0])
    if passing.size == 0:
        return 0.0, float(levels[-1]) + 1
    return float(right[passing[0]] / max(right[0], 1e-12)), float(levels[passing[0]])


def _figures(
    prompts: PromptSet, output: str, score: npt.NDArray[Any], rows: Mask | None = None
) -> dict[str, Any]:
    """AUC and recall, by row and with families counting equally."""
    from sklearn.metrics import roc_auc_score

    rows = rows_for(prompts, output) if rows is None else rows
    truth, held = prompts.truth_of(output)[rows], score[rows].astype(np.float64)
    weight = balance(prompts.family[rows], truth)
    even = np.ones(truth.size)
    return {
        "auc": _short(roc_auc_score(truth, held)),
        "auc_family_balanced": _short(roc_auc_score(truth, held, sample_weight=weight)),
        "recall_at_1pct_fpr": _short(recall_at(held, truth, weight=even)[0]),
        "recall_at_1pct_fpr_family_balanced": _short(recall_at(held, truth, weight=weight)[0]),
        "positives": int(truth.sum()),
        "positive_families": len(np.unique(prompts.family[rows][truth])),
    }


def _extraction(prompts: PromptSet, percent: npt.NDArray[np.int8]) -> dict[str, Any]:
    """Each family's mean score and the share above the threshold; and with plain instructions."""
    rows = rows_for(prompts, "extraction")
    truth = prompts.truth_of("extraction")
    score = percent.astype(np.float64)
    _, threshold = recall_at(score[rows], truth[rows], weight=np.ones(int(rows.sum())))
    everything = np.ones(rows.size, np.bool_)
    return {
        "threshold_at_1pct_fpr": threshold,
        "with_plain_instructions": _figures(prompts, "extraction", percent, everything),
        "by_family": {
            str(name): {
                "side": str(prompts.side[at][0]),
                "mean": _short(score[at].mean()),
                "share_above_threshold": _short((score[at] >= threshold).mean()),
            }
            for name in np.unique(prompts.family)
            for at in [np.flatnonzero(prompts.family == name)]
        },
    }


def _units(prompts: PromptSet) -> dict[tuple[str, str, str], I64]:
    """Group rows by template where it has enough, otherwise by family."""
    names = np.char.add(np.char.add(prompts.family, "|"), prompts.template)
    known, code, size = np.unique(names, return_inverse=True, return_counts=True)
    units: dict[tuple[str, str, str], list[int]] = {}
    for row in range(names.size):
        template = str(known[code[row]]) if size[code[row]] >= SMALLEST_FLOW else ""
        side = "distill" if prompts.side[row] == "distill" else "benign"
        units.setdefault((side, str(prompts.family[row]), template), []).append(row)
    return {unit: np.array(rows) for unit, rows in units.items() if len(rows) >= SMALLEST_FLOW}


def _subsets(rows: I64, rng: np.random.Generator) -> list[I64]:
    most = min(LARGEST_FLOW, rows.size)
    sizes = np.exp(rng.uniform(np.log(SMALLEST_FLOW), np.log(most), SUBSETS)).astype(int)
    return [rng.choice(rows, max(int(size), SMALLEST_FLOW), replace=False) for size in sizes]


def _tfidf(prompts: PromptSet) -> F64:
    """Score every row by the baseline, its lineage held out; the vocabulary has seen all rows."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorise: Callable[[list[str]], Any] = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, max_features=200_000, sublinear_tf=True
    ).fit_transform
    features = vectorise(prompts.texts)
    usable, truth = rows_for(prompts, "extraction"), prompts.truth_of("extraction")
    logits = np.zeros(truth.size)
    for held in folds_of(prompts.lineage, truth, alone=True):
        out = np.isin(prompts.lineage, held)
        taught = np.flatnonzero(~out & usable)
        if len(np.unique(truth[taught])) == 2:
            model = LogisticRegression(max_iter=200, tol=1e-3, class_weight="balanced")
            model.fit(features[taught], truth[taught])
            logits[out] = model.decision_function(features[out])
    return logits


def _short(value: float) -> float:
    return round(float(value), 4)
