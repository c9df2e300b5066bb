"""A templated flow's contents -> whether they are swept once, or come back as people's do."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

LEAST = 50
LEAST_FLOWS = 8
MOST_BITS = 1.5


class Coverage:
    """
    Slot contents that never return, where innocent templated flows repeat themselves.

    Looks at: `exact`, the keyed hash of a whole prompt: the share of pairs of exchanges in
        the flow that are the same, against the population's own templated flows.
    Means: a list is worked through once, as one builds a training set.
    Fooled by: deliberate repeats.
    Innocent look-alikes: an evaluation run once, document processing, tools used by many
        people. Separated nothing in the prototype, whose worlds drew with replacement
        (reference/arithmetic.md, 5), so at most 1.5 bits either way.
    Source: B4B (NeurIPS 2023) measures what part of the space a client covers.
    """

    name = "coverage"
    version = 1
    summary = "contents swept without return"
    family = "text"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -1.5 to 1.5 bits; no opinion under 50 exchanges or 8 templated flows outside."""
        mine = _coincidence(pool.fingerprints["exact"].drop_null().to_numpy())
        others = _others(background.fingerprints)
        if mine is None or len(others) < LEAST_FLOWS:
            return None
        # Mid-rank, so that a world in which nothing ever repeats gives nobody bits.
        rank = float((others > mine).mean() + 0.5 * (others == mine).mean())
        bits = float(np.clip(2.0 * MOST_BITS * (rank - 0.5), -MOST_BITS, MOST_BITS))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"two of its exchanges drawn at random ask the same in {100 * mine:.2g}% of draws; "
                f"{rank:.0%} of {len(others)} templated flows outside repeat themselves more"
            ),
            facts=(("repeat_probability", mine), ("rank", rank), ("flows_outside", len(others))),
        )


def _coincidence(exact: np.ndarray) -> float | None:
    """Unbiased probability that two different exchanges are the same prompt."""
    n = len(exact)
    if n < LEAST:
        return None
    _, counts = np.unique(exact, return_counts=True)
    return float((counts * (counts - 1.0)).sum() / (n * (n - 1.0)))


def _others(table: pa.Table) -> np.ndarray:
    kept = table.select(["family", "exact"]).drop_null()
    family, exact = kept["family"].to_numpy(), kept["exact"].to_numpy()
    order = np.argsort(family, kind="stable")
    cuts = np.flatnonzero(np.diff(family[order])) + 1
    parts = [p for p in np.split(exact[order], cuts) if len(p) >= LEAST]
    return np.array([_coincidence(part) for part in parts], dtype=float)
