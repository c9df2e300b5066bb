"""The network's own sessions -> flows: what was made by one recipe, joined by shared marks."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.stats import binom

from iolaus.campaign.separation import Separation
from iolaus.campaign.traffic import Bools, Ints, Traffic

SAME_RECIPE = 0.6  # cosine of scaffolds: wordings of one recipe share most, two recipes little
HALF, QUARTER = 0.5, 0.25
STRAY_CHANCE = 0.05  # one account in twenty carries as many by chance
LEAST_RECIPE = 100  # exchanges; a twentieth of them hide any signal of use in their own noise
LEAST_ROWS = 5  # of fewer exchanges one cannot tell the scaffold from its contents
SCAFFOLD_SHARE = 0.4  # a recipe's wordings vary; what fills slots comes back in far fewer
ALIKE = 0.8  # cosine; parts of one recipe measured .93 and more, recipes that share half .5


def flow_labels(traffic: Traffic, separation: Separation) -> Ints:
    """
    Return per row its flow, or -1; flows are numbered by size, largest first.

    A flow is one recipe: template families whose scaffolds say the same, and the prompts of no
    family that say it too. What is left, prompts of no recipe and recipes of a few prompts each,
    is grouped by the marks that it shares. All rows of a session take
    the flow of its best exchange. Flows however small are returned; the verdict on a small
    one is "insufficient data".
    """
    label = np.full(traffic.n_rows, -1, dtype=np.int64)
    rows = np.flatnonzero(separation.own)
    if not len(rows):
        return label
    unit, named = _units(traffic, separation, rows)
    counts = _marks_of_units(traffic, separation, rows, unit, len(named))
    label[rows] = _recipes(counts, np.bincount(unit, minlength=len(named)), named)[unit]
    label = _session_labels(traffic, separation, label)
    return _renumbered(label)


def without_strays(label: Ints, account: Ints, *, share: float) -> Ints:
    """
    Take from the flows the exchanges of accounts that carry no more of them than chance would.

    Where `share` of what is attributed may be strangers', an account of a thousand exchanges has
    a few that only look like the network's: it is named by none of them.
    """
    dense, place = np.unique(account, return_inverse=True)
    n_all = np.bincount(place, minlength=len(dense))
    n_own = np.bincount(place[label >= 0], minlength=len(dense))
    by_chance = binom.sf(n_own - 1, n_all, share) >= STRAY_CHANCE
    out = label.copy()
    out[by_chance[place]] = -1
    return _renumbered(out) if (out >= 0).any() else out


def dealt_share(label: Ints, account: Ints) -> float:
    """
    Return the share of all exchanges that lie in flows which are dealt out over the accounts.

    A flow is dealt out where it reaches half of the accounts that blind dealing would; one that
    reaches a quarter or less is a customer's, however much his own his recipe is. Between the
    two it counts in part: where customers and jobs are nearly as likely, no account tips it.
    """
    k = len(np.unique(account))
    if not k:
        return 0.0
    dealt = 0.0
    for f in range(int(label.max()) + 1):
        carriers = account[label == f]
        reached = k * -np.expm1(len(carriers) * np.log1p(-1.0 / k)) if k > 1 else 1.0
        part = (len(np.unique(carriers)) / max(reached, 1.0) - QUARTER) / (HALF - QUARTER)
        dealt += len(carriers) * float(np.clip(part, 0.0, 1.0))
    return dealt / len(label)


def _units(traffic: Traffic, separation: Separation, rows: Ints) -> tuple[Ints, Bools]:
    """
    Return each row's unit, and which units a system prompt names.

    A unit is what one system prompt of the network's own stands before, or else a template
    family; a prompt without either is a unit of its own.
    """
    family = traffic.table["family"]
    kind = np.asarray(family.is_valid())[rows].astype(np.int64)
    value = family.fill_null(0).to_numpy().astype(np.int64)[rows]
    key = np.where(kind == 1, value, rows)
    by_system = separation.system[rows]
    key = np.where(by_system, traffic.systems.marks[traffic.systems.code[rows]], key)
    pairs = np.stack([np.where(by_system, 2, kind), key])
    units, unit = np.unique(pairs, axis=1, return_inverse=True)
    return unit.reshape(-1).astype(np.int64), units[0] == 2


def _marks_of_units(
    traffic: Traffic, separation: Separation, rows: Ints, unit: Ints, n_units: int
) -> sp.csr_matrix:
    """Count, units x marks, the exchanges in which a unit uses a mark of the network's own."""
    unit_of_row = np.full(traffic.n_rows, -1, dtype=np.int64)
    unit_of_row[rows] = unit
    unit_of_mark = unit_of_row[traffic.row_of_mark]
    kept = separation.belongs & (unit_of_mark >= 0)
    _, mark = np.unique(traffic.marks[kept], return_inverse=True)
    n_marks = int(mark.max()) + 1 if len(mark) else 1
    ones = np.ones(int(kept.sum()))
    return sp.csr_matrix((ones, (unit_of_mark[kept], mark)), shape=(n_units, n_marks))


