"""Logs -> a folder of results, a store and a summary on the terminal: `iolaus scan`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from iolaus.cli.configuration import Configuration, read_configuration
from iolaus.cli.defaults import MAX_REJECTED_SHARE, OUT, sketch_beside, store_url
from iolaus.cli.summary import print_summary
from iolaus.cli.terminal import print_bytes, progress_bars, results, say
from iolaus.errors import InputError, OutputError, UsageError
from iolaus.store import open_store, path_of

if TYPE_CHECKING:
    from iolaus.schema import Report

TOO_MANY_REJECTED = 3
FLAG = Parameter(negative=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """What `scan` can be told beside its logs."""

    accounts: Path | None = None
    """Account table (Parquet, CSV or JSONL): payment, device, opened_at, ... It links best."""
    releases: Path | None = None
    """Release calendar, a list of {"model", "at"}: the population's own moves are subtracted."""
    allow: Path | None = None
    """Accounts and organisations that are known to be innocent, one a line."""
    actors: Path | None = None
    """Catalogue of actors that you know (TOML or JSON): who may be behind a campaign."""
    out: Path = OUT
    """Where report.html, report.json and the tables go."""
    store: str | None = None
    """What survives the run, sqlite:///PATH; iolaus.db in the output folder where not given."""
    engine: Literal["duckdb", "spark"] = "duckdb"
    """What does the counting."""
    format: str | None = None
    """Read the logs as this format instead of sniffing it; `iolaus plugins` lists them."""
    key_file: Path | None = None
    """File with the secret that identities are hashed with; else the variable IOLAUS_KEY."""
    decoys: int = 0
    """Scans of the log with each kind of value dealt out anew: how much is found where nothing is."""
    memory: str | None = None
    """What the engine may hold before it spills to disk, as in 3GB."""
    max_rejected: float = MAX_REJECTED_SHARE
    """Exit with status 3 when a larger share of the rows than this could not be read."""
    explain_input: Annotated[bool, FLAG] = False
    """Say which columns are understood, which are missing and what that costs; scan nothing."""
    json: Annotated[bool, FLAG] = False
    """Print report.json to stdout and nothing else there."""
    config: Path | None = None
    """Settings; iolaus.toml in this folder where not given and there is one."""


def scan(
    *logs: Path,
    options: Annotated[ScanOptions, Parameter(name="*")] = ScanOptions(),
) -> int:
    """
    Scan logs for accounts that harvest the model together.

    ```
    iolaus scan logs/
    iolaus scan march.jsonl --accounts accounts.csv --key-file iolaus.key
    iolaus scan logs/ --explain-input
    ```

    Writes report.html, report.json, accounts.parquet, exchanges.parquet, identities.parquet and
    rejects.jsonl to the output folder, whole or not at all.

    Parameters
    ----------
    logs
        Files or folders; of a folder, files that no source recognises are listed as skipped.
    """
    _check(logs, options)
    configuration = read_configuration(options.config)
    if options.explain_input:
        return _explain_input(list(logs), options=options, mapping=configuration.mapping)
    key = load_key_loudly(options.key_file)
    report = run_scan(list(logs), options=options, configuration=configuration, key=key)
    if options.json:
        from iolaus.report.as_json import report_to_json

        print_bytes(report_to_json(report))
    else:
        store = options.store or store_url(options.out)
        print_summary(results(), report, out=options.out, store=store)
    return status_of(
        report, max_rejected=options.max_rejected, rejects=options.out / "rejects.jsonl"
    )


def run_scan(
    logs: list[Path], *, options: ScanOptions, configuration: Configuration, key: bytes
) -> Report:
    """Run the pipeline with bars on stderr and keep what survives in the store."""
    from iolaus import pipeline

    with progress_bars() as progress:
        return pipeline.scan(
            logs,
            accounts=options.accounts,
            releases=options.releases,
            allow=options.allow,
            actors=options.actors,
            out=options.out,
            sketch=sketch_beside(options.store or store_url(options.out)),
            store=options.store or store_url(options.out),
            key=key,
            decoys=options.decoys,
            format=options.format,
            mapping=configuration.mapping,
            settings=configuration.settings,
            memory=options.memory,
            progress=progress,
        )


def status_of(report: Report, *, max_rejected: float, rejects: Path) -> int:
    """Return 3, with a word, where more than the share allowed could not be read."""
    n_rejected = report.summary.n_rejected
    share = n_rejected / max(1, n_rejected + report.summary.n_exchanges)
    if share <= max_rejected:
        return 0
    say(
        f"iolaus: {share:.1%} of the rows were rejected, more than --max-rejected allows"
        f" ({max_rejected:.1%}); {rejects} says where and why"
    )
    return TOO_MANY_REJECTED


def load_key_loudly(key_file: Path | None) -> bytes:
    """Return the operator's key; where there is none, the demo key, and say what that means."""
    from iolaus.ingest.pseudonyms import load_key

    key, is_demo = load_key(key_file, os.environ)
    if is_demo:
        say(
            "WARNING: no key was given, so identities are hashed with the public demo key: anyone\n"
            "can undo that. Fit for a trial, not for real customers. Make a key of your own once,\n"
            "    (umask 077 && head -c 32 /dev/urandom | base64 > iolaus.key)\n"
            "and pass --key-file iolaus.key (or set IOLAUS_KEY)."
        )
    return key


def _check(logs: tuple[Path, ...], options: ScanOptions) -> None:
    """Refuse what cannot work before anything is read."""
    if not logs:
        raise UsageError("no log was named", remedy="as in `iolaus scan logs/`")
    for path in (*logs, options.accounts, options.releases, options.allow, options.actors):
        if path is not None and not path.exists():
            raise InputError(
                "there is no such file or folder", where=str(path), remedy="check the path"
            )
    if options.engine == "spark":
        raise UsageError(
            "the engine spark comes with a later release", remedy="leave --engine out: duckdb"
        )
    if not 0 <= options.max_rejected <= 1:
        raise UsageError(
            f"--max-rejected {options.max_rejected} is no share", remedy="give 0 to 1, as in 0.01"
        )
    _check_out(options.out)
    _check_store(options.store or store_url(options.out))


def _check_out(out: Path) -> None:
    """Find out before the scan, not after it, that its results have no place."""
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise OutputError("this is a file", where=str(nearest), remedy="name a folder with --out")
    if not os.access(nearest, os.W_OK):
        raise OutputError(
            "you may not write here", where=str(nearest), remedy="name another folder with --out"
        )


def _check_store(url: str) -> None:
    """The same for a store that is there already; a new one is made after the scan."""
    if path_of(url).exists():
        open_store(url).close()


def _explain_input(
    logs: list[Path], *, options: ScanOptions, mapping: dict[str, object] | None
) -> int:
    """Print what of the input is understood, before anything runs; no identity is kept."""
    from iolaus.ingest.account_table import read_account_table
    from iolaus.ingest.explanation import explain_input
    from iolaus.ingest.keys import DEMO_KEY
    from iolaus.ingest.reader import open_logs
    from iolaus.ingest.rejects import Rejects

    with Rejects() as rejects:
        opened = open_logs(
            logs, key=DEMO_KEY, rejects=rejects, format=options.format, mapping=mapping
        )
        table = read_account_table(options.accounts, rejects=rejects) if options.accounts else None
        explained = explain_input(opened, table)
    if options.json:
        import msgspec

        print_bytes(msgspec.json.format(msgspec.json.encode(explained), indent=2) + b"\n")
    else:
        print(explained.as_text(), end="")
    return 0
