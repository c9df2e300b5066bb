"""Fingerprints -> ties by the habit of sampling parameters and tools."""

from __future__ import annotations

from iolaus.schema import Claim, Scope


class Habit:
    """
    The same unusual combination of sampling parameters, or of tools offered.

    Looks at: `parameters` (temperature, top_p, output budget, choices, stream, logprobs)
        and `tools`, as keyed hashes.
    Means: the requests come out of one script or one configuration.
    Fooled by: jittered parameters.
    Innocent look-alikes: defaults of a library, an agent framework, a public harness.
        Adoptable.
    Source: the disclosures speak of "identical patterns" over accounts.
    """

    name = "habit"
    version = 1
    summary = "the same habit of parameters or tools"
    family = "client"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = False

    def ties(self) -> str:
        """Return one row per account and habit, and per account and tool set."""
        return """
            select account, parameters as value, count(*) as n, min("at") as first_at,
                   max("at") as last_at, cast(0 as tinyint) as phase
            from fingerprints where parameters is not null group by account, parameters
            union all
            select account, tools as value, count(*) as n, min("at") as first_at,
                   max("at") as last_at, cast(0 as tinyint) as phase
            from fingerprints where tools is not null group by account, tools
        """
