"""The network's own sessions -> flows: what was made by one recipe, joined by shared marks."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from iolaus.campaign.separation import Separation
from iolaus.campaign.traffic import Ints, Traffic

ALIKE = 0.8  # cosine; parts of one recipe measured .93 and more, recipes that share half .5


def flow_labels(traffic: Traffic, separation: Separation) -> Ints:
    """
    Return per row its flow, or -1; flows are numbered by size, largest first.

    Rows that share marks are one flow, through communities of the graph between recipes
    (template families, or single prompts without one) and marks. All rows of a session take
    the flow of its best exchange. Flows however small are returned; the verdict on a small
    one is "insufficient data".
    """
    label = np.full(traffic.n_rows, -1, dtype=np.int64)
    rows = np.flatnonzero(separation.own)
    if not len(rows):
        return label
    unit, n_units = _units(traffic, rows)
    graph, used = _recipe_graph(traffic, separation, rows, unit, n_units)
    community = _communities(graph)
    community[~used] = -1
    label[rows] = community[unit]
    label = _session_labels(traffic, separation, label)
    return _renumbered(label)


def _units(traffic: Traffic, rows: Ints) -> tuple[Ints, int]:
    """A unit is a template family; a prompt without one is a unit of its own."""
    family = traffic.table["family"]
    known = np.asarray(family.is_valid())[rows]
    value = family.fill_null(0).to_numpy().astype(np.int64)[rows]
    key = np.where(known, value, rows)
    pairs = np.stack([known.astype(np.int64), key])
    units, unit = np.unique(pairs, axis=1, return_inverse=True)
    return unit.reshape(-1).astype(np.int64), units.shape[1]


def _recipe_graph(
    traffic: Traffic, separation: Separation, rows: Ints, unit: Ints, n_units: int
) -> tuple[sp.csr_matrix, np.ndarray]:
    unit_of_row = np.full(traffic.n_rows, -1, dtype=np.int64)
    unit_of_row[rows] = unit
    unit_of_mark = unit_of_row[traffic.row_of_mark]
    kept = separation.belongs & (unit_of_mark >= 0)
    _, mark = np.unique(traffic.marks[kept], return_inverse=True)
    n_marks = int(mark.max()) + 1 if len(mark) else 1
    weights = np.ones(int(kept.sum()))
    graph = sp.csr_matrix((weights, (unit_of_mark[kept], mark)), shape=(n_units, n_marks))
    # A recipe used a thousand times is one recipe: weigh what it says, not how often.
    graph.data = np.log1p(graph.data)
    return graph, np.asarray(graph.sum(axis=1)).reshape(-1) > 0


def _communities(graph: sp.csr_matrix) -> Ints:
    from sknetwork.clustering import Louvain

    if graph.shape[0] == 1 or graph.nnz == 0:
        return np.zeros(graph.shape[0], dtype=np.int64)
    model = Louvain(resolution=1.0, random_state=0)
    model.fit(graph, force_bipartite=True)
    return _alike_joined(graph, np.asarray(model.labels_row_).astype(np.int64))


def _alike_joined(graph: sp.csr_matrix, label: Ints) -> Ints:
    """Join communities that say the same: modularity cuts one large recipe up by chance."""
    of_community = sp.csr_matrix((np.ones(len(label)), (label, np.arange(len(label)))))
    profile = of_community @ graph
    length = np.sqrt(np.asarray(profile.multiply(profile).sum(axis=1)).reshape(-1))
    profile = sp.diags(1.0 / np.maximum(length, 1e-12)) @ profile
    alike = sp.csr_matrix((profile @ profile.T) >= ALIKE)
    _, joined = connected_components(alike, directed=False)
    return joined.astype(np.int64)[label]


def _session_labels(traffic: Traffic, separation: Separation, label: Ints) -> Ints:
    """Give every row of a session the commonest label of its labelled rows."""
    marked = np.flatnonzero(label >= 0)
    if not len(marked):
        return label
    n_own = np.bincount(traffic.row_of_mark, weights=separation.belongs, minlength=traffic.n_rows)
    order = marked[np.argsort(n_own[marked], kind="stable")]
    of_session = np.full(int(traffic.session.max()) + 1, -1, dtype=np.int64)
    of_session[traffic.session[order]] = label[order]  # the row with most own marks is last
    return np.where(separation.own, of_session[traffic.session], -1)


def _renumbered(label: Ints) -> Ints:
    values, counts = np.unique(label[label >= 0], return_counts=True)
    order = values[np.lexsort((values, -counts))]
    rank = np.full(int(values.max()) + 1 if len(values) else 0, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    out = label.copy()
    out[label >= 0] = rank[label[label >= 0]]
    return out
