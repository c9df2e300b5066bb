"""The results of the content benchmark -> Markdown tables and two pictures."""

from __future__ import annotations

from typing import Any

from benchmarks.markdown import percent, table
from benchmarks.picture import lines

Results = dict[str, Any]

WORDS = {
    "iolaus": "Iolaus",
    "tfidf_families": "TF-IDF + logistic regression, taught on families",
    "fasttext_families": "fastText, taught on families",
    "minilm_families": "MiniLM + logistic regression, taught on families",
    "tfidf_ours": "TF-IDF + logistic regression, taught as ours",
    "fasttext_ours": "fastText, taught as ours",
    "minilm_ours": "MiniLM + logistic regression, taught as ours",
    "length": "length alone",
    "layout": "layout alone",
}
DRAWN = {
    "iolaus": "Iolaus",
    "minilm_ours": "MiniLM, as ours",
    "tfidf_ours": "TF-IDF, as ours",
    "minilm_families": "MiniLM, families",
    "tfidf_families": "TF-IDF, families",
    "length": "length alone",
}
"""Six lines can be told apart."""

GOALS = {"auc": ("AUC", 0.90), "recall_at_1pct_fpr": ("recall at 1 % false positives", 0.40)}
LANGUAGES_SHOWN = 5


def tables_of(results: Results) -> str:
    """Return everything that the page shows of the results."""
    parts = [
        _rows(results["rows"]),
        _everybody(results),
        _goals(results),
        "### By lineage",
        _by(results["by_lineage"], "Lineage"),
        "### By language",
        _by(_most_frequent(results["by_language"]), "Language"),
        "### Calibration",
        _calibration(results),
    ]
    return "\n\n".join(parts) + "\n"


def pictures_of(results: Results) -> dict[str, str]:
    """Return recall over false positives, and what came true over what was said."""
    curves = results["curves"]
    rates = curves["false_positive_rates"]
    recall = {
        words: list(zip(rates, curves["recall"][name], strict=True))
        for name, words in DRAWN.items()
    }
    calibrated = {
        words: [(one["said"], one["came_true"]) for one in results[key]["bins"]]
        for words, key in (
            ("all", "calibration"),
            ("without plain ones", "calibration_without_plain_instructions"),
        )
    }
    return {
        "recall.svg": lines(
            recall,
            title="Recall on lineages never seen",
            across=("share of innocent prompts that pass, logarithmic", 0.0005, 1.0),
            up="share of harvesting prompts found; families count equally",
        ),
        "calibration.svg": lines(
            calibrated,
            title="What was said, and what came true",
            across=("probability that was said", 0.0, 1.0),
            up="share that harvests, both sides weighing the same",
            diagonal=True,
        ),
    }


def _rows(rows: Results) -> str:
    return (
        f"{rows['n']:,} prompts of {rows['lineages']} lineages; {rows['positives']:,} of "
        f"{rows['positive_families']} families harvest, the rest of "
        f"{rows['negative_families']} families do not."
    )


def _everybody(results: Results) -> str:
    ours = results["leave_one_family_out"] | {
        "without_plain_instructions": results["without_plain_instructions"]
    }
    found = {"iolaus": ours} | results["peers"] | results["alone"]
    rows = []
    for name, words in WORDS.items():
        one = found[name]
        kept = one.get("without_plain_instructions")
        setting = f" ({one['setting'].partition(', ')[2]})" if "setting" in one else ""
        rows.append((words + setting, *_figures(one), *(_figures(kept)[:2] if kept else ("", ""))))
    head = ["", "AUC", "recall at 1 %", "at 0.1 %", "AUC*", "recall at 1 %*"]
    note = "\\* without instructions harvested as they stand, whose wording is anybody's."
    return table(head, rows) + "\n\n" + note


def _figures(one: Results) -> tuple[str, str, str]:
    return (
        f"{one['auc']:.3f}",
        percent(one["recall_at_1pct_fpr"]),
        percent(one["recall_at_0_1pct_fpr"]),
    )


def _goals(results: Results) -> str:
    held, sure = results["leave_one_family_out"], results["interval_90"]
    rows = [
        (
            words,
            f"{goal:.2f}",
            f"{held[name]:.3f}",
            f"{sure[name][0]:.2f} to {sure[name][1]:.2f}",
            "reached" if held[name] >= goal else "not reached",
        )
        for name, (words, goal) in GOALS.items()
    ]
    alone = results["alone"]
    note = (
        f"Of the variance of our score, length alone explains "
        f"{percent(alone['length']['share_of_our_score'])} and layout alone "
        f"{percent(alone['layout']['share_of_our_score'])}."
    )
    head = ["", "goal", "ours", "90 % interval over lineages", ""]
    return table(head, rows) + "\n\n" + note


def _by(groups: Results, name: str) -> str:
    rows = []
    for group, sides in groups.items():
        for side, one in sides.items():
            words = group.replace(" + ", ", ")
            recall = percent(one["passing"])
            found = (recall, "") if side == "distill" else ("", recall)
            rows.append((words, f"{one['n']:,}", f"{one['auc']:.3f}", *found))
    rows.sort(key=lambda row: (row[3] == "", row[0]))
    return table([name, "prompts", "AUC", "found", "false alarms"], rows)


def _most_frequent(groups: Results) -> Results:
    """Return the languages with most prompts; of the others there are fewer than twenty each."""
    counts = {name: sum(one["n"] for one in sides.values()) for name, sides in groups.items()}
    kept = sorted(counts, key=lambda name: -counts[name])[:LANGUAGES_SHOWN]
    return {name: groups[name] for name in kept}


def _calibration(results: Results) -> str:
    bins = results["calibration"]["bins"]
    rows = [
        (
            f"{one['from']:.1f}",
            percent(one["share_of_rows"]),
            percent(one["said"]),
            percent(one["came_true"]),
        )
        for one in bins
    ]
    kept = results["calibration_without_plain_instructions"]["ece"]
    note = (
        f"Mean error (ECE) {percent(results['calibration']['ece'])}; without plain "
        f"instructions {percent(kept)}. Both sides weigh the same here: a log has far more innocents."
    )
    return table(["from", "rows", "said", "came true"], rows) + "\n\n" + note
