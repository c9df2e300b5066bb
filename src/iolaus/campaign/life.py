"""A campaign's rows -> its timeline, phases and pivots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iolaus.campaign.traffic import Ints
from iolaus.schema import Beat, Phase, Pivot, Target

HOUR_US = 3_600_000_000
MOST_BEATS = 120
PIVOT_WINDOW_H = 48
PIVOT_LEAST = 20


def moment(micros: int) -> datetime:
    """Return the aware UTC moment of microseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros))


def micros_of(table: pa.Table) -> Ints:
    """Return the times of a fingerprint table in microseconds."""
    return table["at"].cast(pa.int64()).to_numpy().astype(np.int64)


def timeline_of(table: pa.Table) -> tuple[Beat, ...]:
    """Count exchanges and accounts in at most 120 steps of whole hours, empty steps included."""
    at = micros_of(table)
    if not len(at):
        return ()
    first, hours = at.min() // HOUR_US, int(at.max() // HOUR_US - at.min() // HOUR_US) + 1
    step = next(s for s in (1, 2, 3, 6, 12, 24, 48, 168, 10**6) if hours / s <= MOST_BEATS)
    beat = (at // HOUR_US - first) // step
    account = table["account"].to_numpy().astype(np.int64)
    counts = np.bincount(beat)
    accounts = np.bincount(np.unique(beat * (account.max() + 1) + account) // (account.max() + 1))
    return tuple(
        Beat(
            at=moment((first + b * step) * HOUR_US),
            n_exchanges=int(counts[b]),
            n_accounts=int(accounts[b]),
        )
        for b in range(len(counts))
    )


def targets_of(capability: npt.NDArray[np.object_]) -> tuple[Target, ...]:
    """Count exchanges by capability, commonest first."""
    names, counts = np.unique(capability.astype(str), return_counts=True)
    order = np.lexsort((names, -counts))
    return tuple(
        Target(
            capability=str(names[i]),
            n_exchanges=int(counts[i]),
            share=float(counts[i] / counts.sum()),
        )
        for i in order
    )


def phases_of(table: pa.Table, capability: npt.NDArray[np.object_]) -> tuple[Phase, ...]:
    """Cut the campaign into runs of days with the same main target."""
    day = micros_of(table) // (24 * HOUR_US)
    names = capability.astype(str)
    phases: list[Phase] = []
    for d in np.unique(day):
        here, counts = np.unique(names[day == d], return_counts=True)
        main, n = str(here[counts.argmax()]), int((day == d).sum())
        end = moment((d + 1) * 24 * HOUR_US)
        if phases and phases[-1].name == main:
            last = phases[-1]
            phases[-1] = Phase(
                name=main, start_at=last.start_at, end_at=end, n_exchanges=last.n_exchanges + n
            )
        else:
            phases.append(
                Phase(name=main, start_at=moment(d * 24 * HOUR_US), end_at=end, n_exchanges=n)
            )
    return tuple(phases)


def pivots_of(mine: pa.Table, others: pa.Table, releases: pa.Table) -> tuple[Pivot, ...]:
    """
    Return moves to a released model beyond the population's own.

    Compares the campaign's share of the model in the 48 hours after its release with the
    population's; a move is told when at least 20 exchanges and 15 points more moved.
    """
    found = []
    at, model = micros_of(mine), mine["model"].to_numpy(zero_copy_only=False)
    at_out, model_out = micros_of(others), others["model"].to_numpy(zero_copy_only=False)
    for name, released in zip(
        releases["model"].to_pylist(), releases["at"].cast(pa.int64()).to_pylist(), strict=True
    ):
        end = released + PIVOT_WINDOW_H * HOUR_US
        after, before = (at >= released) & (at < end), at < released
        after_out = (at_out >= released) & (at_out < end)
        n_new = int((model[after] == name).sum())
        if n_new < PIVOT_LEAST or not before.any():
            continue
        share = n_new / max(int(after.sum()), 1)
        usual = float((model_out[after_out] == name).mean()) if after_out.any() else 0.0
        if share - usual < 0.15:
            continue
        found.append(
            Pivot(
                model=str(name),
                at=moment(released),
                share_before=float((model[before] == name).mean()),
                share_after=share,
                population_share_after=usual,
            )
        )
    return tuple(found)
