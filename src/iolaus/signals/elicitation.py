"""A flow's prompts -> how far they ask for what a student model is trained on."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from iolaus.contracts import Background, Pool
from iolaus.schema import ASKS, Claim, Evidence, Scope

LEAST = 20
MOST_BITS = 5.0


class Elicitation:
    """
    Prompts that ask for reasoning, grades, rewrites, trajectories or new training data.

    Looks at: the content classifier's scores, averaged over the flow, beside the averages of
        the population's own templated flows.
    Means: what is bought is what a student model is trained on.
    Fooled by: wording never trained on: on unseen families wording barely transfers
        (reference/arithmetic.md, 4), so the bits are bounded by how many innocent flows
        were there to compare with.
    Innocent look-alikes: judges, evaluation, coursework, authorised synthesis. It shows
        what is asked for, never who asks.
    Source: elicitation named in the disclosures of 2026.
    """

    name = "elicitation"
    version = 1
    summary = "asks for what a student model is trained on"
    family = "text"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -4 to 5 bits; no opinion without scores or reference flows."""
        mine = _scores(pool.fingerprints)
        others = _flow_means(background.fingerprints)
        if len(mine) < LEAST or len(others) < LEAST:
            return None
        mean = float(mine.mean())
        n_higher = int((others >= mean).sum())
        ceiling = float(np.log2((len(others) + 1.0) / (1.0 + n_higher)))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=float(np.clip(ceiling - 1.0, -4.0, MOST_BITS)),
            says=f"{n_higher} of {len(others)} templated flows outside ask for as much",
            facts=(("mean_score", mean), ("flows_outside", len(others)), ("as_high", n_higher)),
        )


def _scores(table: pa.Table) -> np.ndarray:
    return table["extraction"].drop_null().to_numpy().astype(float)


def _flow_means(table: pa.Table) -> np.ndarray:
    kept = table.select(["family", "extraction"]).drop_null()
    family, score = kept["family"].to_numpy(), kept["extraction"].to_numpy().astype(float)
    if not len(family):
        return np.empty(0)
    _, code, n = np.unique(family, return_inverse=True, return_counts=True)
    means = np.bincount(code, weights=score) / n
    return means[n >= LEAST]
