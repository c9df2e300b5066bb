"""Plants: a known network in the operator's own views is found, the stronger the better."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.link.plants import calibrated_share, find_plants, plant

N_ACCOUNTS = 1500


def test_strong_plant_is_found_and_a_weak_one_is_not(people, link_settings):
    """Thirty accounts that all take part are found whole; where one in ten does, none are."""
    views = people(N_ACCOUNTS).views()
    weak, strong = find_plants(
        views, settings=link_settings(), seed=3, sizes=(30,), strengths=(0.1, 1.0)
    )
    assert (strong.found, strong.outsiders, strong.together) == (30, 0, True)
    assert strong.bits is not None and strong.bits > 0
    assert (weak.found, weak.together, weak.bits) == (0, False, None)


def test_plants_that_do_not_fit_are_left_out(people, link_settings):
    """Of a hundred free accounts, thirty would be too many to be strangers to."""
    free = np.arange(N_ACCOUNTS) < 100
    views = people(N_ACCOUNTS).views()
    found = find_plants(
        views, settings=link_settings(), seed=3, free=free, sizes=(10, 30), strengths=(1.0,)
    )
    assert [one.size for one in found] == [10]


def test_plant_replaces_card_and_recipe(people):
    """Five share one card and one recipe in place of their own; nothing else is touched."""
    views, five = people(N_ACCOUNTS).views(), np.arange(5)
    planted = plant(views, five, strength=1.0, rng=np.random.default_rng(1))
    by_name = {view.name: view for view in planted}
    before = {view.name: view for view in views}
    assert by_name["payment"].n_held[:5].tolist() == [1] * 5
    assert len(np.unique(by_name["payment"].held[:5])) == 1
    assert len(np.unique(by_name["template"].held[:5])) == 1
    assert len(by_name["client"].held) == len(before["client"].held)


@pytest.mark.parametrize("seed", range(3))
def test_calibrated_share_never_falls_and_keeps_the_mean(seed):
    """An isotonic fit: ascending, between nothing and certainty, right on average."""
    rng = np.random.default_rng(seed)
    plants, decoys = rng.normal(5, 3, 40), rng.normal(0, 3, 60)
    bits, share = calibrated_share(plants, decoys)
    assert (np.diff(bits) >= 0).all() and (np.diff(share) >= 0).all()
    assert share.mean() == pytest.approx(0.4)
    assert 0 <= share[0] <= share[-1] <= 1


def test_calibrated_share_of_what_is_told_apart():
    """Where all plants have more bits than all decoys, the share steps from none to all."""
    bits, share = calibrated_share([5.0, 9.0], [1.0, 2.0])
    assert (bits.tolist(), share.tolist()) == ([1.0, 2.0, 5.0, 9.0], [0.0, 0.0, 1.0, 1.0])
    assert calibrated_share([3.0], [3.0])[1].tolist() == [0.5, 0.5]
    assert calibrated_share([], [])[1].tolist() == []
