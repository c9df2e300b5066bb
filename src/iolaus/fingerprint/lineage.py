"""Prompt families -> lineages: families that share seeds or text and must not be split apart.

Trained on one and tested on the other, a classifier recognises the seeds and shines. What is
known to be related is declared; what is not is found by the texts that two families share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

DECLARED = (
    (
        "koala_test",
        "rag_chain_templates",
        "app_traffic_shared_prompt",
        "app_system_prompts",
        "arena_hard_v01",
        "user_oriented_instructions",
        "alpaca_eval_judge",
        "ultrafeedback_grading",
        "vicuna_mtbench_questions",
    ),
    ("prometheus_absolute_grading", "vicuna_mtbench_questions"),
    (
        "alpaca_selfinstruct_gen",
        "codealpaca_gen",
        "alpaca_response_harvest",
        "wizardlm_evol_instruct",
        "lion_adversarial",
        "camel_society_datagen",
    ),
    ("codealpaca_harvest", "gpteacher_harvest", "magicoder_oss_instruct", "swesmith_bug_issue_gen"),
    ("metamath_augment", "skyt1_bespoke_reasoning", "gsm8k_test"),
)
"""Families known to share seeds or templates."""

RUN = 8
"""Words of a run that two texts hardly share by chance."""

COVERED = 0.5
"""A text is taken from another family when this share of its runs stands there."""

RELATED = 0.01
"""Families are related when this share of one's texts is taken from the other."""

_WORD = re.compile(r"[^\W\d_]+")


def overlaps_of(families: Sequence[str], texts: Sequence[str]) -> dict[tuple[str, str], float]:
    """Return for each (family, other) the share of the family's texts that are the other's."""
    names, codes = np.unique(np.asarray(families), return_inverse=True)
    runs = _runs(texts)
    held = sp.csr_matrix((np.ones(codes.size), (codes, np.arange(codes.size)))) @ runs > 0
    covered = np.asarray((runs @ held.T.astype(np.float64)).todense())
    covered /= np.maximum(np.asarray(runs.sum(axis=1)), 1)
    taken = covered >= COVERED
    return {
        (str(name), str(names[other])): float(taken[codes == code, other].mean())
        for code, name in enumerate(names)
        for other in range(len(names))
        if other != code
    }


def lineages_of(families: Sequence[str], texts: Sequence[str]) -> dict[str, int]:
    """Number the lineages; related and declared families share a number."""
    names = sorted(set(families))
    at = {name: i for i, name in enumerate(names)}
    pairs = [pair for pair, share in overlaps_of(families, texts).items() if share >= RELATED]
    pairs += [(group[0], name) for group in DECLARED for name in group[1:]]
    known = [(at[a], at[b]) for a, b in pairs if a in at and b in at]
    edges = np.array(known, np.int64).reshape(-1, 2)
    graph = sp.coo_matrix((np.ones(len(edges)), edges.T), shape=(len(names), len(names)))
    _, lineage = connected_components(graph, directed=False)
    return {name: int(lineage[i]) for name, i in at.items()}


def _runs(texts: Sequence[str]) -> sp.csr_matrix:
    """Return the presence of each run of `RUN` words in each text."""
    words: dict[str, int] = {}
    found = [_hashes(text, words) for text in texts]
    sizes = np.array([hashes.size for hashes in found])
    _, columns = np.unique(np.concatenate([*found, np.zeros(0, np.uint64)]), return_inverse=True)
    indptr = np.append(0, np.cumsum(sizes))
    shape = (len(texts), int(columns.max(initial=0)) + 1)
    return sp.csr_matrix((np.ones(columns.size), columns, indptr), shape=shape)


def _hashes(text: str, words: dict[str, int]) -> npt.NDArray[np.uint64]:
    """Return the distinct hashes of a text's runs; `words` numbers the words seen so far."""
    ids = [words.setdefault(word, len(words) + 1) for word in _WORD.findall(text.lower())]
    if len(ids) < RUN:
        return np.zeros(0, np.uint64)
    spread = np.array(ids, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    hashed = np.zeros(len(ids) - RUN + 1, np.uint64)
    for j in range(RUN):
        hashed = (hashed ^ spread[j : j + hashed.size]) * np.uint64(0xBF58476D1CE4E5B9)
        hashed ^= hashed >> np.uint64(31)
    return np.unique(hashed)