def _recipes(counts: sp.csr_matrix, n_rows: Ints, named: Bools) -> Ints:
    """
    Return per unit its recipe, or -1 for a unit without marks.

    A family's scaffold is what most of its exchanges say; what fills the slots, topics and names,
    is common to recipes that have nothing else in common, and joins nothing. A prompt of no
    family says each word once: it goes to the recipe whose scaffold is half of what it says.
    A system prompt names its recipe, whatever it stands before. Recipes too small to be judged alone (a wording for every item) are joined, with what is left
    over, by communities of the graph between them and all their marks.
    """
    shares = sp.csr_matrix(sp.diags(1.0 / np.maximum(n_rows, 1)) @ counts)
    says = named | (np.asarray(shares.sum(axis=1)).reshape(-1) > 0)
    many = np.flatnonzero((n_rows >= LEAST_ROWS) & says)
    label = np.full(len(n_rows), -1, dtype=np.int64)
    scaffolds = sp.csr_matrix(shares[many].multiply(shares[many] >= SCAFFOLD_SHARE))
    label[many] = _alike(scaffolds, at_least=SAME_RECIPE)
    rest = np.flatnonzero((label < 0) & says)
    if len(many) and len(rest):
        n_recipes = int(label.max()) + 1
        of_recipe = sp.csr_matrix(
            (np.ones(len(many)), (label[many], np.arange(len(many)))), shape=(n_recipes, len(many))
        )
        said = sp.csr_matrix(of_recipe @ scaffolds) > 0
        spoken = sp.csr_matrix(shares[rest] > 0).astype(np.float64)
        overlap = np.asarray((spoken @ said.T.astype(np.float64)).todense())
        overlap /= np.maximum(np.asarray(spoken.sum(axis=1)), 1.0)
        best = overlap.argmax(axis=1)
        near = overlap[np.arange(len(rest)), best] >= HALF
        label[rest[near]] = best[near]
    size = np.bincount(label[label >= 0], weights=n_rows[label >= 0], minlength=1)
    rest = np.flatnonzero(says & ((label < 0) | (size[label] < LEAST_RECIPE)))
    if len(rest):
        label[rest] = _communities(shares[rest]) + int(label.max()) + 1
    return label


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
    return _alike(sp.csr_matrix(of_community @ graph), at_least=ALIKE)[label]


def _alike(profile: sp.csr_matrix, *, at_least: float) -> Ints:
    """Number the rows so that those joined by cosines of at least so much share a number."""
    if not profile.shape[0]:
        return np.empty(0, dtype=np.int64)
    length = np.sqrt(np.asarray(profile.multiply(profile).sum(axis=1)).reshape(-1))
    profile = sp.csr_matrix(sp.diags(1.0 / np.maximum(length, 1e-12)) @ profile)
    alike = sp.csr_matrix((profile @ profile.T) >= at_least)
    _, joined = connected_components(alike, directed=False)
    return joined.astype(np.int64)


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
