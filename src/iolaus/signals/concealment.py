"""A network's accounts -> whether they pretend to have nothing to do with each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

MOST_BITS = 4.0
OPEN_BITS = -1.0
MOSTLY, HALF, LITTLE = 2 / 3, 1 / 2, 1 / 3
MANY_ACCOUNTS = 16  # fewer may be a household or a small firm on private mail: fewer bits


class Concealment:
    """
    Accounts shown to be run together that each claim to be somebody else.

    Looks at: the members' uncommon e-mail domains, one instrument that pays for two thirds, and
        the declared organisation where vetting or one payer bears it out; a declaration that
        nothing bears out counts for nothing, since relays declare organisations too.
    Means: the common hand is hidden; an honest operator of many accounts declares one
        organisation or at least uses one domain.
    Fooled by: an operator that buys one domain, or pays openly with one instrument, for all.
    Innocent look-alikes: a clean reseller's pool, an agency that works in its clients' names,
        a person with several accounts or a small firm (few accounts, so fewer bits).
    Source: "fraudulent accounts" in both disclosures; design/reference/arithmetic.md asks for
        concealment as evidence of intent beside elicitation. At most 4 bits: we have no
        public rate of honest operators that conceal, and take one in sixteen.
    """

    name = "concealment"
    version = 2
    summary = "accounts run together that claim to be strangers"
    family = "concealment"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -1 to 4 bits; no opinion when the identity columns are empty."""
        n = len(pool.accounts)
        shown = openness(pool, background)
        if n < 2 or shown is None:
            return None
        bits = MOST_BITS * shown.hidden if shown.shown < MOSTLY else OPEN_BITS
        bits *= min(1.0, float(np.log2(n) / np.log2(MANY_ACCOUNTS)))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"the largest organisation that they declare covers {shown.organisation:.0%} of the "
                f"accounts (payment or vetting bear it out for {shown.borne_out:.0%}), their "
                f"commonest e-mail domain of their own {shown.domain:.0%}, one instrument pays for "
                f"{shown.payment:.0%}"
            ),
            facts=(
                ("organisation_share", shown.organisation),
                ("domain_share", shown.domain),
                ("payment_share", shown.payment),
                ("accounts", n),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Openness:
    """How far accounts show that they belong together: shares of them under one name, 0 to 1."""

    organisation: float
    borne_out: float
    domain: float
    payment: float

    @property
    def hidden(self) -> float:
        """0 where half or more go by one name, 1 where a third or less do.

        A farm that buys three mail domains for all its heads has shown nothing. Who pays for
        nearly all of them with one card hides less, whatever names they go by: one half.
        """
        by_name = float(np.clip((HALF - self.shown) / (HALF - LITTLE), 0.0, 1.0))
        return min(by_name, 0.5) if self.payment >= MOSTLY else by_name

    @property
    def shown(self) -> float:
        """The share that go by one name: an organisation that is borne out, or a mail domain."""
        return max(self.borne_out, self.domain)


def openness(pool: Pool, background: Background) -> Openness | None:
    """Return what the accounts show of themselves; None where identities are not known."""
    organisation, known_org = _largest_share(pool.accounts["organization"])
    domain, known_domain = _uncommon_share(pool.accounts, background.accounts)
    if max(known_org, known_domain) < 0.3:
        return None
    payment, _ = _largest_share(pool.accounts["payment"])
    vetted = float(pc.mean(pc.fill_null(pool.accounts["vetted"], False).cast(pa.float64())).as_py())
    return Openness(
        organisation=organisation,
        borne_out=organisation if max(payment, vetted) >= 0.5 else 0.0,
        domain=domain,
        payment=payment,
    )


def _largest_share(column: pa.ChunkedArray) -> tuple[float, float]:
    """Return the commonest value's share of all rows, and the share of rows that are known."""
    values = column.drop_null().to_numpy()
    if not len(values) or not len(column):
        return 0.0, 0.0
    _, counts = np.unique(values, return_counts=True)
    return float(counts.max() / len(column)), float(len(values) / len(column))


def _uncommon_share(members: pa.Table, outside: pa.Table) -> tuple[float, float]:
    """Share of the commonest e-mail domain that under 1 % of outsiders use: free mail hides."""
    values = members["email_domain"].drop_null().to_numpy()
    if not len(values):
        return 0.0, 0.0
    others = outside["email_domain"].drop_null().to_numpy()
    names, counts = np.unique(values, return_counts=True)
    common, n_common = np.unique(others, return_counts=True)
    share = np.zeros(len(names))
    at = np.searchsorted(common, names)
    hit = (
        (at < len(common)) & (common[np.minimum(at, max(len(common) - 1, 0))] == names)
        if len(common)
        else at < 0
    )
    share[hit] = n_common[at[hit]] / max(len(others), 1)
    rare = share < 0.01
    top = counts[rare].max() if rare.any() else 0
    return float(top / len(members)), float(len(values) / len(members))
