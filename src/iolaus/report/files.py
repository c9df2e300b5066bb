"""A Report and its tables -> the files of an output folder, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from iolaus.arrow import ACCOUNT_RESULT, EXCHANGE_RESULT
from iolaus.errors import ContractError, OutputError
from iolaus.report.as_json import report_to_json
from iolaus.report.page import render_page
from iolaus.schema import Report

REPORT_JSON = "report.json"
REPORT_HTML = "report.html"
ACCOUNTS = "accounts.parquet"
EXCHANGES = "exchanges.parquet"
IDENTITIES = "identities.parquet"
REJECTS = "rejects.jsonl"
# report.json goes first when an old result is taken away and comes last when the new one is
# put there: whoever finds it finds the rest, even after a kill in between.
OURS = (ACCOUNTS, EXCHANGES, IDENTITIES, REJECTS, REPORT_HTML, REPORT_JSON)

PARTIAL = ".iolaus-partial"
"""Where files are written before they are moved; one name, so that what a killed run left
there, names among it, is gone with the next."""

FileWriter = Callable[[Path], None]


def write_results(
    out: Path,
    *,
    report: Report,
    accounts: pa.Table,
    exchanges: pa.Table,
    identities: FileWriter | None = None,
    rejects: FileWriter | None = None,
) -> tuple[Path, ...]:
    """
    Write all result files into `out` and return their paths.

    `identities` and `rejects` are called with the path they must write. Everything is first
    written beside its place; only when all of it stands is it moved there. A failure leaves
    the folder as it was. Files that are not ours are never touched, ours are replaced.
    """
    made = _make_folder(out)
    try:
        with _partial(out) as (fresh, old):
            _write_tables(fresh, accounts=accounts, exchanges=exchanges)
            _write_hooked(fresh, identities=identities, rejects=rejects)
            (fresh / REPORT_HTML).write_text(render_page(report), encoding="utf-8")
            (fresh / REPORT_JSON).write_bytes(report_to_json(report))
            names = _swap(out, fresh=fresh, old=old)
    except BaseException as error:
        if made:
            shutil.rmtree(out, ignore_errors=True)
        if isinstance(error, OSError):
            raise _unwritable(out, error) from error
        raise
    return tuple(out / name for name in names)


def _make_folder(out: Path) -> bool:
    """Make the folder; say whether it was not there before."""
    try:
        if out.is_dir():
            return False
        out.mkdir(parents=True)
    except OSError as error:
        raise _unwritable(out, error) from error
    return True


@contextmanager
def _partial(out: Path) -> Iterator[tuple[Path, Path]]:
    """Yield two folders beside the results, for the new files and the old, nobody else's to read."""
    partial = out / PARTIAL
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    try:
        fresh, old = partial / "new", partial / "old"
        fresh.mkdir()
        old.mkdir()
        yield fresh, old
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> OutputError:
    return OutputError(
        f"the results could not be written ({error.strerror or error})",
        where=str(out),
        remedy="name a folder you may write to with --out, with room on its disk",
    )


def _write_tables(folder: Path, *, accounts: pa.Table, exchanges: pa.Table) -> None:
    for name, table, schema in (
        (ACCOUNTS, accounts, ACCOUNT_RESULT),
        (EXCHANGES, exchanges, EXCHANGE_RESULT),
    ):
        pq.write_table(_as(table, schema, name), folder / name, compression="zstd")


def _as(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    """Return the table in the published schema, its columns in the published order."""
    try:
        return table.select(schema.names).cast(schema)
    except (KeyError, ValueError) as error:  # pa.ArrowInvalid is a ValueError
        raise ContractError(
            f"the table does not fit its published columns ({error})",
            where=name,
            remedy=f"give it {', '.join(schema.names)}",
        ) from error


def _write_hooked(
    folder: Path, *, identities: FileWriter | None, rejects: FileWriter | None
) -> None:
    if identities is not None:
        path = folder / IDENTITIES
        # Made before it is filled, so that at no moment anyone else may read it.
        path.touch(mode=0o600)
        identities(path)
        path.chmod(0o600)
    if rejects is not None:
        rejects(folder / REJECTS)
    (folder / REJECTS).touch()


def _swap(out: Path, *, fresh: Path, old: Path) -> list[str]:
    """Move our old files away and the new ones in; undo both where a move fails."""
    blocked = [name for name in OURS if (out / name).is_dir()]
    if blocked:
        raise OutputError(
            f"{blocked[0]} is a folder there",
            where=str(out),
            remedy="move it away, or name another folder with --out",
        )
    placed: list[str] = []
    try:
        for name in reversed(OURS):
            if (out / name).exists():
                (out / name).replace(old / name)
        for name in OURS:
            if (fresh / name).exists():
                (fresh / name).replace(out / name)
                placed.append(name)
    except BaseException:
        for name in placed:
            (out / name).unlink(missing_ok=True)
        for name in OURS:
            if (old / name).exists():
                (old / name).replace(out / name)
        raise
    return placed
