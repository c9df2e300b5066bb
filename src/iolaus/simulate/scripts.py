"""Scripts write the text of a stretch of traffic: from a recipe, from people, from a shelf."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate.grammars import chat
from iolaus.simulate.grammars.harvest import Recipe
from iolaus.simulate.grammars.spin import Dice
from iolaus.simulate.shelf import Deck
from iolaus.simulate.tokens import mix

Array = NDArray[Any]
Sweep = Literal["fresh", "uneven", "passes", "own_order"]
"""
How slots are filled: never the same item twice; a small pool again and again; one list dealt
out over the authors from its first item to its last, and then once more; one public list that
everyone goes through alone, in an order of his own, so that strangers collide.
"""


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


def _passes(author: Array, pool: int) -> Array:
    """Return which item of a list each exchange takes, the list dealt out over the authors."""
    order = np.argsort(author, kind="stable")
    ranks = np.empty(len(author), dtype=np.int64)
    sorted_author = author[order]
    start = np.searchsorted(sorted_author, sorted_author, side="left")
    ranks[order] = np.arange(len(author)) - start
    return (ranks * (int(author.max(initial=0)) + 1) + author) % pool


def _own_order(author: Array, pool: int) -> Array:
    """Return which item of a list each exchange takes, each author on a way of his own."""
    mixed = (mix(author + 91) >> np.uint64(20)).astype(np.int64)
    stride = 1 + mixed % (pool - 1)
    n_authors = int(author.max(initial=0)) + 1
    rank = (_passes(author, 2**40) - author) // n_authors
    return (mixed // 7 + rank * stride) % pool


class RecipeScript:
    """One recipe, its slots filled in one of three ways."""

    def __init__(
        self, recipe: Recipe, *, sweep: Sweep = "fresh", pool: int = 1, salt: int = 0
    ) -> None:
        """Fill slots from `pool` items, named by `salt`, where the sweep is not fresh."""
        self.recipe = recipe
        self.capability = recipe.capability
        self.tools = recipe.tools
        self.modalities = recipe.modalities
        self.turns = recipe.turns
        self.output_scale = recipe.output_scale
        self._sweep, self._pool, self._salt = sweep, pool, salt

    def _items(self, rng: np.random.Generator, author: Array) -> Array:
        if self._sweep == "fresh":
            return rng.integers(0, 2**63, len(author))
        if self._sweep == "passes":
            picked = _passes(author, self._pool)
        elif self._sweep == "own_order":
            picked = _own_order(author, self._pool)
        else:
            # A power of a uniform: a few articles get most of the questions.
            picked = (rng.random(len(author)) ** 2.5 * self._pool).astype(np.int64)
        return mix(picked + self._salt)

    def write(
        self, rng: np.random.Generator, *, author: Array, conversation: Array, turn: Array
    ) -> tuple[Array, Array]:
        """Return prompt and system text for each exchange."""
        recipe, n = self.recipe, len(turn)
        seeds = self._items(rng, author).tolist()
        which = (mix(conversation + self._salt) >> np.uint64(8)).astype(np.int64) % 997
        later, form_of = turn.tolist(), which.tolist()
        prompts = np.empty(n, dtype=object)
        for i in range(n):
            forms = recipe.follow_ups if later[i] and recipe.follow_ups else recipe.openings
            prompts[i] = forms[(form_of[i] + later[i]) % len(forms)].fill(Dice(seeds[i]))
        systems = np.full(n, None, dtype=object)
        if recipe.systems:
            systems = np.array(recipe.systems, dtype=object)[which % len(recipe.systems)]
        return prompts, systems


class ChatScript:
    """People who type: each author in one language (now and then English), no shared template."""

    capability = "general_chat"
    tools: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ("text",)
    output_scale = 1.0

    def __init__(
        self, languages: Array, *, turns: float = 2.5, decks: dict[str, Deck] | None = None
    ) -> None:
        """Take some messages from `decks` (by language) where they are given."""
        self._languages = languages
        self._decks = decks or {}
        self.turns = turns

    def write(
        self, rng: np.random.Generator, *, author: Array, conversation: Array, turn: Array
    ) -> tuple[Array, Array]:
        """Return prompt and system text for each exchange."""
        n = len(turn)
        seeds = rng.integers(0, 2**63, n).tolist()
        english = rng.random(n) < 0.12
        tongues = np.where(english, "en", self._languages[author]).astype(object)
        later, tongue = turn.tolist(), tongues.tolist()
        prompts = np.empty(n, dtype=object)
        for i in range(n):
            say = chat.reply if later[i] else chat.message
            prompts[i] = say(Dice(seeds[i]), tongue[i])
        systems = self._own_systems(rng, author, conversation=conversation)
        for language, deck in self._decks.items():
            # Three in ten, so that a shelf of some thousand rows is not one people's only words.
            taken = np.flatnonzero((tongues == language) & (rng.random(n) < 0.3))
            prompts[taken], systems[taken] = deck.deal(rng, len(taken))
        return prompts, systems

    def _own_systems(
        self, rng: np.random.Generator, author: Array, *, conversation: Array
    ) -> Array:
        """Return the instructions that four authors in ten wrote for themselves, where they use them."""
        n = len(self._languages)
        seeds = rng.integers(0, 2**63, n).tolist()
        writes = (rng.random(n) < 0.4).tolist()
        own = [chat.persona(Dice(s)) if w else None for s, w in zip(seeds, writes, strict=True)]
        own_words = np.array([*own, None], dtype=object)[author]
        habit = rng.beta(0.6, 0.6, n)[author]
        used = mix(conversation + 3) / 2.0**64 < habit
        words: Array = np.where(used, own_words, None)
        return words


class ShelfScript:
    """Rows of given prompt families, dealt without replacement, reshuffled when they run out."""

    def __init__(
        self, deck: Deck, *, like: Recipe, sweep: Sweep = "fresh", follow_ups: bool = False
    ) -> None:
        """Take tools, turns and (where asked) follow-up questions from the recipe `like`."""
        self.capability = like.capability
        self.tools = like.tools
        self.modalities = like.modalities
        self.turns = like.turns
        self.output_scale = like.output_scale
        self._deck, self._sweep = deck, sweep
        self._follow_ups = like.follow_ups if follow_ups else ()

    def write(
        self, rng: np.random.Generator, *, author: Array, conversation: Array, turn: Array
    ) -> tuple[Array, Array]:
        """Return prompt and system text for each exchange."""
        n = len(turn)
        if self._sweep == "fresh":
            prompts, systems = self._deck.deal(rng, n)
        elif self._sweep in {"passes", "own_order"}:
            prompts, systems = self._deck.at(_passes(author, len(self._deck)))
        else:
            few = min(len(self._deck), 200)
            prompts, systems = self._deck.at((rng.random(n) ** 2.5 * few).astype(np.int64))
        if self._follow_ups:
            seeds = rng.integers(0, 2**63, n).tolist()
            for i in np.flatnonzero(turn > 0).tolist():
                form = self._follow_ups[seeds[i] % len(self._follow_ups)]
                prompts[i] = form.fill(Dice(seeds[i]))
        return prompts, systems
