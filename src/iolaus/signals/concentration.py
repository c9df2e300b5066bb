"""A flow's capability scores -> how far it stands from the population; describes, never counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool
from iolaus.schema import CAPABILITIES, Claim, Evidence, Scope

Floats = npt.NDArray[np.float64]

LEAST = 50
MOST = 600


class Concentration:
    """
    How far the flow's mix of capabilities stands from everybody else's: a description.

    Looks at: `capabilities`, the scores of what a prompt makes the model do: the unbiased
        squared maximum mean discrepancy (MMD) between the flow and the population, with a
        Gaussian kernel as wide as the population's median distance; and the capability whose
        mean score is most above the population's.
    Means: the flow does one kind of thing.
    Fooled by: a harvest that copies the population's mix.
    Innocent look-alikes: every tool, class, firm and job. A flow that was chosen because it is
        concentrated always differs from the population, so this gives no bits and no claim.
    Source: per-client detectors test this distance (design/reference/detection-anchors.md).
    """

    name = "concentration"
    version = 1
    summary = "distance of the flow from the population"
    family = "description"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return 0 to 0 bits, never counted; no opinion under fifty scored exchanges."""
        mine, theirs = _scores(pool.fingerprints), _scores(background.fingerprints)
        if min(len(mine), len(theirs)) < LEAST:
            return None
        distance = _mmd2(mine, theirs)
        above = mine.mean(axis=0) - theirs.mean(axis=0)
        most = CAPABILITIES[int(above.argmax())]
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=0.0,
            says=(
                f"its mix of capabilities is {distance:.2f} (squared MMD, 0 to 2) from the "
                f"population's; most above it stands {most.replace('_', ' ')}"
            ),
            facts=(("squared_mmd", distance), ("most_above", most)),
            counted=False,
            why_not_counted="it describes; a flow chosen because it is concentrated always differs",
        )


def _scores(table: pa.Table) -> Floats:
    """Return scores 0 to 1 of up to 600 exchanges, sampled by hash."""
    kept = table.filter(pc.is_valid(table["capabilities"]))
    if not kept.num_rows:
        return np.empty((0, len(CAPABILITIES)))
    scores = np.asarray(kept["capabilities"].combine_chunks().flatten(), dtype=np.float64)
    order = np.argsort(kept["id"].to_numpy(), kind="stable")[:MOST]
    return scores.reshape(kept.num_rows, -1)[order] / 100.0


def _mmd2(mine: Floats, theirs: Floats) -> float:
    """Unbiased squared MMD; about 0 for two samples of one population, so clipped there."""
    among = _squares(theirs, theirs)
    width = max(float(np.median(among[np.triu_indices(len(theirs), 1)])), 1e-6)
    inside = np.exp(-_squares(mine, mine) / width)
    outside = np.exp(-among / width)
    across = np.exp(-_squares(mine, theirs) / width)
    n, m = len(mine), len(theirs)
    same = (inside.sum() - n) / (n * (n - 1)) + (outside.sum() - m) / (m * (m - 1))
    return max(0.0, float(same - 2.0 * across.mean()))


def _squares(a: Floats, b: Floats) -> Floats:
    """Return squared distances between rows, no less than 0 whatever the rounding."""
    lengths = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None, :]
    return np.asarray(np.maximum(lengths - 2.0 * a @ b.T, 0.0))
