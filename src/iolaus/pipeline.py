"""The whole way, once: logs -> fingerprints -> ties -> networks -> flows -> campaigns -> files."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus import __version__
from iolaus.arrow import RELEASES
from iolaus.campaign.detection import ClaimSettings
from iolaus.campaign.finding import NOBODY, Found, find_campaigns
from iolaus.campaign.life import moment
from iolaus.campaign.records import Standing
from iolaus.campaign.results import account_rows, exchange_hashes, exchange_rows
from iolaus.catalog import added_sources, innocent_signals, pool_signals, tie_signals
from iolaus.config import Settings
from iolaus.engines.duckdb import DuckDB
from iolaus.errors import UsageError
from iolaus.ingest.account_table import read_account_table
from iolaus.ingest.allow_list import AllowList, read_allow
from iolaus.ingest.fingerprinting import (
    Fingerprinted,
    accounts_relation,
    fingerprint_logs,
    ids_of,
)
from iolaus.ingest.keys import DEMO_KEY, LEAST_BYTES
from iolaus.ingest.pseudonyms import Pseudonyms
from iolaus.ingest.reader import LogSet, open_logs
from iolaus.ingest.rejects import Rejects
from iolaus.ingest.release_calendar import read_releases
from iolaus.ingest.remembering import keep, recall
from iolaus.ingest.summary import summary_of
from iolaus.ingest.vouching import Vouched, vouched_in, vouching_words
from iolaus.link.linked import Linked, LinkSettings
from iolaus.link.networks import find_networks
from iolaus.link.records import network_of
from iolaus.link.views import View, view_of
from iolaus.report.files import write_results
from iolaus.schema import InputSummary, Network, Report, account_name

Progress = Callable[[str, float, float], None]
PathLike = str | Path

LIMITS = (
    (
        "A relay that only records its own customers' traffic and trains on it has no extraction "
        "flow; no log can show it."
    ),
    (
        "A single account that harvests alone is watched, not accused: with few exchanges no "
        "per-prompt score is sure enough."
    ),
    "Bits are likelihood ratios under stated assumptions, not yet calibrated on this log.",
)


def scan(
    logs: Sequence[PathLike],
    *,
    accounts: PathLike | None = None,
    releases: PathLike | None = None,
    allow: PathLike | None = None,
    out: Path | None = None,
    sketch: Path | None = None,
    key: bytes | None = None,
    format: str | None = None,
    mapping: dict[str, object] | None = None,
    settings: Settings | None = None,
    memory: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """
    Read logs, find campaigns, and, when `out` is given, write the result files there.

    Without `key` (at least 16 bytes) the public demo key is used, whose hashes anybody can
    repeat. `sketch` names a file of what earlier logs taught about templates: it is read, made
    where it is not there, and written again at the end. Raises InputError for logs that cannot be read at all, UsageError for bad
    arguments, OutputError when nothing could be written; then nothing is half written.
    """
    settings = settings or Settings()
    if memory is not None:
        settings = dataclasses.replace(settings, memory=memory)
    given = _Given(
        logs=logs,
        accounts=accounts,
        releases=releases,
        allow=allow,
        sketch=sketch,
        format=format,
        mapping=mapping,
        key=_checked_key(key),
    )
    return _scan(given, out, settings=settings, tell=progress or _untold)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the operator gave: files, and how to read them."""

    logs: Sequence[PathLike]
    accounts: PathLike | None
    releases: PathLike | None
    allow: PathLike | None
    sketch: Path | None
    format: str | None
    mapping: dict[str, object] | None
    key: bytes


def _untold(_stage: str, _done: float, _total: float) -> None:
    """Tell nobody how far it is."""


