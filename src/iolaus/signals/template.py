"""Fingerprints -> ties by prompt template, however the slots are filled."""

from __future__ import annotations

from iolaus.schema import Claim, Scope


class SharedTemplate:
    """
    The same rare scaffold of words around different contents.

    Looks at: `family` of the prompt's template and `system_template`, both keyed hashes.
    Means: the prompts were made by one recipe.
    Fooled by: a fresh paraphrase for each request; recipes copied from a paper.
    Innocent look-alikes: a product with one template, a prompt library, a public harness,
        coursework. Adoptable: a recipe can be copied, so it never shows one hand alone.
    Source: "a persona prompt in thousands of variations", disclosure of February 2026.
    """

    name = "template"
    version = 1
    summary = "the same rare prompt scaffold"
    family = "text"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = False

    def ties(self) -> str:
        """Return one row per account and template family, and per account and system template."""
        return """
            select account, family as value, count(*) as n, min("at") as first_at,
                   max("at") as last_at, cast(0 as tinyint) as phase
            from fingerprints where family is not null group by account, family
            union all
            select account, system_template as value, count(*) as n, min("at") as first_at,
                   max("at") as last_at, cast(0 as tinyint) as phase
            from fingerprints where system_template is not null
            group by account, system_template
        """
