"""Views and what was found in them -> how much is found where nothing is: decoy scans."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iolaus.link.linked import Linked, LinkSettings
from iolaus.link.networks import find_networks
from iolaus.link.views import Bools, Ints, View, view_from_ties

FIFTH = 0.2  # a network that fills more of its stratum would come back as a decoy
ENOUGH = 20  # runs under which a false-discovery rate is not worth printing


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """
    What decoy scans found.

    `decoys` are the bits above the price of every decoy network, over all runs, the most
    first; `n_together` of them were called run together, in `n_runs_with` runs. `fdr` is, in
    order of the real networks, the rate of false discoveries among all that reach their bits.
    `skipped` names the views that could not be permuted, as a network fills its strata.
    """

    runs: int
    decoys: tuple[float, ...]
    n_together: int
    n_runs_with: int
    fdr: tuple[float, ...]
    skipped: tuple[str, ...]

    @property
    def most_share(self) -> float:
        """Return the 95 % upper bound of the share of decoy scans that find a network."""
        if self.n_runs_with:
            return min(1.0, _upper(self.n_runs_with, self.runs))
        return 1.0 - 0.05 ** (1 / self.runs)

    def says(self) -> str:
        """Tell it in a sentence."""
        few = f"; fewer than {ENOUGH} runs say little" if self.runs < ENOUGH else ""
        return (
            f"{self.n_runs_with} of {self.runs} decoy scans, in which no two views agree but by "
            f"chance, found a network (at most {100 * self.most_share:.0f} % would){few}"
        )


def calibrate(
    views: Sequence[View],
    linked: Sequence[Linked],
    settings: LinkSettings,
    *,
    runs: int,
    seed: int,
    strata: Ints | None = None,
) -> Calibration:
    """
    Permute each view across accounts, link again, and compare; `runs` at least 1.

    An account's values in one view move together to another account of its stratum (a label
    an account; None is one stratum for all), so every value keeps its holders and every view
    its habits, and only the agreement between views is lost. Strata of which an accepted
    network holds more than a fifth are permuted as one; where it holds a fifth of all
    accounts its members are left out of the permutation, and hold nothing.
    """
    if runs < 1:
        raise ValueError(f"runs is {runs} and must be at least 1")
    rng = np.random.default_rng(seed)
    n = views[0].n_accounts if views else 0
    label, left_out = _permutable(n, linked, strata)
    found: list[list[Linked]] = []
    for _ in range(runs):
        decoy = [_permuted(view, _shuffle(rng, label, left_out)) for view in views]
        found.append(find_networks(decoy, settings=settings))
    excess = sorted((_excess(one) for run in found for one in run), reverse=True)
    real = [_excess(one) for one in linked]
    return Calibration(
        runs=runs,
        decoys=tuple(excess),
        n_together=sum(one.together for run in found for one in run),
        n_runs_with=sum(bool(run) for run in found),
        fdr=tuple(_fdr(s, excess=excess, real=real, runs=runs) for s in real),
        skipped=tuple(view.name for view in views if not len(view.held)),
    )


def _fdr(s: float, *, excess: Sequence[float], real: Sequence[float], runs: int) -> float:
    """Return (1 + decoys that reach s) a run, over the real networks that do."""
    n_decoys = 1 + sum(e >= s for e in excess)
    return min(1.0, n_decoys / runs / max(1, sum(e >= s for e in real)))


def _excess(one: Linked) -> float:
    return one.block_bits - one.price_bits


def _upper(n: int, of: int) -> float:
    """Return Wilson's upper bound of a share at 95 %, one-sided."""
    z, share = 1.645, n / of
    middle = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle + spread) / (1 + z * z / of)


def _permutable(n: int, linked: Sequence[Linked], strata: Ints | None) -> tuple[Ints, Bools]:
    """Return the strata in which to permute, and who is left out."""
    label = np.zeros(n, dtype=np.int64) if strata is None else strata.astype(np.int64) + 1
    size = np.bincount(label, minlength=1)
    left_out = np.zeros(n, dtype=np.bool_)
    for one in linked:
        inside = np.bincount(label[one.members], minlength=len(size))
        label[np.isin(label, np.flatnonzero(inside > FIFTH * size))] = 0
        left_out[one.members] |= len(one.members) > FIFTH * n
    return label, left_out


def _shuffle(rng: np.random.Generator, label: Ints, left_out: Bools) -> Ints:
    """Return whose values each account gets, -1 for nobody's; strata keep to themselves."""
    order = np.argsort(label + rng.random(len(label)), kind="stable")
    out = np.empty(len(label), dtype=np.int64)
    out[np.argsort(label, kind="stable")] = order
    out[left_out] = -1
    out[np.isin(out, np.flatnonzero(left_out))] = -1
    return out


def _permuted(view: View, source: Ints) -> View:
    """Give each account the values of another."""
    target = np.full(view.n_accounts, -1, dtype=np.int64)
    target[source[source >= 0]] = np.flatnonzero(source >= 0)
    account = target[np.repeat(np.arange(view.n_accounts), view.n_held)]
    kept = account >= 0
    return dataclasses.replace(
        view, **view_from_ties(account[kept], view.values[view.held[kept]], view.n_accounts)
    )
