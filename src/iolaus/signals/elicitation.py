"""A flow's prompts -> how far they ask for what a student model is trained on."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iolaus.contracts import Background, Pool
from iolaus.fingerprint.content import flow_means
from iolaus.schema import Claim, Evidence, Scope
from iolaus.sequential import mean_bounds

LEAST = 20
SUBSETS_A_TEMPLATE = 20  # means in the reference for each benign template, of which 156 ship
MOST_BITS, FEWEST_BITS = 5.0, -1.5
SURE_BITS = 5.0  # the mean is held to what it proves at 31 to 1: no surer than what it may earn
HOUR_US = 3_600_000_000

Floats = npt.NDArray[np.float64]


class Elicitation:
    """
    Prompts that ask for reasoning, grades, rewrites, trajectories or new training data.

    Looks at: the content classifier's score, averaged over the later half of the flow, beside
        the averages of the log's own templated flows outside and of the shipped reference flows,
        which were scored by models that never saw their lineage. One account has one voice an
        hour, and the mean counts for no more than a bet on it has proved so far, so that
        looking every minute stays honest.
    Means: what is bought is what a student model is trained on.
    Fooled by: plain instructions, whose wording is everybody's, and wording never trained on:
        on unseen families wording barely transfers (reference/arithmetic.md, 4). Hence a low
        score clears by little: a quarter of the real pipelines score like chat.
    Innocent look-alikes: judges, evaluation, coursework, authorised synthesis. It shows
        what is asked for, never who asks, and says no more than the number of innocent flows
        it was held against allows.
    Source: elicitation named in the disclosures of 2026; figures in weights/card.json; betting
        bounds after Waudby-Smith and Ramdas (2024).
    """

    name = "elicitation"
    version = 2
    summary = "asks for what a student model is trained on"
    family = "text"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -1.5 to 5 bits; no opinion under 20 scored exchanges or without reference."""
        scores = pool.fingerprints.select(["at", "account", "extraction"]).drop_null()
        harvests = _reference("distill")
        if len(scores) < LEAST or not len(harvests):
            return None
        steps = _later_half(scores)
        low, high = (100 * bound for bound in mean_bounds(steps / 100, bits=SURE_BITS))
        others = _flow_means(background)
        bits = _proved(_level_bits(others, harvests, low), _level_bits(others, harvests, high))
        mean = float(steps.mean())
        innocent, _ = _tails(others, low)
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=float(np.clip(bits, FEWEST_BITS, MOST_BITS)),
            says=(
                f"its prompts score {mean:.0f} of 100 for asking what a student model is trained "
                f"on ({low:.0f} to {high:.0f} is proved); {innocent:.0%} of innocent templated "
                f"flows and {(harvests >= low).mean():.0%} of known harvests score {low:.0f} or more"
            ),
            facts=(
                ("mean_score", mean),
                ("at_least", low),
                ("at_most", high),
                ("account_hours", len(steps)),
                ("innocent_as_high", innocent),
                ("flows_outside", len(others)),
            ),
        )


def _later_half(scores: pa.Table) -> Floats:
    """Mean score of each account in each of its hours, in order of time, without the first half."""
    hour = scores["at"].cast(pa.int64()).to_numpy() // HOUR_US
    account = scores["account"].to_numpy().astype(np.int64)
    width = int(account.max()) + 1
    _, code, n = np.unique(hour * width + account, return_inverse=True, return_counts=True)
    steps = np.bincount(code, weights=scores["extraction"].to_numpy().astype(np.float64)) / n
    return steps[len(steps) // 2 :]


def _level_bits(others: Floats, harvests: Floats, mean: float) -> float:
    """How much likelier a mean is in a harvest, by the tail on the side where innocents are fewer."""
    # Beyond what 19 in 20 harvests reach both tails run out: asking for more is no excuse.
    level = min(mean, float(np.quantile(harvests, 0.95)))
    high, low = _tails(others, level)
    if high <= low:
        return float(np.log2(((harvests >= level).sum() + 1.0) / (len(harvests) + 1.0) / high))
    return float(np.log2(((harvests <= level).sum() + 1.0) / (len(harvests) + 1.0) / low))


def _proved(at_least: float, at_most: float) -> float:
    """What both ends of the proved range agree on; nothing where one accuses and one clears."""
    if at_least > 0:
        return min(at_least, at_most) if at_most > 0 else 0.0
    return max(at_least, at_most) if at_most < 0 else 0.0


@cache
def _reference(side: str) -> Floats:
    return np.asarray(flow_means().get("extraction", {}).get(side, ()), dtype=np.float64)


def _tails(others: Floats, mean: float) -> tuple[float, float]:
    """Share of innocent flows at least as high, and at most as high; log and reference pooled."""
    shipped = _reference("benign")
    n = len(others) + len(shipped) / SUBSETS_A_TEMPLATE
    high = (others >= mean).sum() + (shipped >= mean).sum() / SUBSETS_A_TEMPLATE
    low = (others <= mean).sum() + (shipped <= mean).sum() / SUBSETS_A_TEMPLATE
    return float((high + 1.0) / (n + 1.0)), float((low + 1.0) / (n + 1.0))


@lru_cache(maxsize=2)
def _flow_means(background: Background) -> Floats:
    kept = background.fingerprints.select(["family", "extraction"]).drop_null()
    family, score = kept["family"].to_numpy(), kept["extraction"].to_numpy().astype(float)
    if not len(family):
        return np.empty(0)
    _, code, n = np.unique(family, return_inverse=True, return_counts=True)
    means = np.bincount(code, weights=score) / n
    return means[n >= LEAST]
