"""Held-out scores of prompts -> the means of reference flows, for the extraction test to count."""

from __future__ import annotations

from typing import Any

import numpy as np

from iolaus.fingerprint.promptset import I64, PromptSet
from iolaus.fingerprint.training import Trained

SMALLEST_FLOW = 20
LARGEST_FLOW = 400
SUBSETS = 20
"""Subsets drawn of one template's prompts; they are not independent, templates are."""

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def flows_of(trained: Trained, *, rng: np.random.Generator) -> dict[str, Any]:
    """Return the means of reference flows, benign (look-alikes included) and distilling."""
    prompts = trained.prompts
    units = _units(prompts)
    drawn = [(unit, _subsets(rows, rng)) for unit, rows in units.items()]
    outputs = [name for name in trained.share if not name.startswith("capability:")]
    means: dict[str, dict[str, list[float]]] = {}
    for output in outputs:
        score = np.rint(100 * trained.share[output])
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
