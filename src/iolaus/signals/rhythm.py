"""A flow's clock -> whether anybody sleeps."""

from __future__ import annotations

import numpy as np

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

LEAST = 100
MOST_BITS = 2.0


class MachineRhythm:
    """
    A flow without night or weekend, beside a population that has both.

    Looks at: the flow's exchanges by hour of the day, against the population's own profile.
    Means: a queue is being worked off, not questions asked.
    Fooled by: a scheduler that keeps office hours.
    Innocent look-alikes: every batch job, cron fleet and product with users in many time
        zones; so at most 2 bits.
    Source: production clients differ this way in ServeGen's traces.
    """

    name = "machine_rhythm"
    version = 1
    summary = "no night, no weekend"
    family = "time"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -1 to 2 bits; no opinion under 100 exchanges or two days."""
        if (
            len(pool.fingerprints) < LEAST
            or pool.days < 2.0
            or len(background.fingerprints) < LEAST
        ):
            return None
        flow = _by_hour(pool)
        people = _by_hour(background)
        quiet = np.argsort(people, kind="stable")[:8]
        share, usual = float(flow[quiet].sum()), float(people[quiet].sum())
        # 1/3 is what a flat clock puts into any eight hours; `usual` is what people do.
        flat = 1.0 / 3.0
        position = (share - usual) / max(flat - usual, 0.05)
        bits = float(np.clip(MOST_BITS * position, -1.0, MOST_BITS)) if flat - usual > 0.05 else 0.0
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"{share:.0%} of it falls into the eight hours in which everybody else makes "
                f"{usual:.0%} of their requests"
            ),
            facts=(("quiet_share", share), ("usual_share", usual)),
        )


def _by_hour(pool: Pool | Background) -> np.ndarray:
    micros = pool.fingerprints["at"].cast("int64").to_numpy()
    hours = (micros // 3_600_000_000) % 24
    counts = np.bincount(hours, minlength=24).astype(float)
    return counts / max(counts.sum(), 1.0)
