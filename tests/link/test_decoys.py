"""Decoy scans: where views agree by chance alone, nothing is found, and the report says how sure."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.link.decoys import Calibration, calibrate
from iolaus.link.networks import find_networks

N_ACCOUNTS = 600
THIRTY = np.arange(200, 230)


@pytest.fixture(scope="module")
def scanned(people, planted, link_settings):
    """Return the views of a world with one network, and what was found in them."""
    world = people(N_ACCOUNTS, strangers=THIRTY)
    planted(world, THIRTY, mark=1)
    views = world.views()
    return views, find_networks(views, settings=link_settings())


def test_network_does_not_come_back_as_a_decoy(scanned, link_settings):
    """The same cards and recipes, dealt anew in each view: no network in three runs."""
    views, linked = scanned
    assert len(linked) == 1
    found = calibrate(views, linked, link_settings(), runs=3, seed=1)
    assert (found.decoys, found.n_runs_with, found.n_together) == ((), 0, 0)
    assert found.fdr == (pytest.approx(1 / 3),)
    assert found.most_share == pytest.approx(1 - 0.05 ** (1 / 3))
    assert "0 of 3 decoy scans" in found.says() and "fewer than 20" in found.says()


def test_decoys_are_the_same_for_one_seed(scanned, link_settings):
    """Nothing is drawn but from the seed."""
    views, linked = scanned
    asked = {"runs": 2, "strata": np.arange(N_ACCOUNTS) % 3}
    first = calibrate(views, linked, link_settings(), seed=5, **asked)
    assert first == calibrate(views, linked, link_settings(), seed=5, **asked)


def test_decoys_that_are_found_are_counted_against_the_real(scanned, link_settings):
    """At a price that nothing has to pay strangers form networks; the rate says so."""
    views, linked = scanned
    found = Calibration(
        runs=20, decoys=(30.0, 5.0), n_together=1, n_runs_with=2, fdr=(0.1,), skipped=()
    )
    assert 0.1 < found.most_share < 0.35
    assert "2 of 20" in found.says() and "fewer" not in found.says()
    with pytest.raises(ValueError, match="at least 1"):
        calibrate(views, linked, link_settings(), runs=0, seed=1)


def test_network_that_fills_the_population_is_left_out(people, planted, link_settings):
    """A quarter of all accounts in one network: permuted among all, it would come back."""
    quarter = np.arange(150)
    world = people(N_ACCOUNTS, strangers=quarter)
    planted(world, quarter, mark=1)
    views = world.views()
    linked = find_networks(views, settings=link_settings())
    assert [len(one.members) for one in linked] == [150]
    assert calibrate(views, linked, link_settings(), runs=2, seed=1).decoys == ()
