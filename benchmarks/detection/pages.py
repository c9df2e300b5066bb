"""The results of the detection benchmark -> Markdown tables and pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.detection import standings
from benchmarks.detection.standings import mean_of
from benchmarks.markdown import percent, table
from benchmarks.picture import lines

Results = dict[str, Any]

SETS = {
    "held out": "Prompts that people and pipelines wrote, lineages held out",
    "own": "Prompts of our own grammars",
}
DRAWN = ("mix", "paraphrase", "exchanges", "share")
LINES = {
    "account_recall": "accounts found",
    "exchange_recall": "exchanges attributed",
    "account_precision": "precision, accounts",
}


def tables_of(results: Results) -> str:
    """Return everything that the page shows of the results."""
    parts = [_size(results)]
    for words, title in SETS.items():
        if results["summary"][words]:
            parts += [f"### {title}", _summary(results["summary"][words])]
    parts += [
        "### Peers on the same logs",
        standings.equal(results),
        standings.own_settings(results),
    ]
    parts += ["### Who was wronged", _innocents(results["innocents"])]
    parts += [_reweighed(results["reweighed"]), _alarms(results["false_alarms"])]
    parts += ["### What the bits were worth", _picture(results, "calibration.svg")]
    parts += [_calibration(results["calibration"])]
    if results["ablation"]:
        parts += ["### Without each signal", _ablation(results["ablation"])]
    parts += ["### Attackers who adapt"]
    parts += [_picture(results, f"{name}.svg") for name in DRAWN]
    parts += [_curves(results["curves"])]
    if results["artefacts"]:
        parts += ["### Artefacts", _artefacts(results["artefacts"])]
    if results["failed"]:
        parts += ["### Failed", _failed(results["failed"])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _size(results: Results) -> str:
    """Say how much was run, and what was not."""
    not_done = results["settings"].get("not_done", [])
    left = f" Cut short: {len(not_done)} jobs were not done." if not_done else ""
    return (
        f"{results['n_jobs']} jobs, {results['cpu_minutes']:.0f} minutes of processor beside what "
        f"the peers took.{left}"
    )


def _picture(results: Results, file: str) -> str:
    """Link a picture where there is one."""
    words = {"calibration.svg": "What the bits claimed, and what was so"}
    shown = words.get(file, f"What is found along the curve {file.removesuffix('.svg')}")
    there = file in pictures_of(results)
    return f"![{shown}](../../benchmarks/detection/{file})" if there else ""


def pictures_of(results: Results) -> dict[str, str]:
    """Return a curve for each drawn knob, and what was claimed over what came true."""
    curves = results["curves"]
    drawn = {
        f"{name}.svg": _curve(curves[name])
        for name in DRAWN
        if len({point["setting"] for point in curves.get(name, {"points": []})["points"]}) > 1
    }
    words = "held out" if results["summary"]["held out"] else "own"
    bins = results["calibration"][words]
    points = {
        kind: [(said, n / of) for _, _, said, n, of in bins[kind]] for kind in bins if bins[kind]
    }
    if points:
        drawn["calibration.svg"] = lines(
            points,
            title="What the bits claimed, and what was so",
            across=("probability that the bits say", 0.0, 1.0),
            up="share of claims that were so",
            diagonal=True,
        )
    return drawn


def _summary(scenarios: Results) -> str:
    head = [
        "scenario", "seeds", "accounts found", "their precision", "exchanges attributed",
        "their precision", "strangers touched", "customers touched",
    ]  # fmt: skip
    rows = [
        (
            f"`{name}`",
            one["n_seeds"],
            *(
                _spread(one.get(figure))
                for figure in (
                    "account_recall", "account_precision", "exchange_recall", "exchange_precision",
                )
            ),
            _rate(*one["strangers_touched"]),
            _rate(*one["customers_touched"]),
        )
        for name, one in scenarios.items()
        if "account_recall" in one
    ]  # fmt: skip
    note = "Mean over seeds, and in brackets the worst seed; campaigns weigh the same."
    return table(head, rows) + "\n\n" + note


def _spread(one: Results | None) -> str:
    return f"{one['mean']:.3f} ({one['worst']:.3f})" if one else "nobody found"


def _rate(n: int, of: int) -> str:
    """Write a share with its counts, and a zero with the 95 % bound that its count allows."""
    if not of:
        return "none to count"
    if n == 0:
        return f"0 of {of:,} (at most {_fine(1 - 0.05 ** (1 / of))})"
    return f"{_fine(n / of)} ({n:,} of {of:,})"


def _fine(share: float) -> str:
    digits = 1 if share >= 0.01 else 2 if share >= 0.001 else 4
    return f"{100 * share:.{digits}f} %"


def _innocents(found: Results) -> str:
    rows = [
        (f"`{group}`", f"{of:,}", n, percent(upper))
        for group, (n, of, upper) in found["groups"].items()
    ]
    n, of, upper = found["ordinary"]
    rows.append(("ordinary accounts, one by one", f"{of:,}", n, _fine(upper)))
    return table(["look-alikes", "instances", "in a campaign", "at most (95 %)"], rows)


def _reweighed(told: Results) -> str:
    rows = [
        (SETS[words], f"1 in {round(1 / prevalence):,}", _maybe(precision), _maybe(at_least))
        for words, lines_ in told.items()
        for prevalence, precision, at_least in lines_
    ]
    head = [
        "account precision if campaign accounts were",
        "as rare as",
        "as counted",
        "shown at least",
    ]
    return table(head, rows)


def _maybe(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"


def _alarms(told: Results) -> str:
    rows = []
    for trait in ("country", "language", "pathway", "script"):
        for value, (named, networked, of) in told.get(trait, {}).items():
            if of >= 100:
                rows.append(
                    (f"{trait}: {value}", f"{of:,}", _rate(named, of), percent(networked / of))
                )
    head = ["innocent accounts by", "accounts", "named in a campaign", "in any network"]
    return (
        table(head, rows)
        + "\n\nTraits of a hundred accounts or more; the language follows the country."
    )


def _calibration(told: Results) -> str:
    rows = [
        (f"{kind} ({words})", _range(low, high), percent(said), percent(n / of), f"{of:,}")
        for words, kinds in told.items()
        for kind, bins in kinds.items()
        for low, high, said, n, of in bins
    ]
    return table(["claim", "bits", "said", "was so", "claims"], rows)


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return f"under {high:g}"
    return f"{low:g} and more" if high is None else f"{low:g} to {high:g}"


def _ablation(worlds: Results) -> str:
    parts = []
    for world, signals in worlds.items():
        whole = signals["nothing"]
        rows = []
        for name, one in signals.items():
            wronged = sum(one["innocents_flagged"].values()) + one["ordinary_flagged"]
            changed = any(
                one[k] != whole[k]
                for k in (
                    "account_recall",
                    "exchange_recall",
                    "account_precision",
                    "exchange_precision",
                    "innocents_flagged",
                    "ordinary_flagged",
                )
            )
            rows.append(
                (
                    "all signals" if name == "nothing" else f"without `{name}`",
                    *(
                        _maybe(one[f])
                        for f in (
                            "account_recall",
                            "account_precision",
                            "exchange_recall",
                            "exchange_precision",
                        )
                    ),
                    wronged,
                    one["n_together"],
                    "" if name == "nothing" or changed else "as before",
                )
            )
        head = [
            f"`{world}`",
            "accounts found",
            "precision",
            "exchanges",
            "precision",
            "innocents named",
            "run together",
            "",
        ]
        parts.append(table(head, rows))
    return "\n\n".join(parts)


def _curves(knobs: Results) -> str:
    rows = []
    for knob in knobs.values():
        for setting in dict.fromkeys(p["setting"] for p in knob["points"]):
            points = [p for p in knob["points"] if p["setting"] == setting]
            wronged = sum(
                sum(p["innocents_flagged"].values()) + p["ordinary_flagged"] for p in points
            )
            rows.append(
                (
                    f"{knob['words']}: {setting:g}",
                    f"{np.mean([p['n_campaign_accounts'] for p in points]):.0f}",
                    *(
                        mean_of([p[f] for p in points])
                        for f in (
                            "account_recall",
                            "account_precision",
                            "exchange_recall",
                            "exchange_precision",
                        )
                    ),
                    wronged,
                )
            )
    head = [
        "one knob turned",
        "campaign accounts",
        "found",
        "precision",
        "exchanges",
        "precision",
        "innocents named",
    ]
    return table(head, rows)


def _curve(knob: Results) -> str:
    settings = list(dict.fromkeys(p["setting"] for p in knob["points"]))
    series = {
        words: [
            (setting, float(np.mean(known)))
            for setting in settings
            if (
                known := [
                    p[figure]
                    for p in knob["points"]
                    if p["setting"] == setting and p[figure] is not None
                ]
            )
        ]
        for figure, words in LINES.items()
    }
    return lines(
        {words: points for words, points in series.items() if points},
        title=f"What is found: {knob['words']}",
        across=(knob["words"], float(settings[0]), float(settings[-1])),
        up="share, mean over seeds",
    )


def _artefacts(worlds: Results) -> str:
    rows = []
    for world, told in worlds.items():
        one, columns = told["disturbed"], told["columns"]
        name, (auc, recall) = next(iter(columns["best"].items()))
        clearest, highest = columns["clearest"]
        rows.append(
            (
                f"`{world}`",
                f"{one['accounts_before']} / {one['accounts_after']} ({one['accounts_alike']:.3f} alike)",
                f"{one['exchanges_before']:,} / {one['exchanges_after']:,} ({one['exchanges_alike']:.3f} alike)",
                f"{clearest} ({highest:.2f})",
                f"{name} ({recall:.2f}, area {auc:.2f})",
            )
        )
    head = [
        "world",
        "accounts named, as it is / disturbed",
        "exchanges",
        "clearest column (area)",
        "most recall at precision .99",
    ]
    return table(head, rows)


def _failed(jobs: list[list[Any]]) -> str:
    rows = [
        (f"{kind} `{what}` {setting:g}", seed, words) for kind, what, setting, seed, words in jobs
    ]
    return table(["job", "seed", "last words"], rows)
