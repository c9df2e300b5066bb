"""Fingerprints -> ties by conversations that go on under another account."""

from __future__ import annotations

from iolaus.schema import Claim, Scope

MOST_HOLDERS = 32  # accounts that one long conversation may pass through
DAY_S = 86_400
MOST_RETRIES = 4  # accounts that one request is tried on
RETRY_S = 3_600


class Handover:
    """
    One conversation, or one conversation's exact past, going on under another account.

    Looks at: `conversation`, held by at most 32 accounts; `prefix` (keyed hash of all earlier
        messages), held by at most 4 accounts that used it within an hour of each other.
    Means: something behind the accounts holds the conversation and chooses who pays.
    Fooled by: sticky sessions that never fail over; sources that do not carry messages.
    Innocent look-alikes: a firm's gateway over its own keys; a person who moves to a new
        account; users of one tool who send the same first words and so share a prefix (many
        of them, at any hour: hence both limits); a client that numbers its conversations 1, 2,
        3 (many holders).
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
        return f"""
            with held as (
                select account, conversation as value, {MOST_HOLDERS} as most,
                       {DAY_S} as gap_s, "at"
                from fingerprints where conversation is not null
                union all
                select account, prefix as value, {MOST_RETRIES} as most, {RETRY_S} as gap_s, "at"
                from fingerprints where prefix is not null
            ), shared as (
                select value from held group by value
                having count(distinct account) between 2 and max(most)
                   and epoch(max("at")) - epoch(min("at")) <= max(gap_s) * count(distinct account)
            )
            select account, value, count(*) as n, min("at") as first_at, max("at") as last_at,
                   cast(0 as tinyint) as phase
            from held where value in (select value from shared) group by account, value
        """
