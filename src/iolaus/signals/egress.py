"""A network -> whether a shared egress explains that its accounts meet."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from iolaus.contracts import Background, Pool
from iolaus.schema import Explanation, Scope


class Egress:
    """
    A campus, a firm's proxy or a carrier's NAT that strangers share.

    Looks at: the share of the members' exchanges that leave through address prefixes which
        many accounts outside the network use as well.
    Means: that they share a place says nothing.
    Fooled by: a relay that rents exits inside a carrier's range.
    Innocent look-alikes: this is the innocent explanation. It takes away the place evidence
        and nothing else.
    Source: carrier NAT on abuse lists (ModernUO 2556); claude-code 51583.
    """

    name = "egress"
    version = 1
    summary = "a shared egress explains it"
    family = "innocent"
    scope: Scope = "pool"

    def explain(self, pool: Pool, background: Background) -> Explanation | None:
        """Return one bit when most traffic leaves through hubs that outsiders share, else less."""
        mine = pool.fingerprints["network"].drop_null().to_numpy()
        hubs = _hubs(background)
        if not len(mine) or hubs is None:
            return None
        share = float(np.isin(mine, hubs).mean())
        if share < 0.5:
            return None
        return Explanation(
            name=self.name,
            gap_bits=1.0,
            says=f"{share:.0%} of the traffic leaves through address prefixes that strangers use too",
            facts=(("hub_share", share), ("hubs", len(hubs))),
        )


@lru_cache(maxsize=2)
def _hubs(background: Background) -> np.ndarray | None:
    """Return the address prefixes that five accounts outside use; None where none is known."""
    outside = background.fingerprints.select(["account", "network"]).drop_null()
    if not len(outside):
        return None
    rows = outside.group_by(["network", "account"]).aggregate([])
    hubs, n_accounts = np.unique(rows["network"].to_numpy(), return_counts=True)
    return hubs[n_accounts >= 5]
