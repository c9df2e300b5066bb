"""An AllowList and the accounts of a log -> the accounts that the operator vouches for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.ingest.allow_list import AllowList
from iolaus.ingest.pseudonyms import Pseudonyms

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Dense ids of the accounts vouched for, and how many names of the list the log lacks."""

    accounts: Ints
    n_unknown: int


def vouched_in(
    allow: AllowList, *, names: pa.Table, declared: pa.Table, pseudonyms: Pseudonyms
) -> Vouched:
    """
    Find whom an allow list names.

    Args:
        allow: Names as the log writes them.
        names: `channel` and `account` of every account, in order of dense ids.
        declared: `account` (dense) and `organization` (hash), one row for each organisation
            that an account was ever seen with, in the log or in the account table.
        pseudonyms: What the organisations were hashed with.

    An account counts by its organisation only when all of its organisations are vouched for:
    a key that an outsider borrows for a day does not vouch for him.
    """
    by_name = pc.is_in(names["account"], value_set=pa.array(sorted(allow.accounts), pa.string()))
    known = set(names["account"].filter(by_name).to_pylist())
    pairs: list[tuple[str, str]] = []
    if allow.channel_accounts:
        pairs = list(zip(names["channel"].to_pylist(), names["account"].to_pylist(), strict=True))
    vouched = by_name.to_numpy() | np.array(
        [pair in allow.channel_accounts for pair in pairs] or [False]
    )
    organizations = pa.array(sorted(allow.organizations), pa.string())
    hashes = pseudonyms.organizations(organizations)
    theirs = declared["account"].to_numpy()
    good = pc.is_in(declared["organization"], value_set=hashes).to_numpy()
    n_all = np.bincount(theirs, minlength=len(vouched))
    n_good = np.bincount(theirs[good], minlength=len(vouched))
    vouched |= (n_good > 0) & (n_good == n_all)
    unseen = pc.invert(pc.is_in(hashes, value_set=declared["organization"].combine_chunks()))
    n_unknown = (
        len(allow.accounts - known)
        + len(allow.channel_accounts.difference(pairs))
        + int(pc.sum(unseen).as_py() or 0)
    )
    return Vouched(accounts=np.flatnonzero(vouched).astype(np.int64), n_unknown=n_unknown)


def vouching_words(vouched: Vouched, *, n_in_networks: int) -> tuple[str, ...]:
    """Say what an allow list did, and whether some of it met nobody."""
    words = (
        f"{len(vouched.accounts):,} accounts are vouched for by the allow list; {n_in_networks:,}"
        " of them are in networks, and nothing of theirs is attributed to a campaign"
    )
    if not vouched.n_unknown:
        return (words,)
    return words, f"{vouched.n_unknown:,} names on the allow list do not occur in the log"