def _scan(given: _Given, out: Path | None, *, settings: Settings, tell: Progress) -> Report:
    """Go the whole way: this function is the table of contents."""
    with (
        Rejects() as rejects,
        tempfile.TemporaryDirectory(prefix="iolaus-") as work,
        DuckDB(Path(work) / "stages", memory=settings.memory) as engine,
    ):
        logs = _open(given, rejects)
        tables = _read_tables(given, rejects)
        known = recall(given.sketch, key=given.key)
        read = fingerprint_logs(
            logs,
            key=given.key,
            rejects=rejects,
            folder=Path(work),
            progress=tell,
            prior=known.sketch,
        )
        relations = _relate(engine, read, tables=tables, pseudonyms=Pseudonyms(given.key))
        networks = _networks(engine, relations, settings=settings, tell=tell)
        found = _campaigns(engine, networks, relations=relations, settings=settings, tell=tell)
        summary = summary_of(
            read,
            accounts=relations.accounts,
            has_account_table=relations.has_account_table,
            skipped_files=logs.skipped,
            rejects=rejects,
            words=(*known.words(), *_vouching_words(found, relations.vouched)),
        )
        report = _report(found, summary, settings=settings)
        if out is not None:
            tell("write", 0, 1)
            _write(Path(out), report, found=found, read=read, rejects=rejects)
            tell("write", 1, 1)
        keep(given.sketch, read.learned, known=known)
    return report


def _open(given: _Given, rejects: Rejects) -> LogSet:
    return open_logs(
        given.logs,
        key=given.key,
        rejects=rejects,
        format=given.format,
        mapping=given.mapping,
        sources=added_sources(),
    )


def _checked_key(key: bytes | None) -> bytes:
    if key is None:
        return DEMO_KEY
    if len(key) < LEAST_BYTES:
        raise UsageError(
            f"the key has {len(key)} bytes and needs at least {LEAST_BYTES}",
            remedy="make one with: head -c 32 /dev/urandom > iolaus.key",
        )
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """What the operator gave beside the logs."""

    accounts: pa.Table | None
    releases: pa.Table
    allow: AllowList | None


