"""A network's accounts -> whether they do anything but their own jobs."""

from __future__ import annotations

import numpy as np

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

LEAST_ACCOUNTS = 5
MOST_BITS = 2.0
EVEN = 0.5  # where half of it is everybody's, a job of its own is as likely a customer's


class SoleUse:
    """
    Accounts that are used for nothing but recipes of the network's own.

    Looks at: the share of the whole network's exchanges that lie in flows of its own which are
        dealt out over the accounts; what stays with a few accounts is a customer's own.
    Means: heads that were opened for a job do the job; where most of the traffic is what
        everybody sends, the accounts have customers, and a flow may be one customer's.
    Fooled by: a relay, which mixes its harvest with customers' requests and loses two bits by it;
        filler that is sent to look like people.
    Innocent look-alikes: every API key of a product or a batch job, which an honest operator
        opens in his own name; so at most 2 bits.
    Source: "mixing extraction with unrelated customer requests" of one proxy network, and pools
        without any customer, in the disclosures of 2026.
    """

    name = "sole_use"
    version = 1
    summary = "accounts used for nothing else"
    family = "use"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -2 to 2 bits; no opinion under 5 accounts, or where nothing was separated."""
        if pool.own_share is None or len(pool.accounts) < LEAST_ACCOUNTS:
            return None
        place = (pool.own_share - EVEN) / (0.9 * (1.0 - EVEN))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=MOST_BITS * float(np.clip(place, -1.0, 1.0)),
            says=(
                f"{pool.own_share:.0%} of all that these accounts send is made by recipes of their "
                "own; the rest is what everybody sends"
            ),
            facts=(("own_share", pool.own_share),),
        )
