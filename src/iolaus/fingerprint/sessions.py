"""Held-out scores of prompts -> how to add up a session's turns, and what that earns.

A session here is some prompts of one template (of a harvest) or of one conversation or template
(of innocents), drawn and put in a row: nobody published whole sessions of a harvest.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from iolaus.fingerprint.capability import balance
from iolaus.fingerprint.content import session_logit
from iolaus.fingerprint.measures import auc_of, recall_at, short
from iolaus.fingerprint.promptset import F64, I64, Mask, PromptSet

TURNS = (1, 3, 10)
"""Lengths of session that figures are given for."""

DRAWN = 60
"""Sessions drawn of a family; fewer prompts than turns are drawn twice."""

TRIED = tuple(i / 20 for i in range(21))
"""Values of `shared` that are compared."""


def shared_of(prompts: PromptSet, share: F64, *, rng: np.random.Generator) -> float:
    """Return how much two turns tell the same: the value that makes session odds likeliest."""
    sessions, truth, weight = _drawn(prompts, turns=TURNS[-1], rng=rng)
    prices = []
    for shared in TRIED:
        logits = np.array([session_logit(share[rows], shared=shared) for rows in sessions])
        prices.append(float((weight * np.logaddexp(0, np.where(truth, -logits, logits))).sum()))
    return TRIED[int(np.argmin(prices))]


def session_figures(
    prompts: PromptSet, share: F64, *, shared: float, rng: np.random.Generator
) -> dict[str, Any]:
    """Return AUC and recall at 1 % false positives by number of turns, families equal."""
    figures = {}
    for turns in TURNS:
        sessions, truth, weight = _drawn(prompts, turns=turns, rng=rng)
        logits = np.array([session_logit(share[rows], shared=shared) for rows in sessions])
        figures[f"{turns} turns"] = {
            "auc": short(auc_of(logits, truth, weight=weight)),
            "recall_at_1pct_fpr": short(recall_at(logits, truth, weight=weight)[0]),
        }
    return figures


def _drawn(
    prompts: PromptSet, *, turns: int, rng: np.random.Generator
) -> tuple[list[I64], Mask, F64]:
    """Draw sessions of each family, each from one template or conversation."""
    sessions, families, truth = [], [], []
    harvest = prompts.truth_of("extraction")
    unit = np.array([name.split(":turn")[0] for name in prompts.template])
    for family in np.unique(prompts.family):
        rows = np.flatnonzero(prompts.family == family)
        _, code = np.unique(unit[rows], return_inverse=True)
        long_enough = np.flatnonzero(np.bincount(code) >= min(turns, 3))
        if not long_enough.size:
            continue
        for _ in range(DRAWN):
            inside = rows[code == rng.choice(long_enough)]
            sessions.append(rng.choice(inside, turns, replace=inside.size < turns))
            families.append(family)
            truth.append(bool(harvest[rows[0]]))
    known = np.array(truth, np.bool_)
    return sessions, known, balance(np.array(families), known)
