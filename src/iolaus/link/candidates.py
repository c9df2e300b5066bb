"""Views -> candidate pairs along a sorted ring, each verified exactly, in bits."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

from iolaus.link.views import Floats, Ints, View

_MIX_A = np.uint64(0x9E3779B97F4A7C15)
_MIX_B = np.uint64(0xBF58476D1CE4E5B9)


@numba.njit(cache=True, nogil=True)
def _mixed(x: int, salt: int) -> np.uint64:
    z = (np.uint64(x) + np.uint64(salt)) * _MIX_A
    z ^= z >> np.uint64(29)
    z *= _MIX_B
    z ^= z >> np.uint64(32)
    return z


@numba.njit(cache=True, nogil=True)
def _account_orders(start: Ints, held: Ints, rarity: Floats, salt: int) -> npt.NDArray[np.uint64]:
    """Give each account the smallest mixed hash among its rarer values: like beside like."""
    n = len(start) - 1
    out = np.full(n, np.uint64(0xFFFFFFFFFFFFFFFF), dtype=np.uint64)
    for i in range(n):
        for at in range(start[i], start[i + 1]):
            # Dividing by rarity draws rare values first: weighted MinHash in its simplest form.
            h = _mixed(held[at], salt)
            weight = max(rarity[held[at]], 1e-3)
            scaled = np.uint64(min(float(h) / weight, 1.8e19))
            out[i] = min(out[i], scaled)
    return out


@numba.njit(cache=True, nogil=True)
def _ring(
    start: Ints, holders: Ints, order: npt.NDArray[np.uint64], reach: int, cap: int
) -> npt.NDArray[np.int64]:
    """Link each holder of a value to the next `reach` in the order; a*n+b, a < b, not deduped."""
    n_accounts = len(order)
    total = 0
    for x in range(len(start) - 1):
        m = start[x + 1] - start[x]
        if 2 <= m <= cap:
            total += m * min(reach, m - 1)
    out = np.empty(total, dtype=np.int64)
    k = 0
    for x in range(len(start) - 1):
        m = start[x + 1] - start[x]
        if m < 2 or m > cap:
            continue
        mine = holders[start[x] : start[x + 1]]
        ranked = mine[np.argsort(order[mine], kind="mergesort")]
        for p in range(m):
            for step in range(1, min(reach, m - 1) + 1):
                a, b = ranked[p], ranked[(p + step) % m]
                out[k] = min(a, b) * n_accounts + max(a, b)
                k += 1
    return out[:k]


@numba.njit(cache=True, nogil=True)
def _poisson_tail_bits(lam: float, k: int) -> float:
    """-log2 P(Poisson(lam) >= k), bounded at 200 bits."""
    if k <= 0:
        return 0.0
    log_term = -lam + k * math.log(max(lam, 1e-300)) - math.lgamma(k + 1.0)
    total, term = 1.0, 1.0
    for j in range(k + 1, k + 60):
        term *= lam / j
        total += term
        if term < 1e-12:
            break
    bits = -(log_term + math.log(total)) / math.log(2.0)
    return min(max(bits, 0.0), 200.0)


@numba.njit(cache=True, nogil=True)
def _view_bits(
    pairs: Ints,
    n_accounts: int,
    start: Ints,
    held: Ints,
    share: Floats,
    sum_share2: float,
    cap_share: float,
) -> Floats:
    """Bits of each pair in one view: the rarest shared value, or many shared at once."""
    out = np.zeros(len(pairs), dtype=np.float64)
    for p in range(len(pairs)):
        a, b = pairs[p] // n_accounts, pairs[p] % n_accounts
        i, j = start[a], start[b]
        n_a, n_b = start[a + 1] - i, start[b + 1] - j
        n_shared, rarest = 0, 1.0
        while i < start[a + 1] and j < start[b + 1]:
            if held[i] == held[j]:
                if share[held[i]] <= cap_share:
                    n_shared += 1
                    rarest = min(rarest, share[held[i]])
                i += 1
                j += 1
            elif held[i] < held[j]:
                i += 1
            else:
                j += 1
        if n_shared == 0:
            continue
        # What stays unexplained after both had n_a x n_b chances to coincide.
        single = -math.log2(min(1.0, float(min(n_a, n_b)) * rarest))
        many = _poisson_tail_bits(float(n_a) * float(n_b) * sum_share2, n_shared)
        out[p] = max(single, many)
    return out


def candidate_pairs(
    views: Sequence[View], *, reach: int, n_orders: int, cap_share: float, floor_bits: float
) -> tuple[Ints, Floats]:
    """
    Return pairs (k x 2) and their bits, summed over families, at least `floor_bits`.

    Linear in ties: every value links its holders along a ring in `n_orders` orders; no
    value, however hot, is joined with itself. Values held by more than `cap_share` of all
    accounts bring no candidates and no bits.
    """
    if not views:
        return np.empty((0, 2), dtype=np.int64), np.empty(0)
    n_accounts = views[0].n_accounts
    found = [np.empty(0, dtype=np.int64)]
    for view in views:
        cap = max(2, int(cap_share * n_accounts))
        rarity = np.log2(n_accounts / np.maximum(view.n_holders, 1) + 1.0)
        for salt in range(n_orders):
            order = _account_orders(view.start_of_account, view.held, rarity, salt + 1)
            found.append(_ring(view.start_of_value, view.holders, order, reach, cap))
    pairs = np.unique(np.concatenate(found))
    bits = _family_sums(views, pairs, cap_share)
    kept = bits >= floor_bits
    pairs, bits = pairs[kept], bits[kept]
    return np.stack([pairs // n_accounts, pairs % n_accounts], axis=1), bits


def _family_sums(views: Sequence[View], pairs: Ints, cap_share: float) -> Floats:
    """Sum over families the best view's bits: views of one family say the same thing twice."""
    by_family: dict[str, Floats] = {}
    for view in views:
        share = view.n_holders / max(view.n_accounts, 1)
        rare = share[(share <= cap_share) & (view.n_holders >= 2)]
        bits = _view_bits(
            pairs,
            view.n_accounts,
            view.start_of_account,
            view.held,
            share,
            float(np.sum(rare**2)),
            cap_share,
        )
        best = by_family.get(view.family)
        by_family[view.family] = bits if best is None else np.maximum(best, bits)
    total = np.zeros(len(pairs))
    for family in sorted(by_family):
        total += by_family[family]
    return total
