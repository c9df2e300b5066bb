"""A network's openings -> whether more of them lie within minutes of each other than elsewhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope
from iolaus.sequential import bits_of_p

Ints = npt.NDArray[np.int64]

WINDOWS_S = (600, 3_600)
LEAST = 5
DRAWS = 199
MOST_BITS = 3.9


class BatchOpening:
    """
    Accounts opened within ten minutes, or within the hour, of another of the network.

    Looks at: the share of the members whose `opened_at` has another member's within ten minutes,
        and within the hour, beside 199 draws of as many accounts outside. The rank p of the
        rarer of the two, doubled for having looked twice, makes 1 / (2 sqrt p).
    Means: somebody opened a stock of accounts in one go.
    Fooled by: a pause between openings; account tables that give the date only.
    Innocent look-alikes: an accelerator's cohort, a class or a hackathon on its first evening,
        staff enrolled by a script. Adoptable, and a lead only: under 4 bits. As a tie it cut a
        reseller in three, because a minute that two share looks as rare as a card
        (docs/decisions/0010).
    Source: "accounts opened in batches", design/detection.md, which allows it under 4 bits.
    """

    name = "batch_opening"
    version = 1
    summary = "opened within minutes of each other"
    family = "life cycle"
    claim: Claim = "coordination"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return 0 to 3.9 bits; no opinion under five openings, or fewer outside than inside."""
        mine, others = _seconds(pool.accounts), _seconds(background.accounts)
        k = len(mine)
        if k < LEAST or len(others) < k:
            return None
        near = [_share_near(mine, window) for window in WINDOWS_S]
        p = min(1.0, len(WINDOWS_S) * float(_ranks(near, others, k=k).min()))
        bits = min(float(bits_of_p(p)), MOST_BITS)
        if bits <= 0.0:
            return None
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"{near[0]:.0%} of its accounts were opened within ten minutes of another of them "
                f"and {near[1]:.0%} within the hour; as many drawn elsewhere reach that in "
                f"{p:.1%} of draws"
            ),
            facts=(("near_10_minutes", near[0]), ("near_1_hour", near[1]), ("openings", k)),
        )


def _seconds(accounts: pa.Table) -> Ints:
    """Return the openings in seconds since 1970, ascending."""
    micros = accounts["opened_at"].drop_null().cast("int64").to_numpy()
    return np.sort(micros.astype(np.int64) // 1_000_000)


def _share_near(seconds: Ints, window: int) -> float:
    """Share of ascending moments with a neighbour within the window."""
    near = np.diff(seconds) <= window
    return float((np.append(near, False) | np.append(False, near)).mean())


def _ranks(near: list[float], others: Ints, *, k: int) -> npt.NDArray[np.float64]:
    """Return, for each window, the rank p of the members' share among draws of k outside."""
    rng = np.random.default_rng(k)  # the same network is weighed alike on every run
    reached = np.ones(len(near))
    for _ in range(DRAWS):
        drawn = np.sort(rng.choice(others, k, replace=False))
        reached += [
            _share_near(drawn, window) >= share
            for share, window in zip(near, WINDOWS_S, strict=True)
        ]
    return reached / (DRAWS + 1)
