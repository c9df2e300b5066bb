"""Accounts -> ties by the device or telephone that enrolled them."""

from __future__ import annotations

from iolaus.schema import Claim, Scope


class Enrolment:
    """
    The same device or telephone number behind several enrolments.

    Looks at: the account table's `device` and `phone`, as keyed hashes.
    Means: the same hand opened the accounts.
    Fooled by: device farms, number rental, a new browser profile for each account.
    Innocent look-alikes: a shared family computer, a lab or library terminal, an
        administrator who enrols a department, one person with several accounts.
    Source: Ianus (CCS 2019) and Facebook's DEC (2021) rest on enrolment attributes.
    """

    name = "enrolment"
    version = 1
    summary = "the same device or telephone at enrolment"
    family = "identity"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = True

    def ties(self) -> str:
        """Return one row per account and device or telephone."""
        return """
            select account, device as value, n_exchanges as n, first_at, last_at,
                   cast(0 as tinyint) as phase
            from accounts where device is not null
            union all
            select account, phone as value, n_exchanges as n, first_at, last_at,
                   cast(0 as tinyint) as phase
            from accounts where phone is not null
        """
