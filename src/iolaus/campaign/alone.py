"""Busy accounts in no network -> those that an analyst should watch: one alone proves little.

With the exchanges of one account even a good score cannot convict at one in 100,000
(design/detection.md), so nobody here can be in a campaign: the prior says so, and is printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.campaign.life import micros_of, moment
from iolaus.campaign.traffic import Ints
from iolaus.campaign.weighing import Weighing, pool_of, weigh
from iolaus.contracts import Background, InnocentSignal, PoolSignal
from iolaus.schema import Cleared, Network, account_name

ALONE = "one account alone"
WATCHED_BITS = 4.0  # evidence, before the prior, that is sixteen times likelier in a harvest
BUSIEST = 30
LEAST_EXCHANGES = 100


def busiest_alone(accounts: pa.Table, taken: Ints) -> Ints:
    """Return up to thirty accounts in no network that sent most, busiest first."""
    n = accounts["n_exchanges"].to_numpy().copy()
    n[taken] = 0
    order = np.argsort(-n, kind="stable")[:BUSIEST]
    return order[n[order] >= LEAST_EXCHANGES].astype(np.int64)


def watched(
    rows: pa.Table,
    account: pa.Table,
    *,
    background: Background,
    signals: Sequence[PoolSignal],
    innocents: Sequence[InnocentSignal],
    prior_bits: float,
) -> tuple[Network, Cleared] | None:
    """Weigh an account's main templated flow; return it with its network of one if worth watching."""
    flow = _main_flow(rows)
    if flow.num_rows < LEAST_EXCHANGES:
        return None
    weighing = weigh(
        pool_of(flow, account),
        background,
        prior_bits=prior_bits,
        signals=signals,
        innocents=innocents,
    )
    if weighing.bits - prior_bits < WATCHED_BITS:
        return None
    name = account_name(account["account_hash"][0].as_py())
    return _records(rows, weighing, name=name)


def _main_flow(rows: pa.Table) -> pa.Table:
    """The rows of the template family that the account uses most."""
    family = rows["family"].drop_null().to_numpy()
    if not len(family):
        return rows.slice(0, 0)
    values, counts = np.unique(family, return_counts=True)
    return rows.filter(pc.fill_null(pc.equal(rows["family"], int(values[counts.argmax()])), False))


def _records(rows: pa.Table, weighing: Weighing, *, name: str) -> tuple[Network, Cleared]:
    at = micros_of(rows)
    network = Network(
        id="n-" + hashlib.blake2b(name.encode(), digest_size=6).hexdigest(),
        accounts=(name,),
        first_seen_at=moment(at.min()),
        last_seen_at=moment(at.max()),
        n_exchanges=len(at),
        prior_bits=0.0,
        coordination_bits=0.0,
        together=False,
        words=ALONE,
        evidence=(),
        explanations=weighing.explanations,
    )
    cleared = Cleared(
        network=network.id,
        n_accounts=1,
        n_exchanges=len(at),
        reason=ALONE,
        says="asks for what a student model is trained on, but one account alone is not enough",
        coordination_bits=0.0,
        extraction_bits=weighing.bits,
        evidence=weighing.evidence,
        explanations=weighing.explanations,
        watch=True,
    )
    return network, cleared
