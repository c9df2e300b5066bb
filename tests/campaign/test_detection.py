"""The extraction claim of each flow: what is added up, what is not, and what is said at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from iolaus.campaign.detection import attributed, judge
from iolaus.campaign.traffic import traffic_of
from iolaus.campaign.weighing import POOL_ROWS, pool_of, weigh
from iolaus.config import Settings
from iolaus.contracts import Background
from iolaus.pipeline import claim_settings
from iolaus.schema import Evidence, Explanation

MEMBERS, OUTSIDERS = range(12), range(100, 200)
SETTINGS = claim_settings(Settings())


@dataclass(frozen=True)
class Says:
    """A signal that says what it is told to, or nothing."""

    bits: float | None
    family: str = "text"
    name: str = "says"
    claim: str = "extraction"

    def weigh(self, pool, background):
        """Return the evidence."""
        if self.bits is None:
            return None
        return Evidence(
            signal=self.name,
            version=1,
            claim="extraction",
            family=self.family,
            bits=self.bits,
            says="it does",
        )


@dataclass(frozen=True)
class BySize:
    """A signal that says the more the more exchanges there are."""

    bits: dict[int, float]
    claim: str = "extraction"

    def weigh(self, pool, background):
        """Return the bits of the largest size reached, or nothing."""
        reached = [n for n in self.bits if pool.n_exchanges >= 0.9 * n]
        return Says(self.bits[max(reached)] if reached else None).weigh(pool, background)


@dataclass(frozen=True)
class Excuses:
    """An innocent cause with a gap."""

    gap_bits: float | None
    name: str = "excuse"
    explains: tuple[tuple[str, float], ...] = ()

    def explain(self, pool, background):
        """Return the explanation."""
        if self.gap_bits is None:
            return None
        return Explanation(
            name=self.name,
            gap_bits=self.gap_bits,
            says="it was somebody else",
            explains=self.explains,
        )


@pytest.fixture
def weighed(fingerprints, accounts):
    """Return a function that weighs one exchange by some signals."""
    pool = pool_of(fingerprints([0]), accounts(1))
    background = Background(
        fingerprints=fingerprints([]), accounts=accounts(0), n_exchanges=0, n_accounts=0
    )

    def made(signals=(), innocents=()):
        return weigh(pool, background, prior_bits=-7.0, signals=signals, innocents=innocents)

    return made


def test_prior_alone_where_no_signal_speaks(weighed):
    """No opinion is no evidence."""
    assert weighed([Says(None)], [Excuses(None)]).bits == -7.0


def test_best_signal_of_each_family_counts(weighed):
    """Two of one family say the same thing twice; the weaker is shown and not counted."""
    found = weighed([Says(2.0, name="a"), Says(3.0, name="b"), Says(1.5, family="time", name="c")])
    assert found.bits == pytest.approx(-7.0 + 3.0 + 1.5)
    assert {e.signal: e.counted for e in found.evidence} == {"a": False, "b": True, "c": True}
    (left_out,) = (e for e in found.evidence if not e.counted)
    assert left_out.why_not_counted == "one term a family counts, and of text that is b"


def test_evidence_against_counts_too(weighed):
    """A family that speaks only against takes its bits away."""
    assert weighed([Says(-2.0), Says(1.0, family="time")]).bits == pytest.approx(-8.0)


def test_only_the_best_innocent_cause_is_subtracted(weighed):
    """Causes compete, they do not add up; one that explains worse than guilt changes nothing."""
    found = weighed([Says(5.0)], [Excuses(1.0, "a"), Excuses(3.0, "b"), Excuses(-4.0, "c")])
    assert found.bits == pytest.approx(-7.0 + 5.0 - 3.0)
    assert [e.name for e in found.explanations] == ["b", "a", "c"]
    assert weighed([Says(5.0)], [Excuses(-4.0)]).bits == pytest.approx(-2.0)


def test_public_recipe_takes_what_its_users_ask_for_as_well(weighed):
    """Where all but a few users are strangers, what the recipe asks for hardly counts.

    A recipe that a few strangers use keeps nearly all of it, and evidence of another family is
    not touched.
    """
    signals = [Says(4.0), Says(3.0, family="sharding")]
    plain = weighed(signals, [Excuses(0.0)]).bits
    public = weighed(signals, [Excuses(0.0, explains=(("text", 0.95),))])
    rare = weighed(signals, [Excuses(0.0, explains=(("text", 0.02),))]).bits
    assert plain - 4.0 < public.bits < plain - 3.8
    assert plain - 0.5 < rare < plain
    assert public.explanations[0].gap_bits == pytest.approx(plain - public.bits)
    assert "ask for the same" in public.explanations[0].says


def test_public_recipe_takes_nothing_where_the_text_says_nothing(weighed):
    """A low score is not lowered further, and no score leaves nothing to take."""
    cause = Excuses(1.0, explains=(("text", 0.9),))
    for signals in ([Says(-1.0)], [Says(None)]):
        assert weighed(signals, [cause]).bits == weighed(signals, [Excuses(1.0)]).bits


def test_large_pool_is_sampled_and_its_totals_are_exact(fingerprints, accounts):
    """A signal sees twenty thousand rows and is told of all of them; a small pool is whole."""
    n = POOL_ROWS + 500
    large = pool_of(fingerprints(np.arange(n) % 50), accounts(50))
    assert large.fingerprints.num_rows == POOL_ROWS
    assert (large.n_exchanges, large.n_accounts) == (n, 50)
    assert large.days == pytest.approx((n - 1) / 24)
    again = pool_of(fingerprints(np.arange(n) % 50), accounts(50))
    assert again.fingerprints.equals(large.fingerprints)
    assert pool_of(fingerprints([0, 1]), accounts(2)).fingerprints.num_rows == 2


@pytest.fixture(scope="module")
def judged(talk, accounts):
    """Return a function that judges a relay with a few recipes."""
    outside = talk(seed=2)
    outside.chat(OUTSIDERS, 20)
    strangers = outside.table()
    background = Background(
        fingerprints=strangers,
        accounts=accounts(200).slice(100),
        n_exchanges=strangers.num_rows,
        n_accounts=100,
    )

    def made(recipes, *, bits, customers=20, by_size=None, also=()):
        said = talk(seed=3)
        for recipe, n_each in recipes.items():
            said.use(recipe, MEMBERS, n_each)
        said.chat(MEMBERS, customers)
        found = judge(
            traffic_of(said.table(), has_text=True),
            traffic_of(strangers, has_text=True),
            members=accounts(12),
            background=background,
            signals=[BySize(by_size) if by_size else Says(bits), *also],
            innocents=[],
            settings=SETTINGS,
        )
        return found, said.is_own

    return made


def test_flow_that_harvests_is_attributed_and_customers_are_not(judged):
    """Enough bits: the recipe's sessions are the campaign's; the customers' are nobody's."""
    found, is_own = judged({7: 20}, bits=9.0)
    own = attributed(found)
    assert [flow.verdict for flow in found.flows] == ["extraction"]
    assert own[is_own].mean() > 0.97
    assert (own & ~is_own).sum() <= 0.01 * own.sum()


def test_bulk_that_does_not_harvest_is_not_attributed(judged):
    """The same flow, its own claim not standing: bulk, and nobody is named."""
    found, _ = judged({7: 20}, bits=1.0)
    assert [flow.verdict for flow in found.flows] == ["bulk, not attributed"]
    assert found.extracting == ()
    assert not attributed(found).any()


def test_few_sessions_are_insufficient_data(judged):
    """Twelve sessions are too few to say anything of, however loud the signals; 24 are not."""
    few, _ = judged({7: 1}, bits=9.0, customers=5)
    assert {flow.verdict for flow in few.flows} == {"insufficient data"}
    enough, _ = judged({7: 2}, bits=9.0)
    assert [flow.verdict for flow in enough.flows] == ["extraction"]


def test_each_flow_stands_alone(judged):
    """Two recipes: the large one is told, the small one says only that it is too small."""
    found, _ = judged({7: 20, 8: 1}, bits=9.0)
    assert sorted(flow.verdict for flow in found.flows) == ["extraction", "insufficient data"]
    rows = np.concatenate([flow.rows for flow in found.flows])
    assert len(rows) == len(set(rows.tolist()))


def test_innocents_only_network_has_no_flow(judged):
    """Customers alone: there is nothing to judge, whatever a signal would say."""
    found, _ = judged({}, bits=9.0, customers=40)
    assert found.flows == ()
    assert not attributed(found).any()


def test_claim_must_exceed_the_bar(judged):
    """A sum just under the bar is bulk, one just over it a harvest."""
    bar = SETTINGS.accept_bits - SETTINGS.flow_prior_bits
    assert judged({7: 20}, bits=bar - 0.01)[0].extracting == ()
    assert len(judged({7: 20}, bits=bar + 0.01)[0].extracting) == 1


@pytest.mark.parametrize(("customers", "stands"), [(0, True), (20, False)])
def test_flow_that_falls_short_stands_as_part_of_accounts_that_do_nothing_else(
    talk, accounts, judged, customers, stands
):
    """Of a pool without customers all recipes are one hand's; beside customers each stands alone."""
    found, _ = judged({7: 20, 8: 6}, bits=None, customers=customers, by_size={240: 9.0, 72: 4.5})
    verdicts = {len(flow.rows) > 100: flow.verdict for flow in found.flows}
    assert verdicts[True] == "extraction"
    assert (verdicts[False] == "extraction") == stands


@dataclass(frozen=True)
class Deals:
    """A signal that says how far a flow is dealt out."""

    claim: str = "extraction"

    def weigh(self, pool, background):
        """Return three bits, of the family that dealing out is."""
        return Says(3.0, family="sharding", name="deals").weigh(pool, background)


@pytest.mark.parametrize(("n_others", "stands"), [(1, True), (2, False)])
def test_dealing_out_says_nothing_where_others_jobs_are_dealt_out_too(judged, n_others, stands):
    """A reseller scatters every customer's batch; one more bulk job may be the same hand's."""
    recipes = {7: 22} | {8 + k: 14 - 4 * k for k in range(n_others)}
    found, _ = judged(recipes, bits=None, by_size={48: 0.0, 240: 5.0}, also=[Deals()])
    large = max(found.flows, key=lambda flow: len(flow.rows))
    assert (large.verdict == "extraction") == stands
    assert large.weighing.of("sharding") == (3.0 if stands else 0.0)
