"""A recipe's exchanges in time order -> whether its accounts take turns, day after day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope
from iolaus.sequential import bits_of_p

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY_US = 86_400_000_000
SHIFT_US = 1_800_000_000
EDGE_US = 5 * SHIFT_US  # an hourly job's round, begun late by a shift, and one round before it
BLOCK_ROUNDS = 4  # dealt anew in stretches of four rounds, in which every account could serve
LEAST_A_DAY = 30
MOST_A_DAY = 1_000
LEAST_ACCOUNTS = 4
MOST_DAYS = 14
DRAWS = 199
SURE = 0.05
KEPT_UP_DAYS = 3
MOST_BITS, FEW_DAYS_BITS = 6.0, 2.0


class Sharding:
    """
    One job dealt out in turn: an account that was just used is passed over for the next ones.

    Looks at: how much of a round of k exchanges passes before an account of the recipe serves
        again, k the day's accounts: all of it when turns are kept, two thirds when the work is
        dealt at random. Two nulls, and the worse one counts: accounts dealt anew within each
        stretch of 4 k exchanges (strangers who are busy together return at once), and each
        account's times shifted by up to 30 minutes (a cron fleet takes turns under any shift). A day's p makes 1 / (2 sqrt p), a likelihood ratio that is valid for any p.
    Means: something behind the accounts deals the work and remembers whose turn it is.
    Fooled by: dealing at random, sticky sessions, one job an account: no opinion on these.
    Innocent look-alikes: a firm that spreads its own work over its keys. Equal loads alone say
        nothing, as classes and cron fleets are equal too. Controlled only when three separate
        days each show it; else at most 2 bits.
    Source: "load balancing" in the disclosure of February 2026; design/reference/arithmetic.md,
        section 6, for what failed; Vovk and Wang 2021 for the ratio.
    """

    name = "sharding"
    version = 1
    summary = "accounts take turns at one job"
    family = "time"
    claim: Claim = "coordination"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return 0 to 6 bits; no opinion without a day of 30 exchanges, its ends aside."""
        days = _days(pool)
        if not days:
            return None
        p = np.array([max(*_surprise(day)) for day in days])
        kept_up = int((p <= SURE).sum())
        controlled = kept_up >= KEPT_UP_DAYS
        bits = float(bits_of_p(p).sum())
        bits = min(bits, MOST_BITS if controlled else FEW_DAYS_BITS)
        if bits <= 0.0:
            return None
        passed = float(
            np.mean([_round_share(day.account, day.k, day.inner(day.at)) for day in days])
        )
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"on {kept_up} of {len(days)} days its accounts took turns as chance would not "
                f"have it; {passed:.0%} of a round passes before an account serves again"
            ),
            facts=(("days", len(days)), ("days_in_turn", kept_up), ("round_share", passed)),
            controlled=controlled,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """One day's moments in order, each with its account's dense number, of `k`."""

    at: Ints
    account: Ints
    k: int
    seed: int

    def inner(self, at: Ints) -> Bools:
        """Say which moments are no edge, where a shifted account is missing from the round."""
        return (at >= self.at[0] + EDGE_US) & (at <= self.at[-1] - EDGE_US)


def _days(pool: Pool) -> list[_Day]:
    """Return the days that say enough, the busiest first."""
    at = pool.fingerprints["at"].cast("int64").to_numpy().astype(np.int64)
    account = pool.fingerprints["account"].to_numpy()
    order = np.lexsort((pool.fingerprints["id"].to_numpy(), at))
    at, account = at[order], account[order]
    number = at // DAY_US
    found = []
    for seed in np.unique(number):
        mine = np.flatnonzero(number == seed)[:MOST_A_DAY]
        names, code = np.unique(account[mine], return_inverse=True)
        day = _Day(at=at[mine], account=code.astype(np.int64), k=len(names), seed=int(seed))
        if day.inner(day.at).sum() >= LEAST_A_DAY and day.k >= LEAST_ACCOUNTS:
            found.append(day)
    return sorted(found, key=lambda one: (-len(one.at), one.seed))[:MOST_DAYS]


def _round_share(account: Ints, k: int, inner: Bools) -> float:
    """Mean share of a round of k exchanges that passes before an account serves again."""
    order = np.argsort(account, kind="stable")
    same = account[order][1:] == account[order][:-1]
    gap = np.full(len(account), k, dtype=np.int64)
    gap[order[1:][same]] = np.minimum(np.diff(order)[same], k)
    return float(gap[inner].mean() / k) if inner.any() else 0.0


def _surprise(day: _Day) -> tuple[float, float]:
    """Return p under dealing anew, and under shifts of each account's clock."""
    rng = np.random.default_rng(day.seed)
    inner = day.inner(day.at)
    mine = _round_share(day.account, day.k, inner)
    block = np.arange(len(day.at)) // (BLOCK_ROUNDS * day.k)
    dealt = shifted = 1
    for _ in range(DRAWS):
        anew = day.account[np.lexsort((rng.random(len(block)), block))]
        dealt += _round_share(anew, day.k, inner) >= mine
        at = day.at + rng.integers(-SHIFT_US, SHIFT_US + 1, day.k)[day.account]
        order = np.argsort(at, kind="stable")
        shifted += _round_share(day.account[order], day.k, day.inner(at[order])) >= mine
    return dealt / (DRAWS + 1), shifted / (DRAWS + 1)
