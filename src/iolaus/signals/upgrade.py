"""Fingerprints -> ties between accounts that change client, habit or model in the same hour."""

from __future__ import annotations

from iolaus.schema import Claim, Scope

HOUR_S = 3_600
LEAST = 3  # exchanges before and after, so that one odd request is no change


_USED = """models as (
    select model, dense_rank() over (order by model) as number
    from fingerprints where model is not null group by model
), used as (
    select account, 1 as kind, client as value, "at"
    from fingerprints where client is not null
    union all
    select account, 2, parameters, "at"
    from fingerprints where parameters is not null
    union all
    select account, 3, models.number, "at"
    from fingerprints join models on models.model = fingerprints.model
)"""
"""What each exchange was sent with: client, habit or model; models are numbered by name."""


class Upgrade:
    """
    The same change of client build, parameter habit or model, for good, in the same hour.

    Looks at: the hour in which an account first uses a new `client`, `parameters` or `model`,
        with at least three exchanges before and after it and never again what it used before;
        the value is what was left, what was taken up and the hour.
    Means: somebody rolls a new version out over all accounts at once.
    Fooled by: roll-outs account by account; a new version beside the old one.
    Innocent look-alikes: an SDK that updates itself, a model that was switched off, release
        day: many strangers make that change in that hour, and rarity discounts it; a firm's
        own roll-out. Adoptable.
    Source: "the same hour of upgrade across a pool", design/detection.md. The simulated worlds
        have no such roll-out (docs/decisions/0010), so at most 3 bits, as synchrony.
    """

    name = "upgrade"
    version = 1
    summary = "the same change of client, habit or model in the same hour"
    family = "life cycle"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = False
    ceiling_bits = 3.0

    def ties(self) -> str:
        """Return one row per account and change that at least two accounts make in one hour."""
        return f"""
            with {_USED}, stretches as (
                select account, kind, value, count(*) as n,
                       min("at") as begun_at, max("at") as left_at
                from used group by account, kind, value
            ), steps as (
                select account, kind, value, n, begun_at, left_at,
                       lag(value) over earlier as before,
                       max(left_at) over (
                           earlier rows between unbounded preceding and 1 preceding
                       ) as last_of_before,
                       sum(n) over (
                           earlier rows between unbounded preceding and 1 preceding
                       ) as n_before
                from stretches
                window earlier as (partition by account, kind order by begun_at, value)
            ), changes as (
                select account, begun_at, left_at, dense_rank() over (
                           order by kind, before, value, floor(epoch(begun_at) / {HOUR_S})
                       ) as value
                from steps
                where n >= {LEAST} and n_before >= {LEAST} and last_of_before < begun_at
            ), shared as (
                select value from changes group by value having count(distinct account) >= 2
            )
            select account, value, count(*) as n, min(begun_at) as first_at,
                   max(left_at) as last_at, cast(0 as tinyint) as phase
            from changes where value in (select value from shared) group by account, value
        """
