"""Skeletons of real templates -> how much of one stands in texts of its own, noisy, and in others'."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from benchmarks.templates.corpora import SHARE, Group, reworded, shingles
from benchmarks.templates.grouping import KEY, flat, group, shuffled_half
from iolaus.fingerprint.skeleton import undone
from iolaus.fingerprint.text import keys_of, pairs_of

NOISE = (0.0, 0.05, 0.1, 0.2, 0.3)
OWN_TEXTS, FOREIGN_TEXTS = 12, 250
LEAST_SHARED = 20
"""A skeleton of fewer pairs is little to know anything by; its row stands apart."""

LOOKALIKES = ("promptsource_templates", "rag_chain_templates", "app_system_prompts")
BARS = (0.3, 0.4, 0.5)
N_WORDS = 4  # shingles of the reference page's prototype, for comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A group whose skeleton was learned from one half, and texts of the other half."""

    group: Group
    skeleton: np.ndarray
    runs: set[tuple[str, ...]]
    texts: list[str]


def containment_table(groups: list[Group], seed: int) -> dict[str, object]:
    """Return containment by noise in own texts, and in texts of all other families."""
    luck = np.random.default_rng(seed)
    known = _learned(groups, luck)
    words = sorted({w for k in known[::7] for t in k.texts[:3] for w in t.lower().split()})
    own = {f"{noise:.0%}": _own(known, noise, luck=luck, words=words) for noise in NOISE}
    large = [one for one in known if one.skeleton.size >= LEAST_SHARED]
    others = [made for made in groups if made.kind not in LOOKALIKES]
    public = [made for made in groups if made.kind in LOOKALIKES]
    foreign = {
        "other families": _foreign(known, others, luck),
        f"other families, {LEAST_SHARED} pairs or more": _foreign(large, others, luck),
        "public templates": _foreign(known, public, luck),
    }
    sizes = [int(k.skeleton.size) for k in known]
    return {
        "n_skeletons": len(known),
        "n_families": len({k.group.kind for k in known}),
        "skeleton_size": [int(np.percentile(sizes, q)) for q in (5, 50, 95)],
        "own": own,
        "foreign": foreign,
    }


def _learned(groups: list[Group], luck: np.random.Generator) -> list[Known]:
    """Learn templates from half of each group's distinct texts, among all other texts."""
    halves = [shuffled_half(sorted(set(g.texts)), luck) for g in groups]
    log = [
        Group(kind=g.kind, name=g.name, texts=a) for g, (a, _) in zip(groups, halves, strict=True)
    ]
    texts, _ = flat(log)
    result = group(texts)
    skeleton_of = {
        row["template"]: row["skeleton"] for row in result.templates.to_pylist() if row["skeleton"]
    }
    found, start = [], 0
    for made, (a, b) in zip(groups, halves, strict=True):
        mine = Counter(result.labels["template"][start : start + len(a)])
        start += len(a)
        mine.pop(None, None)
        best = mine.most_common(1)[0][0] if mine else None
        if not (made.scaffold and best in skeleton_of and b):
            continue
        public = undone(np.array(skeleton_of[best], np.int64).view(np.uint64), keys_of(KEY))
        counts = Counter(s for text in a[:60] for s in shingles(text, N_WORDS))
        runs = {s for s, n in counts.items() if n >= SHARE * min(len(a), 60)}
        found.append(Known(group=made, skeleton=public, runs=runs, texts=b[:OWN_TEXTS]))
    return found


def _own(
    known: list[Known], noise: float, *, luck: np.random.Generator, words: list[str]
) -> dict[str, dict[str, float]]:
    pairs, runs = [], []
    for one in known:
        texts = [reworded(t, noise, luck=luck, other=words) for t in one.texts]
        pairs.append(_contained(one.skeleton, texts))
        runs.append(np.array([_share(one.runs, t) for t in texts]))
    return {"pairs": _quantiles(pairs, 0.5), "runs_of_4": _quantiles(runs, 0.5)}


def _foreign(
    known: list[Known], groups: list[Group], luck: np.random.Generator
) -> dict[str, object]:
    """Measure every skeleton in texts of every other source family."""
    by_kind: dict[str, list[str]] = {}
    for made in groups:
        by_kind.setdefault(made.kind, []).extend(
            s or t for s, t in zip(made.systems or made.texts, made.texts, strict=True)
        )
    pairs, runs = [], []
    for kind, texts in by_kind.items():
        chosen = [texts[i] for i in luck.permutation(len(texts))[:FOREIGN_TEXTS]]
        others = [one for one in known if one.group.kind != kind]
        read = _read(chosen)
        grams = [shingles(text, N_WORDS) for text in chosen]
        for one in others:
            pairs.append(_contained(one.skeleton, chosen, read=read))
            runs.append(np.array([len(one.runs & g) / max(len(one.runs), 1) for g in grams]))
    return {
        "n_comparisons": int(sum(p.size for p in pairs)),
        "pairs": _quantiles(pairs, 0.999),
        "runs_of_4": _quantiles(runs, 0.999),
    }


def _quantiles(parts: list[np.ndarray], q: float) -> dict[str, float]:
    values = np.concatenate(parts)
    out = {f"quantile_{q}": round(float(np.quantile(values, q)), 4)}
    return out | {f"at_least_{bar}": round(float((values >= bar).mean()), 6) for bar in BARS}


def _read(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct pairs of each text, and which text each belongs to."""
    indptr, pairs = pairs_of(pa.array(texts))
    row = np.repeat(np.arange(len(texts)), np.diff(indptr))
    order = np.lexsort((pairs, row))
    row, pairs = row[order], pairs[order]
    is_first = np.ones(row.size, np.bool_)
    is_first[1:] = (row[1:] != row[:-1]) | (pairs[1:] != pairs[:-1])
    return row[is_first], pairs[is_first]


def _contained(
    skeleton: np.ndarray, texts: list[str], *, read: tuple[np.ndarray, np.ndarray] | None = None
) -> np.ndarray:
    """Return the containment of a skeleton in each text."""
    row, pairs = read or _read(texts)
    held = np.isin(pairs, skeleton)
    return np.bincount(row[held], minlength=len(texts)) / skeleton.size


def _share(runs: set[tuple[str, ...]], text: str) -> float:
    return len(runs & shingles(text, N_WORDS)) / max(len(runs), 1)
