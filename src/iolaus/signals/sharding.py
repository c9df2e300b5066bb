"""A recipe's exchanges in time order -> whether its accounts take turns, day after day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

Ints = npt.NDArray[np.int64]

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
SHIFT_US = 1_800_000_000
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

    Looks at: how often an exchange's account had served one of the last k/2 exchanges of the
        recipe that day, k the day's accounts. Two nulls, and the worse one counts: accounts
        dealt anew within each hour (strangers who are busy together return at once), and each
        account's times shifted in a circle by up to 30 minutes (a cron fleet takes turns under
        any shift). A day's p makes 1 / (2 sqrt p), a likelihood ratio that is valid for any p.
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
        """Return 0 to 6 bits; no opinion without a day of 30 exchanges by four accounts."""
        days = _days(pool)
        if not days:
            return None
        p = np.array([max(*_surprise(day)) for day in days])
        kept_up = int((p <= SURE).sum())
        controlled = kept_up >= KEPT_UP_DAYS
        bits = float(np.log2(0.5 / np.sqrt(p)).sum())
        bits = min(bits, MOST_BITS if controlled else FEW_DAYS_BITS)
        if bits <= 0.0:
            return None
        returns = float(np.mean([_returns(day.account, day.k) for day in days]))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"on {kept_up} of {len(days)} days its accounts took turns as chance would not "
                f"have it; {returns:.0%} of its requests went to an account that had just served"
            ),
            facts=(("days", len(days)), ("days_in_turn", kept_up), ("return_share", returns)),
            controlled=controlled,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """One day's moments in order, each with its account's dense number, of `k`."""

    at: Ints
    account: Ints
    k: int
    seed: int


def _days(pool: Pool) -> list[_Day]:
    """Return the days that say enough, the busiest first."""
    at = pool.fingerprints["at"].cast("int64").to_numpy()
    account = pool.fingerprints["account"].to_numpy()
    order = np.lexsort((pool.fingerprints["id"].to_numpy(), at))
    at, account = at[order], account[order]
    number = at // DAY_US
    found = []
    for day in np.unique(number):
        mine = np.flatnonzero(number == day)[:MOST_A_DAY]
        names, code = np.unique(account[mine], return_inverse=True)
        if len(mine) >= LEAST_A_DAY and len(names) >= LEAST_ACCOUNTS:
            found.append(_Day(at=at[mine], account=code, k=len(names), seed=int(day)))
    return sorted(found, key=lambda one: (-len(one.at), one.seed))[:MOST_DAYS]


def _returns(account: Ints, k: int) -> float:
    """Share of exchanges whose account served one of the k/2 exchanges before."""
    order = np.argsort(account, kind="stable")
    gap = np.full(len(account), len(account), dtype=np.int64)
    same = account[order][1:] == account[order][:-1]
    gap[order[1:][same]] = np.diff(order)[same]
    return float((gap <= max(k // 2, 1)).mean())


def _surprise(day: _Day) -> tuple[float, float]:
    """Return p under dealing anew within the hour, and under shifts of each account's clock."""
    rng = np.random.default_rng(day.seed)
    mine = _returns(day.account, day.k)
    hour = day.at // HOUR_US
    begin, width = day.at[0], int(day.at[-1] - day.at[0]) + 1
    dealt = shifted = 1
    for _ in range(DRAWS):
        anew = day.account[np.lexsort((rng.random(len(hour)), hour))]
        dealt += _returns(anew, day.k) <= mine
        step = rng.integers(-SHIFT_US, SHIFT_US + 1, day.k)[day.account]
        order = np.argsort((day.at - begin + step) % width, kind="stable")
        shifted += _returns(day.account[order], day.k) <= mine
    return dealt / (DRAWS + 1), shifted / (DRAWS + 1)
