"""A seed -> prompts of about 1 KB: templates with slots, and free text, all of our own making."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from iolaus.simulate.grammars import chat
from iolaus.simulate.grammars.harvest import CAPABILITIES, Recipe, harvest_recipe
from iolaus.simulate.grammars.spin import Dice
from iolaus.simulate.grammars.tongues import LANGUAGES
from iolaus.simulate.grammars.work import PURPOSES, work_recipe

TEMPLATES = 400
TEMPLATED_SHARE = 0.35
OTHER_TONGUES_SHARE = 0.1
MEDIAN_CHARS = 620
SPREAD = 0.7
"""Lengths are lognormal: the median and sigma give a mean of 1 KB and 5 % above 2.3 KB."""

VOCABULARY = 40_000
CHARS_A_WORD = 6.0
ZIPF_SHIFT = 2.7
"""Of Mandelbrot's law, 1 / (rank + shift): about as common words are as in English."""

_ONSETS = tuple(re.findall(r"\w+", "b c d f g h k l m n p r s t v w br ch cl fl gr pl sh st th tr"))
_VOWELS = tuple("aeiouaeio") + ("ai", "ea", "ee", "io", "ou")
_CODAS = ("", "", "", "", "n", "r", "s", "t", "l", "d", "nd", "nt", "st", "ng", "ck")
_COMMON = re.findall(
    r"\w+",
    "the of and to in a is that for it as was with be by on not he this are or his from at which "
    "but have an had they you were their one all we can has there been if more when will would",
)


def generated(n: int, *, seed: int) -> list[str]:
    """
    Return `n` prompts; a third fill the slots of a template, the rest are composed afresh.

    What is composed is of made-up words, as rare and as common as a language's: sentences of a
    small grammar would repeat one another, and every text would look like a template's.
    """
    rng = np.random.default_rng(seed)
    dice = Dice(int(rng.integers(0, 2**62)))
    recipes = [_recipe(dice, number) for number in range(TEMPLATES)]
    words = _vocabulary(dice)
    share = np.cumsum(1 / (np.arange(words.size) + ZIPF_SHIFT))
    wanted = np.exp(rng.normal(np.log(MEDIAN_CHARS), SPREAD, n))
    kind = rng.random(n)
    tongues = [name for name in LANGUAGES if name != "en"]
    texts = []
    for length, draw in zip(wanted, kind, strict=True):
        if draw > 1 - OTHER_TONGUES_SHARE:
            texts.append(_foreign(dice, tongues[dice.below(len(tongues))], length))
            continue
        forms = recipes[dice.below(TEMPLATES)].openings
        begun = forms[dice.below(len(forms))].fill(dice) if draw < TEMPLATED_SHARE else ""
        missing = max(int((length - len(begun)) / CHARS_A_WORD), 0 if begun else 3)
        composed = _sentences(dice, words[np.searchsorted(share, rng.random(missing) * share[-1])])
        texts.append(f"{begun}\n\n{composed}".strip())
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


def _foreign(dice: Dice, language: str, length: float) -> str:
    parts = [chat.message(dice, language)]
    while sum(map(len, parts)) < length:
        parts.append(chat.message(dice, language))
    return "\n\n".join(parts)


def _vocabulary(dice: Dice) -> npt.NDArray[np.str_]:
    """Return distinct words, the common ones first and short."""
    words = dict.fromkeys(_COMMON)
    while len(words) < VOCABULARY:
        syllables = 1 + dice.below(2 if len(words) < 1000 else 4)
        parts = [dice.of(_ONSETS) + dice.of(_VOWELS) + dice.of(_CODAS) for _ in range(syllables)]
        words["".join(parts)] = None
    return np.array(list(words))


def _sentences(dice: Dice, words: npt.NDArray[np.str_]) -> str:
    """Cut words into sentences and paragraphs, with commas, capitals and numbers."""
    made, start = [], 0
    while start < words.size:
        stop = start + dice.number(5, 24)
        sentence = words[start:stop].tolist()
        if dice.below(4) == 0:
            sentence.insert(dice.below(len(sentence)) + 1, str(dice.number(2, 2000)))
        if len(sentence) > 9:
            sentence[5] += ","
        end = dice.of((". ", ". ", ".\n\n", "? "))
        made.append(" ".join(sentence).capitalize() + end)
        start = stop
    return "".join(made).strip()
