"""A seed -> prompts of about 1 KB: templates with slots, and people's messages, all our own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from iolaus.simulate.grammars import chat, items
from iolaus.simulate.grammars.harvest import CAPABILITIES, Recipe, harvest_recipe
from iolaus.simulate.grammars.spin import Dice
from iolaus.simulate.grammars.tongues import LANGUAGES
from iolaus.simulate.grammars.work import PURPOSES, work_recipe

TEMPLATES = 400
TEMPLATED_SHARE = 0.35
OTHER_TONGUES_SHARE = 0.1
MEDIAN_CHARS = 620
SPREAD = 0.7
"""Lengths are lognormal: the median and sigma give a mean of 1 KB and 5 % above 2.5 KB."""


def generated(n: int, *, seed: int) -> list[str]:
    """Return `n` prompts; a third fill the slots of a template, the rest are composed afresh."""
    rng = np.random.default_rng(seed)
    dice = Dice(int(rng.integers(0, 2**62)))
    recipes = [_recipe(dice, number) for number in range(TEMPLATES)]
    wanted = np.exp(rng.normal(np.log(MEDIAN_CHARS), SPREAD, n))
    kind = rng.random(n)
    tongues = [name for name in LANGUAGES if name != "en"]
    texts = []
    for length, draw in zip(wanted, kind, strict=True):
        if draw < TEMPLATED_SHARE:
            forms = recipes[dice.below(TEMPLATES)].openings
            texts.append(_extended(dice, forms[dice.below(len(forms))].fill(dice), "en", length))
        else:
            foreign = draw > 1 - OTHER_TONGUES_SHARE
            language = tongues[dice.below(len(tongues))] if foreign else "en"
            texts.append(_extended(dice, chat.message(dice, language), language, length))
    return texts


def real(folder: Path, n: int, *, seed: int) -> list[str]:
    """Return at most `n` prompts of a folder of Parquet files with a column `text`."""
    table = ds.dataset(sorted(str(file) for file in folder.glob("*.parquet"))).to_table(["text"])
    texts = [text for text in table["text"].to_pylist() if text]
    chosen = np.random.default_rng(seed).permutation(len(texts))[:n]
    return [texts[row] for row in chosen]


def write_texts(texts: list[str], path: Path) -> None:
    """Write one column `prompt`, zstd, as a log has it."""
    table = pa.table({"prompt": pa.array(texts, pa.large_string())})
    pq.write_table(table, path, compression="zstd")


def described(texts: list[str]) -> dict[str, Any]:
    """Return how many texts there are and how long they are in bytes and words."""
    n_bytes = np.array([len(text.encode()) for text in texts])
    return {
        "n": len(texts),
        "mean_bytes": round(float(n_bytes.mean()), 1),
        "quantiles_bytes": {str(q): int(np.percentile(n_bytes, q)) for q in (5, 50, 95, 99)},
        "mean_words": round(float(np.mean([len(text.split()) for text in texts])), 1),
        "distinct": len(set(texts)),
    }


def _recipe(dice: Dice, number: int) -> Recipe:
    if number % 2:
        return work_recipe(dice, PURPOSES[number // 2 % len(PURPOSES)])
    return harvest_recipe(dice, CAPABILITIES[number // 2 % len(CAPABILITIES)])


def _extended(dice: Dice, text: str, language: str, length: float) -> str:
    """Add paragraphs of the same language until the text has its length."""
    parts = [text]
    n = len(text)
    while n < length:
        plain = language != "en" or dice.below(2)
        parts.append(chat.message(dice, language) if plain else items.document(dice))
        n += len(parts[-1])
    return "\n\n".join(parts)
