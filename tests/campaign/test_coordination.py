"""A network's own traffic adds to what its ties say, and never makes a network of innocents one hand."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from iolaus.campaign.coordination import own_recipe, with_pool_evidence
from iolaus.campaign.detection import weigh
from iolaus.contracts import Background, Pool
from iolaus.schema import Evidence
from iolaus.signals.sharding import Sharding

RECIPE = 7


def said(signal, family, bits, **given):
    """Return evidence of coordination."""
    return Evidence(
        signal=signal,
        version=1,
        claim=given.pop("claim", "coordination"),
        family=family,
        bits=bits,
        says=f"{signal} says so",
        **given,
    )


class Voice:
    """A pool signal that always says the same, and remembers what it was asked about."""

    version = 1
    summary = "says what it was told to"
    scope = "pool"

    def __init__(self, evidence, claim="coordination"):
        self.evidence = evidence
        self.claim = claim
        self.name = "voice" if evidence is None else evidence.signal
        self.family = "voice" if evidence is None else evidence.family
        self.heard = []

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return what was told."""
        self.heard.append(pool)
        return self.evidence


@pytest.fixture(scope="module")
def traffic(fingerprints, accounts):
    """Return ten accounts, half of whose exchanges one recipe made, beside people with none."""
    n = 400
    family = np.where(np.arange(n) % 2 == 0, RECIPE, 100 + np.arange(n))
    inside = Pool(
        fingerprints=fingerprints(np.arange(n) // 2 % 10, family=family),
        accounts=accounts(10),
        n_exchanges=n,
        n_accounts=10,
        days=float(n) / 24,
    )
    rows = fingerprints(10 + np.arange(900) % 300, family=1000 + np.arange(900))
    return inside, Background(
        fingerprints=rows, accounts=accounts(300), n_exchanges=900, n_accounts=300
    )


@pytest.fixture
def tied(network):
    """Return a function that makes a network of ten by the evidence that its ties gave."""

    def made(*evidence, together=False):
        bits = -5.0 + math.fsum(e.bits for e in evidence if e.counted)
        return dataclasses.replace(
            network(range(10), together=together), evidence=evidence, coordination_bits=bits
        )

    return made


TEMPLATE = said("template", "text", 9.0)
SYNCHRONY = said("synchrony", "time", 2.5)
HABIT = said("habit", "client", 2.0)
TURNS = said("sharding", "time", 5.0, controlled=True)


def test_turns_and_a_recipe_show_one_hand(tied, traffic):
    """Same recipe by its ties; a controlled term of its traffic makes it run together."""
    one = with_pool_evidence(tied(TEMPLATE, SYNCHRONY, HABIT), *traffic, [Voice(TURNS)])
    assert one.together and one.words == "run together"
    assert one.coordination_bits == pytest.approx(-5.0 + 9.0 + 2.0 + 5.0)


@pytest.mark.parametrize(
    ("ties", "term"),
    [
        ((TEMPLATE,), dataclasses.replace(TURNS, controlled=False)),
        ((TEMPLATE,), dataclasses.replace(TURNS, bits=2.9)),
        ((dataclasses.replace(TEMPLATE, bits=1.9),), TURNS),
        ((dataclasses.replace(TEMPLATE, bits=4.9),), TURNS),
        ((TEMPLATE,), None),
    ],
    ids=["adoptable", "under three bits", "one family", "one strong term", "silence"],
)
def test_less_than_that_leaves_a_recipe_a_recipe(tied, traffic, ties, term):
    """A class, a tool or a cohort keeps its words: what it may share it may copy."""
    one = with_pool_evidence(tied(*ties), *traffic, [Voice(term)])
    assert not one.together
    assert one.words == "same recipe, not shown to be together"


def test_a_ties_controlled_view_is_judged_by_linking_alone(tied, traffic):
    """A card that linking found not to hold the members together is not made to by a weak term."""
    card = said("payment", "money", 8.0, controlled=True)
    lead = said("batch_opening", "life cycle", 2.0)
    assert not with_pool_evidence(tied(TEMPLATE, card), *traffic, [Voice(lead)]).together


def test_best_term_of_a_family_counts(tied, traffic):
    """A weaker term is kept and says why it is left out; the sum is that of the counted."""
    weak = said("slot_partition", "text", 4.0)
    one = with_pool_evidence(
        tied(TEMPLATE, SYNCHRONY, together=True), *traffic, [Voice(TURNS), Voice(weak)]
    )
    by_name = {e.signal: e for e in one.evidence}
    assert not by_name["synchrony"].counted and not by_name["slot_partition"].counted
    assert "of time that is sharding" in by_name["synchrony"].why_not_counted
    assert one.together
    counted = math.fsum(e.bits for e in one.evidence if e.counted)
    assert one.coordination_bits == pytest.approx(one.prior_bits + counted)


def test_silence_changes_nothing(tied, traffic):
    """No opinion, or signals of the other claim: the network is what it was."""
    before = tied(TEMPLATE, SYNCHRONY)
    other = Voice(said("rhythm", "time", 2.0, claim="extraction"), claim="extraction")
    assert with_pool_evidence(before, *traffic, [Voice(None), other]) == before
    assert other.heard == []


def test_signals_are_asked_about_the_networks_own_recipe(tied, traffic):
    """Half of the traffic is people's; the other half, one recipe's, is what is weighed."""
    voice = Voice(TURNS)
    with_pool_evidence(tied(TEMPLATE), *traffic, [voice])
    (heard,) = voice.heard
    assert set(heard.fingerprints["family"].to_pylist()) == {RECIPE}
    assert (heard.n_exchanges, heard.n_accounts) == (200, 10)


def test_public_recipe_is_nobodys_own(tied, traffic, fingerprints):
    """A tool's template that outsiders use as much is not weighed, nor what two accounts use."""
    inside, background = traffic
    tool = dataclasses.replace(
        background, fingerprints=fingerprints(10 + np.arange(900) % 300, family=[RECIPE] * 900)
    )
    assert own_recipe(inside, background) is not None
    assert own_recipe(inside, tool) is None
    two = dataclasses.replace(
        inside, fingerprints=fingerprints(np.arange(400) % 2, family=[RECIPE] * 400)
    )
    assert own_recipe(two, background) is None
    assert with_pool_evidence(tied(TEMPLATE), inside, tool, [Voice(TURNS)]) == tied(TEMPLATE)


def test_recipe_without_text_is_a_habit(traffic, fingerprints):
    """Where no prompt was logged, parameters stand for the template."""
    inside, background = traffic
    bare = dataclasses.replace(
        inside, fingerprints=fingerprints(np.arange(400) % 10, parameters=[3] * 400)
    )
    found = own_recipe(bare, background)
    assert found is not None and found.n_exchanges == 400
    empty = dataclasses.replace(inside, fingerprints=fingerprints(np.arange(40) % 10))
    assert own_recipe(empty, background) is None


def test_coordination_gives_the_claim_of_harvesting_nothing(traffic):
    """The two claims are never blended: a flow's sum asks the signals of its own claim only."""
    inside, background = traffic
    voice = Voice(TURNS)
    weighing = weigh(inside, background, prior_bits=-6.0, signals=[voice, Sharding()], innocents=[])
    assert weighing.bits == -6.0 and weighing.evidence == () and voice.heard == []
