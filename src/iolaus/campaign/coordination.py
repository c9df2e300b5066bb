"""A network and its traffic -> the network, with what only a pool of traffic shows of one hand.

Linking sees values that two accounts share. That accounts take turns, or never draw the same
item from a list, is a fact of all their traffic together; it is weighed here, on the network's
largest recipe of its own, and enters the network's sum like any other term.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool, PoolSignal
from iolaus.schema import TOGETHER, Evidence, Network

FAMILY_BITS = 2.0  # as in linking: four times likelier than chance
CONTROLLED_BITS = 3.0  # as in linking: eight times
LIFT_BITS = 3.0  # a recipe is the network's own when its share is 8 times that outside
LEAST_USERS = 3
DAY_US = 86_400e6


def with_pool_evidence(
    network: Network, pool: Pool, background: Background, signals: Sequence[PoolSignal]
) -> Network:
    """
    Add the word of the pool signals that speak of coordination; others are passed over.

    `pool` is the network's whole traffic. Of each family the best term counts, be it a tie's or
    a pool's, and `coordination_bits` follows. A network of one recipe becomes one that is run
    together only if a pool signal is controlled and says 3 bits, a second family says 2, and
    the sum stays above nothing without its strongest term.
    """
    asked = [signal for signal in signals if signal.claim == "coordination"]
    recipe = own_recipe(pool, background) if asked else None
    if recipe is None:
        return network
    found = [said for signal in asked if (said := signal.weigh(recipe, background)) is not None]
    if not found:
        return network
    evidence = _best_of_family((*network.evidence, *found))
    together = network.together or _shows_one_hand(evidence, found, network.prior_bits)
    return dataclasses.replace(
        network,
        evidence=evidence,
        coordination_bits=network.prior_bits + math.fsum(e.bits for e in evidence if e.counted),
        together=together,
        words=TOGETHER if together else network.words,
    )


def own_recipe(pool: Pool, background: Background) -> Pool | None:
    """
    Return the largest part of a pool that one recipe made which is the pool's own, or None.

    A recipe is a template family, or without text a habit of parameters, that three of the
    accounts use and whose share of the pool's exchanges is eight times that outside.
    """
    for column in ("family", "parameters"):
        mine = pool.fingerprints[column].drop_null().to_numpy()
        if not len(mine):
            continue
        values, counts = np.unique(mine, return_counts=True)
        for at in np.argsort(-counts, kind="stable"):
            rows = pool.fingerprints.filter(
                pc.fill_null(pc.equal(pool.fingerprints[column], int(values[at])), False)
            )
            if _is_own(rows, column, int(values[at]), pool=pool, background=background):
                return _part(rows, pool)
        return None
    return None


def _is_own(rows: pa.Table, column: str, value: int, *, pool: Pool, background: Background) -> bool:
    if len(np.unique(rows["account"].to_numpy())) < LEAST_USERS:
        return False
    outside = background.fingerprints[column]
    n_out = int(pc.sum(pc.fill_null(pc.equal(outside, value), False).cast(pa.int64())).as_py() or 0)
    share = rows.num_rows / pool.fingerprints.num_rows
    return share >= 2.0**LIFT_BITS * (n_out + 1) / (len(outside) + 1)


def _part(rows: pa.Table, pool: Pool) -> Pool:
    """Return a part of a pool; where the pool is a sample, so are the counts of its part."""
    at = rows["at"].cast(pa.int64()).to_numpy()
    return Pool(
        fingerprints=rows,
        accounts=pool.accounts,
        n_exchanges=rows.num_rows,
        n_accounts=len(np.unique(rows["account"].to_numpy())),
        days=float((at.max() - at.min()) / DAY_US),
    )


def _best_of_family(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Let the best term of each family count, as long as it says anything."""
    best: dict[str, Evidence] = {}
    for e in evidence:
        if e.family not in best or e.bits > best[e.family].bits:
            best[e.family] = e
    return tuple(_counted(e, best[e.family]) for e in evidence)


def _counted(e: Evidence, best: Evidence) -> Evidence:
    if best is e and e.bits != 0.0:
        return dataclasses.replace(e, counted=True, why_not_counted=None)
    if not e.counted:
        return e
    name = best.signal.replace("_", " ")
    return dataclasses.replace(
        e,
        counted=False,
        why_not_counted=f"one term a family counts, and of {e.family} that is {name}",
    )


def _shows_one_hand(
    evidence: Sequence[Evidence], found: Sequence[Evidence], prior_bits: float
) -> bool:
    """
    Ask of a network that its ties did not show to be together whether its traffic does.

    The ties were judged when it was linked; so it must be a pool's controlled term that counts.
    """
    counted = [e for e in evidence if e.counted]
    said = {(e.signal, e.family) for e in found}
    dealt = [
        e
        for e in counted
        if e.controlled and e.bits >= CONTROLLED_BITS and (e.signal, e.family) in said
    ]
    families = {e.family for e in counted if e.bits >= FAMILY_BITS}
    if not dealt or len(families) < 2:
        return False
    strongest = max(e.bits for e in counted)
    return prior_bits + math.fsum(e.bits for e in counted) - strongest > 0.0
