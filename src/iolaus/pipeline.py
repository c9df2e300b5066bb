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
from iolaus.campaign.finding import Found, find_campaigns
from iolaus.campaign.life import moment
from iolaus.campaign.records import Standing
from iolaus.campaign.results import account_rows, exchange_hashes, exchange_rows
from iolaus.catalog import innocent_signals, pool_signals, tie_signals
from iolaus.config import Settings
from iolaus.engines.duckdb import DuckDB
from iolaus.errors import UsageError
from iolaus.ingest.account_table import read_account_table
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
from iolaus.link.networks import Linked, LinkSettings, find_networks
from iolaus.link.records import network_of
from iolaus.link.views import View, view_of
from iolaus.report.files import write_results
from iolaus.schema import InputSummary, Network, Report

Progress = Callable[[str, float, float], None]
PathLike = str | Path

COSTS = {
    "prompt": "without prompts, recipes and what they ask for cannot be seen",
    "address": "without addresses, shared exits cannot be seen",
    "agent": "without user agents, shared clients cannot be seen",
    "conversation": "without conversations, hand-overs between accounts cannot be seen",
    "model": "without models, a move to a new one cannot be seen",
    "output_tokens": "without token counts, the worth of outputs cannot be seen",
}
"""What a missing column costs, in the words of the report."""

LIMITS = (
    "A relay that only records its own customers' traffic and trains on it has no extraction "
    "flow; no log can show it.",
    "A single account that harvests alone is watched, not accused: with few exchanges no "
    "per-prompt score is sure enough.",
    "Bits are likelihood ratios under stated assumptions, not yet calibrated on this log.",
)


def scan(  # noqa: PLR0913 - the public face of the whole way
    logs: Sequence[PathLike],
    *,
    accounts: PathLike | None = None,
    releases: PathLike | None = None,
    allow: PathLike | None = None,
    out: Path | None = None,
    key: bytes | None = None,
    format: str | None = None,  # noqa: A002 - the word on the command line
    mapping: dict[str, object] | None = None,
    settings: Settings | None = None,
    memory: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """
    Read logs, find campaigns, and, when `out` is given, write the result files there.

    Without `key` (at least 16 bytes) the public demo key is used, whose hashes anybody can
    repeat. Raises InputError for logs that cannot be read at all, UsageError for bad
    arguments, OutputError when nothing could be written; then nothing is half written.
    """
    settings = settings or Settings()
    if memory is not None:
        settings = dataclasses.replace(settings, memory=memory)
    tell: Progress = progress or (lambda _stage, _done, _total: None)
    secret = _checked_key(key)
    with (
        Rejects() as rejects,
        tempfile.TemporaryDirectory(prefix="iolaus-") as work,
        DuckDB(Path(work) / "stages", memory=settings.memory) as engine,
    ):
        log_set = open_logs(logs, key=secret, rejects=rejects, format=format, mapping=mapping)
        read = fingerprint_logs(
            log_set, key=secret, rejects=rejects, folder=Path(work), progress=tell
        )
        relations = _relate(
            engine, read, secret, accounts=accounts, releases=releases, rejects=rejects
        )
        networks = _networks(engine, relations, settings, tell)
        found = find_campaigns(
            engine,
            networks,
            accounts=relations.accounts,
            releases=relations.releases,
            signals=pool_signals(),
            innocents=innocent_signals(),
            settings=claim_settings(settings),
            has_text="prompt" in read.columns_present,
            progress=tell,
        )
        report = _report(found, relations, read, log_set, rejects, settings)
        if out is not None:
            tell("write", 0, 1)
            write_results(
                Path(out),
                report=report,
                accounts=_account_rows(found, read),
                exchanges=_exchange_rows(found, read),
                identities=read.book.write,
                rejects=rejects.write,
            )
            tell("write", 1, 1)
    return report


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
class _Relations:
    """The driver's own small relations."""

    accounts: pa.Table
    releases: pa.Table
    has_account_table: bool


def _relate(  # noqa: PLR0913
    engine: DuckDB,
    read: Fingerprinted,
    key: bytes,
    *,
    accounts: PathLike | None,
    releases: PathLike | None,
    rejects: Rejects,
) -> _Relations:
    """Register fingerprints, templates, accounts and releases with the engine."""
    engine.scan("fingerprints", read.folder / "fingerprints.parquet")
    engine.scan("templates", read.folder / "templates.parquet")
    engine.sql(
        "seen",
        "select account, min(channel) as channel, count(*) as n_exchanges, min(\"at\") as first_at,"
        " max(\"at\") as last_at from fingerprints group by account order by account",
    )
    known = None
    if accounts is not None:
        table = read_account_table(accounts, rejects=rejects)
        known = Pseudonyms(key).pseudonymise_accounts(table)
    relation = accounts_relation(read, pa.Table.from_batches(engine.stream("seen")), known)
    calendar = read_releases(releases) if releases is not None else RELEASES.empty_table()
    engine.put("accounts", relation)
    engine.put("releases", calendar)
    return _Relations(accounts=relation, releases=calendar, has_account_table=known is not None)


def _networks(
    engine: DuckDB, relations: _Relations, settings: Settings, tell: Progress
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


def account_name(account_hash: int) -> str:
    """Return how records write an account: `a` and its keyed hash in hexadecimal."""
    return f"a{account_hash & (2**64 - 1):016x}"


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
        accept_bits=settings.accept_bits,
    )


def _account_rows(found: list[Found], read: Fingerprinted) -> pa.Table:
    names = read.book.names()
    order = np.searchsorted(names["account_hash"].to_numpy(), read.account_hashes)
    return account_rows(
        found,
        channel=names["channel"].combine_chunks().take(pa.array(order)),
        account=names["account"].combine_chunks().take(pa.array(order)),
    )


def _exchange_rows(found: list[Found], read: Fingerprinted) -> pa.Table:
    hashes = exchange_hashes(found)
    return exchange_rows(hashes, ids_of(read.folder, hashes["hash"].to_numpy()))


def _report(  # noqa: PLR0913
    found: list[Found],
    relations: _Relations,
    read: Fingerprinted,
    logs: LogSet,
    rejects: Rejects,
    settings: Settings,
) -> Report:
    first = pc.min(relations.accounts["first_at"].cast(pa.int64())).as_py()
    last = pc.max(relations.accounts["last_at"].cast(pa.int64())).as_py()
    missing = tuple(name for name in COSTS if name not in read.columns_present)
    costs = [COSTS[name] for name in missing]
    if not relations.has_account_table:
        costs.append("without an account table, payment and enrolment cannot be seen")
    summary = InputSummary(
        n_exchanges=read.n_rows,
        n_accounts=len(relations.accounts),
        n_rejected=rejects.n_rows,
        rejected_by_reason=rejects.by_reason(),
        skipped_files=tuple(logs.skipped),
        first_at=moment(first) if first is not None else None,
        last_at=moment(last) if last is not None else None,
        missing_columns=missing,
        warnings=(*rejects.warnings(), *costs),
        has_account_table=relations.has_account_table,
        has_text="prompt" in read.columns_present,
    )
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
