"""A benchmark's results.json -> nothing, or the key that is missing or is no number."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from iolaus.errors import ContractError, InputError

ANYTHING = None
NUMBER = "a number"
EACH = "*"
"""In a mapping: every key; the shape of a list is that of its elements."""

PRECISION_AND_RECALL = dict.fromkeys(
    ("account_precision", "account_recall", "exchange_precision", "exchange_recall"), ANYTHING
)
SHAPES: dict[str, dict[str, object]] = {
    "fingerprint": {
        "ratio_vs": dict.fromkeys(
            (
                "sklearn",
                "fasttext",
                "rensa_from_text",
                "rensa_preshingled",
                "datasketch",
                "decode",
            ),
            NUMBER,
        ),
        "us_per_prompt": NUMBER,
    },
    "content": {
        "leave_one_family_out": dict.fromkeys(
            ("auc", "recall_at_1pct_fpr", "recall_at_0_1pct_fpr"), NUMBER
        ),
        "by_family": ANYTHING,
        "peers": {EACH: {"auc": NUMBER, "recall_at_1pct_fpr": NUMBER}},
    },
    "templates": {
        "synthetic": {
            "kinds": {EACH: {"template_pairs": NUMBER, "family_pairs": NUMBER}},
            "unrelated": [{EACH: {"n_pairs": NUMBER, "rate": NUMBER, "rate_at_most": NUMBER}}],
        },
        "memory": ANYTHING,
    },
    "detection": {
        "scenarios": [
            {
                "scenario": ANYTHING,
                "seed": NUMBER,
                "n_ordinary": NUMBER,
                **PRECISION_AND_RECALL,
                "innocents_flagged": {EACH: NUMBER},
                "ordinary_flagged": NUMBER,
                "bystander_share": ANYTHING,
                "purity": ANYTHING,
            }
        ],
        "recall_at_equal_precision": {"iolaus": {EACH: NUMBER}, EACH: {EACH: NUMBER}},
        "ablation": ANYTHING,
    },
    "scale": {
        "runs": [
            {
                "exchanges": NUMBER,
                "cpu_s": NUMBER,
                "wall_s": NUMBER,
                "peak_gib": NUMBER,
                "disk_bytes": NUMBER,
                "engine": ANYTHING,
            }
        ],
        "peers": [
            {
                "name": ANYTHING,
                "exchanges": NUMBER,
                "cpu_s": ANYTHING,
                "peak_gib": ANYTHING,
                "failed": ANYTHING,
            }
        ],
    },
    "live": {
        "decide": dict.fromkeys(
            ("p50_ms", "p99_ms", "rps_per_core", "cpu_ratio_to_empty_asgi"), NUMBER
        ),
        "observe_us": NUMBER,
        "time_to_detect": {"relay_share": NUMBER, "graders_share": NUMBER},
        "faults": ANYTHING,
    },
    "lab": {
        "cot": [{"condition": ANYTHING, "student_gain": NUMBER, "legit_loss": NUMBER}],
        "radioactivity": {"p_at_5pct": NUMBER, "null_rate_at_5pct": NUMBER},
        "peers": ANYTHING,
    },
}
"""The keys of design/README.md, section 7, and of docs/decisions/0007 for templates; the file lies in a folder of the benchmark's name.

A precision or a share may be null, where there was nothing to count; a count may not.
"""
EVERYWHERE = ("commit", "machine", "command")


def check_results(path: Path | str) -> None:
    """Hold benchmarks/NAME/results.json against the keys that the plan fixes for NAME."""
    path = Path(path)
    name = path.parent.name
    if name not in SHAPES:
        raise ContractError(
            f"no benchmark is called {name}", where=str(path), remedy=f"one of {', '.join(SHAPES)}"
        )
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("this is no JSON file that can be read", where=str(path)) from error
    wanted = {**dict.fromkeys(EVERYWHERE, ANYTHING), **SHAPES[name]}
    _hold(found, wanted, place=name, path=path)
    for key in EVERYWHERE:
        if not isinstance(found[key], str) or not found[key].strip():
            _break(f"{name}.{key} must say it in words", path)


def _hold(found: object, wanted: object, *, place: str, path: Path) -> None:
    if wanted is ANYTHING:
        return
    if wanted == NUMBER:
        number = isinstance(found, int | float) and not isinstance(found, bool)
        if not number or not math.isfinite(found):  # type: ignore[arg-type]
            _break(f"{place} must be a number", path)
    elif isinstance(wanted, list):
        if not isinstance(found, list) or not found:
            _break(f"{place} must be a list with something in it", path)
        for i, element in enumerate(found):
            _hold(element, wanted[0], place=f"{place}[{i}]", path=path)
    elif isinstance(wanted, Mapping):
        _hold_mapping(found, wanted, place=place, path=path)


def _hold_mapping(found: object, wanted: Mapping[str, object], *, place: str, path: Path) -> None:
    if not isinstance(found, dict):
        _break(f"{place} must be an object", path)
        return
    for key, shape in wanted.items():
        if key == EACH:
            for each, value in found.items():
                _hold(value, shape, place=f"{place}.{each}", path=path)
        elif key not in found:
            _break(f"{place}.{key} is missing", path)
        else:
            _hold(found[key], shape, place=f"{place}.{key}", path=path)


def _break(rule: str, path: Path) -> NoReturn:
    raise ContractError(
        rule, where=str(path), remedy="run the benchmark again; never write it by hand"
    )
