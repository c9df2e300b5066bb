"""Fingerprints and accounts -> who in the whole log holds what actors are known by, and when it is awake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.campaign.traffic import Bools, Floats, Ints
from iolaus.contracts import Actor, Engine

COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "payments": (("accounts", "payment"),),
    "devices": (("accounts", "device"),),
    "phones": (("accounts", "phone"),),
    "organizations": (("accounts", "organization"), ("fingerprints", "organization")),
    "email_domains": (("accounts", "email_domain"),),
    "addresses": (("fingerprints", "address"),),
    "prefixes": (("fingerprints", "network"),),
    "asns": (("fingerprints", "asn"),),
    "countries": (("fingerprints", "country"), ("accounts", "country")),
    "agents": (("fingerprints", "client"),),
    "scripts": (("fingerprints", "script"),),
    "templates": (("fingerprints", "family"),),
}
"""Each kind of indicator, and the relations and columns in which it shows."""

WORDS = frozenset({"countries"})  # kinds that are written out; all others are numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """
    The whole log, as far as attribution asks it.

    `holdings` has a row for every kind, value and account that holds it, of values that some
    actor is known by; `hours` counts exchanges by hour of UTC; `places` has kind (asns or
    countries), value and n exchanges.
    """

    n_accounts: int
    holdings: pa.Table
    hours: Floats
    places: pa.Table
    kinds: frozenset[str]

    def holders(self, kind: str, values: Sequence[int | str]) -> Ints:
        """Return the accounts, dense ids, that hold any of the values."""
        mine = self.holdings.filter(pc.equal(self.holdings["kind"], kind))
        held = pc.is_in(mine["value"], value_set=pa.array([str(v) for v in values], pa.string()))
        return np.unique(mine["account"].filter(held).to_numpy().astype(np.int64))


def population_of(engine: Engine, actors: Sequence[Actor], *, n_accounts: int) -> Population:
    """Ask the log once for everything that the catalogue and the facts need."""
    wanted = {pair for actor in actors for pair in actor.values}
    engine.put(
        "indicators",
        pa.table(
            {
                "kind": pa.array([kind for kind, _ in sorted(wanted, key=str)], pa.string()),
                "value": pa.array([str(v) for _, v in sorted(wanted, key=str)], pa.string()),
            }
        ),
    )
    kinds = sorted({kind for kind, _ in wanted})
    engine.sql("holdings", " union ".join(_holding_queries(kinds)) or _NO_HOLDING)
    engine.sql(
        "hours",
        'select cast(extract(hour from "at") as integer) as hour, count(*) as n'
        " from fingerprints group by 1 order by 1",
    )
    engine.sql(
        "places",
        "select 'asns' as kind, cast(asn as varchar) as value, count(*) as n from fingerprints"
        " where asn is not null group by asn union all"
        " select 'countries', upper(country), count(*) from fingerprints"
        " where country is not null group by upper(country) order by kind, n desc, value",
    )
    hours = pa.Table.from_batches(engine.stream("hours"))
    by_hour = np.zeros(24)
    by_hour[hours["hour"].to_numpy()] = hours["n"].to_numpy()
    return Population(
        n_accounts=n_accounts,
        holdings=pa.Table.from_batches(engine.stream("holdings")),
        hours=by_hour,
        places=pa.Table.from_batches(engine.stream("places")),
        kinds=_kinds_shown(engine, kinds),
    )


_NO_HOLDING = "select '' as kind, '' as value, account from accounts where 1 = 0"


def _holding_queries(kinds: Sequence[str]) -> list[str]:
    return [
        f"select i.kind, i.value, r.account from {relation} r join indicators i"
        f" on i.kind = '{kind}' and {_as_text('r.' + column, kind)} = i.value"
        for kind in kinds
        for relation, column in COLUMNS[kind]
    ]


def _as_text(column: str, kind: str) -> str:
    return f"upper({column})" if kind in WORDS else f"cast({column} as varchar)"


def _kinds_shown(engine: Engine, kinds: Sequence[str]) -> frozenset[str]:
    """Return the kinds of which the log holds anything at all: what it lacks speaks for nobody."""
    queries = [
        f"select '{kind}' as kind, count({column}) as n from {relation}"
        for kind in kinds
        for relation, column in COLUMNS[kind]
    ]
    if not queries:
        return frozenset()
    engine.sql("kinds_shown", " union all ".join(queries))
    shown = pa.Table.from_batches(engine.stream("kinds_shown"))
    return frozenset(shown["kind"].filter(pc.greater(shown["n"], 0)).to_pylist())


def holding_rows(table: pa.Table, column: str, kind: str, values: Sequence[int | str]) -> Bools:
    """Say which rows of a table hold any of the values in a column."""
    array = table[column]
    if kind in WORDS:
        wanted = pa.array([str(v) for v in values], pa.string())
        found = pc.is_in(pc.utf8_upper(array), value_set=wanted)
    else:
        wanted = pa.array([int(v) for v in values], pa.int64())
        found = pc.is_in(array.cast(pa.int64()), value_set=wanted)
    return np.asarray(found.to_numpy(), dtype=np.bool_)
