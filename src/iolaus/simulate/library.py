"""Where text comes from: scripts by purpose, out of our own grammars or a folder of prompts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate.grammars import chat
from iolaus.simulate.grammars.harvest import Recipe, harvest_recipe
from iolaus.simulate.grammars.spin import Dice
from iolaus.simulate.tokens import mix

Array = NDArray[Any]


class Script(Protocol):
    """Writes the text of a stretch of traffic."""

    capability: str
    tools: tuple[str, ...]
    modalities: tuple[str, ...]
    turns: float
    output_scale: float

    def write(
        self, rng: np.random.Generator, *, author: Array, conversation: Array, turn: Array
    ) -> tuple[Array, Array]:
        """Return prompt and system text for each exchange."""


def dice_seed(rng: np.random.Generator) -> int:
    """Return a seed for a Dice."""
    return int(rng.integers(0, 2**63))


class RecipeScript:
    """One recipe, swept: every exchange draws items that have not been drawn before."""

    def __init__(self, recipe: Recipe, *, pool: int | None = None, evenness: float = 1.0) -> None:
        """Draw items from `pool` seeds, unevenly where `evenness` is above 1; None sweeps."""
        self.recipe = recipe
        self.capability = recipe.capability
        self.tools = recipe.tools
        self.modalities = recipe.modalities
        self.turns = recipe.turns
        self.output_scale = recipe.output_scale
        self._pool = pool
        self._evenness = evenness

    def _items(self, rng: np.random.Generator, n: int) -> list[int]:
        if self._pool is None:
            return rng.integers(0, 2**63, n).tolist()
        picked = (rng.random(n) ** self._evenness * self._pool).astype(np.int64)
        return mix(picked + hash_of(self.recipe.capability)).tolist()

    def write(
        self, rng: np.random.Generator, *, author: Array, conversation: Array, turn: Array
    ) -> tuple[Array, Array]:
        """Return prompt and system text for each exchange."""
        recipe, n = self.recipe, len(turn)
        seeds = self._items(rng, n)
        which = (mix(conversation + 7) % np.uint64(len(recipe.openings))).astype(int).tolist()
        later = turn.tolist()
        prompts = np.empty(n, dtype=object)
        for i in range(n):
            forms = recipe.follow_ups if later[i] and recipe.follow_ups else recipe.openings
            prompts[i] = forms[which[i] % len(forms)].fill(Dice(seeds[i]))
        systems = np.full(n, None, dtype=object)
        if recipe.systems:
            options = np.array(recipe.systems, dtype=object)
            systems = options[np.array(which) % len(options)]
        return prompts, systems


def hash_of(word: str) -> int:
    """Return a small fixed number for a word."""
    return sum((i + 1) * ord(c) for i, c in enumerate(word)) * 7919


class ChatScript:
    """People who type: each author in one language (now and then English), no shared template."""

    capability = "general_chat"
    tools: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ("text",)
    output_scale = 1.0

    def __init__(
        self, languages: Array, *, systems: tuple[str, ...] = (), turns: float = 2.5
    ) -> None:
        self._languages = languages
        self._systems = systems
        self.turns = turns

    def write(
        self, rng: np.random.Generator, *, author: Array, conversation: Array, turn: Array
    ) -> tuple[Array, Array]:
        """Return prompt and system text for each exchange."""
        n = len(turn)
        seeds = rng.integers(0, 2**63, n).tolist()
        english = rng.random(n) < 0.12
        tongue = np.where(english, "en", self._languages[author]).tolist()
        later = turn.tolist()
        prompts = np.empty(n, dtype=object)
        for i in range(n):
            say = chat.reply if later[i] else chat.message
            prompts[i] = say(Dice(seeds[i]), tongue[i])
        return prompts, np.full(n, None, dtype=object)


class Library:
    """Hands out scripts by purpose from the grammars of this package."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def harvest(self, capability: str, *, variants: int = 1, turns: float = 1.0) -> Script:
        """Return a fresh recipe that harvests a capability."""
        dice = Dice(dice_seed(self._rng))
        return RecipeScript(harvest_recipe(dice, capability, variants=variants, turns=turns))

    def people(self, languages: Array, *, turns: float = 2.5) -> Script:
        """Return people's own messages, by each author's language."""
        return ChatScript(languages, turns=turns)


Maker = Callable[[Dice], Recipe]
