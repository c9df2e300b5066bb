"""Fingerprints -> ties by client: TLS fingerprint together with user agent."""

from __future__ import annotations

from iolaus.schema import Claim, Scope


class Client:
    """
    The same uncommon pair of TLS fingerprint and user agent.

    Looks at: `client`, the keyed hash of `tls` and `agent` together.
    Means: the same build of the same program.
    Fooled by: one pinned or random header bundle an account, as relays already do.
    Innocent look-alikes: every user of one tool, SDK or gateway. Telemetry, not identity:
        adoptable, and worth only its rarity.
    Source: relay projects' own issues (reference/detection-anchors.md, section 1).
    """

    name = "client"
    version = 1
    summary = "the same uncommon client build"
    family = "client"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = False

    def ties(self) -> str:
        """Return one row per account and client."""
        return """
            select account, client as value, count(*) as n, min("at") as first_at,
                   max("at") as last_at, cast(0 as tinyint) as phase
            from fingerprints where client is not null group by account, client
        """
