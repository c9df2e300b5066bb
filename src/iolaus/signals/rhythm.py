"""A flow's clock -> whether anybody sleeps."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

LEAST = 100
MOST_BITS = 2.0
LEAST_GAP = 0.05  # where people hardly sleep either, the clock tells nothing


class MachineRhythm:
    """
    A flow without a night of its own, wherever its senders live.

    Looks at: the share of the flow in its own quietest eight hours, against what people of one
        country make in theirs: an office abroad is awake in everybody else's night.
    Means: a queue is being worked off, not questions asked.
    Fooled by: a scheduler that keeps office hours.
    Innocent look-alikes: every batch job, cron fleet and product with users in many time
        zones; so at most 2 bits.
    Source: production clients differ this way in ServeGen's traces.
    """

    name = "machine_rhythm"
    version = 2
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
        share, usual = _quietest(pool.fingerprints), _usual(background)
        # 1/3 is what a flat clock puts into any eight hours; `usual` is what people do in theirs.
        gap = 1.0 / 3.0 - usual
        if gap <= LEAST_GAP:
            return None
        # The quietest of 24 windows of a flat clock is quieter than a third by chance alone, by
        # about one standard error.
        error = float(np.sqrt(share * (1.0 - share) / len(pool.fingerprints)))
        place = (share + error - usual) / gap
        even = 0.5  # half way between people's night and none
        bits = MOST_BITS * float(np.clip((place - even) / (1.0 - even), -0.5, 1.0))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"{share:.0%} of it falls into its own quietest eight hours; people of one country "
                f"make {usual:.0%} of their requests in theirs"
            ),
            facts=(("quiet_share", share), ("usual_share", usual)),
        )


@lru_cache(maxsize=2)
def _usual(background: Background) -> float:
    """Median over countries of what falls into the country's own quietest eight hours."""
    rows = background.fingerprints.select(["at", "country"])
    countries = rows["country"].value_counts()
    found = [
        _quietest(rows.filter(pc.fill_null(pc.equal(rows["country"], one["values"]), False)))
        for one in countries.to_pylist()
        if one["values"] is not None and one["counts"] >= LEAST
    ]
    # Without countries the whole world's night is all there is; it is shallower than anybody's.
    return float(np.median(found)) if found else _quietest(rows)


def _quietest(rows: pa.Table) -> float:
    """Share of the eight hours in a row, of the day in UTC, with the fewest exchanges."""
    hours = (rows["at"].cast("int64").to_numpy() // 3_600_000_000) % 24
    counts = np.bincount(hours, minlength=24).astype(float)
    eight = np.convolve(np.concatenate([counts, counts[:7]]), np.ones(8), mode="valid")
    return float(eight.min() / max(counts.sum(), 1.0))
