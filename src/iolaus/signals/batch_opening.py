"""Accounts -> ties between those that were opened within minutes of each other."""

from __future__ import annotations

from iolaus.schema import Claim, Scope

MINUTES_S = 600
HOUR_S = 3_600


class BatchOpening:
    """
    Accounts opened within ten minutes, or within the hour, of each other.

    Looks at: `opened_at` by the ten minutes and by the hour, each also shifted by a half, so
        that no boundary parts two neighbours. Rarity weighs it: where a thousand accounts open
        an hour, the same hour is nothing.
    Means: somebody opened a stock of accounts in one go.
    Fooled by: a pause between openings; account tables that give the date only.
    Innocent look-alikes: an accelerator's cohort, a class or a hackathon on its first evening,
        staff enrolled by a script, sign-ups on a release day. Adoptable, and a lead only: at
        most 3.9 bits, and never a second family.
    Source: "accounts opened in batches", design/detection.md, which allows it under 4 bits.
    """

    name = "batch_opening"
    version = 1
    summary = "opened within minutes of each other"
    family = "life cycle"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = False
    ceiling_bits = 3.9

    def ties(self) -> str:
        """Return up to four rows an account: the stretches of time in which others opened too."""
        return f"""
            with stretches as (
                select account, n_exchanges, first_at, last_at,
                       cast(floor(epoch(opened_at) / {MINUTES_S}) as bigint) * 4 as value
                from accounts where opened_at is not null
                union all
                select account, n_exchanges, first_at, last_at,
                       cast(floor(epoch(opened_at) / {MINUTES_S} + 0.5) as bigint) * 4 + 1
                from accounts where opened_at is not null
                union all
                select account, n_exchanges, first_at, last_at,
                       cast(floor(epoch(opened_at) / {HOUR_S}) as bigint) * 4 + 2
                from accounts where opened_at is not null
                union all
                select account, n_exchanges, first_at, last_at,
                       cast(floor(epoch(opened_at) / {HOUR_S} + 0.5) as bigint) * 4 + 3
                from accounts where opened_at is not null
            ), shared as (
                select value from stretches group by value having count(*) >= 2
            )
            select account, value, n_exchanges as n, first_at, last_at, cast(0 as tinyint) as phase
            from stretches where value in (select value from shared)
        """
