"""A network -> whether a declared, consistent organisation explains it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool
from iolaus.schema import Explanation, Scope

MOSTLY = 2 / 3
VETTED_BITS = 6.0
CONSISTENT_BITS = 3.0
DOMAIN_BITS = 2.0
PAYER_BITS = 2.0
FEW_PAYERS = 1 / 3  # a firm pays with one or two cards, each of its heads with its own


class Organisation:
    """
    One organisation runs the accounts and says so.

    Looks at: declared `organization`, whether most members are `vetted`, and whether the
        organisation is consistent with the e-mail domain or with who pays.
    Means: the accounts are together, and openly so.
    Fooled by: a relay that declares a firm of its own for all accounts and buys a domain
        for it: consistent, so 3 bits, which elicitation can outweigh; only vetting is dear.
    Innocent look-alikes: this is the innocent explanation. A declaration alone, with mail
        and payment scattered, clears nothing: relays declare organisations too.
    Source: side-by-side runs in design/reference/detection-anchors.md: every method that only
        links flagged the enterprise.
    """

    name = "organisation"
    version = 1
    summary = "a declared organisation explains it"
    family = "innocent"
    scope: Scope = "pool"

    def explain(self, pool: Pool, background: Background) -> Explanation | None:
        """Return the gap in bits, negative for a declaration that nothing bears out."""
        accounts = pool.accounts
        organisation = _top_share(accounts["organization"])
        domain = _top_share(accounts["email_domain"])
        payment = _top_share(accounts["payment"])
        vetted = float(
            pc.mean(pc.fill_null(accounts["vetted"], False).cast(pa.float64())).as_py() or 0
        )
        # A mail domain costs ten dollars, and a relay buys one: who pays must bear it out as well.
        consistent = payment >= MOSTLY or (domain >= MOSTLY and payment >= FEW_PAYERS)
        uncommon = domain >= MOSTLY and not _common(accounts, background.accounts)
        if organisation >= MOSTLY and vetted >= MOSTLY:
            gap, says = VETTED_BITS, "a vetted organisation declares these accounts as its own"
        elif vetted >= MOSTLY:
            gap, says = CONSISTENT_BITS, "most of the accounts were vetted one by one"
        elif organisation >= MOSTLY and consistent:
            gap, says = CONSISTENT_BITS, "one declared organisation, borne out by mail or payment"
        elif uncommon:
            gap, says = (
                DOMAIN_BITS,
                "most use one uncommon e-mail domain openly; no payer bears an organisation out",
            )
        elif payment >= MOSTLY:
            gap, says = PAYER_BITS, "one instrument pays openly for most of the accounts"
        elif organisation >= MOSTLY:
            gap, says = -1.0, "an organisation is declared, but mail and payment do not bear it out"
        else:
            return None
        return Explanation(
            name=self.name,
            gap_bits=gap,
            says=says,
            facts=(
                ("organisation_share", organisation),
                ("domain_share", domain),
                ("payment_share", payment),
                ("vetted_share", vetted),
            ),
        )


def _top_share(column: pa.ChunkedArray) -> float:
    """Share of the commonest value among known ones; unknown for most is not known at all."""
    values = column.drop_null().to_numpy()
    if 2 * len(values) < len(column) or not len(values):
        return 0.0
    _, counts = np.unique(values, return_counts=True)
    return float(counts.max() / len(values))


def _common(members: pa.Table, outside: pa.Table) -> bool:
    """Say whether the members' main domain is one that 1 % of outsiders use: free mail."""
    values, counts = np.unique(members["email_domain"].drop_null().to_numpy(), return_counts=True)
    others = outside["email_domain"].drop_null().to_numpy()
    return bool((others == values[counts.argmax()]).sum() > 0.01 * max(len(others), 1))
