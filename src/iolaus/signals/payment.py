"""Accounts -> ties by the instrument that pays for them."""

from __future__ import annotations

from iolaus.schema import Claim, Scope


class Payment:
    """
    The same payment instrument behind several accounts.

    Looks at: the account table's `payment`, as a keyed hash.
    Means: somebody holds the card, wallet or credit that all of them spend.
    Fooled by: one prepaid card an account; a stolen card; a null where the source hides it.
    Innocent look-alikes: a firm's purchasing card, a family's card, a reseller's wallet,
        a promotional credit that a whole cohort was given.
    Source: the disclosure of 23 February 2026 names shared payment methods.
    """

    name = "payment"
    version = 1
    summary = "the same payment instrument"
    family = "money"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = True

    def ties(self) -> str:
        """Return one row per account that has an instrument."""
        return """
            select account, payment as value, n_exchanges as n, first_at, last_at,
                   cast(0 as tinyint) as phase
            from accounts where payment is not null
        """
