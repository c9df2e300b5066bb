"""A recipe's contents -> whether its accounts never draw the same item, as strangers do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope
from iolaus.sequential import bits_of_p

Ints = npt.NDArray[np.int64]

LEAST_ACCOUNTS = 5
LEAST_EXPECTED = 5.0
DRAWS = 200
MOST_BITS = 6.0


class SlotPartition:
    """
    Shards of one list: accounts of one recipe that never fill its slots alike.

    Looks at: `novelty` (the two smallest hashes of what fills a template's slots) of the
        members, beside outside accounts that use the same template family: the one that most of
        both use, as one recipe's items collide oftener than another's. Collisions are the sum
        over items of (accounts - 1). Of 200 draws of as many outside accounts, each cut
        down to as many exchanges as a member sent, come the mean and spread that strangers
        would have; the left tail of a negative binomial with these makes p, and
        1 / (2 sqrt p) the bits.
    Means: somebody deals out one list, so that no item is bought twice.
    Fooled by: a recipe of one's own (nobody outside to compare with: no opinion), deliberate
        repeats, random draws from a list.
    Innocent look-alikes: strangers who run one public recipe collide, as all of them start from
        the same public list; a firm that splits its own list over its keys does not.
    Source: design/detection.md; a Poisson tail gave strangers 238 bits
        (design/reference/arithmetic.md, section 5), hence the spread from draws.
    """

    name = "slot_partition"
    version = 1
    summary = "shards of one list that never collide"
    family = "text"
    claim: Claim = "coordination"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return 0 to 6 bits; no opinion under five users inside or out, or E under 5."""
        mine, others = _filled(pool.fingerprints), _filled(background.fingerprints)
        family = _most_shared(mine, others)
        mine, others = mine.of(mine.family == family), others.of(others.family == family)
        k = min(mine.k, others.k)
        if k < LEAST_ACCOUNTS:
            return None
        inside, outside = _collisions(mine, others, k=k)
        expected, seen = float(outside.mean()), float(inside.mean())
        if expected < LEAST_EXPECTED:
            return None
        p = _left_tail(seen, mean=expected, variance=float(outside.var()))
        bits = float(np.clip(bits_of_p(p), 0.0, MOST_BITS))
        if bits == 0.0:
            return None
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"{k} of its accounts filled the recipe's slots alike {seen:.3g} times; as many "
                f"outside that use the recipe do so {expected:.3g} times"
            ),
            facts=(("collisions", seen), ("expected", expected), ("users_outside", others.k)),
            controlled=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """Exchanges with filled slots: dense account number of `k`, template family, item."""

    account: Ints
    family: Ints
    item: Ints
    k: int

    def of(self, kept: npt.NDArray[np.bool_]) -> _Filled:
        """Keep some exchanges and number the accounts anew."""
        names, account = np.unique(self.account[kept], return_inverse=True)
        return _Filled(
            account=account, family=self.family[kept], item=self.item[kept], k=len(names)
        )

    def users(self) -> dict[int, int]:
        """Count the accounts of each family."""
        pairs = np.unique(np.stack([self.family, self.account]), axis=1)
        families, counts = np.unique(pairs[0], return_counts=True)
        return dict(zip(families.tolist(), counts.tolist(), strict=True))


def _filled(table: pa.Table) -> _Filled:
    """Read the exchanges that have a template and at least two hashes of what fills it."""
    long = pc.greater_equal(pc.list_value_length(table["novelty"]), 2)
    kept = table.filter(pc.and_(pc.is_valid(table["family"]), pc.fill_null(long, False)))
    first = pc.list_element(kept["novelty"], 0).to_numpy().astype(np.int64)
    second = pc.list_element(kept["novelty"], 1).to_numpy().astype(np.int64)
    account, family = kept["account"].to_numpy(), kept["family"].to_numpy().astype(np.int64)
    item = first << 32 | (second & 0xFFFFFFFF)
    order = np.lexsort((item, kept["id"].to_numpy(), account))
    rows = _Filled(account=account[order], family=family[order], item=item[order], k=0)
    return rows.of(np.ones(len(order), dtype=np.bool_))


def _most_shared(mine: _Filled, others: _Filled) -> int:
    """Return the template family that most accounts on both sides use; one, as recipes differ."""
    users = [side.users() for side in (mine, others)]
    shared = sorted(users[0].keys() & users[1].keys())
    return max(shared, key=lambda one: min(users[0][one], users[1][one]), default=0)


def _collisions(mine: _Filled, others: _Filled, *, k: int) -> tuple[Ints, Ints]:
    """
    Draw k members and k outsiders, each pair cut to the fewer exchanges; count in both.

    The busiest stand beside the busiest, so that as little as possible is cut.
    """
    rng = np.random.default_rng(mine.k)  # the same pool is weighed alike on every run
    sizes = [np.bincount(side.account, minlength=side.k) for side in (mine, others)]
    counts = np.zeros((DRAWS, 2), dtype=np.int64)
    for draw in range(DRAWS):
        chosen = []
        for side, size in zip((mine, others), sizes, strict=True):
            drawn = rng.choice(side.k, k, replace=False)
            chosen.append(drawn[np.argsort(-size[drawn], kind="stable")])
        limit = np.minimum(sizes[0][chosen[0]], sizes[1][chosen[1]])
        for s, side in enumerate((mine, others)):
            most = np.zeros(side.k, dtype=np.int64)
            most[chosen[s]] = limit
            counts[draw, s] = _count(side, most, rng)
    return counts[:, 0], counts[:, 1]


def _count(side: _Filled, most: Ints, rng: np.random.Generator) -> int:
    """Sum over items of (accounts - 1), with at most so many random exchanges an account."""
    order = np.lexsort((rng.random(len(side.account)), side.account))
    start = np.searchsorted(side.account[order], np.arange(side.k))
    place = np.arange(len(order)) - start[side.account[order]]
    kept = order[place < most[side.account[order]]]
    pairs = np.unique(np.stack([side.item[kept], side.account[kept]]), axis=1)
    return int(pairs.shape[1] - len(np.unique(pairs[0])))


def _left_tail(seen: float, *, mean: float, variance: float) -> float:
    """P(X <= seen), X negative binomial; Poisson where the draws spread less than that."""
    from scipy import stats

    if variance <= mean:
        return float(max(stats.poisson.cdf(seen, mean), 1e-12))
    chance = mean / variance
    return float(max(stats.nbinom.cdf(seen, mean * chance / (1.0 - chance), chance), 1e-12))
