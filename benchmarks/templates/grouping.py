"""Groups of texts -> what the library makes of them, and how much of it is right."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

import numpy as np
import pyarrow as pa
from scipy.stats import beta

from benchmarks.templates.corpora import Group
from iolaus.fingerprint.fingerprinter import Fingerprinter
from iolaus.fingerprint.sketch import Sketch

KEY = b"a key of the benchmark's own"
NAMES = ("template", "family")
Labels = list[int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """What came out for a log: labels of each row by name, TEMPLATES, CPU seconds by step."""

    labels: dict[str, Labels]
    templates: pa.Table
    learned: Sketch | None
    cpu_s: dict[str, float]


def group(
    texts: list[str],
    systems: list[str | None] | None = None,
    *,
    prior: Sketch | None = None,
    at: int | None = None,
) -> Grouped:
    """Run a log of texts through the fingerprinter on one thread."""
    columns = {"prompt": pa.array(texts, pa.large_string())}
    if systems is not None:
        columns["system"] = pa.array(systems, pa.large_string())
    if at is not None:
        columns["at"] = pa.array([at] * len(texts), pa.timestamp("us", tz="UTC"))
    batches = pa.table(columns).to_batches(max_chunksize=16_384)
    printer = Fingerprinter(KEY, threads=1, prior=prior)
    start = time.process_time()
    for batch in batches:
        printer.observe(batch)
    observed = time.process_time()
    for batch in batches:
        printer.text_columns_of(batch)
    read = time.process_time()
    resolution = printer.resolve()
    named = resolution.columns_of(0, len(texts))
    templates = resolution.templates()
    cpu_s = {
        "observe": observed - start,
        "text": read - observed,
        "resolve": time.process_time() - read,
    }
    labels = {name: named.column(name).to_pylist() for name in named.schema.names}
    return Grouped(labels=labels, templates=templates, learned=printer.learned(), cpu_s=cpu_s)


def recall_by_kind(groups: list[Group], labels: dict[str, Labels]) -> dict[str, dict[str, float]]:
    """
    Return by kind the share of a group's pairs that are together, and of its largest part.

    Groups of a kind weigh the same, however large.
    """
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for group_, mine in _cut(groups, labels):
        n = len(group_.texts)
        row = {"n_texts": float(n)}
        for name in mine:
            counts = Counter(value for value in mine[name] if value is not None)
            row[f"{name}_pairs"] = sum(k * (k - 1) for k in counts.values()) / (n * (n - 1))
            row[f"{name}_largest"] = max(counts.values(), default=0) / n
        found[group_.kind].append(row)
    return {kind: _mean(rows) for kind, rows in sorted(found.items())}


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    out = {key: round(fmean(row[key] for row in rows), 4) for key in rows[0]}
    return {"n_groups": len(rows), **out}


def _cut(
    groups: list[Group], labels: dict[str, Labels]
) -> Iterable[tuple[Group, dict[str, Labels]]]:
    start = 0
    for group_ in groups:
        end = start + len(group_.texts)
        yield group_, {name: values[start:end] for name, values in labels.items()}
        start = end


def precision(groups: list[Group], labels: Labels, *, by: str) -> float:
    """Return which share of the pairs that are together belong together, by name or by kind."""
    members: dict[int, Counter[str]] = defaultdict(Counter)
    for group_, mine in _cut(groups, {"": labels}):
        for value in mine[""]:
            if value is not None:
                members[value][getattr(group_, by)] += 1
    right = sum(n * (n - 1) for counts in members.values() for n in counts.values())
    total = sum(n * (n - 1) for n in (counts.total() for counts in members.values()))
    return round(right / total, 4) if total else 1.0


def joined_sources(groups: list[Group], labels: Labels) -> list[list[object]]:
    """Return which two kinds have texts together, and how many pairs, most first."""
    members: dict[int, Counter[str]] = defaultdict(Counter)
    for group_, mine in _cut(groups, {"": labels}):
        for value in mine[""]:
            if value is not None:
                members[value][group_.kind] += 1
    pairs: Counter[tuple[str, str]] = Counter()
    for counts in members.values():
        for one, other in combinations(sorted(counts), 2):
            pairs[one, other] += counts[one] * counts[other]
    return [[one, other, n] for (one, other), n in pairs.most_common()]


def unrelated(sources: list[str], labels: Labels, *, distinct: bool) -> dict[str, float]:
    """
    Return how many pairs of texts are together, with the upper end of a 95 % interval.

    With `distinct` only pairs of different sources count. The interval takes pairs for
    independent; they are not, so the largest group is given beside it.
    """
    n_of = Counter(sources)
    n = sum(n_of.values())
    n_pairs = _pairs_in(n_of, distinct)
    together: dict[int, Counter[str]] = defaultdict(Counter)
    for source, value in zip(sources, labels, strict=True):
        if value is not None:
            together[value][source] += 1
    joined = sum(_pairs_in(counts, distinct) for counts in together.values())
    return {
        "n_texts": n,
        "n_pairs": n_pairs,
        "joined_pairs": joined,
        "rate": joined / n_pairs,
        "rate_at_most": float(beta.ppf(0.95, joined + 1, n_pairs - joined)),
        "largest_group": max((counts.total() for counts in together.values()), default=0),
        "pairs_of_largest": max((_pairs_in(c, distinct) for c in together.values()), default=0),
        "texts_in_a_group": sum(c.total() for c in together.values() if c.total() > 1),
    }


def _pairs_in(counts: Counter[str], distinct: bool) -> int:
    size = counts.total()
    same = sum(k * (k - 1) // 2 for k in counts.values()) if distinct else 0
    return size * (size - 1) // 2 - same


def flat(groups: list[Group]) -> tuple[list[str], list[str | None]]:
    """Return the texts and systems of all groups, in order."""
    texts = [text for group_ in groups for text in group_.texts]
    systems = [s for g in groups for s in (g.systems or [None] * len(g.texts))]
    return texts, systems


def us_per_row(cpu_s: dict[str, float], n: int) -> dict[str, float]:
    """Return microseconds of CPU a row."""
    return {step: round(1e6 * seconds / n, 2) for step, seconds in cpu_s.items()}


def shuffled_half(texts: list[str], luck: np.random.Generator) -> tuple[list[str], list[str]]:
    """Return two halves of the texts, at random."""
    order = luck.permutation(len(texts))
    half = len(texts) // 2
    return [texts[i] for i in order[:half]], [texts[i] for i in order[half:]]
