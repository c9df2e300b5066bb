"""A flow's requests -> how much of what a student model learns from they take away."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

LEAST = 20


class HarvestValue:
    """
    Long outputs, reasoning, token probabilities, several choices a prompt.

    Looks at: output tokens, `reasoning`, `logprobs`, `choices` of the flow, ranked in the
        population.
    Means: the answers are worth more to a student model than the usual answer.
    Fooled by: short labels (a reward model needs one token).
    Innocent look-alikes: writers, coders, evaluation; so at most 2 bits.
    Source: distillation literature in design/reference/safeguards.md.
    """

    name = "harvest_value"
    version = 1
    summary = "outputs worth training on"
    family = "content"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return -0.5 to 2 bits; no opinion without output tokens."""
        mine, theirs = _outputs(pool.fingerprints), _outputs(background.fingerprints)
        if len(mine) < LEAST or len(theirs) < LEAST:
            return None
        rank = float((theirs < np.median(mine)).mean())
        asked, usual = _extras(pool.fingerprints), _extras(background.fingerprints)
        extra = asked - usual
        bits = float(np.clip(2.0 * (rank - 0.5) + 2.0 * extra, -0.5, 2.0))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"its median answer is longer than {rank:.0%} of all others' answers; {asked:.0%} "
                "of it asks for reasoning, token probabilities or several choices, elsewhere "
                f"{usual:.0%}"
            ),
            facts=(("median_rank", rank), ("extra_share", extra)),
        )


def _outputs(table: pa.Table) -> np.ndarray:
    return table["output_tokens"].drop_null().to_numpy()


def _extras(table: pa.Table) -> float:
    asked = pc.or_(
        pc.fill_null(table["logprobs"], False),
        pc.or_(
            pc.fill_null(table["reasoning"], False),
            pc.fill_null(pc.greater(table["choices"], 1), False),
        ),
    )
    return float(pc.mean(asked.cast(pa.float64())).as_py() or 0.0)
