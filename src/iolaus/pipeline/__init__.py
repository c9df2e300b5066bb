"""The whole way, once: logs -> fingerprints -> ties -> networks -> flows -> campaigns -> files."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from iolaus import __version__
from iolaus.campaign.finding import Found
from iolaus.campaign.results import account_rows, exchange_hashes, exchange_rows
from iolaus.catalog import added_sources
from iolaus.config import Settings
from iolaus.engines.duckdb import DuckDB
from iolaus.errors import UsageError
from iolaus.ingest.fingerprinting import Fingerprinted, fingerprint_logs, ids_of
from iolaus.ingest.keys import DEMO_KEY, LEAST_BYTES
from iolaus.ingest.pseudonyms import Pseudonyms
from iolaus.ingest.reader import LogSet, open_logs
from iolaus.ingest.rejects import Rejects
from iolaus.ingest.remembering import keep, recall
from iolaus.ingest.summary import summary_of
from iolaus.ingest.vouching import Vouched, vouching_words
from iolaus.pipeline.campaigns import campaigns_of, claim_settings
from iolaus.pipeline.networks import link_settings, networks_of
from iolaus.pipeline.relations import Beside, PathLike, names_of, read_tables, relate
from iolaus.report.files import write_results
from iolaus.schema import InputSummary, Life, Report, account_name
from iolaus.store import open_store, path_of

__all__ = ["account_name", "claim_settings", "link_settings", "scan"]

Progress = Callable[[str, float, float], None]

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
    actors: PathLike | None = None,
    out: Path | None = None,
    sketch: Path | None = None,
    store: str | None = None,
    key: bytes | None = None,
    decoys: int = 0,
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
    where it is not there, and written again at the end. `actors` names a catalogue of those whom
    the operator knows, for attribution. `store` (sqlite:///PATH) keeps what was
    found from run to run: networks known from earlier logs keep their ids, and the report is
    saved there. `decoys` scans of the log with every view's values dealt out anew tell how much
    linking finds where nothing is; each costs another linking. Raises InputError for logs that cannot be read at all, UsageError for bad
    arguments, OutputError when nothing could be written; then nothing is half written.
    """
    settings = settings or Settings()
    if memory is not None:
        settings = dataclasses.replace(settings, memory=memory)
    given = _Given(
        logs=logs,
        beside=Beside(accounts=accounts, releases=releases, allow=allow, actors=actors),
        sketch=sketch,
        format=format,
        mapping=mapping,
        key=_checked_key(key),
        decoys=_checked_decoys(decoys),
    )
    lives = _lives(store)
    report = _scan(given, out, lives=lives, settings=settings, tell=progress or _untold)
    if store is not None:
        with open_store(store) as kept:
            kept.save(report)
    return report


def _lives(store: str | None) -> tuple[Life, ...]:
    """Read what earlier scans found; a store that is not there yet is made when there is a report."""
    if store is None or not path_of(store).is_file():
        return ()
    with open_store(store) as kept:
        return kept.lives()


def _checked_decoys(decoys: int) -> int:
    if decoys < 0:
        raise UsageError(
            f"{decoys} decoy scans are fewer than none", remedy="give 20 or more, or 0"
        )
    return decoys


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the operator gave: files, and how to read them."""

    logs: Sequence[PathLike]
    beside: Beside
    sketch: Path | None
    format: str | None
    mapping: dict[str, object] | None
    key: bytes
    decoys: int


def _untold(_stage: str, _done: float, _total: float) -> None:
    """Tell nobody how far it is."""


def _scan(
    given: _Given, out: Path | None, *, lives: Sequence[Life], settings: Settings, tell: Progress
) -> Report:
    """Go the whole way: this function is the table of contents."""
    with (
        Rejects() as rejects,
        tempfile.TemporaryDirectory(prefix="iolaus-") as work,
        DuckDB(Path(work) / "stages", memory=settings.memory) as engine,
    ):
        logs, pseudonyms = _open(given, rejects), Pseudonyms(given.key)
        tables = read_tables(rejects, given.beside, pseudonyms=pseudonyms)
        known = recall(given.sketch, key=given.key)
        read = fingerprint_logs(
            logs,
            key=given.key,
            rejects=rejects,
            folder=Path(work),
            progress=tell,
            prior=known.sketch,
        )
        relations = relate(engine, read, tables=tables, pseudonyms=pseudonyms)
        linking = networks_of(
            engine, relations, lives=lives, decoys=given.decoys, settings=settings, tell=tell
        )
        found = campaigns_of(
            engine, linking, relations=relations, lives=lives, settings=settings, tell=tell
        )
        summary = summary_of(
            read,
            accounts=relations.accounts,
            has_account_table=relations.has_account_table,
            skipped_files=logs.skipped,
            rejects=rejects,
            words=(*known.words(), *linking.words, *_vouching_words(found, relations.vouched)),
        )
        report = _report(found, summary, settings=settings)
        if out is not None:
            _write(Path(out), report, found=found, read=read, rejects=rejects, tell=tell)
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


def _write(
    out: Path,
    report: Report,
    *,
    found: list[Found],
    read: Fingerprinted,
    rejects: Rejects,
    tell: Progress,
) -> None:
    tell("write", 0, 1)
    names = names_of(read)
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
    tell("write", 1, 1)


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
