"""A templated flow's contents -> whether they are swept once, or come back as people's do."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

LEAST = 50
LEAST_FLOWS = 8


class Coverage:
    """
    Slot contents that never return, where innocent templated flows repeat themselves.

    Looks at: `novelty`, the keyed hashes of what stands outside the scaffold, and of prompts
        without one `exact`: the share of pairs of exchanges in the flow that fill their slots
        with the same, against the population's own templated flows.
    Means: a list is worked through once, as one builds a training set.
    Fooled by: deliberate repeats; one list under several scaffolds, which looks like repeats.
    Innocent look-alikes: an evaluation run once, document processing, tools used by many
        people, a customer's own batch job. It separated nothing, neither in the prototype
        (reference/arithmetic.md, 5) nor in worlds that draw without replacement, where
        customers' jobs swept more than harvests did: it describes and gives no bits.
    Source: B4B (NeurIPS 2023) measures what part of the space a client covers.
    """

    name = "coverage"
    version = 3
    summary = "contents swept without return"
    family = "text"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return 0 to 0 bits, for it describes; no opinion under 50 exchanges or 8 templated flows outside."""
        mine = _coincidence(_contents(pool.fingerprints)[1])
        others = _others(background)
        if mine is None or len(others) < LEAST_FLOWS:
            return None
        rank = float((others > mine).mean() + 0.5 * (others == mine).mean())
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=0.0,
            says=(
                f"two of its exchanges drawn at random ask the same in {100 * mine:.2g}% of draws; "
                f"{rank:.0%} of {len(others)} templated flows outside repeat themselves more"
            ),
            facts=(("repeat_probability", mine), ("rank", rank), ("flows_outside", len(others))),
            counted=False,
            why_not_counted="it told no harvest from a customer's own job where that was measured",
        )


def _contents(table: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Return family and content of the rows that have text; family 0 where there is none.

    Of slot content two smallest hashes are compared: the same filling under another date, number
    or wording of the scaffold has them too, and one alone is often a common turn of phrase.
    """
    kept = table.filter(pc.is_valid(table["exact"])).select(["family", "exact", "novelty"])
    novelty = kept["novelty"].combine_chunks()
    smallest = [_at(novelty, place) for place in (0, 1)]
    has_slots = novelty.is_valid().to_numpy(zero_copy_only=False)
    content = np.where(has_slots, smallest[0] << 32 | smallest[1], kept["exact"].to_numpy())
    return kept["family"].fill_null(0).to_numpy(), content


def _at(lists: pa.ListArray, place: int) -> np.ndarray:
    """Return each list's value at a place as an unsigned number; 0 where it is shorter."""
    offsets = lists.offsets.to_numpy()
    is_there = np.diff(offsets) > place
    values = np.append(lists.values.to_numpy(zero_copy_only=False), 0).astype(np.int64)
    taken = values[np.minimum(offsets[:-1] + place, values.size - 1)]
    return np.where(is_there, taken & 0xFFFFFFFF, 0)


def _coincidence(content: np.ndarray) -> float | None:
    """Unbiased probability that two different exchanges ask the same."""
    n = len(content)
    if n < LEAST:
        return None
    _, counts = np.unique(content, return_counts=True)
    return float((counts * (counts - 1.0)).sum() / (n * (n - 1.0)))


@lru_cache(maxsize=2)
def _others(background: Background) -> np.ndarray:
    table = background.fingerprints
    family, content = _contents(table.filter(pc.is_valid(table["family"])))
    order = np.argsort(family, kind="stable")
    cuts = np.flatnonzero(np.diff(family[order])) + 1
    parts = [p for p in np.split(content[order], cuts) if len(p) >= LEAST]
    return np.array([_coincidence(part) for part in parts], dtype=float)
