"""A seed grows into the set that explains itself, or into nothing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.link.growth import grow, member_threshold, peel, shared_share
from iolaus.link.views import view_of
from iolaus.link.weights import Weigher

N_ACCOUNTS = 3000
FORTY = np.arange(500, 540)


@pytest.fixture(scope="module")
def world(people, planted):
    """Return a population with one network of forty."""
    built = people(N_ACCOUNTS, strangers=FORTY)
    planted(built, FORTY, mark=1)
    return built


@pytest.fixture(scope="module")
def weigher(world):
    """Return the weigher over its views."""
    return Weigher(world.views())


@pytest.mark.parametrize("seed", [FORTY[:8], FORTY[3:19], FORTY], ids=["8", "16", "all"])
def test_part_of_a_network_grows_into_all_of_it(weigher, seed):
    """Two holders of each card are enough; the rest of the network is not held against them."""
    grown = grow(weigher, seed, margin_bits=10.0)
    assert grown is not None
    np.testing.assert_array_equal(grown.members, FORTY)
    assert (grown.weighed.totals[:40] >= grown.threshold_bits).all()


@pytest.mark.parametrize("seed", range(5))
def test_strangers_grow_into_nothing(weigher, seed):
    """A set drawn at random from ordinary people dissolves."""
    drawn = np.random.default_rng(seed).choice(np.setdiff1d(np.arange(N_ACCOUNTS), FORTY), 20)
    assert grow(weigher, np.unique(drawn), margin_bits=10.0) is None


def test_strangers_in_the_seed_are_dropped(weigher):
    """A seed of thirty members and ten passers-by grows into the network alone."""
    seed = np.concatenate([np.arange(10), FORTY[:30]])
    grown = grow(weigher, seed, margin_bits=10.0)
    assert grown is not None
    np.testing.assert_array_equal(grown.members, FORTY)


def test_barred_accounts_never_join(weigher):
    """Two that were said to be another network's stay outside; not barred, they are grown back."""
    barred = FORTY[38:]
    kept_out = grow(weigher, FORTY[:20], margin_bits=6.0, barred=barred)
    assert kept_out is not None
    np.testing.assert_array_equal(kept_out.members, FORTY[:38])
    free = grow(weigher, FORTY[:20], margin_bits=6.0)
    assert free is not None and np.isin(barred, free.members).all()


@pytest.mark.parametrize("seed", range(3))
def test_growing_does_not_depend_on_how_accounts_are_numbered(world, weigher, seed):
    """Another numbering grows the same accounts."""
    name = np.random.default_rng(seed).permutation(N_ACCOUNTS)
    renamed = [
        view_of(
            _relabelled(view, name),
            N_ACCOUNTS,
            name=view.name,
            version=1,
            family=view.family,
            controlled=view.controlled,
        )
        for view in world.views()
    ]
    first = grow(weigher, FORTY[:12], margin_bits=10.0)
    second = grow(Weigher(renamed), name[FORTY[:12]], margin_bits=10.0)
    assert first is not None and second is not None
    np.testing.assert_array_equal(np.sort(name[first.members]), second.members)
    np.testing.assert_allclose(
        np.sort(first.weighed.totals[:40]), np.sort(second.weighed.totals[:40])
    )


def _relabelled(view, name):
    account = np.repeat(np.arange(view.n_accounts), view.n_held)
    return pa.table({"account": name[account].astype(np.int32), "value": view.values[view.held]})


def test_peeling_keeps_what_holds_and_drops_what_does_not(weigher):
    """Ten strangers are peeled off; a set of nothing but strangers is peeled away."""
    peeled = peel(weigher, np.concatenate([np.arange(10), FORTY]), margin_bits=10.0, least=3)
    assert peeled is not None
    np.testing.assert_array_equal(peeled.members, FORTY)
    assert peel(weigher, np.arange(30), margin_bits=10.0, least=3) is None


def test_threshold_is_the_odds_against_one_member(weigher):
    """Thirty among three thousand: log2 of 99 to 1, and the margin on top."""
    assert member_threshold(3000, 30, 0.0) == pytest.approx(np.log2(99))
    assert member_threshold(3000, 30, 10.0) == pytest.approx(np.log2(99) + 10)
    assert np.isfinite(member_threshold(5, 5, 0.0))


def test_share_of_members_that_share(weigher):
    """All forty share a recipe of their own; their own addresses nobody shares as rarely."""
    weighed = weigher.weigh(FORTY)
    names = [view.name for view in weigher.views]
    assert shared_share(weighed, names.index("template")) == 1.0
    assert shared_share(weigher.weigh(np.arange(3)), names.index("payment")) == 0.0
