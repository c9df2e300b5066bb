"""Sentences of our own become prompts of every kind, the same for the same dice."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.fingerprint import authored
from iolaus.fingerprint.authored import compose, read_sentences
from iolaus.fingerprint.content import INNOCENTS, KINDS
from iolaus.fingerprint.mixture import fit_mixture, odds_of_asks
from iolaus.fingerprint.promptset import features_of
from iolaus.fingerprint.training import _scaled
from iolaus.schema import ASKS


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose a few prompts of each kind."""
    monkeypatch.setattr(authored, "PROMPTS_A_KIND", 60)


@pytest.mark.usefixtures("few")
def test_every_kind_is_composed_from_its_own_sentences() -> None:
    """Each kind gets as many prompts; no slot is left open that the lists can fill."""
    sentences = read_sentences()
    got = compose(sentences, rng=np.random.default_rng(1))
    assert np.bincount(got.kind).tolist() == [60] * len(KINDS)
    filled = {name.split(".")[1] for name in sentences if name.startswith("slot.")}
    whole = [f"{a}\n{b}" for a, b in zip(got.systems, got.texts, strict=True)]
    assert not [text for text in whole for name in filled if "{" + name + "}" in text]


@pytest.mark.usefixtures("few")
def test_same_dice_give_the_same_prompts() -> None:
    """Two draws from one seed agree, from two seeds they do not."""
    first, second, other = (
        compose(read_sentences(), rng=np.random.default_rng(seed)).texts for seed in (4, 4, 5)
    )
    assert first == second
    assert first != other


def test_both_sides_use_the_same_layouts() -> None:
    """Every kind has a task and a label, and roles, rules and formats are shared by all."""
    sentences = read_sentences()
    for kind in KINDS:
        assert len(sentences[f"{kind}.task"]) >= 15
        assert sentences[f"{kind}.label"]
    assert {"role", "shared.rule", "shared.contract"} <= set(sentences)


@pytest.mark.usefixtures("few")
def test_mixture_tells_unseen_prompts_of_an_ask_from_innocent_ones() -> None:
    """A model of some composed prompts ranks others: asks above innocent uses, nine in ten."""
    odds, is_ask = [], []
    drawn = [compose(read_sentences(), rng=np.random.default_rng(seed)) for seed in (1, 2)]
    seen, unseen = (features_of(one.systems, one.texts) for one in drawn)
    columns = np.flatnonzero(np.asarray((seen.words > 0).sum(axis=0)).ravel() >= 3)
    may_be = np.eye(len(KINDS), dtype=np.bool_)[drawn[0].kind]
    model = fit_mixture(_scaled(seen, columns), may_be, np.ones(len(may_be)))
    odds = odds_of_asks(model.logits(_scaled(unseen, columns)))
    is_ask = drawn[1].kind < len(ASKS)
    assert odds.shape == (60 * (len(ASKS) + len(INNOCENTS)), len(ASKS) + 1)
    assert np.median(odds[is_ask, -1]) > np.quantile(odds[~is_ask, -1], 0.9)
