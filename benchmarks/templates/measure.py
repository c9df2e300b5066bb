"""
How well templates and families hold together what belongs together, and nothing else.

    .venv/bin/python -m benchmarks.templates.measure --prompts DIR

Writes results.json beside this file; `page.py` turns it into docs/benchmarks/templates.md. Without
--prompts the real families are left out. `--date` is what to note as the day; no clock is read but
for CPU time.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import numpy as np

from benchmarks.templates.containing import containment_table
from benchmarks.templates.corpora import PEOPLE, Group, Tongue, real, synthetic, variants
from benchmarks.templates.grouping import (
    NAMES,
    flat,
    group,
    joined_sources,
    precision,
    recall_by_kind,
    unrelated,
    us_per_row,
)

HERE = Path(__file__).parent
DAY_US = 86_400_000_000
WEEK_ONE = 20_000 * DAY_US
SEEN, HELD_OUT = (1, 2), (31, 32, 33)
"""Seeds that were looked at while limits were chosen, and seeds that were not."""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--date", default="")
    parser.add_argument("--out", type=Path, default=HERE / "results.json")
    parser.add_argument("--groups", type=int, default=240)
    parser.add_argument("--texts", type=int, default=40)
    parser.add_argument("--strangers", type=int, default=20_000)
    asked = parser.parse_args()
    results: dict[str, object] = dict(about(asked))
    for name, seeds in (("synthetic_seen", SEEN), ("synthetic", HELD_OUT)):
        results[name] = synthetic_table(seeds, asked)
    results["memory"] = [memory_table(seed) for seed in HELD_OUT]
    if asked.prompts:
        groups = list(real(asked.prompts))
        results["real"] = real_table(groups)
        results["containment"] = containment_table(groups, seed=HELD_OUT[0])
    asked.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def about(asked: argparse.Namespace) -> dict[str, str]:
    """Say what was measured, on what."""
    git = ["git", "-C", str(HERE), "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    prompts = " --prompts DIR" if asked.prompts else ""
    return {
        "commit": commit,
        "date": asked.date,
        "machine": f"{cpu_name()}, {platform.system()}, Python {platform.python_version()}",
        "command": f"python -m benchmarks.templates.measure{prompts}",
        "size": f"{asked.groups} groups of {asked.texts}, {asked.strangers} strangers a seed",
    }


def cpu_name() -> str:
    """Return the processor's own name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor()


def synthetic_table(seeds: tuple[int, ...], asked: argparse.Namespace) -> dict[str, object]:
    """Measure every kind of variant, and strangers, on made-up languages."""
    tables, strangers, costs = [], [], []
    for seed in seeds:
        groups = list(
            synthetic(seed, n_groups=asked.groups, n_texts=asked.texts, n_strangers=asked.strangers)
        )
        texts, _ = flat(groups)
        result = group(texts)
        alike = [g for g in groups if g.scaffold]
        named = {name: result.labels[name] for name in NAMES}
        tables.append(recall_by_kind(alike, named))
        # Groups are strangers to one another too: one source each, the strangers one each.
        sources = list(_sources(groups))
        strangers.append(
            {name: unrelated(sources, result.labels[name], distinct=True) for name in NAMES}
        )
        costs.append(us_per_row(result.cpu_s, len(texts)))
    kinds = {kind: _mean_of([t[kind] for t in tables]) for kind in tables[0]}
    return {"seeds": seeds, "kinds": kinds, "unrelated": strangers, "us_per_row": costs}


def _sources(groups: list[Group]) -> Iterator[str]:
    """Yield whose each text is; a translation belongs to what was translated."""
    for made in groups:
        for number, _ in enumerate(made.texts):
            yield f"{number}" if not made.scaffold else "s" + made.name[1:]


def _mean_of(rows: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(fmean(row[key] for row in rows), 4) for key in rows[0]}


def memory_table(seed: int) -> dict[str, object]:
    """
    Learn a week of forty templates; next week each comes three times, with long slots.

    The twin: strangers of both weeks use the same stock phrases.
    """
    tongue = Tongue(np.random.default_rng(seed))
    scaffolds = [variants(tongue, "slots", n=63, longest=250) for _ in range(40)]
    first = [t for texts in scaffolds for t in texts[:60]]
    second = [t for texts in scaffolds for t in texts[60:]]
    strangers = [tongue.free() for _ in range(20_000)]
    week_one = group(first + strangers[:10_000], at=WEEK_ONE)
    log = second + strangers[10_000:]
    out: dict[str, object] = {}
    for name, prior in (("alone", None), ("with memory", week_one.learned)):
        result = group(log, prior=prior, at=WEEK_ONE + 7 * DAY_US)
        template = result.labels["template"]
        sets = [template[3 * i : 3 * i + 3] for i in range(40)]
        out[name] = {
            "templates_together": sum(len(set(s)) == 1 and s[0] is not None for s in sets) / 40,
            "strangers": unrelated(
                [str(i) for i in range(10_000)], result.labels["family"][120:], distinct=False
            ),
        }
    learned = week_one.learned
    return {
        "seed": seed,
        **out,
        "runs_kept": len(learned.slots) if learned else 0,
        "bytes": len(learned.to_bytes()) if learned else 0,
    }


def real_table(groups: list[Group]) -> dict[str, object]:
    """Measure the families of the folder by their template_id, and people who never met."""
    texts, systems = flat(groups)
    result = group(texts, systems)
    scaffolded = [made for made in groups if made.scaffold]
    kept = [made.scaffold for made in groups for _ in made.texts]
    labels = {
        name: [value for value, keep in zip(values, kept, strict=True) if keep]
        for name, values in result.labels.items()
    }
    people = [made.kind for made in groups for _ in made.texts]
    is_person = [kind in PEOPLE for kind in people]
    sources = [kind for kind, keep in zip(people, is_person, strict=True) if keep]
    return {
        "n_rows": len(texts),
        "kinds": recall_by_kind(scaffolded, labels),
        "without_scaffold": without_scaffold(groups),
        "precision": {
            name: {by: precision(scaffolded, labels[name], by=by) for by in ("name", "kind")}
            for name in NAMES
        },
        "joined_sources": joined_sources(scaffolded, labels["family"]),
        "people": {
            name: unrelated(
                sources,
                [v for v, keep in zip(result.labels[name], is_person, strict=True) if keep],
                distinct=True,
            )
            for name in NAMES
        },
        "us_per_row": us_per_row(result.cpu_s, len(texts)),
    }


def without_scaffold(groups: list[Group]) -> list[str]:
    """Return the families none of whose groups share a scaffold in the prompt itself."""
    shared = {made.kind for made in groups if made.scaffold}
    return sorted({made.kind for made in groups} - shared)


if __name__ == "__main__":
    main()
