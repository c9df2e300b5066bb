"""Files beside the logs, and fingerprints -> the relations that every later stage asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from iolaus.arrow import RELEASES
from iolaus.contracts import Actor
from iolaus.engines.duckdb import DuckDB
from iolaus.ingest.account_table import read_account_table
from iolaus.ingest.actor_catalogue import read_actors
from iolaus.ingest.allow_list import AllowList, read_allow
from iolaus.ingest.fingerprinting import Fingerprinted, accounts_relation
from iolaus.ingest.pseudonyms import Pseudonyms
from iolaus.ingest.rejects import Rejects
from iolaus.ingest.release_calendar import read_releases
from iolaus.ingest.vouching import Vouched, vouched_in

PathLike = str | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The files that an operator may give beside the logs."""

    accounts: PathLike | None
    releases: PathLike | None
    allow: PathLike | None
    actors: PathLike | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What the operator gave beside the logs."""

    accounts: pa.Table | None
    releases: pa.Table
    allow: AllowList | None
    actors: tuple[Actor, ...]


def read_tables(rejects: Rejects, given: Beside, *, pseudonyms: Pseudonyms) -> Tables:
    """Read the small files first: whoever mistypes one need not wait for the logs to be read."""
    accounts, releases, allow, actors = given.accounts, given.releases, given.allow, given.actors
    return Tables(
        actors=read_actors(actors, pseudonyms=pseudonyms) if actors is not None else (),
        allow=read_allow(allow) if allow is not None else None,
        releases=read_releases(releases) if releases is not None else RELEASES.empty_table(),
        accounts=read_account_table(accounts, rejects=rejects) if accounts is not None else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """The driver's own small relations; `vouched` is None where no allow list was given."""

    accounts: pa.Table
    releases: pa.Table
    has_account_table: bool
    has_text: bool
    vouched: Vouched | None
    actors: tuple[Actor, ...]


def relate(
    engine: DuckDB, read: Fingerprinted, *, tables: Tables, pseudonyms: Pseudonyms
) -> Relations:
    """Register fingerprints, templates, accounts and releases with the engine."""
    engine.scan("fingerprints", read.folder / "fingerprints.parquet")
    engine.scan("templates", read.folder / "templates.parquet")
    engine.sql(
        "seen",
        'select account, min(channel) as channel, count(*) as n_exchanges, min("at") as first_at,'
        ' max("at") as last_at from fingerprints group by account order by account',
    )
    known = None
    if tables.accounts is not None:
        known = pseudonyms.pseudonymise_accounts(tables.accounts)
    relation = accounts_relation(read, pa.Table.from_batches(engine.stream("seen")), known)
    engine.put("accounts", relation)
    engine.put("releases", tables.releases)
    return Relations(
        accounts=relation,
        releases=tables.releases,
        has_account_table=known is not None,
        has_text="prompt" in read.columns_present,
        actors=tables.actors,
        vouched=_vouched(engine, read, tables.allow, pseudonyms) if tables.allow else None,
    )


def _vouched(
    engine: DuckDB, read: Fingerprinted, allow: AllowList, pseudonyms: Pseudonyms
) -> Vouched:
    engine.sql(
        "declared",
        "select account, organization from fingerprints where organization is not null union"
        " select account, organization from accounts where organization is not null",
    )
    declared = pa.Table.from_batches(engine.stream("declared"))
    return vouched_in(allow, names=names_of(read), declared=declared, pseudonyms=pseudonyms)


def names_of(read: Fingerprinted) -> pa.Table:
    """Return the log's own channel and account, in order of dense ids."""
    names = read.book.names()
    order = np.searchsorted(names["account_hash"].to_numpy(), read.account_hashes)
    return names.select(["channel", "account"]).combine_chunks().take(pa.array(order))
