"""Fingerprints -> ties by conversations that go on under another account."""

from __future__ import annotations

from iolaus.schema import Claim, Scope


class Handover:
    """
    One conversation, or one conversation's exact past, going on under another account.

    Looks at: `conversation` and `prefix` (keyed hash of all earlier messages).
    Means: something behind the accounts holds the conversation and chooses who pays.
    Fooled by: sticky sessions that never fail over; sources that do not carry messages.
    Innocent look-alikes: a firm's gateway over its own keys; a public worked example that
        many continue (its prefix is held by strangers, so it is not rare); a person who
        moves to a new account.
    Source: claude-relay-service issues 1007 and 969 (failover on 429).
    """

    name = "handover"
    version = 1
    summary = "a conversation going on under another account"
    family = "time"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = True

    def ties(self) -> str:
        """Return one row per account and conversation, or prefix, that several accounts hold."""
        return """
            with held as (
                select account, "at", conversation as value
                from fingerprints where conversation is not null
                union all
                select account, "at", prefix as value
                from fingerprints where prefix is not null
            ), shared as (
                select value from held group by value having count(distinct account) >= 2
            )
            select account, value, count(*) as n, min("at") as first_at, max("at") as last_at,
                   cast(0 as tinyint) as phase
            from held where value in (select value from shared) group by account, value
        """
