"""A set -> the pieces that controlled views hold together, joined where they share what is theirs.

Members vouch for each other, so two small groups, each with a card of its own, pass every
member's test as soon as both ask what is popular in one country. What joins two pieces must
be their own: of those who hold it, at least half are members.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from iolaus.link.views import Bools, Ints, View, held_by
from iolaus.link.weights import Weigher

HALF = 0.5
KEPT_BY = 4  # holders in the larger piece that a scrap needs; half of a small piece will do
SCRAP = 8  # a piece of so many is no scrap: what joins it to another, half of both must hold
LARGEST = 64  # pieces that others may be joined to by two families; the rest are scraps
OPEN_VIEW = "mailbox"  # the one identity that an honest operator shows without being asked
RECIPE = "text"  # the family of which one value that most of both hold is enough
RECIPE_IN_USE = "time"  # the same recipe in the same minutes: with its words, one family
FAMILIES = 2
ROAMING = 2.0  # values that an account holds on average in a view of work handed about
NEARLY_ALL = 0.9
LEAST = 3  # two couples are no network, whatever rare client they share


def pieces_of(weigher: Weigher, members: Ints) -> Ints:
    """
    Return a label a member: the piece it belongs to, the largest piece first.

    Controlled values tie members together whoever else holds them. Pieces are joined by a
    recipe of their own that at least half of each use, or by values of two families that at
    least half of the smaller and several of the larger hold; a smaller one joins one larger,
    or scraps would bridge networks. Pieces that hand work about inside and not to each other
    are never joined: they are pools that bought one recipe, and scraps go to the nearest. Where controlled views tie fewer
    than half of the members nothing is cut: such a set is not shown to be together anyway.
    """
    label = _controlled(weigher, members)
    if _tied_share(label) < HALF:
        return np.zeros(len(members), dtype=np.int64)
    hubs = _with_rivals(weigher, members, label, _hubs(weigher, members, label))
    if hubs.max(initial=-1) >= 1:
        label = _by_hub(weigher, members, label, hubs)
    else:
        label = _but_for_firms(weigher, members, label)
    sizes = np.bincount(label)
    order = np.argsort(-sizes, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place[label]


def _but_for_firms(weigher: Weigher, members: Ints, label: Ints) -> Ints:
    """
    Join what goes by no name; a piece under a mail domain of its own stays what it says it is.

    Twelve firms whose build machines run one program, two keys on one card each, share a recipe
    that is theirs alone as a pool's batches do.
    """
    named = _named_openly(weigher, members, label) & (np.bincount(label) >= 2)
    rest = np.flatnonzero(~named[label])
    if not len(rest):
        return label
    out = label.copy()
    joined = _by_recipe(weigher, members[rest], _dense(label[rest]))
    out[rest] = int(label.max()) + 1 + _by_families(weigher, members[rest], joined)
    return _dense(out)


def users_of_own_recipe(weigher: Weigher, members: Ints) -> Ints:
    """
    Return who uses what nearly all members use, and little else; members among them.

    At least half of all users of such a recipe are members: a further one is likelier than
    not a member too, and no stranger to hold the members against.
    """
    found = [members[:0]]
    for view in weigher.views:
        if view.family != RECIPE or view.controlled:
            continue
        _, held = held_by(view, members)
        inside = np.bincount(held, minlength=view.n_values)
        own = inside >= HALF * view.n_holders
        for x in np.flatnonzero(own & (inside >= NEARLY_ALL * len(members))):
            users = view.holders[view.start_of_value[x] : view.start_of_value[x + 1]]
            row, used = held_by(view, users)
            n_own = np.bincount(row, weights=own[used], minlength=len(users))
            found.append(users[n_own >= HALF * view.n_held[users]])
    return np.unique(np.concatenate(found))


def held_share(weigher: Weigher, members: Ints) -> float:
    """Return the share of members in the largest piece; 0.0 where controlled views tie under half."""
    if _tied_share(_controlled(weigher, members)) < HALF:
        return 0.0
    return float((pieces_of(weigher, members) == 0).mean())


def _tied_share(label: Ints) -> float:
    """Return the share of members that a controlled view ties to another member."""
    return float((np.bincount(label)[label] >= 2).mean())


def _controlled(weigher: Weigher, members: Ints) -> Ints:
    ties = [_ties(view, members) for view in weigher.views if view.controlled]
    if not ties:
        return np.arange(len(members))
    return _components(sp.hstack(ties))


def _hubs(weigher: Weigher, members: Ints, label: Ints) -> Ints:
    """
    Return a label a member: the controlled piece that is a pool or a firm of its own, else -1.

    Of a pool most hand work about; a firm goes openly by a mail domain that nobody else has.
    Whoever copies the words and the exit of either does not become a part of it.
    """
    hands = np.zeros(len(members), dtype=np.bool_)
    for view in weigher.views:
        if view.controlled and view.mean_held >= ROAMING:
            ties = _ties(view, members)
            shared = np.asarray(ties.sum(axis=0)).reshape(-1) >= 2
            hands |= np.asarray(ties @ shared.astype(np.float64)).reshape(-1) > 0
    sizes = np.bincount(label)
    busy = np.bincount(label, weights=hands, minlength=len(sizes))
    large = np.flatnonzero(
        (sizes >= SCRAP) & ((busy >= HALF * sizes) | _named_openly(weigher, members, label))
    )
    place = np.full(len(sizes), -1, dtype=np.int64)
    place[large] = np.arange(len(large))
    return place[label]


def _named_openly(weigher: Weigher, members: Ints, label: Ints) -> Bools:
    """Say of which pieces at least half go by one mail domain that is mostly theirs."""
    sizes = np.bincount(label)
    named = np.zeros(len(sizes), dtype=np.bool_)
    for view in weigher.views:
        if view.name == OPEN_VIEW:
            counts = sp.coo_matrix(_counts(_ties(view, members), label))
            # A name is shared: the private host of one head of a couple is no firm's.
            theirs = counts.data >= np.maximum(
                2, HALF * np.maximum(view.n_holders[counts.col], sizes[counts.row])
            )
            named[counts.row[theirs]] = True
    return named


def _with_rivals(weigher: Weigher, members: Ints, label: Ints, hubs: Ints) -> Ints:
    """
    Add to the hubs what else is large and tied by control, and gets none of their work.

    Beside a hub that is there for its name, batches of one recipe are rivals together; beside
    one that hands work about, who gets none is mostly a new or quiet head of it.
    """
    rest = np.flatnonzero(hubs < 0)
    if len(rest) == len(hubs) or len(rest) < SCRAP:
        return hubs
    sizes = np.bincount(label)
    theirs = _by_families(
        weigher, members[rest], _by_recipe(weigher, members[rest], _dense(label[rest]))
    )
    out, n_hubs = hubs.copy(), int(hubs.max()) + 1
    named = _named_openly(weigher, members, label)[label[hubs >= 0]].any()
    for value in np.unique(theirs):
        mine = rest[theirs == value]
        in_batches = len(mine) >= SCRAP and _tied_share(_dense(label[mine])) >= HALF
        if sizes[label[mine]].max() >= SCRAP or (in_batches and named):
            out[mine] = n_hubs
            n_hubs += 1
    return out


def _dense(label: Ints) -> Ints:
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def _by_hub(weigher: Weigher, members: Ints, label: Ints, hubs: Ints) -> Ints:
    """Join each piece to the hub that it is in or, by the shares of its own values, nearest to."""
    n_pieces, n_hubs = int(label.max()) + 1, int(hubs.max()) + 1
    near = np.zeros((n_pieces, n_hubs))
    for view in weigher.views:
        if not view.controlled:
            ties = _own_ties(view, members)
            theirs = _counts(ties[hubs >= 0], hubs[hubs >= 0])
            total = np.maximum(np.asarray(theirs.sum(axis=0)).reshape(-1), 1.0)
            near += np.asarray((_counts(ties, label) @ sp.diags(1.0 / total) @ theirs.T).todense())
    out = np.where(near.max(axis=1) > 0, near.argmax(axis=1), n_hubs + np.arange(n_pieces))
    out[label[hubs >= 0]] = hubs[hubs >= 0]
    return _dense(out[label])


def _by_recipe(weigher: Weigher, members: Ints, label: Ints) -> Ints:
    """Join pieces of which at least half use one and the same recipe of their own."""
    blocks = [
        _held_by_half(_counts(_own_ties(view, members), label), np.bincount(label))
        for view in weigher.views
        if view.family == RECIPE and not view.controlled
    ]
    return _components(sp.hstack(blocks))[label] if blocks else label


def _by_families(weigher: Weigher, members: Ints, label: Ints) -> Ints:
    """Join smaller pieces to larger ones that share own values with them in two families."""
    sizes = np.bincount(label)
    large = np.argsort(-sizes, kind="stable")[:LARGEST]
    speaking = np.zeros((len(sizes), len(large)), dtype=np.int64)
    views = [v for v in weigher.views if not v.controlled]
    for family in sorted({_named(view) for view in views}):
        shares = np.zeros(speaking.shape, dtype=np.bool_)
        for view in views:
            if _named(view) == family:
                shares |= _shares(_counts(_own_ties(view, members), label), sizes, large)
        speaking += shares
    speaking[:, sizes[large] < LEAST] = 0
    # Larger, or as large and before it in order: so no two pieces join each other twice.
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    speaking[rank[:, None] <= rank[large][None, :]] = 0
    best = speaking.argmax(axis=1)
    row = np.flatnonzero(speaking.max(axis=1, initial=0) >= FAMILIES)
    graph = sp.csr_matrix(
        (np.ones(len(row)), (row, large[best[row]])), shape=(len(sizes), len(sizes))
    )
    _, joined = connected_components(graph, directed=False)
    return np.asarray(joined, dtype=np.int64)[label]


def _shares(counts: sp.csr_matrix, sizes: Ints, large: Ints) -> Bools:
    """Say which pieces share with which large one what is kept there; half of both, if no scrap."""
    mine = _held_by_half(counts, sizes)
    half = np.ceil(sizes[large] * HALF)
    several = np.asarray((mine @ _at_least(counts[large], np.minimum(KEPT_BY, half)).T).todense())
    most = np.asarray((mine @ _at_least(counts[large], half).T).todense())
    return np.where((sizes < SCRAP)[:, None], several > 0, most > 0)


def _named(view: View) -> str:
    return RECIPE if view.family == RECIPE_IN_USE else view.family


def _ties(view: View, members: Ints) -> sp.csr_matrix:
    """Return members x values."""
    rows, cols = held_by(view, members)
    return sp.csr_matrix((np.ones(len(rows)), (rows, cols)), shape=(len(members), view.n_values))


def _own_ties(view: View, members: Ints) -> sp.csr_matrix:
    """Return members x values, of those values of whose holders at least half are members."""
    rows, cols = held_by(view, members)
    inside = np.bincount(cols, minlength=view.n_values)
    own = (inside >= 2) & (inside >= HALF * view.n_holders)
    kept = own[cols]
    used, dense = np.unique(cols[kept], return_inverse=True)
    return sp.csr_matrix(
        (np.ones(int(kept.sum())), (rows[kept], dense)), shape=(len(members), max(len(used), 1))
    )


def _counts(ties: sp.csr_matrix, label: Ints) -> sp.csr_matrix:
    """Return pieces x values: how many of the piece hold it."""
    n = len(label)
    gather = sp.csr_matrix((np.ones(n), (label, np.arange(n))), shape=(int(label.max()) + 1, n))
    return sp.csr_matrix(gather @ ties)


def _held_by_half(counts: sp.csr_matrix, sizes: Ints) -> sp.csr_matrix:
    """Say which values at least half of a piece hold; of two, both."""
    return _at_least(counts, np.where(sizes == 2, 2, sizes * HALF))


def _at_least(counts: sp.csr_matrix, least: Ints) -> sp.csr_matrix:
    out = sp.coo_matrix(counts)
    kept: Bools = out.data >= least[out.row]
    return sp.csr_matrix(
        (np.ones(int(kept.sum())), (out.row[kept], out.col[kept])), shape=out.shape
    )


def _components(ties: sp.spmatrix) -> Ints:
    """Return a label a row: rows that share a column, however far along, have one."""
    ties = sp.csr_matrix(ties)
    _, label = connected_components(sp.bmat([[None, ties], [ties.T, None]]), directed=False)
    return _dense(label[: ties.shape[0]])
