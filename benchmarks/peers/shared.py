"""Accounts and what they share -> dense blocks, synchronous pairs, communities.

FRAUDAR is UGFraud's, the network of equal messages is the QUT toolkit's; EvilCohort (USENIX
Security 2015) and SynchroTrap (CCS 2014) published no code, so their core is written down here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SMALLEST = 3
"""Fewer accounts than this are a household."""

HUB = 200
"""A value behind more accounts is a carrier's or a public tool's; all of them leave such out."""

BLOCKS = 6
"""Dense blocks that are peeled off one after the other; FRAUDAR's own setting is the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Exchanges, and accounts in the order of the numbers that exchanges name them by."""

    rows: pa.Table
    accounts: pa.Table

    @property
    def n(self) -> int:
        """Return how many accounts there are."""
        return int(self.accounts.num_rows)

    def pairs(self, column: str) -> tuple[Ints, Ints]:
        """Return account and value, as numbers, of the exchanges that have the value."""
        known = self.rows.filter(pc.is_valid(self.rows[column]))
        value = known[column].combine_chunks().dictionary_encode().indices
        return known["account"].to_numpy().astype(np.int64), value.to_numpy().astype(np.int64)


def holdings(log: Log, column: str, *, hub: int = HUB) -> sparse.csr_matrix:
    """Return who holds which value, hubs left out."""
    account, value = log.pairs(column)
    if not len(account):
        return sparse.csr_matrix((log.n, 1))
    grid = sparse.csr_matrix((np.ones(len(account)), (account, value)))
    grid.resize(log.n, grid.shape[1])
    grid.data[:] = 1
    held = np.asarray(grid.sum(axis=0)).ravel()
    return grid[:, np.flatnonzero((held > 1) & (held <= hub))]


def fraudar(log: Log, column: str) -> dict[str, Floats]:
    """Peel dense blocks of accounts and values, weights falling with the value's popularity."""
    from UGFraud.Detector.Fraudar import detectMultiple, logWeightedAveDegree

    account, value = log.pairs(column)
    score = np.zeros(log.n)
    if len(account):
        edges = np.unique(np.stack([account, value], axis=1), axis=0)
        grid = sparse.coo_matrix(
            (np.ones(len(edges), int), edges.T), shape=(log.n, value.max() + 1)
        )
        found = detectMultiple(grid, logWeightedAveDegree, BLOCKS)
        for rank, ((members, _), _) in reversed(list(enumerate(found))):
            score[list(members)] = BLOCKS - rank
    return {"own": (score == BLOCKS).astype(np.float64), "block": score}


def co_tweet(log: Log, column: str, *, window_s: int) -> dict[str, Floats]:
    """Join accounts that send the same text, or template, within a window, twice at least."""
    from coordination_network_toolkit.compute_networks import compute_co_tweet_network
    from coordination_network_toolkit.graph import get_edge_rows
    from coordination_network_toolkit.preprocess import preprocess_data

    known = log.rows.filter(pc.is_valid(log.rows[column]))
    columns = [known[name].to_pylist() for name in ("account", column, "at")]
    messages: Iterator[tuple[object, ...]] = (
        (f"m{i}", str(account), str(account), "", "", message, at, [])
        for i, (account, message, at) in enumerate(zip(*columns, strict=True))
    )
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "messages.db")
        preprocess_data(path, messages)
        compute_co_tweet_network(path, window_s, min_edge_weight=2, n_threads=1)
        edges = [(int(a), int(b), int(w)) for a, b, w, _ in get_edge_rows(path, "co_tweet")]
    weight = np.zeros(log.n)
    for a, b, w in edges:
        weight[a], weight[b] = max(weight[a], w), max(weight[b], w)
    size = component_sizes([(a, b) for a, b, _ in edges], log.n)
    return {"own": (size >= SMALLEST).astype(np.float64), "component": size, "weight": weight}


def evilcohort(log: Log) -> dict[str, Floats]:
    """Join accounts that share two addresses, weighted by how many, and look for communities."""
    import networkx as nx

    grid = holdings(log, "address")
    common = sparse.triu(grid @ grid.T, k=1).tocoo()
    kept = common.data >= 2
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        zip(
            common.row[kept].tolist(),
            common.col[kept].tolist(),
            common.data[kept].tolist(),
            strict=True,
        )
    )
    size, weight = np.zeros(log.n), np.zeros(log.n)
    for community in nx.community.louvain_communities(graph, seed=1) if len(graph) else []:
        members = list(community)
        size[members] = len(members)
        weight[members] = [graph.degree(m, weight="weight") for m in members]
    return {"own": (size >= SMALLEST).astype(np.float64), "community": size, "weight": weight}


def synchrotrap(
    log: Log, column: str, *, within_s: float = 3600.0, alike: float = 0.5
) -> dict[str, Floats]:
    """
    Join accounts whose actions (an hour, a value) are alike by Jaccard, and take components.

    Two grids of hours, half an hour apart, so that neighbours are not cut apart by the clock.
    """
    account, value = log.pairs(column)
    known = log.rows.filter(pc.is_valid(log.rows[column]))
    at = known["at"].to_numpy()
    most = np.zeros(log.n)
    edges: list[tuple[int, int]] = []
    for shift in (0.0, 0.5):
        slot = np.floor(at / within_s + shift).astype(np.int64)
        action = np.unique(slot * (value.max(initial=0) + 1) + value, return_inverse=True)[1]
        grid = sparse.csr_matrix((np.ones(len(account)), (account, action)))
        grid.resize(log.n, grid.shape[1])
        grid.data[:] = 1
        n_own = np.asarray(grid.sum(axis=1)).ravel()
        held = np.asarray(grid.sum(axis=0)).ravel()
        few = grid[:, np.flatnonzero((held > 1) & (held <= HUB))]
        common = sparse.triu(few @ few.T, k=1).tocoo()
        jaccard = common.data / (n_own[common.row] + n_own[common.col] - common.data)
        np.maximum.at(most, common.row, jaccard)
        np.maximum.at(most, common.col, jaccard)
        kept = jaccard >= alike
        edges += zip(common.row[kept].tolist(), common.col[kept].tolist(), strict=True)
    size = component_sizes(edges, log.n)
    return {"own": (size >= SMALLEST).astype(np.float64), "component": size, "jaccard": most}


def component_sizes(edges: list[tuple[int, int]], n: int) -> Floats:
    """Return for each account the size of its connected component; 0 without an edge."""
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    graph: Any = sparse.coo_matrix((np.ones(len(pairs)), pairs.T), shape=(n, n))
    _, component = connected_components(graph, directed=False)
    size = np.bincount(component)[component].astype(np.float64)
    return np.where(size > 1, size, 0.0)
