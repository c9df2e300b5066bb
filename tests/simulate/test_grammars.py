"""Our own sentences: varied, in many languages, and fresh for each campaign."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import iolaus.fingerprint
from iolaus.simulate.grammars import chat, items, tongues
from iolaus.simulate.grammars.harvest import CAPABILITIES, harvest_recipe
from iolaus.simulate.grammars.personas import persona_recipe
from iolaus.simulate.grammars.spin import Dice, spin
from iolaus.simulate.grammars.work import PURPOSES, work_recipe

WORDS = Path(iolaus.fingerprint.__file__).with_name("weights") / "authored.txt"


def test_spin_chooses_inside_out() -> None:
    """Nested choices are made, and what is no choice stays."""
    seen = {spin(Dice(seed), "{a|b {c|d}} e") for seed in range(60)}
    assert seen == {"a e", "b c e", "b d e"}


def test_dice_repeat_with_their_seed() -> None:
    """The same seed gives the same sentence."""
    assert items.document(Dice(7)) == items.document(Dice(7))
    assert items.document(Dice(7)) != items.document(Dice(8))


def test_strangers_do_not_share_messages_by_accident() -> None:
    """Of ten thousand messages nearly all are different."""
    messages = [chat.message(Dice(seed)) for seed in range(10_000)]
    assert len(set(messages)) > 9_900
    assert not any("{" in m and "def " not in m for m in messages)


@pytest.mark.parametrize("language", tongues.LANGUAGES)
def test_every_language_speaks(language: str) -> None:
    """Each language has its own words and leaves no pattern unfilled."""
    messages = {tongues.message(Dice(seed), language) for seed in range(300)}
    assert len(messages) > 200
    assert not any(mark in message for message in messages for mark in ("{", "}", "|"))


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_recipes_are_fresh_draws(capability: str) -> None:
    """Two campaigns' scaffolds differ, and a recipe's slots do not repeat."""
    openings = set()
    for seed in range(40):
        recipe = harvest_recipe(Dice(seed), capability, variants=2)
        openings.add(recipe.openings[0].fill(Dice(1)))
        assert recipe.capability == capability
    assert len(openings) >= 39
    recipe = harvest_recipe(Dice(1), capability)
    filled = {recipe.openings[0].fill(Dice(seed)) for seed in range(500)}
    assert len(filled) > 490


@pytest.mark.parametrize("purpose", PURPOSES)
def test_honest_work_has_recipes_too(purpose: str) -> None:
    """Every purpose can be drawn and filled without leftovers of the grammar."""
    for seed in range(10):
        recipe = work_recipe(Dice(seed), purpose)
        texts = [form.fill(Dice(seed)) for form in (*recipe.openings, *recipe.follow_ups)]
        for text in (*texts, *recipe.systems):
            assert text
            assert "<question>" not in text
            assert "@thing" not in text
            assert "@name" not in text


def test_personas_share_hardly_a_line() -> None:
    """Of a thousand prompts of one recipe no two are the same, and most open with other words."""
    form = persona_recipe(Dice(3)).openings[0]
    prompts = [form.fill(Dice(seed)) for seed in range(1000)]
    assert 1000 == len(set(prompts))
    assert len({" ".join(prompt.split()[:8]) for prompt in prompts}) > 800
    assert not any(mark in prompt for prompt in prompts for mark in ("{", "}", "|", "[P]", "[N]"))


def test_personas_of_one_recipe_think_in_one_language() -> None:
    """What stays is where to think and in which language: every prompt ends on the same words."""
    form = persona_recipe(Dice(3)).openings[0]
    assert 1 == len({form.fill(Dice(seed)).rsplit("\n", 1)[-1] for seed in range(50)})


def _runs(text: str, n: int = 6) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def test_the_classifier_was_taught_none_of_these_words() -> None:
    """No run of six words stands both in its sentences and in a recipe, so simulated prompts are new to it."""
    taught = _runs("\n".join(WORDS.read_text(encoding="utf-8").splitlines()))
    assert len(taught) > 5_000
    recipes = [harvest_recipe(Dice(s), c, variants=2) for c in CAPABILITIES for s in range(60)]
    recipes += [persona_recipe(Dice(s)) for s in range(60)]
    forms = [form for recipe in recipes for form in (*recipe.openings, *recipe.follow_ups)]
    said = set[tuple[str, ...]]().union(
        *(_runs(form.fill(Dice(7 * k))) for k, form in enumerate(forms))
    )
    assert set() == taught & said
