"""A folder of prompt families -> rows with lineage and truth, and our score of each, out of fold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.dataset as ds

from benchmarks.content.measures import F64, I64, Mask, Names, family_weights
from iolaus.fingerprint.promptset import PromptSet
from iolaus.fingerprint.training import out_of_fold

OUTPUT = "extraction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """
    Every row that anybody is measured on, and what everybody is taught.

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


def scored_rows(folder: Path, *, seed: int) -> tuple[Rows, F64]:
    """Return the rows and, of each, our probability by a model that saw nothing of its lineage."""
    prompts, probability = out_of_fold(folder, seed=seed)
    return rows_of(prompts, folder), probability


def rows_of(prompts: PromptSet, folder: Path) -> Rows:
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
        language=languages_of(prompts, folder),
        truth=truth,
        plain=prompts.plain,
        weight=family_weights(prompts.family, truth),
        taught=taught,
    )


def languages_of(prompts: PromptSet, folder: Path) -> Names:
    """Look each row's language up by family and text; `en` where the folder does not say."""
    data = ds.dataset(sorted(str(file) for file in folder.glob("*.parquet")))
    if "lang" not in data.schema.names:
        return np.full(len(prompts.texts), "en")
    columns = ("family", "system", "text", "lang")
    table = data.to_table(columns=list(columns))
    family, system, text, lang = (table[name].to_pylist() for name in columns)
    known = {
        (f, f"{s or ''}\n{t or ''}"): one or "en"
        for f, s, t, one in zip(family, system, text, lang, strict=True)
    }
    pairs = zip(prompts.family, prompts.texts, strict=True)
    return np.array([known[str(f), whole] for f, whole in pairs])
