"""What is known of accounts -> the stratum whose habits each is held against.

In a log of the whole world a carrier of one country is rare, and so is the client that its people
use; two strangers there share both. What is shared is therefore held against everybody and
against the account's own kind, wherever there are enough of them to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from iolaus.link.views import Ints

LEAST = 1000  # accounts; a rate of one in a thousand cannot be read off fewer (detection.md)


def strata_of(columns: Sequence[Ints], *, least: int = LEAST) -> Ints:
    """
    Return a stratum an account, -1 for none: those alike in all columns, or in the first ones.

    `columns` hold a code an account, most telling first, -1 where unknown. An account whose kind
    has fewer than `least` members backs off, one column at a time; with none left it has none.
    """
    n = len(columns[0]) if columns else 0
    out = np.full(n, -1, dtype=np.int64)
    n_strata = 0
    for used in range(len(columns), 0, -1):
        left = np.flatnonzero((out < 0) & np.all([c >= 0 for c in columns[:used]], axis=0))
        if not len(left):
            continue
        kinds = np.stack([column[left] for column in columns[:used]])
        _, code, size = np.unique(kinds, axis=1, return_inverse=True, return_counts=True)
        code = code.reshape(-1)
        large = size >= least
        place = np.cumsum(large) - 1 + n_strata
        kept = large[code]
        out[left[kept]] = place[code[kept]]
        n_strata += int(large.sum())
    return out
