"""A flow's prompts -> how far they ask for what a student model is trained on."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iolaus.contracts import Background, Pool
from iolaus.fingerprint.content import flow_means
from iolaus.schema import Claim, Evidence, Scope

LEAST = 20
REFERENCE_TEMPLATES = 156  # benign templates behind the shipped means, 20 subsets of each
MOST_BITS, FEWEST_BITS = 5.0, -1.0

Floats = npt.NDArray[np.float64]


class Elicitation:
    """
    Prompts that ask for reasoning, grades, rewrites, trajectories or new training data.

    Looks at: the content classifier's score, averaged over the flow, beside the averages of
        the log's own templated flows outside and of the shipped reference flows, which were
        scored by models that never saw their lineage.
    Means: what is bought is what a student model is trained on.
    Fooled by: plain instructions, whose wording is everybody's, and wording never trained on:
        on unseen families wording barely transfers (reference/arithmetic.md, 4). Hence a low
        score clears by one bit at most: a quarter of the real pipelines score like chat.
    Innocent look-alikes: judges, evaluation, coursework, authorised synthesis. It shows
        what is asked for, never who asks, and says no more than the number of innocent flows
        it was held against allows.
    Source: elicitation named in the disclosures of 2026; figures in weights/card.json.
    """

    name = "elicitation"
    version = 1
    summary = "asks for what a student model is trained on"
    family = "text"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -1 to 5 bits; no opinion under 20 scored exchanges or without reference."""
        scores = pool.fingerprints["extraction"].drop_null().to_numpy().astype(float)
        if len(scores) < LEAST or not len(_reference("distill")):
            return None
        mean = float(scores.mean())
        others = _flow_means(background.fingerprints)
        harvests = _reference("distill")
        # Beyond what 19 in 20 harvests reach both tails run out: asking for more is no excuse.
        level = min(mean, float(np.quantile(harvests, 0.95)))
        high, low = _tails(others, level)
        as_high = (float((harvests >= level).sum()) + 1.0) / (len(harvests) + 1.0)
        as_low = (float((harvests <= level).sum()) + 1.0) / (len(harvests) + 1.0)
        # The tail on the side where innocents are fewer: that is where the mean says something.
        bits = np.log2(as_high / high) if high <= low else np.log2(as_low / low)
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=float(np.clip(bits, FEWEST_BITS, MOST_BITS)),
            says=(
                f"its prompts score {mean:.0f} of 100 for asking what a student model is trained "
                f"on; {high:.0%} of innocent templated flows and {as_high:.0%} of known harvests "
                "score as high"
            ),
            facts=(
                ("mean_score", mean),
                ("innocent_as_high", high),
                ("harvest_as_high", as_high),
                ("flows_outside", len(others)),
            ),
        )


@cache
def _reference(side: str) -> Floats:
    return np.asarray(flow_means().get("extraction", {}).get(side, ()), dtype=np.float64)


def _tails(others: Floats, mean: float) -> tuple[float, float]:
    """Share of innocent flows at least as high, and at most as high; log and reference pooled."""
    shipped = _reference("benign")
    weight = REFERENCE_TEMPLATES / max(len(shipped), 1)
    n = len(others) + REFERENCE_TEMPLATES
    high = (others >= mean).sum() + weight * (shipped >= mean).sum()
    low = (others <= mean).sum() + weight * (shipped <= mean).sum()
    return float((high + 1.0) / (n + 1.0)), float((low + 1.0) / (n + 1.0))


def _flow_means(table: pa.Table) -> Floats:
    kept = table.select(["family", "extraction"]).drop_null()
    family, score = kept["family"].to_numpy(), kept["extraction"].to_numpy().astype(float)
    if not len(family):
        return np.empty(0)
    _, code, n = np.unique(family, return_inverse=True, return_counts=True)
    means = np.bincount(code, weights=score) / n
    return means[n >= LEAST]
