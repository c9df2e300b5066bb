"""A folder of prompt families -> rows with lineage and truth, and our score of each, out of fold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.content.measures import F64, I64, Mask, Names, family_weights
from iolaus.fingerprint.authored import compose, read_sentences
from iolaus.fingerprint.promptset import PromptSet
from iolaus.fingerprint.training import NOBODY, REAL_WEIGHT, out_of_fold
from iolaus.schema import ASKS

OUTPUT = "extraction"
LESSONS = ("families", "both")
"""What peers are taught: the families' rows alone, or the prompts that we compose as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """
    Every row that anybody is measured on.

    `plain` are instructions that were harvested as they stand: positives of the test, but taught
    to nobody. `taught` weighs the rows in training: families equal, sides equal.
    """

    texts: list[str]
    family: Names
    lineage: I64
    side: Names
    language: Names
    truth: Mask
    plain: Mask
    weight: F64
    taught: F64


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Prompts that we compose and teach beside the families'; nothing in them is of a family."""

    texts: list[str]
    truth: Mask
    lineage: I64

    def weight(self) -> F64:
        """Return what each weighs in training: the sides equally, 1 together."""
        return np.where(self.truth, 0.5 / self.truth.sum(), 0.5 / (~self.truth).sum())


def scored_rows(folder: Path, *, seed: int) -> tuple[Rows, Composed, F64]:
    """
    Return the rows, what is taught beside them, and our probability of each row.

    It is by a model that saw nothing of the row's lineage.
    """
    prompts, probability = out_of_fold(folder, seed=seed)
    authored = compose(read_sentences(), rng=np.random.default_rng(seed))
    pairs = zip(authored.systems, authored.texts, strict=True)
    composed = Composed(
        texts=[f"{system}\n{text}" for system, text in pairs],
        truth=authored.kind < len(ASKS),
        lineage=np.full(authored.kind.size, NOBODY),
    )
    return rows_of(prompts), composed, probability


def lessons_of(rows: Rows, composed: Composed) -> dict[str, F64]:
    """Return the weights of rows and composed prompts in each of the peers' two lessons."""
    families = np.append(rows.taught, np.zeros(composed.truth.size))
    share = rows.taught / rows.taught.sum() * REAL_WEIGHT
    both = np.append(share, composed.weight())
    return dict(zip(LESSONS, (families, both), strict=True))


def rows_of(prompts: PromptSet) -> Rows:
    """Take from the training set what the peers may see too."""
    truth = prompts.truth_of(OUTPUT)
    taught = np.where(prompts.plain, 0.0, 1.0)
    kept = np.flatnonzero(taught)
    taught[kept] = family_weights(prompts.family[kept], truth[kept])
    return Rows(
        texts=prompts.texts,
        family=prompts.family,
        lineage=prompts.lineage,
        side=prompts.side,
        language=prompts.lang,
        truth=truth,
        plain=prompts.plain,
        weight=family_weights(prompts.family, truth),
        taught=taught,
    )
