"""The numbers of templates: what they mean and where they came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLimits:
    """When prompts are held to come from one scaffold."""

    observed_rows: int = 200_000
    """Rows whose shingles are counted before the main pass; performance.md, B used as many."""

    low_share: float = 0.0001
    """A run of words in fewer than this share of the observed rows is slot content."""

    low_rows: int = 5
    """... but never fewer than this many rows, so that small logs have scaffolds too."""

    sketch_half_life_days: float = 14.0
    """After so many days without it, a run's share of earlier logs counts half: a scaffold of one
    row in a thousand is known for six weeks, one of one in ten thousand only while it is there."""

    min_kept: int = 12
    """With fewer scaffold shingles than this all are used; at 8, stock phrases joined strangers."""

    min_shingles: int = 8
    """A prompt with fewer distinct shingles than this has no template: "hi" links nobody."""

    family_similarity: float = 0.15
    """Estimated Jaccard from which two texts are neighbours in a family: two rewordings of 30 %
    of one scaffold have .19 (docs/benchmarks/templates.md)."""

    centre_similarity: float = 0.25
    """Estimated Jaccard that a text of a family has at least with what its members have in
    common; a rewording of 30 % has .32 (docs/benchmarks/templates.md)."""

    shared_pairs: int = 8
    """... and how many pairs of words that is at least: without it, half of a stock phrase
    joined strangers."""

    ring_neighbours: int = 2
    """Each text meets this many next ones of its weak band; all pairs would be d squared."""
