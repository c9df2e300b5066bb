"""A folder of prompt families -> the matrix, the labels and the lineages that training needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import scipy.sparse as sp

from iolaus.errors import ColumnError, EmptyError
from iolaus.fingerprint.content import KINDS, OUTPUTS, bits_of
from iolaus.fingerprint.kernel import N_BUCKETS
from iolaus.fingerprint.lineage import lineages_of
from iolaus.fingerprint.text import buckets_of, structure_of
from iolaus.schema import ASKS

COLUMNS = ("text", "system", "family", "side", "capability", "labels", "template_id")

OPTIONAL = "lang"
"""A column that figures are told apart by, where it is there."""

ASKED_BY = {
    "cot": "reasoning",
    "rubric": "grading",
    "rewrite": "rewriting",
    "critique": "critique",
    "trajectory": "trajectory",
    "synth_data": "synthesis",
}
"""Which label of the prompt families is which ask. Nothing is labelled `decomposition`."""

PLAIN = "harvest"
"""The label of instructions that were harvested as they stand: their wording is anybody's."""

MOST_ROWS = 1500
"""Rows kept of a family: more teach its seeds, not its way to ask."""

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Prompts as the kernel sees them: buckets, structure bits, and how many features there were."""

    words: sp.csr_matrix
    bits: npt.NDArray[np.float32]
    n_features: F64


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSet:
    """Prompts as features, one row each, with what is known of them."""

    words: sp.csr_matrix
    bits: npt.NDArray[np.float32]
    n_features: F64
    family: npt.NDArray[np.str_]
    template: npt.NDArray[np.str_]
    lineage: I64
    side: npt.NDArray[np.str_]
    lang: npt.NDArray[np.str_]
    plain: Mask
    truth: Mask
    texts: list[str]

    def truth_of(self, output: str) -> Mask:
        """Return which rows the output should be high for."""
        return self.truth[:, OUTPUTS.index(output)]


def read_prompts(folder: Path, *, rng: np.random.Generator) -> PromptSet:
    """Read the families, without texts that stand on two sides or twice."""
    if not any(folder.glob("*.parquet")):
        raise EmptyError(
            "no Parquet files", where=str(folder), remedy="name the folder of families"
        )
    data = ds.dataset(sorted(str(file) for file in folder.glob("*.parquet")))
    missing = [name for name in COLUMNS if name not in data.schema.names]
    if missing:
        raise ColumnError(f"no column {', '.join(missing)}", where=str(folder))
    known = [*COLUMNS, *([OPTIONAL] if OPTIONAL in data.schema.names else [])]
    table = data.to_table(columns=known)
    lineages = lineages_of(_strings(table, "family"), _strings(table, "text"))
    table = _capped(_distinct(table), rng)
    text, system = (_strings(table, name) for name in ("text", "system"))
    features = features_of(system, text)
    family = np.array(_strings(table, "family"))
    return PromptSet(
        words=features.words,
        bits=features.bits,
        n_features=features.n_features,
        family=family,
        template=np.array(_strings(table, "template_id")),
        lineage=np.array([lineages[name] for name in family]),
        side=np.array(_strings(table, "side")),
        lang=np.array(_strings(table, OPTIONAL) if OPTIONAL in known else [""] * len(text)),
        plain=np.array([PLAIN in label.split(";") for label in _strings(table, "labels")]),
        truth=_truth(table),
        texts=[f"{a}\n{b}" for a, b in zip(system, text, strict=True)],
    )


def features_of(systems: list[str], texts: list[str]) -> Features:
    """Read prompts with their system prompts as the fingerprinter does: what is in both counts twice."""
    prompt = pa.array(texts, pa.large_string())
    (words, n_words), (others, n_others) = (
        _buckets(prompt),
        _buckets(pa.array(systems, pa.large_string())),
    )
    return Features(
        words=(words + others).tocsr(),
        bits=bits_of(structure_of(prompt)),
        n_features=np.maximum(n_words + n_others, 1).astype(np.float64),
    )


def kinds_of(prompts: PromptSet) -> Mask:
    """
    Return which of KINDS each prompt may be of.

    The asks that a harvest is labelled with, or any; and any innocent kind for the rest.
    """
    n = len(ASKS)
    first = OUTPUTS.index(f"ask:{ASKS[0]}")
    harvest = prompts.truth_of("extraction")
    asked = prompts.truth[:, first : first + n]
    unknown = harvest & ~asked.any(axis=1)
    may_be = np.zeros((harvest.size, len(KINDS)), np.bool_)
    may_be[:, :n] = (asked | unknown[:, None]) & harvest[:, None]
    may_be[:, n:] = ~harvest[:, None]
    return may_be


def _strings(table: pa.Table, name: str) -> list[str]:
    return [value or "" for value in table[name].to_pylist()]


def _distinct(table: pa.Table) -> pa.Table:
    """Drop texts that stand on the distilling side and on another, and repetitions."""
    whole = list(zip(_strings(table, "system"), _strings(table, "text"), strict=True))
    sides: dict[tuple[str, str], set[bool]] = {}
    for text, side in zip(whole, _strings(table, "side"), strict=True):
        sides.setdefault(text, set()).add(side == "distill")
    first: dict[tuple[str, str], int] = {}
    for row, text in enumerate(whole):
        first.setdefault(text, row)
    return table.take([row for text, row in first.items() if len(sides[text]) == 1])


def _capped(table: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Keep at most MOST_ROWS of each family, in the order in which they stand."""
    family = np.array(_strings(table, "family"))
    kept = [
        rng.permutation(np.flatnonzero(family == name))[:MOST_ROWS] for name in np.unique(family)
    ]
    return table.take(np.sort(np.concatenate(kept)))


def _buckets(text: pa.Array) -> tuple[sp.csr_matrix, npt.NDArray[np.int32]]:
    """Return the buckets of each row, and how many words and pairs it has."""
    indptr, indices, n_features = buckets_of(pc.cast(text, pa.large_string()))
    data = np.ones(indices.size, np.float32)
    return sp.csr_matrix((data, indices, indptr), shape=(len(text), N_BUCKETS)), n_features


def _truth(table: pa.Table) -> Mask:
    """Return the labels as one column per output."""
    labels = [
        {f"ask:{ASKED_BY[part]}" for part in label.split(";") if part in ASKED_BY}
        for label in _strings(table, "labels")
    ]
    for label, capability, side in zip(
        labels, _strings(table, "capability"), _strings(table, "side"), strict=True
    ):
        label.add(f"capability:{capability}")
        label.update(["extraction"] if side == "distill" else [])
    return np.array([[output in label for output in OUTPUTS] for label in labels], np.bool_)
