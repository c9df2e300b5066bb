"""A seed and, where given, a folder of real prompts -> texts with the truth of who belongs together.

Every maker yields `Group`s: texts that come from one scaffold, or from none (`scaffold` False).
Nothing here is shared with the simulator or with the tests.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

WORD = re.compile(r"[^\W\d_]+")
SAMPLE, LEAST_TEXTS, LEAST_PAIRS, SHARE = 60, 10, 12, 0.6

PEOPLE = (
    "aider_dev_session",
    "arena_hard_v01",
    "gsm8k_test",
    "instructwild_user",
    "koala_test",
    "oasst_prompts",
    "plexpt_zh_questions",
    "sharegpt_sessions",
    "user_oriented_instructions",
)
"""Collections that people wrote each on their own: two texts of two of them are unrelated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Texts of one truth; `kind` names the row of the table that they count in."""

    kind: str
    name: str
    texts: list[str]
    systems: list[str | None] = field(default_factory=list)
    scaffold: bool = True


class Tongue:
    """A made-up language: words as unequal as a real one's, with stock phrases."""

    def __init__(self, luck: np.random.Generator, *, n_words: int = 6000) -> None:
        self.luck = luck
        syllables = [
            c + v for c in "bdfghklmnprstvz" for v in ("a", "e", "i", "o", "u", "en", "or")
        ]
        self.words = list(
            dict.fromkeys(
                "".join(luck.choice(syllables, luck.integers(1, 4))) for _ in range(2 * n_words)
            )
        )[:n_words]
        share = 1.0 / (np.arange(len(self.words)) + 2.7)
        self._share = share / share.sum()
        self.stock = [self.say(int(n)) for n in luck.integers(3, 9, 60)]

    def draw(self, n: int) -> list[str]:
        """Return `n` words."""
        return [self.words[i] for i in self.luck.choice(len(self.words), n, p=self._share)]

    def say(self, n: int) -> str:
        """Return `n` words in sentences of about a dozen."""
        words = self.draw(n)
        for at in range(11, n, 12):
            words[at] += "."
        return " ".join(words)

    def free(self) -> str:
        """Return a stranger's prompt: some words, at times beside a stock phrase."""
        parts = [self.say(int(self.luck.integers(10, 160)))]
        if self.luck.random() < 0.5:
            parts.insert(int(self.luck.integers(0, 2)), str(self.luck.choice(self.stock)))
        return "\n".join(parts)


def reworded(text: str, share: float, *, luck: np.random.Generator, other: list[str]) -> str:
    """Change a share of the words: three in five replaced, one dropped, one put in beside it."""
    out: list[str] = []
    for word in text.split():
        if luck.random() >= share:
            out.append(word)
            continue
        kind, new = luck.random(), other[int(luck.integers(len(other)))]
        if kind < 0.6:
            out.append(new)
        elif kind < 0.8:
            out += [word, new]
    return " ".join(out)


SHARES = (0.05, 0.1, 0.2, 0.3)
KINDS = ("slots", "reordered", *(f"reworded {share:.0%}" for share in SHARES))


def synthetic(seed: int, *, n_groups: int, n_texts: int, n_strangers: int) -> Iterator[Group]:
    """Yield slot variants, rewordings, reordered and translated variants, and strangers."""
    tongue, foreign = Tongue(np.random.default_rng(seed)), Tongue(np.random.default_rng(seed + 1))
    lexicon = dict(zip(tongue.words, foreign.words, strict=False))
    for number in range(n_groups):
        kind = KINDS[number % len(KINDS)]
        long = bool((number // len(KINDS)) % 2)
        texts = variants(tongue, kind, n=n_texts, longest=250 if long else 40)
        label = f"{kind}, {'long' if long else 'short'} slots"
        yield Group(kind=label, name=f"s{number}", texts=texts)
        if kind == "slots":
            yield Group(kind="translated", name=f"t{number}", texts=translated(texts, lexicon))
    strangers = [tongue.free() for _ in range(n_strangers)]
    yield Group(kind="strangers", name="strangers", texts=strangers, scaffold=False)


def variants(tongue: Tongue, kind: str, *, n: int, longest: int) -> list[str]:
    """Return variants of a scaffold of 3 to 7 sections, each of 8 to 23 words, around a slot."""
    luck = tongue.luck
    sections = [tongue.say(int(n)) for n in luck.integers(8, 24, int(luck.integers(3, 8)))]
    share = float(kind.split()[1].rstrip("%")) / 100 if kind.startswith("reworded") else 0.0
    out = []
    for _ in range(n):
        parts = list(sections)
        if kind == "reordered":
            parts = [parts[i] for i in luck.permutation(len(parts))]
        parts = [reworded(part, share, luck=luck, other=tongue.words) for part in parts]
        parts.insert(len(parts) // 2, tongue.say(int(luck.integers(10, longest))))
        out.append("\n".join(parts))
    return out


def translated(texts: list[str], lexicon: dict[str, str]) -> list[str]:
    """Return half of the texts as they are and half word by word in another language."""
    half = len(texts) // 2
    moved = [" ".join(lexicon.get(w.strip("."), w) for w in t.split()) for t in texts[half:]]
    return texts[:half] + moved


def real(folder: Path) -> Iterator[Group]:
    """Yield the groups of every family; `scaffold` says whether its prompts share one at all."""
    for path in sorted(folder.glob("*.parquet")):
        table = pq.read_table(path, columns=["text", "system", "template_id", "side"]).to_pylist()
        for name in sorted({row["template_id"] for row in table}):
            rows = [row for row in table if row["template_id"] == name]
            texts = [row["text"] or "" for row in rows]
            yield Group(
                kind=path.stem,
                name=f"{path.stem}/{name}",
                texts=texts,
                systems=[row["system"] for row in rows],
                scaffold=len(skeleton(texts)) >= LEAST_PAIRS,
            )


def skeleton(texts: list[str]) -> set[tuple[str, str]]:
    """Return the pairs of words in 60 % of up to 60 distinct texts; nothing under ten texts."""
    distinct = sorted(set(texts))
    if len(distinct) < LEAST_TEXTS:
        return set()
    sample = distinct[:: max(1, len(distinct) // SAMPLE)]
    counts = Counter(pair for text in sample for pair in pairs(text))
    return {pair for pair, n in counts.items() if n >= SHARE * len(sample)}


def shingles(text: str, n: int) -> set[tuple[str, ...]]:
    """Return the distinct runs of `n` words."""
    words = WORD.findall(text.lower())
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def pairs(text: str) -> set[tuple[str, str]]:
    """Return the distinct pairs of neighbouring words."""
    words = WORD.findall(text.lower())
    return set(itertools.pairwise(words))
