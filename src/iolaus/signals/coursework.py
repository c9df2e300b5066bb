"""A network -> whether a class with one assignment explains it."""

from __future__ import annotations

import numpy as np

from iolaus.contracts import Background, Pool
from iolaus.schema import Explanation, Scope

BURST_H = 12
MOSTLY = 0.6
MOST_EACH = 40


class Coursework:
    """
    Students with one assignment: many accounts, few questions each, one evening.

    Looks at: the share of the flow inside its busiest twelve hours, exchanges an account,
        and the share of accounts on the education pathway.
    Means: an event explains the common text and the common minutes.
    Fooled by: a harvest that runs for one evening over many accounts; it then has few
        exchanges, which is what makes it cheap to wait.
    Innocent look-alikes: this is the innocent explanation; hackathons look the same.
    Source: 300 of 300 students were flagged by co-activity in detection-anchors.md.
    """

    name = "coursework"
    version = 1
    summary = "a class with one assignment explains it"
    family = "innocent"
    scope: Scope = "pool"

    def explain(self, pool: Pool, background: Background) -> Explanation | None:
        """Return 3 bits for a burst of few questions each, 2 more on the education pathway."""
        at = np.sort(pool.fingerprints["at"].cast("int64").to_numpy()) / 3.6e9
        if len(at) < 2 or not pool.n_accounts:
            return None
        inside = np.searchsorted(at, at + BURST_H, side="right") - np.arange(len(at))
        burst = float(inside.max() / len(at))
        each = pool.n_exchanges / pool.n_accounts
        if burst < MOSTLY or each > MOST_EACH:
            return None
        pathway = pool.accounts["pathway"].to_pylist()
        education = sum(p == "education" for p in pathway) / max(len(pathway), 1)
        gap = 3.0 + (2.0 if education >= MOSTLY else 0.0)
        return Explanation(
            name=self.name,
            gap_bits=gap,
            says=(
                f"{burst:.0%} of the traffic falls into twelve hours, {each:.1f} exchanges an "
                f"account; "
                f"{education:.0%} of the accounts are on the education pathway"
            ),
            facts=(
                ("burst_share", burst),
                ("exchanges_each", each),
                ("education_share", education),
            ),
        )
