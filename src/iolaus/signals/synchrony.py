"""Fingerprints -> ties by the same template within the same minutes."""

from __future__ import annotations

from iolaus.schema import Claim, Scope

BUCKET_S = 600


class Synchrony:
    """
    The same template family used within the same ten minutes.

    Looks at: `family` and the ten-minute bucket of `at`; without text, the habit of
        parameters and tools stands in for the family.
    Means: one scheduler feeds the accounts.
    Fooled by: jitter of hours, queues an account.
    Innocent look-alikes: a class on one evening, cron fleets, an event that everybody asks
        about. Adoptable, and counted only beyond what the shared template already says.
    Source: SynchroTrap (CCS 2014); "synchronised traffic" in the February 2026 disclosure.
    """

    name = "synchrony"
    version = 1
    summary = "the same template within the same minutes"
    family = "time"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = False

    def ties(self) -> str:
        """Return one row per account, family and ten-minute bucket that at least two accounts share."""
        return f"""
            with beats as (
                select account, "at",
                       xor(coalesce(family, parameters),
                           cast(floor(epoch("at") / {BUCKET_S}) as bigint) * 1000000007) as value
                from fingerprints where coalesce(family, parameters) is not null
            ), shared as (
                select value from beats group by value having count(distinct account) >= 2
            )
            select account, value, count(*) as n, min("at") as first_at, max("at") as last_at,
                   cast(0 as tinyint) as phase
            from beats where value in (select value from shared) group by account, value
        """
