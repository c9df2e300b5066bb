"""A flow's models over time -> whether it moves to a new one beyond what tools and firms do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import Background, Pool
from iolaus.schema import Claim, Evidence, Scope

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

HOUR_US = 3_600_000_000
WINDOW_H = 48
LATE_SHARE = 0.2  # a model first seen before a fifth of the log had passed may be an old one
LEAST = 20
LEAST_ACCOUNTS = 3
LEAST_GROUPS = 8
FOLDS = 20
MOST_BITS = 1.0  # laboratories on release day move further than any harvest that was measured


class Pivot:
    """
    A move to a model that has just come out, beyond the population's and honest tools' own.

    Looks at: in the 48 hours after a model first appears outside, the log odds of using it in
        the flow against outside, pooled over strata of hour, pathway and channel after Mantel
        and Haenszel, less one standard error taken over accounts. The null is not chance but
        the same figure for the organisations and template families outside, which switch at
        once too: the rank among them makes p, and 1 / (2 sqrt p) the bits.
    Means: whoever wants a new model's answers goes where they are.
    Fooled by: a harvest that stays with one model; a log without a release in it.
    Innocent look-alikes: a tool whose default changes, a laboratory that evaluates on release
        day: in two simulated worlds these moved further than the relay did (docs/decisions/0010),
        so at most 1 bit.
    Source: "half its traffic on a new model within 24 hours", disclosure of February 2026;
        Mantel and Haenszel 1959.
    """

    name = "pivot"
    version = 1
    summary = "a move to a new model beyond everybody's own"
    family = "time"
    claim: Claim = "extraction"
    scope: Scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return 0 to 1 bits; no opinion without a move, or eight groups outside."""
        found = [
            said
            for model, begun in _new_models(background.fingerprints)
            if (said := _ranked(pool, background, model=model, begun=begun)) is not None
        ]
        if not found:
            return None
        best = min(found, key=lambda one: (one.p, one.model))
        bits = float(np.clip(np.log2(0.5 / np.sqrt(best.p)), 0.0, MOST_BITS))
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=bits,
            says=(
                f"in the two days after {best.model} came out it used it for {best.share:.0%}, all "
                f"others for {best.usual:.0%}; {best.above} of {best.groups} tools and "
                "organisations outside moved as far"
            ),
            facts=(
                ("share", best.share),
                ("usual_share", best.usual),
                ("groups_as_far", best.above),
                ("groups_outside", best.groups),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """How far the flow moved to one model, and how many groups outside moved as far."""

    model: str
    share: float
    usual: float
    above: int
    groups: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """Exchanges of the two days: stratum of `n_strata`, whether the model is the new one, who."""

    stratum: Ints
    is_new: Bools
    account: Ints
    n_strata: int

    def counts(self, chosen: Bools) -> tuple[Floats, Floats]:
        """Return, a stratum, the chosen exchanges that use the new model, and all chosen."""
        stratum = self.stratum[chosen]
        new = np.bincount(stratum, weights=self.is_new[chosen], minlength=self.n_strata)
        everything = np.bincount(stratum, minlength=self.n_strata)
        return new.astype(np.float64), everything.astype(np.float64)


def _new_models(outside: pa.Table) -> list[tuple[str, int]]:
    """Return models that appear late in the log, with the moment, in order of their names."""
    at = outside["at"].cast(pa.int64())
    if not len(at):
        return []
    first, last = pc.min(at).as_py(), pc.max(at).as_py()
    late = first + LATE_SHARE * (last - first)
    seen = pa.table({"model": outside["model"], "at": at}).drop_null()
    begun = seen.group_by("model").aggregate([("at", "min")]).sort_by("model")
    pairs = zip(begun["model"].to_pylist(), begun["at_min"].to_pylist(), strict=True)
    return [(model, moment) for model, moment in pairs if moment > late]


def _ranked(pool: Pool, background: Background, *, model: str, begun: int) -> _Moved | None:
    """Rank the flow's move to a model among the groups outside; None when it did not move."""
    mine = _within(pool.fingerprints, begun)
    # Most flows have no such model, or too little of anything: the population is not read for them.
    if mine.num_rows < LEAST or not pc.any(pc.equal(mine["model"], model)).as_py():
        return None
    others = _within(background.fingerprints, begun)
    if others.num_rows < LEAST:
        return None
    rows = pa.concat_tables([mine, others])
    window = _window_of(rows, pa.concat_tables([pool.accounts, background.accounts]), model)
    inside = np.arange(rows.num_rows) < mine.num_rows
    moved = _moved_by(window, inside)
    if moved is None or moved <= 0.0:
        return None
    groups = [_moved_by(window, one, without=inside) for one in _groups(others, background, inside)]
    if len(known := [g for g in groups if g is not None]) < LEAST_GROUPS:
        return None
    above = sum(g >= moved for g in known)
    return _Moved(
        model=model,
        share=float(window.is_new[inside].mean()),
        usual=float(window.is_new[~inside].mean()),
        above=above,
        groups=len(known),
        p=(1 + above) / (1 + len(known)),
    )


def _within(table: pa.Table, begun: int) -> pa.Table:
    """Return the exchanges of the two days that name a model, in order of their ids."""
    at = table["at"].cast(pa.int64())
    inside = pc.and_(pc.greater_equal(at, begun), pc.less(at, begun + WINDOW_H * HOUR_US))
    kept = table.filter(pc.and_(inside, pc.is_valid(table["model"])))
    columns = ["id", "at", "account", "channel", "model", "family"]
    return kept.select(columns).sort_by("id")


def _window_of(rows: pa.Table, accounts: pa.Table, model: str) -> _Window:
    at = pc.index_in(rows["account"], value_set=accounts["account"].combine_chunks())
    pathway = accounts["pathway"].take(at).fill_null("")
    hour = pc.divide(rows["at"].cast(pa.int64()), HOUR_US)
    key = pa.table({"hour": hour, "pathway": pathway, "channel": rows["channel"].fill_null("")})
    codes = [np.asarray(column.dictionary_encode().combine_chunks().indices) for column in key]
    _, stratum = np.unique(np.stack(codes), axis=1, return_inverse=True)
    stratum = stratum.reshape(-1).astype(np.int64)
    return _Window(
        stratum=stratum,
        is_new=np.asarray(pc.equal(rows["model"], model)),
        account=rows["account"].to_numpy().astype(np.int64),
        n_strata=int(stratum.max()) + 1,
    )


def _groups(others: pa.Table, background: Background, inside: Bools) -> list[Bools]:
    """Return what each organisation and each template family outside sent, as rows of both."""
    declared = background.accounts.select(["account", "organization"]).drop_null()
    at = pc.index_in(others["account"], value_set=declared["account"].combine_chunks())
    keys = (declared["organization"].take(at), others["family"])
    found = []
    for key in keys:
        code = np.asarray(key.dictionary_encode().combine_chunks().indices.fill_null(-1))
        for one in np.unique(code[code >= 0]):
            rows = np.flatnonzero(code == one) + int(inside.sum())
            group = np.zeros(len(inside), dtype=np.bool_)
            group[rows] = True
            found.append(group)
    return found


def _moved_by(window: _Window, group: Bools, *, without: Bools | None = None) -> float | None:
    """
    Return a group's pooled log odds of the new model less one standard error over accounts.

    The group is held against all others, save those in `without`. None for fewer than twenty
    exchanges or three accounts.
    """
    accounts, code = np.unique(window.account[group], return_inverse=True)
    if group.sum() < LEAST or len(accounts) < LEAST_ACCOUNTS:
        return None
    rest = ~group if without is None else ~(group | without)
    outside = window.counts(rest)
    whole = _log_odds(window.counts(group), outside)
    n_folds = min(FOLDS, len(accounts))
    rows = np.flatnonzero(group)
    left = np.empty(n_folds)
    for fold in range(n_folds):
        kept = np.zeros(len(group), dtype=np.bool_)
        kept[rows[code % n_folds != fold]] = True
        left[fold] = _log_odds(window.counts(kept), outside)
    error = np.sqrt((n_folds - 1) / n_folds * ((left - left.mean()) ** 2).sum())
    return float(whole - error)


def _log_odds(group: tuple[Floats, Floats], outside: tuple[Floats, Floats]) -> float:
    """Pool the log odds ratio over strata (Mantel and Haenszel), half an exchange in each arm."""
    (new, n), (new_out, n_out) = group, outside
    total = np.maximum(n + n_out, 1.0)
    gained = (new * (n_out - new_out) / total).sum() + 0.5
    lost = (new_out * (n - new) / total).sum() + 0.5
    return float(np.log(gained / lost))
