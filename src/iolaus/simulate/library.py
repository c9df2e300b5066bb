"""Scripts by purpose, from our own grammars or, where they fit, from a shelf of prompt families."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate.grammars.harvest import harvest_recipe
from iolaus.simulate.grammars.personas import persona_recipe
from iolaus.simulate.grammars.spin import Dice
from iolaus.simulate.grammars.work import work_recipe
from iolaus.simulate.scripts import (
    ChatScript,
    RecipeScript,
    Script,
    ShelfScript,
    Sweep,
    dice_seed,
)
from iolaus.simulate.shelf import Deck, Shelf

Array = NDArray[Any]

_PEOPLE = (
    "sharegpt_sessions",
    "oasst_prompts",
    "instructwild_user",
    "user_oriented_instructions",
    "arena_hard_v01",
)
_CHINESE = ("plexpt_zh_questions",)
_FITS: dict[str, tuple[str, ...]] = {
    "support": ("rag_chain_templates",),
    "judge": ("alpaca_eval_judge",),
    "benchmark": ("gsm8k_test", "humaneval_mbpp", "bbh_cot_eval"),
    "coursework": ("university_coursework",),
    "coder": ("aider_dev_session",),
}
_ONE_TEMPLATE = {"product": "app_traffic_shared_prompt", "tool": "app_traffic_shared_prompt"}
_SWEEPS: dict[str, Sweep] = {
    "support": "uneven",
    "benchmark": "passes",
    "judge": "passes",
    "pipeline": "own_order",
}
_POOLS = {
    "support": 120,
    "benchmark": 400,
    "judge": 300,
    "pipeline": 1499,
}  # a prime, so that every stride visits all


class Library:
    """Hands out scripts; every call for a recipe is a fresh draw."""

    def __init__(self, rng: np.random.Generator, shelf: Shelf | None = None) -> None:
        self._rng = rng
        self._shelf = shelf
        self._public: dict[str, Script] = {}
        self._people: dict[str, Deck] | None = None

    def harvest(self, capability: str, *, variants: int = 1, turns: float = 1.0) -> Script:
        """Return a fresh recipe that harvests a capability; `variants` paraphrases of it."""
        recipe = harvest_recipe(
            Dice(dice_seed(self._rng)), capability, variants=variants, turns=turns
        )
        families = (
            []
            if self._shelf is None
            else self._shelf.families(side="distill", capability=capability)
        )
        if self._shelf is None or not families:
            return RecipeScript(recipe)
        n = min(len(families), int(self._rng.integers(1, 3)))
        chosen = [str(f) for f in self._rng.choice(families, n, replace=False)]
        deck = self._shelf.deck(self._rng, chosen)
        if deck is None:
            return RecipeScript(recipe)
        return ShelfScript(deck, like=recipe, follow_ups=turns > 1)

    def personas(self) -> Script:
        """Return a fresh harvest that comes as another persona every time."""
        return RecipeScript(persona_recipe(Dice(dice_seed(self._rng))))

    def work(self, purpose: str, *, pool: int | None = None) -> Script:
        """Return one firm's, lab's or course's own script for a purpose."""
        recipe = work_recipe(Dice(dice_seed(self._rng)), purpose)
        sweep = _SWEEPS.get(purpose, "fresh")
        deck = self._deck_for(purpose)
        if deck is not None:
            return ShelfScript(deck, like=recipe, sweep=sweep)
        size = pool if pool is not None else _POOLS.get(purpose, 1)
        return RecipeScript(recipe, sweep=sweep, pool=size, salt=int(self._rng.integers(0, 2**40)))

    def public(self, name: str, purpose: str) -> Script:
        """Return a script that is the same for all who use the public thing called `name`."""
        if name not in self._public:
            self._public[name] = self.work(purpose)
        return self._public[name]

    def people(self, languages: Array, *, turns: float = 2.5) -> Script:
        """Return people's own messages, by each author's language."""
        if self._people is None:
            self._people = self._people_decks()
        return ChatScript(languages, turns=turns, decks=self._people)

    def _deck_for(self, purpose: str) -> Deck | None:
        if self._shelf is None:
            return None
        if purpose in _ONE_TEMPLATE:
            return self._shelf.template_deck(self._rng, _ONE_TEMPLATE[purpose])
        known = _FITS.get(purpose, ())
        if not known:
            return None
        return self._shelf.deck(self._rng, [known[int(self._rng.integers(0, len(known)))]])

    def _people_decks(self) -> dict[str, Deck]:
        if self._shelf is None:
            return {}
        decks = {"en": self._shelf.deck(self._rng, list(_PEOPLE))}
        decks["zh"] = self._shelf.deck(self._rng, list(_CHINESE))
        return {language: deck for language, deck in decks.items() if deck is not None}
