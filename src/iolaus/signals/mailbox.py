"""Accounts -> ties by e-mail domain."""

from __future__ import annotations

from iolaus.schema import Claim, Scope


class Mailbox:
    """
    The same uncommon e-mail domain behind several accounts.

    Looks at: the account table's `email_domain`, as a keyed hash.
    Means: the addresses come from one place, which may be bought for the purpose.
    Fooled by: free mail (shared by everybody, so worth nothing) and catch-all domains.
    Innocent look-alikes: every firm, school and university there is. Adoptable: it can
        never show alone that accounts are run together.
    Source: disposable and look-alike education domains in account-abuse reports.
    """

    name = "mailbox"
    version = 1
    summary = "the same uncommon e-mail domain"
    family = "identity"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = False

    def ties(self) -> str:
        """Return one row per account that has an e-mail domain."""
        return """
            select account, email_domain as value, n_exchanges as n, first_at, last_at,
                   cast(0 as tinyint) as phase
            from accounts where email_domain is not null
        """
