"""A flow and its network -> whether one job is dealt out over accounts."""

from __future__ import annotations

import numpy as np

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope
from iolaus.signals.concealment import openness

LEAST_ACCOUNTS = 5
MOST_BITS, FEWEST_BITS = 3.0, -2.0


class Dispersal:
    """
    One recipe, unknown outside, dealt evenly over many of the network's accounts.

    Looks at: the flow's exchanges by account, against even dealing of as many exchanges
        over all members.
    Means: customers stick to their account; jobs are scattered so that no account stands out.
    Fooled by: one account a job.
    Innocent look-alikes: an enterprise's seats that all use one internal template, which openly
        belong together and so earn nothing; a relay's large customer whose sessions rotate; so
        at most 3 bits.
    Source: "no single account matters", disclosure of February 2026.
    """

    name = "dispersal"
    version = 2
    summary = "one job dealt over many accounts"
    family = "sharding"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -2 to 3 bits, at most log2(accounts / 4); no opinion under 5 accounts."""
        k = len(pool.accounts)
        account = pool.fingerprints["account"].to_numpy()
        n = len(account)
        if k < LEAST_ACCOUNTS or n < 2 * LEAST_ACCOUNTS:
            return None
        carrying = len(np.unique(account))
        expected = k * -np.expm1(n * np.log1p(-1.0 / k))
        evenness = float(carrying / max(expected, 1.0))
        # Half of what blind dealing reaches is where customers and jobs are equally likely. That
        # five colleagues all use one template says nothing; that thirty strangers do, much.
        ceiling = float(np.clip(np.log2(k) - 2.0, 0.0, MOST_BITS))
        # Seats of a firm that share its template are what a firm is: dealing a job out over
        # accounts says something only where they claim to be strangers.
        shown = openness(pool, background)
        ceiling *= shown.hidden if shown is not None else 1.0
        bits = float(np.clip(8.0 * (evenness - 0.5), FEWEST_BITS, ceiling))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"{carrying} of the network's {k} accounts carry this flow; dealt out at random, as "
                f"many exchanges would reach {expected:.0f}"
            ),
            facts=(("carrying", carrying), ("members", k), ("expected", float(expected))),
        )
