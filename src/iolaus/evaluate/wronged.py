"""Result tables and the truth -> who was named and should not have been."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.matching import codes_of, distinct

ORDINARY = "ordinary"
"""The truth's group for accounts that play no part; counted one by one, not by operator."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bystanders:
    """Exchanges that were attributed to a campaign and are no part of any extraction.

    Strangers' exchanges came through campaign accounts (a relay's own customers). A customer
    is an end user whom the log names among them, touched when any of his exchanges is attributed.
    """

    of_attributed: Rate
    of_strangers: Rate
    of_customers: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class InnocentMeasures:
    """One kind of look-alike: instances (operators) with any account in a found campaign."""

    group: str
    instances: Rate
    accounts: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Innocents:
    """The accounts that are in no true campaign: whose they are, and which were flagged."""

    account: npt.NDArray[np.object_]
    group: npt.NDArray[np.object_]
    operator: npt.NDArray[np.object_]
    flagged: Mask

    def by_group(self) -> tuple[InnocentMeasures, ...]:
        """Count flagged instances of each kind of look-alike."""
        names = sorted(set(self.group.tolist()) - {ORDINARY})
        return tuple(self._measure(name) for name in names)

    def _measure(self, name: str) -> InnocentMeasures:
        inside = self.group == name
        flagged = inside & self.flagged
        return InnocentMeasures(
            group=name,
            instances=Rate(
                n=len(set(self.operator[flagged].tolist())),
                of=len(set(self.operator[inside].tolist())),
            ),
            accounts=Rate(n=int(flagged.sum()), of=int(inside.sum())),
        )

    def ordinary(self) -> Rate:
        """Count flagged ordinary accounts."""
        inside = self.group == ORDINARY
        return Rate(n=int((inside & self.flagged).sum()), of=int(inside.sum()))

    def all(self) -> Rate:
        """Count flagged accounts over look-alikes and ordinary ones together."""
        return Rate(n=int(self.flagged.sum()), of=len(self.flagged))


def innocents_of(accounts: pa.Table, truth: pa.Table) -> Innocents:
    """
    Return the innocent accounts of the result, which lists every account of the log.

    Accounts that sent nothing could not be flagged and are left out, lest they make false
    alarms look rarer. One that the truth does not name is ordinary. An operator's idle
    stock, in no campaign but no innocent's either, is left out too.
    """
    guilty = pc.unique(truth.filter(_guilty(truth))["account"])
    flagged = pc.unique(accounts.filter(pc.is_valid(accounts["campaign"]))["account"])
    names = distinct(accounts["account"])
    names = names.filter(pc.invert(pc.is_in(names, value_set=guilty)))
    row = codes_of(names, truth["account"].combine_chunks())
    known = pa.array(row, mask=row < 0)
    return Innocents(
        account=_objects(names),
        group=_objects(pc.fill_null(truth["group"].combine_chunks().take(known), ORDINARY)),
        operator=_objects(pc.coalesce(truth["operator"].combine_chunks().take(known), names)),
        flagged=np.asarray(pc.is_in(names, value_set=flagged), dtype=np.bool_),
    )


def bystanders_of(exchanges: pa.Table, truth: pa.Table, *, through: pa.Table | None) -> Bystanders:
    """
    Count attributed exchanges that are no extraction.

    `through` are the rows (id, and end_user where known) of the log that came through
    campaign accounts; without it, strangers are the truth's rows that name a campaign and
    are no extraction, and no customer is known.
    """
    extracts = pc.fill_null(truth["is_extraction"], False)
    attributed = distinct(exchanges.filter(pc.is_valid(exchanges["campaign"]))["id"])
    n_right = _n_in(attributed, distinct(truth.filter(extracts)["id"]))
    idle = truth.filter(pc.invert(extracts))
    if through is None:
        strangers = idle.filter(pc.is_valid(idle["campaign"]))
    else:
        strangers = through.filter(pc.is_in(through["id"], value_set=distinct(idle["id"])))
    touched = strangers.filter(pc.is_in(strangers["id"], value_set=attributed))
    return Bystanders(
        of_attributed=Rate(n=len(attributed) - n_right, of=len(attributed)),
        of_strangers=Rate(n=touched.num_rows, of=strangers.num_rows),
        of_customers=Rate(n=_n_customers(touched), of=_n_customers(strangers)),
    )


def _guilty(truth: pa.Table) -> pa.ChunkedArray:
    """Say who is no innocent: in a campaign, run by one who has a campaign, or said not to be."""
    in_campaign = pc.is_valid(truth["campaign"])
    operators = distinct(truth.filter(in_campaign)["operator"])
    guilty = pc.or_(in_campaign, pc.is_in(truth["operator"], value_set=operators))
    if "is_innocent" not in truth.column_names:
        return guilty
    return pc.or_(guilty, pc.invert(pc.fill_null(truth["is_innocent"], True)))


def _n_customers(rows: pa.Table) -> int:
    return len(distinct(rows["end_user"])) if "end_user" in rows.column_names else 0


def _n_in(some: pa.Array, others: pa.Array) -> int:
    return int(pc.sum(pc.is_in(some, value_set=others)).as_py() or 0)


def _objects(values: pa.Array) -> npt.NDArray[np.object_]:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=object)
