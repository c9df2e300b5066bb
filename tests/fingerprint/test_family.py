"""A family is what resembles the scaffold that its members have in common, and nothing else."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from iolaus.fingerprint.family import Nodes, families_of
from iolaus.fingerprint.limits import TemplateLimits

LIMITS = TemplateLimits()
N = 128


def nodes(signature: np.ndarray, *, n_signed: int = 60) -> Nodes:
    """Return nodes of one row each with these signatures."""
    ones = np.ones(len(signature), np.int64)
    return Nodes(signature=signature, n_signed=n_signed * ones, n_rows=ones)


def reworded(core: np.ndarray, n: int, share: float, *, luck: np.random.Generator) -> np.ndarray:
    """Return `n` signatures that keep a share of a core's values, each at places of its own."""
    out = luck.integers(0, 256, (n, N), dtype=np.uint8)
    return np.where(luck.random((n, N)) < share, core, out)


def largest_share(family: np.ndarray) -> float:
    """Return the share of the largest family."""
    return Counter(family.tolist()).most_common(1)[0][1] / len(family)


@pytest.fixture
def luck() -> np.random.Generator:
    """A generator with a fixed seed."""
    return np.random.default_rng(11)


def test_members_that_hardly_resemble_one_another_join_by_what_they_share(luck) -> None:
    """Two rewordings agree in a quarter of the values, each in half of the scaffold's."""
    core = luck.integers(0, 256, N, dtype=np.uint8)
    signature = reworded(core, 40, 0.5, luck=luck)
    family = families_of(nodes(signature), limits=LIMITS)
    assert largest_share(family) >= 0.9


def test_strangers_stay_alone(luck) -> None:
    """Signatures that nothing made alike are a family each."""
    strangers = luck.integers(0, 256, (2000, N), dtype=np.uint8)
    family = families_of(nodes(strangers), limits=LIMITS)
    assert len(set(family.tolist())) == 2000


def test_a_chain_does_not_become_one_family(luck) -> None:
    """Each of a hundred resembles the next; the first and the last have nothing in common."""
    chain = np.empty((100, N), np.uint8)
    chain[0] = luck.integers(0, 256, N)
    for i in range(1, 100):
        chain[i] = reworded(chain[i - 1], 1, 0.7, luck=luck)[0]
    family = families_of(nodes(chain), limits=LIMITS)
    assert len(set(family.tolist())) >= 8
    assert family[0] != family[-1]


def test_few_pairs_in_common_are_no_family_however_large_their_share(luck) -> None:
    """Half of twelve pairs is a turn of phrase; half of sixty is a scaffold."""
    core = luck.integers(0, 256, N, dtype=np.uint8)
    signature = reworded(core, 40, 0.6, luck=luck)
    short = families_of(nodes(signature, n_signed=12), limits=LIMITS)
    assert len(set(short.tolist())) >= 30
    long = families_of(nodes(signature, n_signed=60), limits=LIMITS)
    assert largest_share(long) >= 0.9


def test_two_scaffolds_that_share_an_opening_are_two_families(luck) -> None:
    """A tenth of the values in common joins nobody."""
    one = luck.integers(0, 256, N, dtype=np.uint8)
    other = np.where(luck.random(N) < 0.1, one, luck.integers(0, 256, N, dtype=np.uint8))
    signature = np.concatenate(
        [reworded(one, 30, 0.9, luck=luck), reworded(other, 30, 0.9, luck=luck)]
    )
    family = families_of(nodes(signature), limits=LIMITS)
    assert set(family[:30]).isdisjoint(family[30:])


def test_no_nodes_are_no_families() -> None:
    """An empty log is no error."""
    assert families_of(nodes(np.zeros((0, N), np.uint8)), limits=LIMITS).size == 0
