"""A flow -> whether its recipe is public."""

from __future__ import annotations

import numpy as np

from iolaus.contracts import Background, Pool
from iolaus.schema import Explanation, Scope

FEW = 5


class PublicTemplate:
    """
    A tool, prompt library or published pipeline that strangers use as well.

    Looks at: how many accounts outside the network use the flow's template families.
    Means: the recipe is public; sharing it shows no common hand, and what it asks for says
        little of who sends it.
    Fooled by: an operator who publishes its own recipe; a popular tool used for harvesting.
    Innocent look-alikes: this is the innocent explanation.
    Source: UGC of agent frameworks and prompt libraries; 200 of 200 benchmark accounts were
        flagged by template methods in design/reference/detection-anchors.md.
    """

    name = "public_template"
    version = 2
    summary = "the recipe is public"
    family = "innocent"
    scope: Scope = "pool"

    def explain(self, pool: Pool, background: Background) -> Explanation | None:
        """Return log2 of outside users per inside user, at least 0, at most 6 bits.

        It explains the evidence of what the text asks, for the outside share of all users.
        """
        mine = pool.fingerprints.select(["account", "family"]).drop_null()
        outside = background.fingerprints.select(["account", "family"]).drop_null()
        if not len(mine) or not len(outside):
            return None
        families = _carried(mine["family"].to_numpy(), mine["account"].to_numpy(), pool.n_accounts)
        hit = np.isin(outside["family"].to_numpy(), families)
        n_outside = len(np.unique(outside["account"].to_numpy()[hit]))
        n_inside = max(pool.n_accounts, 1)
        if n_outside < FEW:
            return None
        gap = float(np.clip(1.0 + np.log2(n_outside / n_inside), 0.0, 6.0))
        return Explanation(
            name=self.name,
            gap_bits=gap,
            says=f"at least {n_outside} accounts outside use the recipe, beside {n_inside} inside",
            facts=(("users_outside", n_outside), ("users_inside", n_inside)),
            # Whoever uses a recipe asks for what it asks for.
            explains=(("text", n_outside / (n_outside + n_inside)),),
        )


def _carried(family: np.ndarray, account: np.ndarray, n_accounts: int) -> np.ndarray:
    """Return the families that a third of the pool's accounts use: what they have in common."""
    families, code = np.unique(family, return_inverse=True)
    width = int(account.max()) + 1
    users = np.bincount(np.unique(code.astype(np.int64) * width + account) // width)
    return families[3 * users >= n_accounts]
