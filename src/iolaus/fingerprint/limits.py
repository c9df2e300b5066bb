"""The numbers of the text kernel and of templates: what they mean and where they came from."""

from __future__ import annotations

from dataclasses import dataclass

HEAD_BYTES, MIDDLE_BYTES, TAIL_BYTES = 8192, 4096, 4096
"""A prompt longer than their sum is read in three windows, so that 50 MB cost no more than 16 KB.
Scaffolds stand at the ends; the middle window is for slot content."""

SHINGLE_SAMPLE = 24
"""At most this many sampled shingles are kept of a prompt: 96 bytes of the 64-byte goal's spare."""

N_HASHES = 128
"""Permutations of the MinHash; mean error of the estimate .035 at J = .58 (performance.md, B)."""

N_BUCKETS = 1 << 18
"""Hash buckets of the classifier; 2^16 was as fast but collides (performance.md, A)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLimits:
    """When prompts are held to come from one scaffold."""

    observed_rows: int = 200_000
    """Rows whose shingles are counted before the main pass; performance.md, B used as many."""

    low_share: float = 0.0003
    """A shingle in fewer than this share of the observed rows is slot content, not scaffold."""

    low_rows: int = 3
    """... but never fewer than this many rows, so that small logs have scaffolds too."""

    high_share: float = 0.10
    """A shingle in more than this share says nothing ("of the")."""

    min_kept: int = 8
    """With fewer scaffold shingles than this, all shingles are used (performance.md, B)."""

    min_shingles: int = 8
    """A prompt with fewer distinct shingles than this has no template: "hi" links nobody."""

    family_similarity: float = 0.5
    """Estimated Jaccard from which two templates are one family."""

    ring_neighbours: int = 2
    """Each text meets this many next ones of its weak band; all pairs would be d squared."""
