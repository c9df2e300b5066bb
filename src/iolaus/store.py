"""A Report -> what survives a run, in SQLite; a network, a campaign or a cleared case back by id.

One row a record, as JSON beside its id. Identities are keyed hashes, as in the Report.
No wall clock: scans are numbered.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from iolaus.errors import IolausError, NotFoundError, OutputError, UsageError
from iolaus.schema import Campaign, Chapter, Cleared, InputSummary, Life, Network, Report

Record = TypeVar("Record", Network, Campaign, Cleared)

SCHEME = "sqlite:///"

MIGRATIONS: tuple[str, ...] = (
    # To version 1.
    """
    CREATE TABLE scans (
        scan INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,
        version TEXT NOT NULL, settings_digest TEXT NOT NULL, summary TEXT NOT NULL,
        thresholds TEXT NOT NULL, limits TEXT NOT NULL);
    CREATE TABLE networks (
        id TEXT PRIMARY KEY, scan INTEGER NOT NULL, place INTEGER NOT NULL, record TEXT NOT NULL);
    CREATE TABLE campaigns (
        id TEXT PRIMARY KEY, scan INTEGER NOT NULL, place INTEGER NOT NULL, record TEXT NOT NULL);
    CREATE TABLE cleared (
        id TEXT PRIMARY KEY, scan INTEGER NOT NULL, place INTEGER NOT NULL, record TEXT NOT NULL);
    """,
    # To version 2: what each scan saw of a network; of earlier scans, what their records hold.
    """
    CREATE TABLE network_lives (
        network TEXT NOT NULL, first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL,
        scan INTEGER NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (network, first_seen_at, last_seen_at));
    INSERT INTO network_lives
    SELECT n.id, n.record ->> 'first_seen_at', n.record ->> 'last_seen_at', n.scan, json_object(
        'network', n.id, 'scan', n.scan, 'first_seen_at', n.record ->> 'first_seen_at',
        'last_seen_at', n.record ->> 'last_seen_at',
        'accounts', json(n.record -> 'accounts'), 'n_exchanges', n.record -> 'n_exchanges',
        'together', json(n.record -> 'together'),
        'campaign', (SELECT c.id FROM campaigns c WHERE c.record ->> 'network' = n.id))
    FROM networks n WHERE json_array_length(n.record, '$.accounts') > 1;
    """,
)
"""Step i leads from version i to i + 1; a step, once released, is never edited."""

TABLES: dict[str, type[Any]] = {"campaigns": Campaign, "networks": Network, "cleared": Cleared}


def open_store(url: str) -> Store:
    """
    Open the store at `sqlite:///path`, making or migrating it where needed.

    Three slashes and a relative path, four and an absolute one.
    """
    path = path_of(url)
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
    try:
        with _told(path):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return Store(connection, path)


def path_of(url: str) -> Path:
    """Return the file that a URL names; it need not be there."""
    if not url.startswith(SCHEME) or url == SCHEME:
        raise UsageError(
            f"the store {url!r} is of no kind that is known",
            remedy=f"write {SCHEME}PATH, as in {SCHEME}iolaus.db",
        )
    return Path(url.removeprefix(SCHEME))


class Store:
    """What was found so far; a context manager that closes itself."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def save(self, report: Report) -> int:
        """
        Keep the report's records, whole or not at all; return the number of the scan.

        A record whose id is known already is replaced: ids last from one run to the next.
        """
        with _told(self.path), self._transaction() as db:
            digest = hashlib.sha256(_json(report)).hexdigest()
            db.execute("DELETE FROM scans WHERE digest = ?", (digest,))
            row = (digest, report.version, report.settings_digest, _text(report.summary))
            cursor = db.execute(
                "INSERT INTO scans (digest, version, settings_digest, summary, thresholds, limits)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (*row, _text(report.thresholds), _text(report.limits)),
            )
            scan = int(cursor.lastrowid or 0)
            _keep(db, "networks", scan, [(n.id, n) for n in report.networks])
            _keep(db, "campaigns", scan, [(c.id, c) for c in report.campaigns])
            _keep(db, "cleared", scan, [(c.network, c) for c in report.cleared])
            _live_on(db, scan, report)
        return scan

    def lives(self) -> tuple[Life, ...]:
        """Return the life of every network of several accounts that was ever found, by id."""
        with _told(self.path):
            rows = self._connection.execute(
                "SELECT record FROM network_lives ORDER BY network, scan, first_seen_at"
            )
            lives: dict[str, list[Chapter]] = {}
            for (record,) in rows:
                chapter: Chapter = _read(record, Chapter)
                lives.setdefault(chapter.network, []).append(chapter)
        return tuple(Life(network=key, chapters=tuple(told)) for key, told in lives.items())

    def latest(self) -> Report | None:
        """Return the report of the latest scan, or None where nothing was saved yet."""
        with _told(self.path):
            row = self._connection.execute(
                "SELECT scan, version, settings_digest, summary, thresholds, limits"
                " FROM scans ORDER BY scan DESC LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            scan, version, settings_digest, summary, thresholds, limits = row
            return Report(
                version=version,
                settings_digest=settings_digest,
                summary=_read(summary, InputSummary),
                networks=self._of_scan("networks", scan, Network),
                campaigns=self._of_scan("campaigns", scan, Campaign),
                cleared=self._of_scan("cleared", scan, Cleared),
                thresholds=_read(thresholds, tuple[tuple[str, float], ...]),
                limits=_read(limits, tuple[str, ...]),
            )

    def campaigns(self) -> tuple[Campaign, ...]:
        """Return every campaign known, of whichever scan, the latest scan's first."""
        with _told(self.path):
            rows = self._connection.execute(
                "SELECT record FROM campaigns ORDER BY scan DESC, place"
            ).fetchall()
            return tuple(_read(record, Campaign) for (record,) in rows)

    def find(self, name: str) -> Campaign | Network | Cleared:
        """
        Return what has this id, or the only id that begins so.

        A network that is in no campaign is found as Cleared where it was cleared.
        """
        with _told(self.path):
            found = self._matching(name)
        exact = {key: value for key, value in found.items() if key == name}
        chosen = exact or found
        if not chosen:
            raise NotFoundError(
                f"nothing is known as {name!r}",
                where=str(self.path),
                remedy="run `iolaus show` for the ids that are",
            )
        if len(chosen) > 1:
            raise NotFoundError(
                f"{name!r} begins {len(chosen)} ids: {', '.join(sorted(chosen)[:5])}",
                where=str(self.path),
                remedy="give more of the id",
            )
        return next(iter(chosen.values()))

    def of_account(self, name: str) -> dict[str, Campaign | Network]:
        """
        Return, for each account that begins with `name`, what it is in by the latest word on it.

        That is its campaign where it carries one, or was told apart in one; else its network.
        """
        found: dict[str, tuple[int, Campaign | Network]] = {}
        with _told(self.path):
            for table in ("networks", "campaigns"):
                rows = self._connection.execute(
                    f"SELECT scan, record FROM {table} WHERE instr(record, ?) ORDER BY scan",
                    (f'"{name}',),
                )
                for scan, record in rows:
                    one = _read(record, TABLES[table])
                    for account in _accounts_in(one):
                        if account.startswith(name) and scan >= found.get(account, (0, one))[0]:
                            found[account] = (scan, one)
        return {account: one for account, (_, one) in sorted(found.items())}

    def network(self, id: str) -> Network | None:
        """Return the network with exactly this id."""
        with _told(self.path):
            row = self._connection.execute(
                "SELECT record FROM networks WHERE id = ?", (id,)
            ).fetchone()
            return None if row is None else _read(row[0], Network)

    def _matching(self, name: str) -> dict[str, Campaign | Network | Cleared]:
        """Return by id what begins with `name`; a case cleared stands before its network."""
        found: dict[str, Campaign | Network | Cleared] = {}
        for table in ("networks", "cleared", "campaigns"):
            rows = self._connection.execute(
                f"SELECT id, record FROM {table} WHERE substr(id, 1, ?) = ? ORDER BY id",
                (len(name), name),
            )
            found |= {key: _read(record, TABLES[table]) for key, record in rows}
        return found

    def _of_scan(self, table: str, scan: int, kind: type[Record]) -> tuple[Record, ...]:
        rows = self._connection.execute(
            f"SELECT record FROM {table} WHERE scan = ? ORDER BY place",
            (scan,),
        )
        return tuple(_read(record, kind) for (record,) in rows)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; IMMEDIATE, so that two writers queue instead of failing late."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _keep(db: sqlite3.Connection, table: str, scan: int, records: list[tuple[str, Any]]) -> None:
    rows = [(key, scan, place, _text(record)) for place, (key, record) in enumerate(records)]
    db.executemany(
        f"INSERT OR REPLACE INTO {table} (id, scan, place, record) VALUES (?, ?, ?, ?)",
        rows,
    )


def _accounts_in(record: Campaign | Network) -> set[str]:
    told = {member.account for member in record.members}
    return told | set(record.accounts)


def _live_on(db: sqlite3.Connection, scan: int, report: Report) -> None:
    """
    Add a chapter to the life of every network of several accounts.

    One stretch of a life is told once: of a log that is scanned again the newer word holds, and
    the number of the scan stays, so that nothing changes where nothing is new.
    """
    campaigns = {campaign.network: campaign.id for campaign in report.campaigns}
    for network in report.networks:
        if len(network.accounts) < 2:
            continue
        key = (network.id, _moment(network.first_seen_at), _moment(network.last_seen_at))
        before = db.execute(
            "SELECT scan FROM network_lives"
            " WHERE network = ? AND first_seen_at = ? AND last_seen_at = ?",
            key,
        ).fetchone()
        number = scan if before is None else int(before[0])
        chapter = Chapter(
            network=network.id,
            scan=number,
            first_seen_at=network.first_seen_at,
            last_seen_at=network.last_seen_at,
            accounts=network.accounts,
            n_exchanges=network.n_exchanges,
            together=network.together,
            campaign=campaigns.get(network.id),
            origins=network.origins,
            marks=network.marks,
        )
        db.execute(
            "INSERT OR REPLACE INTO network_lives VALUES (?, ?, ?, ?, ?)",
            (*key, number, _text(chapter)),
        )


def _moment(at: datetime) -> str:
    return str(msgspec.json.decode(msgspec.json.encode(at)))


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file to the newest version; refuse a newer one, and another program's."""
    version = _version_of(connection, path)
    if version > len(MIGRATIONS):
        raise UsageError(
            f"the store is of version {version}, this Iolaus knows {len(MIGRATIONS)}",
            where=str(path),
            remedy="upgrade Iolaus, or name another file with --store",
        )
    for step in MIGRATIONS[version:]:
        version += 1
        # executescript would commit first; BEGIN and COMMIT inside keep a step whole.
        connection.executescript(
            f"BEGIN IMMEDIATE; {step} DELETE FROM schema_version;"
            f" INSERT INTO schema_version VALUES ({version}); COMMIT;"
        )


def _version_of(connection: sqlite3.Connection, path: Path) -> int:
    names = {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    if names and "schema_version" not in names:
        raise UsageError(
            "this SQLite file belongs to another program",
            where=str(path),
            remedy="name a file of its own with --store",
        )
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    return int(row[0] or 0)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn whatever SQLite, the disk or a damaged row says into an error of ours."""
    try:
        yield
    except IolausError:
        raise
    except (sqlite3.Error, OSError, msgspec.MsgspecError) as error:
        raise OutputError(
            f"the store cannot be used ({error})",
            where=str(path),
            remedy="name another file with --store sqlite:///PATH, or move this one away",
        ) from error


def _json(record: Any) -> bytes:
    return msgspec.json.encode(record, order="sorted")


def _text(record: Any) -> str:
    return _json(record).decode()


def _read(record: str, kind: Any) -> Any:
    return msgspec.json.decode(record, type=kind)
