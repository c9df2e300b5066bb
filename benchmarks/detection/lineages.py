"""A folder of prompt families -> two halves that share no lineage, and weights that know one of them.

The worlds of a half are scanned with weights, calibration and reference flows of the other half.
Where a half has no family for a capability, the simulator falls back on grammars of our own, which
nothing was trained on either.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.fingerprint.lineage import lineages_of

HALVES = (0, 1)


def prepare(prompts: Path, work: Path) -> dict[str, list[str]]:
    """
    Make work/half-0 and work/half-1 (links to the families) and work/weights-0 and -1.

    Weights-N were trained on the other half than half-N. Returns the families of each half.
    What is there already is kept; training takes a minute or two a half.
    """
    told = work / "halves.json"
    if not told.is_file():
        halves = dealt(_families(prompts))
        for number, families in enumerate(halves):
            _link(prompts, work / f"half-{number}", families)
        told.write_text(json.dumps({f"half-{n}": sorted(f) for n, f in enumerate(halves)}))
    for number in HALVES:
        if not (work / f"weights-{number}" / "flows.json").is_file():
            _train(work / f"half-{1 - number}", work / f"weights-{number}")
    found: dict[str, list[str]] = json.loads(told.read_text("utf-8"))
    return found


def dealt(lineages: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Deal lineages to two halves, the largest first, those that harvest before the others."""
    halves: tuple[list[str], list[str]] = ([], [])
    for harvests in (True, False):
        rows = [0, 0]
        alike = [one for one in lineages if one["harvests"] is harvests]
        for one in sorted(alike, key=lambda one: (-one["rows"], one["families"])):
            smaller = int(rows[1] < rows[0])
            rows[smaller] += one["rows"]
            halves[smaller].extend(one["families"])
    return halves


def _families(prompts: Path) -> list[dict[str, Any]]:
    """Return each lineage: its families, its rows, and whether any of it harvests."""
    names: list[str] = []
    texts: list[str] = []
    harvests: dict[str, bool] = {}
    for path in sorted(prompts.glob("*.parquet")):
        table = pq.read_table(path, columns=["family", "text", "side"])
        names += table["family"].to_pylist()
        texts += [text or "" for text in table["text"].to_pylist()]
        harvests[str(table["family"][0])] = bool(pc.any(pc.equal(table["side"], "distill")).as_py())
    lineage = lineages_of(names, texts)
    found: dict[int, dict[str, Any]] = {}
    for name, number in sorted(lineage.items()):
        one = found.setdefault(number, {"families": [], "rows": 0, "harvests": False})
        one["families"].append(name)
        one["rows"] += names.count(name)
        one["harvests"] |= harvests[name]
    return list(found.values())


def _link(prompts: Path, folder: Path, families: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(prompts.glob("*.parquet")):
        family = str(pq.read_table(path, columns=["family"])["family"][0])
        target = folder / path.name
        if family in families and not target.exists():
            target.symlink_to(path.resolve())


def _train(families: Path, out: Path) -> None:
    from iolaus.fingerprint.weighing import train_weights

    train_weights(families, out=out, seed=1, baseline=False)
