"""The files of a run's jobs -> what results.json keeps: by world, over worlds, by peer, by signal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from benchmarks.detection.peering import OURS
from benchmarks.detection.plan import ATTACKS
from iolaus.evaluate.bounds import Rate, reweigh
from iolaus.evaluate.calibration import Claimed, bins_of
from iolaus.simulate.adaptive import knob_of

Found = dict[str, Any]

FIGURES = {
    "account_precision": 1,
    "account_recall": 1,
    "exchange_precision": 1,
    "exchange_recall": 1,
    "purity": 1,
    "bystander_share": -1,
}
"""What is averaged over seeds, and whether more of it is better."""

OF_A_WORLD = (
    "seed", "prompts", "half", "scale", "n_exchanges", "n_accounts", "n_campaign_accounts", "n_extraction",
    *FIGURES, "accounts", "innocent_accounts", "n_ordinary", "ordinary_flagged", "innocents_flagged",
    "innocents_seen", "bystanders", "strangers_touched", "customers_touched", "false_campaigns", "fragments",
    "by_campaign", "n_networks", "n_together", "n_campaigns", "n_watched", "cpu_s",
)  # fmt: skip
OF_A_POINT = (
    "setting", "seed", "n_exchanges", "n_accounts", "n_campaign_accounts", "n_extraction", "account_precision",
    "account_recall", "exchange_precision", "exchange_recall", "bystander_share", "ordinary_flagged",
    "innocents_flagged", "n_watched",
)  # fmt: skip
PREVALENCES = (1e-3, 1e-4)


def gathered(found: Iterable[Found], *, about: Found) -> Found:
    """Return everything but where it was measured; jobs that failed are named and left out."""
    found = list(found)
    good = [one for one in found if "failed" not in one]
    worlds = [one for one in good if one["kind"] == "scan"]
    return {
        "scenarios": [_world(one) for one in worlds],
        "summary": {
            words: _summary([one for one in worlds if one["prompts"] == words])
            for words in ("held out", "own")
        },
        **peers_of([one for one in worlds if "peers" in one]),
        "innocents": innocents_of(worlds),
        "reweighed": _reweighed(worlds),
        "calibration": {
            words: calibration_of([one for one in worlds if one["prompts"] == words])
            for words in ("held out", "own")
        },
        "false_alarms": false_alarms_of(worlds),
        "ablation": ablation_of([one for one in good if one["kind"] == "ablation"]),
        "curves": curves_of([one for one in good if one["kind"] == "curve"]),
        "artefacts": {
            one["what"]: {"disturbed": one["disturbed"], "columns": one["columns"]}
            for one in good
            if one["kind"] == "artefact"
        },
        "failed": [
            [one["kind"], one["what"], one["setting"], one["seed"], one["failed"]]
            for one in found
            if "failed" in one
        ],
        "n_jobs": len(found),
        "cpu_minutes": round(sum(one["cpu_s"] for one in good) / 60, 1),
        "settings": about,
    }


def _world(one: Found) -> Found:
    return {"scenario": one["what"]} | {key: short(one[key]) for key in OF_A_WORLD}


def short(value: Any) -> Any:
    """Round a share; anything else stays."""
    return round(value, 5) if isinstance(value, float) else value


def _summary(worlds: list[Found]) -> Found:
    """Return by scenario the mean and the worst of each figure, and how many seeds there were."""
    names = dict.fromkeys(one["what"] for one in worlds)
    return {name: _spread([one for one in worlds if one["what"] == name]) for name in names}


def _spread(worlds: list[Found]) -> Found:
    told: Found = {"n_seeds": len(worlds)}
    for figure, sign in FIGURES.items():
        known = [(sign * one[figure], one["seed"]) for one in worlds if one[figure] is not None]
        if known:
            worst, seed = min(known)
            mean = float(np.mean([value for value, _ in known]))
            told[figure] = {
                "mean": round(sign * mean + 0.0, 5),
                "worst": round(sign * worst + 0.0, 5),
                "worst_seed": seed,
            }
    for pair in ("bystanders", "strangers_touched", "customers_touched"):
        told[pair] = [sum(one[pair][i] for one in worlds) for i in (0, 1)]
    return told


def peers_of(worlds: list[Found]) -> Found:
    """
    Return recall at equal precision and each peer's own setting, over the worlds they ran on.

    A peer that failed or did not finish on a seed counts 0 there, and says so.
    """
    told: Found = {}
    recall: dict[str, Found] = defaultdict(dict)
    reached: dict[str, Found] = defaultdict(dict)
    names = sorted({name for one in worlds for name in one["peers"]}, key=lambda n: (n != OURS, n))
    for name in names:
        for scenario in dict.fromkeys(one["what"] for one in worlds):
            runs = [one["peers"][name] for one in worlds if one["what"] == scenario]
            told.setdefault(name, {})[scenario] = _own_setting(runs)
            best = [run.get("best_recall") for run in runs]
            if any(run.get("recall") is not None for run in runs):
                recall[name][scenario] = round(float(np.mean([value or 0.0 for value in best])), 4)
                precisions = [run["best_precision"] for run in runs if run.get("best_precision")]
                reached[name][scenario] = round(float(min(precisions, default=0.0)), 4)
    return {
        "recall_at_equal_precision": dict(recall) or {OURS: {}},
        "precision_reached": dict(reached),
        "peers": told,
    }


def _own_setting(runs: list[Found]) -> Found:
    finished = [run for run in runs if run["status"] == "finished"]
    wronged: dict[str, int] = defaultdict(int)
    for run in finished:
        for group, n in run["innocents_flagged"].items():
            wronged[group] += n
    return {
        "n_seeds": len(runs),
        "not_finished": sorted({run["status"] for run in runs if run["status"] != "finished"}),
        "seconds": _mean(run["seconds"] for run in finished),
        "precision": _mean(run["precision"] for run in finished),
        "recall": _mean(run["recall"] for run in finished),
        "n_flagged": sum(run["n_flagged"] for run in finished),
        "innocents_flagged": dict(sorted(wronged.items())),
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if known else None


def innocents_of(worlds: list[Found]) -> Found:
    """Return by kind of look-alike how many instances were flagged, of how many, with the bound."""
    flagged: dict[str, int] = defaultdict(int)
    seen: dict[str, int] = defaultdict(int)
    for one in worlds:
        for group, n in one["innocents_seen"].items():
            seen[group] += n
            flagged[group] += one["innocents_flagged"][group]
    groups = {group: _bounded(flagged[group], n) for group, n in sorted(seen.items())}
    ordinary = _bounded(
        sum(one["ordinary_flagged"] for one in worlds), sum(one["n_ordinary"] for one in worlds)
    )
    return {"groups": groups, "ordinary": ordinary}


def _bounded(n: int, of: int) -> list[float | None]:
    return [n, of, Rate(n=n, of=of).upper]


def _reweighed(worlds: list[Found]) -> Found:
    """Return precision if campaign accounts were as rare as in PREVALENCES, over attack worlds."""
    told: Found = {}
    attacks = [one for one in worlds if one["what"] in ATTACKS]
    for words in ("held out", "own"):
        some = [one for one in attacks if one["prompts"] == words]
        if some:
            recall = Rate(
                n=sum(o["accounts"][2] for o in some), of=sum(o["accounts"][3] for o in some)
            )
            false = Rate(
                n=sum(o["innocent_accounts"][0] for o in some),
                of=sum(o["innocent_accounts"][1] for o in some),
            )
            told[words] = [
                [p, reweighted.precision, reweighted.at_least]
                for p in PREVALENCES
                for reweighted in (reweigh(recall, false, prevalence=p),)
            ]
    return told


def calibration_of(worlds: list[Found]) -> Found:
    """Return by kind of claim the bins of bits: low, high, what was said, so, of."""
    claims = [
        Claimed(kind=kind, bits=bits, so=bool(so))
        for one in worlds
        for kind, bits, so in one["claims"]
    ]
    return {
        kind: [
            [_finite(b.low), _finite(b.high), round(b.said, 4), b.came_true.n, b.came_true.of]
            for b in bins_of(claim for claim in claims if claim.kind == kind)
        ]
        for kind in ("together", "extraction", "member")
    }


def _finite(edge: float) -> float | None:
    """JSON knows no infinity: an open end is null."""
    return edge if np.isfinite(edge) else None


def false_alarms_of(worlds: list[Found]) -> Found:
    """Return by trait and value: innocents named, innocents in any network, innocents."""
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for one in worlds:
        for trait, value, *counted in one["alarms"]:
            for i, n in enumerate(counted):
                counts[trait][value][i] += n
    return {trait: dict(sorted(values.items())) for trait, values in counts.items()}


def ablation_of(worlds: list[Found]) -> Found:
    """Return by world and signal left out what was found; `nothing` is the whole."""
    return {
        one["what"]: {
            signal: {key: short(value) for key, value in told.items()}
            for signal, told in one["without"].items()
        }
        for one in worlds
    }


def curves_of(points: list[Found]) -> Found:
    """Return by knob its words and its points, in order of setting and seed."""
    told: Found = {}
    for one in sorted(points, key=lambda p: (p["setting"], p["seed"])):
        knob = told.setdefault(one["what"], {"words": knob_of(one["what"]).words, "points": []})
        knob["points"].append({key: short(one[key]) for key in OF_A_POINT})
    return told
