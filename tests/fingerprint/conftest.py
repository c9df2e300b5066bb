"""Builders: made-up scaffolds, slots and strangers' prompts, from a seed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SYLLABLES = ("ba", "ko", "li", "mu", "ner", "sta", "vo", "qui", "dra", "fen", "hol", "ji")


class Writer:
    """Writes text that nobody wrote before, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._luck = np.random.default_rng(seed)
        n = len(SYLLABLES)
        self._words = [
            "".join(SYLLABLES[i] for i in self._luck.integers(0, n, self._luck.integers(1, 5)))
            for _ in range(4000)
        ]
        # Words as unequal as a language's: the share of the k-th word falls as 1 / k.
        share = 1 / np.arange(1, 4001)
        self._share = share / share.sum()

    def words(self, n: int) -> str:
        """Return `n` words."""
        return " ".join(self._luck.choice(self._words, n, p=self._share))

    def fill(self, scaffold: tuple[str, str], n: int, *, slot_words: int = 40) -> list[str]:
        """Fill a two-part scaffold's slot in `n` ways."""
        first, last = scaffold
        return [f"{first}\n{self.words(slot_words)}\n{last}" for _ in range(n)]

    def scaffold(self, n_words: int = 30) -> tuple[str, str]:
        """Return a scaffold of two parts."""
        return self.words(n_words // 2), self.words(n_words // 2)

    def reword(self, text: str, share: float) -> str:
        """Replace a share of the words."""
        words = text.split()
        for at in np.flatnonzero(self._luck.random(len(words)) < share):
            words[at] = str(self._luck.choice(self._words))
        return " ".join(words)


@pytest.fixture
def writer() -> Writer:
    """A writer with a fixed seed."""
    return Writer(7)


@pytest.fixture(scope="session")
def plain() -> ModuleType:
    """The kernel in plain Python; tests are no package, so it is loaded by path."""
    path = Path(__file__).with_name("reference.py")
    spec = importlib.util.spec_from_file_location("kernel_in_plain_python", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