def _read_tables(given: _Given, rejects: Rejects) -> _Tables:
    """Read the small files first: whoever mistypes one need not wait for the logs to be read."""
    known, calendar, allow = given.accounts, given.releases, given.allow
    return _Tables(
        allow=read_allow(allow) if allow is not None else None,
        releases=read_releases(calendar) if calendar is not None else RELEASES.empty_table(),
        accounts=read_account_table(known, rejects=rejects) if known is not None else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Relations:
    """The driver's own small relations; `vouched` is None where no allow list was given."""

    accounts: pa.Table
    releases: pa.Table
    has_account_table: bool
    has_text: bool
    vouched: Vouched | None


def _relate(
    engine: DuckDB, read: Fingerprinted, *, tables: _Tables, pseudonyms: Pseudonyms
) -> _Relations:
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
    return _Relations(
        accounts=relation,
        releases=tables.releases,
        has_account_table=known is not None,
        has_text="prompt" in read.columns_present,
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
    return vouched_in(allow, names=_names(read), declared=declared, pseudonyms=pseudonyms)


def _names(read: Fingerprinted) -> pa.Table:
    """Return the log's own channel and account, in order of dense ids."""
    names = read.book.names()
    order = np.searchsorted(names["account_hash"].to_numpy(), read.account_hashes)
    return names.select(["channel", "account"]).combine_chunks().take(pa.array(order))


def _networks(
    engine: DuckDB, relations: _Relations, *, settings: Settings, tell: Progress
) -> list[tuple[Network, Standing]]:
    """Ties -> networks, with each member's own standing."""
    signals = tie_signals()
    views: list[View] = []
    n_accounts = len(relations.accounts)
    for number, signal in enumerate(signals):
        engine.sql(f"ties_{signal.name}", signal.ties())
        ties = pa.Table.from_batches(engine.stream(f"ties_{signal.name}"))
        view = view_of(
            ties,
            n_accounts,
            name=signal.name,
            version=signal.version,
            family=signal.family,
            controlled=signal.controlled,
            ceiling_bits=settings.synchrony_ceiling_bits if signal.name == "synchrony" else np.inf,
        )
        if len(view.held):
            views.append(view)
        tell("ties", number + 1, len(signals))
    tell("link", 0, 1)
    linked = find_networks(views, settings=link_settings(settings))
    tell("link", 1, 1)
    summaries = {signal.name: signal.summary for signal in signals}
    return [_network(one, views, relations, summaries) for one in linked]


def _network(
    one: Linked, views: list[View], relations: _Relations, summaries: dict[str, str]
) -> tuple[Network, Standing]:
    rows = relations.accounts.take(pa.array(one.members))
    names = tuple(account_name(h) for h in rows["account_hash"].to_pylist())
    network = network_of(
        one,
        views,
        names,
        summaries=summaries,
        first_seen_at=moment(pc.min(rows["first_at"].cast(pa.int64())).as_py()),
        last_seen_at=moment(pc.max(rows["last_at"].cast(pa.int64())).as_py()),
        n_exchanges=int(pc.sum(rows["n_exchanges"]).as_py()),
    )
    standing = Standing(
        accounts=one.members,
        names=names,
        posterior_bits=one.totals + one.prior_bits,
        strongest=tuple(one.view_names[v] for v in one.bits.argmax(axis=1)),
    )
    return network, standing


def link_settings(settings: Settings) -> LinkSettings:
    """Return what linking is told."""
    return LinkSettings(
        reach=settings.ring_reach,
        n_orders=settings.ring_orders,
        cap_share=settings.hot_share,
        floor_bits=settings.pair_floor_bits,
        cut_bits=settings.cut_bits,
        resolutions=settings.resolutions,
        seed_limit=settings.seed_limit,
        margin_bits=settings.member_margin_bits,
        alpha=settings.alpha,
        least_accounts=settings.least_accounts,
    )


def claim_settings(settings: Settings) -> ClaimSettings:
    """Return what the extraction claim is told."""
    return ClaimSettings(
        lift_bits=settings.lift_bits,
        lift_support=settings.lift_support,
        formation_share=settings.formation_share,
        stranger_share=settings.stranger_share,
        least_exchanges=settings.least_exchanges,
        flow_prior_bits=settings.flow_prior_bits,
        lone_prior_bits=settings.lone_prior_bits,
        accept_bits=settings.accept_bits,
    )


def _campaigns(
    engine: DuckDB,
    networks: list[tuple[Network, Standing]],
    *,
    relations: _Relations,
    settings: Settings,
    tell: Progress,
) -> list[Found]:
    return find_campaigns(
        engine,
        networks,
        accounts=relations.accounts,
        releases=relations.releases,
        signals=pool_signals(),
        innocents=innocent_signals(),
        settings=claim_settings(settings),
        has_text=relations.has_text,
        progress=tell,
        vouched=relations.vouched.accounts if relations.vouched else NOBODY,
    )


def _write(
    out: Path, report: Report, *, found: list[Found], read: Fingerprinted, rejects: Rejects
) -> None:
    names = _names(read)
    hashes = exchange_hashes(found)
    write_results(
        out,
        report=report,
        accounts=account_rows(
            found,
            channel=names["channel"].combine_chunks(),
            account=names["account"].combine_chunks(),
        ),
        exchanges=exchange_rows(hashes, ids_of(read.folder, hashes["hash"].to_numpy())),
        identities=read.book.write,
        rejects=rejects.write,
    )


def _vouching_words(found: list[Found], vouched: Vouched | None) -> tuple[str, ...]:
    if vouched is None:
        return ()
    in_networks = [np.isin(one.standing.accounts, vouched.accounts).sum() for one in found]
    return vouching_words(vouched, n_in_networks=int(sum(in_networks)))


def _report(found: list[Found], summary: InputSummary, *, settings: Settings) -> Report:
    return Report(
        version=__version__,
        settings_digest=settings.digest(),
        summary=summary,
        networks=tuple(one.network for one in found),
        campaigns=tuple(one.campaign for one in found if one.campaign is not None),
        cleared=tuple(one.cleared for one in found if one.cleared is not None),
        thresholds=(
            ("member_margin_bits", settings.member_margin_bits),
            ("flow_prior_bits", settings.flow_prior_bits),
            ("accept_bits", settings.accept_bits),
        ),
        limits=LIMITS,
    )
