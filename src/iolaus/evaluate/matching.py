"""Who is in which campaign, found and true -> which found campaign stands for which true one.

An account or an exchange may be in several campaigns on either side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int64]
NOBODY = -1
DEFAULT_CHANNEL = "first_party"
CHANNEL_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Distinct (key, campaign) pairs; a key is a row number in the universe of keys."""

    keys: Codes
    labels: Codes
    names: tuple[str, ...]

    def sizes(self) -> Codes:
        """Return how many keys each campaign has."""
        return np.bincount(self.labels, minlength=len(self.names)).astype(np.int64)

    def held(self, n_keys: int) -> npt.NDArray[np.bool_]:
        """Say of each key whether it is in any campaign."""
        inside = np.zeros(n_keys, dtype=np.bool_)
        inside[self.keys] = True
        return inside


def codes_of(values: pa.ChunkedArray | pa.Array, universe: pa.Array) -> Codes:
    """Return each value's row number in `universe`, or NOBODY."""
    found = pc.fill_null(pc.index_in(values, value_set=universe), NOBODY)
    return np.asarray(found, dtype=np.int64)


def keyed_by_channel(table: pa.Table) -> pa.Table:
    """Put channel and account together in `account`: a namesake on another channel is another."""
    channel = pc.fill_null(table["channel"], DEFAULT_CHANNEL)
    key = pc.binary_join_element_wise(channel, table["account"], CHANNEL_SEPARATOR)
    return table.set_column(table.schema.get_field_index("account"), "account", key)


def membership_of(
    values: pa.ChunkedArray,
    campaigns: pa.ChunkedArray,
    *,
    universe: pa.Array,
    names: pa.Array,
) -> Membership:
    """Pair up keys and campaigns; rows without a campaign or outside the universe are dropped."""
    keys, labels = codes_of(values, universe), codes_of(campaigns, names)
    known = (keys >= 0) & (labels >= 0)
    pairs = np.unique(np.stack([keys[known], labels[known]], axis=1), axis=0)
    return Membership(keys=pairs[:, 0], labels=pairs[:, 1], names=tuple(names.to_pylist()))


def distinct(*columns: pa.ChunkedArray) -> pa.Array:
    """Return the distinct values of the columns, nulls dropped."""
    # A column of nothing but nulls may have been read as the null type.
    chunks = [c.cast(pa.string()) for column in columns for c in column.chunks]
    values = pa.chunked_array(chunks, type=pa.string())
    return pc.unique(values).drop_null()


def names_of(*columns: pa.ChunkedArray) -> pa.Array:
    """Return the distinct campaigns named in the columns, in order."""
    return distinct(*columns).sort()


def overlap_of(found: Membership, true: Membership) -> Codes:
    """Count the keys that each found campaign (row) shares with each true one (column)."""
    n_found, n_true = len(found.names), len(true.names)
    if not n_found or not n_true:
        return np.zeros((n_found, n_true), dtype=np.int64)
    order = np.argsort(true.keys, kind="stable")
    keys, labels = true.keys[order], true.labels[order]
    start, stop = (
        np.searchsorted(keys, found.keys),
        np.searchsorted(keys, found.keys, "right"),
    )
    width = stop - start
    rows = np.repeat(found.labels, width)
    # Position within each run of equal keys: a key in two true campaigns counts in both.
    within = np.arange(len(rows)) - np.repeat(np.cumsum(width) - width, width)
    columns = labels[np.repeat(start, width) + within]
    counts = np.bincount(rows * n_true + columns, minlength=n_found * n_true)
    return counts.reshape(n_found, n_true).astype(np.int64)


def match(by_account: Codes, by_exchange: Codes) -> Codes:
    """Give each found campaign the true one with the largest overlap, or NOBODY.

    Accounts decide; exchanges break a tie, and stand in where no account is shared (an
    account in two found campaigns is listed under one of them only).
    """
    if by_account.shape[1] == 0:
        return np.full(by_account.shape[0], NOBODY, dtype=np.int64)
    score = by_account + by_exchange / (by_exchange.sum() + 1.0)
    best = np.argmax(score, axis=1).astype(np.int64)
    best[score.max(axis=1) == 0.0] = NOBODY
    return best


def renamed(found: Membership, true: Membership, *, matched: Codes) -> Membership:
    """Put the true campaign's name in the place of the found one's; unmatched pairs are dropped."""
    labels = matched[found.labels] if len(found.labels) else found.labels
    kept = labels >= 0
    pairs = np.unique(np.stack([found.keys[kept], labels[kept]], axis=1), axis=0)
    return Membership(keys=pairs[:, 0], labels=pairs[:, 1], names=true.names)


def bcubed(found: Membership, true: Membership) -> tuple[float | None, float | None]:
    """Return extended B-cubed precision and recall (Amigo et al. 2009), over accounts.

    Precision averages over accounts found, recall over campaign accounts. An account in no
    campaign shares nothing, not even with itself: a lone false alarm is worth 0. With nothing
    found, or nothing to find, there is nothing to average and the answer is None. Accounts
    alike in both memberships are weighed once.
    """
    keys = np.union1d(found.keys, true.keys)
    has_found, has_true = _incidence(found, keys), _incidence(true, keys)
    kinds, counts = np.unique(
        np.concatenate([has_found, has_true], axis=1), axis=0, return_counts=True
    )
    f = kinds[:, : len(found.names)].astype(np.int64)
    t = kinds[:, len(found.names) :].astype(np.int64)
    shared_found, shared_true = f @ f.T, t @ t.T
    both = np.minimum(shared_found, shared_true)
    return _mean_share(both, shared_found, counts), _mean_share(both, shared_true, counts)


def _incidence(membership: Membership, keys: Codes) -> npt.NDArray[np.bool_]:
    grid = np.zeros((len(keys), len(membership.names)), dtype=np.bool_)
    grid[np.searchsorted(keys, membership.keys), membership.labels] = True
    return grid


def _mean_share(both: Codes, shared: Codes, counts: Codes) -> float | None:
    touching = shared > 0
    share = np.divide(both, shared, out=np.zeros(both.shape), where=touching)
    partners = touching @ counts
    per_kind = (share * touching) @ counts
    inside = partners > 0
    if not inside.any():
        return None
    return float(np.average(per_kind[inside] / partners[inside], weights=counts[inside]))
