"""A canonical log and its account table -> what simple detectors would have flagged on it.

Each peer gives every account one score; the more, the more suspect. A peer is shown twice:
at its own fixed threshold, and at the threshold that the truth would have picked for it,
which flatters it and is meant to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.campaigns import Scores
from iolaus.evaluate.matching import codes_of, distinct

Floats = npt.NDArray[np.float64]
Score = Callable[[pa.Table, pa.Table, pa.Array], Floats]

BUSIEST_SHARE = 0.01
"""A volume limit is set where it stops one account in a hundred; that is how limits are tuned."""
SHARED_ADDRESSES = 2
"""EvilCohort (USENIX Security 2015) links accounts that share at least so many addresses."""
HUB_ACCOUNTS = 200
"""An address behind more accounts is a carrier's or a firm's; EvilCohort too leaves NAT out."""
SMALLEST = 3
"""Fewer accounts than this are a household."""
WANTED_PRECISION = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A way to score accounts, and the score from which it flags them."""

    name: str
    summary: str
    score: Score
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerMeasures:
    """One peer on one log; `best_*` at the threshold that the truth would have chosen.

    That is the one with most recall at a precision of at least 0.99 or, where none has it,
    the one with most precision.
    """

    name: str
    summary: str
    accounts: Scores
    best_precision: float | None
    best_recall: float | None


def measure_peers(
    log: pa.Table, *, account_table: pa.Table | None, truth_accounts: pa.Table
) -> tuple[PeerMeasures, ...]:
    """Run every peer on a log (account, address) and hold its accounts against the truth."""
    names = distinct(log["account"])
    table = account_table if account_table is not None else pa.table({"account": names})
    guilty = truth_accounts.filter(pc.is_valid(truth_accounts["campaign"]))["account"]
    is_guilty = np.asarray(pc.is_in(names, value_set=distinct(guilty)), dtype=np.bool_)
    n_guilty = len(distinct(guilty))
    return tuple(
        _measured(peer, peer.score(log, table, names), is_guilty=is_guilty, n_guilty=n_guilty)
        for peer in PEERS
    )


def volume(log: pa.Table, account_table: pa.Table, names: pa.Array) -> Floats:
    """Score by rank of volume: the share of accounts that sent fewer exchanges."""
    del account_table
    n = np.bincount(codes_of(log["account"], names), minlength=len(names))
    return np.searchsorted(np.sort(n), n) / max(1, len(n))


def shared_addresses(log: pa.Table, account_table: pa.Table, names: pa.Array) -> Floats:
    """Score by how many accounts hang together by at least two shared addresses."""
    del account_table
    if "address" not in log.column_names:
        return np.zeros(len(names))
    grid = _holdings(log["account"], log["address"], names)
    return _component_sizes(grid, at_least=SHARED_ADDRESSES)


def shared_payment(log: pa.Table, account_table: pa.Table, names: pa.Array) -> Floats:
    """Score by how many accounts hang together by payment instruments."""
    del log
    if "payment" not in account_table.column_names:
        return np.zeros(len(names))
    grid = _holdings(account_table["account"], account_table["payment"], names)
    return _component_sizes(grid, at_least=1)


PEERS = (
    Peer(
        name="volume",
        summary="the busiest 1 % of accounts",
        score=volume,
        limit=1.0 - BUSIEST_SHARE,
    ),
    Peer(
        name="shared addresses",
        summary="components of >= 3 accounts that share >= 2 addresses (after EvilCohort)",
        score=shared_addresses,
        limit=SMALLEST,
    ),
    Peer(
        name="shared payment",
        summary="components of >= 3 accounts on one instrument",
        score=shared_payment,
        limit=SMALLEST,
    ),
)


def _holdings(
    accounts: pa.ChunkedArray, values: pa.ChunkedArray, names: pa.Array
) -> sparse.csr_array:
    rows = codes_of(accounts, names)
    columns = codes_of(values, distinct(values))
    known = (rows >= 0) & (columns >= 0)
    shape = (len(names), int(columns.max(initial=-1)) + 1)
    grid = sparse.csr_array((np.ones(known.sum(), np.int32), (rows[known], columns[known])), shape)
    grid.sum_duplicates()
    grid.data[:] = 1
    return grid


def _component_sizes(grid: sparse.csr_array, *, at_least: int) -> Floats:
    holders = np.bincount(grid.indices, minlength=grid.shape[1])
    kept = grid[:, np.flatnonzero((holders > 1) & (holders <= HUB_ACCOUNTS))]
    shared = (kept @ kept.T).tocsr()
    shared.data = np.where(shared.data >= at_least, shared.data, 0)
    shared.eliminate_zeros()
    _, component = connected_components(shared, directed=False)
    return np.bincount(component)[component].astype(np.float64)


def _measured(
    peer: Peer, scores: Floats, *, is_guilty: npt.NDArray[np.bool_], n_guilty: int
) -> PeerMeasures:
    flagged = scores >= peer.limit
    hits = int((flagged & is_guilty).sum())
    precision, recall = best_threshold(scores, is_guilty=is_guilty, n_guilty=n_guilty)
    return PeerMeasures(
        name=peer.name,
        summary=peer.summary,
        accounts=Scores(
            precision=Rate(n=hits, of=int(flagged.sum())), recall=Rate(n=hits, of=n_guilty)
        ),
        best_precision=precision,
        best_recall=recall,
    )


def best_threshold(
    scores: Floats, *, is_guilty: npt.NDArray[np.bool_], n_guilty: int
) -> tuple[float | None, float | None]:
    """
    Return precision and recall at the threshold that the truth would pick.

    That is the one with most recall at a precision of at least WANTED_PRECISION or, where none
    has it, the one with most precision. Equal scores stand or fall together; None, None where
    nobody is guilty or nobody is there.
    """
    if not n_guilty or not len(scores):
        return None, None
    order = np.argsort(-scores, kind="stable")
    last_of_value = np.append(np.diff(scores[order]) != 0.0, True)
    hits = np.cumsum(is_guilty[order])[last_of_value]
    flagged = (np.flatnonzero(last_of_value) + 1).astype(np.float64)
    precision, recall = hits / flagged, hits / n_guilty
    good = precision >= WANTED_PRECISION
    # Most recall among the good; among the others most precision, then most recall.
    rank = np.lexsort((recall, np.where(good, 0.0, precision), good))
    return float(precision[rank[-1]]), float(recall[rank[-1]])
