"""The ring is a short cut: it finds the networks that comparing all pairs finds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.link import networks
from iolaus.link.candidates import candidate_pairs
from iolaus.link.views import view_of

N_ACCOUNTS = 400


def world_of(people, planted, seed):
    """Return a population with one to three planted networks, drawn from the seed."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(10, 25, int(rng.integers(1, 4)))
    everyone = rng.permutation(N_ACCOUNTS)[: sizes.sum()]
    world = people(N_ACCOUNTS, seed=seed, strangers=everyone)
    for number, members in enumerate(np.split(everyone, np.cumsum(sizes)[:-1])):
        planted(world, np.sort(members), mark=number + 1)
    return world


def sets_of(linked):
    """Return the sets that were found, whatever their order."""
    return {frozenset(one.members.tolist()) for one in linked}


@pytest.mark.parametrize("seed", range(4))
def test_ring_finds_what_all_pairs_find(people, planted, link_settings, monkeypatch, seed):
    """Every pair that shares a value is compared in place of ring neighbours: the same sets."""
    views = world_of(people, planted, seed).views()
    by_ring = sets_of(networks.find_networks(views, settings=link_settings()))
    compared = candidate_pairs

    def all_pairs(given, **asked):
        return compared(given, **{**asked, "reach": N_ACCOUNTS, "n_orders": 1})

    monkeypatch.setattr(networks, "candidate_pairs", all_pairs)
    by_brute_force = sets_of(networks.find_networks(views, settings=link_settings()))
    assert by_ring == by_brute_force and by_ring


@pytest.mark.parametrize("seed", range(2))
def test_order_of_rows_and_numbers_of_accounts_do_not_matter(people, planted, link_settings, seed):
    """Accounts renumbered and ties shuffled: the same accounts are linked."""
    rng = np.random.default_rng(seed + 100)
    views = world_of(people, planted, seed).views()
    name = rng.permutation(N_ACCOUNTS)
    renamed = []
    for view in views:
        account = name[np.repeat(np.arange(N_ACCOUNTS), view.n_held)]
        order = rng.permutation(len(account))
        ties = {"account": account[order].astype(np.int32), "value": view.values[view.held][order]}
        renamed.append(
            view_of(
                pa.table(ties),
                N_ACCOUNTS,
                name=view.name,
                version=1,
                family=view.family,
                controlled=view.controlled,
            )
        )
    first = sets_of(networks.find_networks(views, settings=link_settings()))
    second = sets_of(networks.find_networks(renamed, settings=link_settings()))
    assert {frozenset(name[list(one)].tolist()) for one in first} == second and first
