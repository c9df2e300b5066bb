"""Fingerprints -> ties by address and address prefix."""

from __future__ import annotations

from iolaus.schema import Claim, Scope


class Infrastructure:
    """
    Requests from the same address, or the same /24 (IPv4) or /48 (IPv6).

    Looks at: `address` and `network` of each exchange, as keyed hashes.
    Means: the traffic leaves through the same exits.
    Fooled by: residential proxies, a fresh exit for each request.
    Innocent look-alikes: corporate egress, a campus, carrier NAT, a commercial VPN, a home
        whose line is somebody's proxy exit. Rarity discounts them; adoptable.
    Source: EvilCohort (USENIX Security 2015); V-SMART-Join finds proxies the same way.
    """

    name = "infrastructure"
    version = 1
    summary = "the same address or address prefix"
    family = "place"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = False

    def ties(self) -> str:
        """Return one row per account and address, and per account and prefix."""
        return """
            select account, address as value, count(*) as n, min("at") as first_at,
                   max("at") as last_at, cast(0 as tinyint) as phase
            from fingerprints where address is not null group by account, address
            union all
            select account, network as value, count(*) as n, min("at") as first_at,
                   max("at") as last_at, cast(0 as tinyint) as phase
            from fingerprints where network is not null group by account, network
        """
