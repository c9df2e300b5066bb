"""A set of logs, looked at before anything runs -> what is understood and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from iolaus.arrow import ACCOUNT_TABLE, EXCHANGE
from iolaus.ingest.admission import Admission
from iolaus.ingest.blind_spots import ACCOUNT_SPOTS, EXCHANGE_SPOTS, BlindSpot, spots_without
from iolaus.ingest.columns import REQUIRED
from iolaus.ingest.reader import LogFile, LogSet, PlacingSource, placed_in
from iolaus.ingest.rejects import Rejects

SAMPLED_FILES = 25
SAMPLED_ROWS = 20_000
_FEW = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnExplanation:
    """One column that was understood, and in what share of the sampled rows it says something."""

    theirs: str
    ours: str
    filled_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatExplanation:
    """What the files of one format hold, by a sample of them."""

    name: str
    n_files: int
    n_bytes: int
    n_rows_sampled: int
    columns: tuple[ColumnExplanation, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputExplanation:
    """What a scan would read, and what it could not see."""

    formats: tuple[FormatExplanation, ...]
    missing: tuple[str, ...]
    blind_spots: tuple[BlindSpot, ...]
    account_blind_spots: tuple[BlindSpot, ...]
    n_accounts_in_table: int | None
    warnings: tuple[str, ...]
    rejected_by_reason: tuple[tuple[str, int], ...]
    skipped: tuple[str, ...]

    def as_text(self) -> str:
        """Return it as plain text, for a terminal."""
        lines: list[str] = []
        for one in self.formats:
            lines += _format_lines(one)
        lines += _blind_lines("Missing from the log, and what that costs:", self.blind_spots)
        if self.n_accounts_in_table is None:
            lines += ["", "No account table (--accounts FILE), and what that costs:"]
        else:
            lines += ["", f"Account table: {self.n_accounts_in_table:,} accounts"]
        lines += _blind_lines(None, self.account_blind_spots)
        lines += _listed("Warnings in the sample:", self.warnings)
        rejected = [f"{reason} ({n:,} rows)" for reason, n in self.rejected_by_reason]
        lines += _listed("Rejected in the sample:", rejected)
        lines += _listed("Skipped files:", self.skipped)
        return "\n".join(lines).strip() + "\n"


def explain_input(log: LogSet, account_table: pa.Table | None) -> InputExplanation:
    """Look at the first rows of the first files of each format; nothing is counted or kept."""
    rejects = Rejects()
    by_source: dict[str, list[LogFile]] = {}
    for file in log.files:
        by_source.setdefault(file.source.name, []).append(file)
    with rejects:
        formats = tuple(
            _explain_format(name, files, log=log, rejects=rejects)
            for name, files in sorted(by_source.items())
        )
        rejected, warnings = rejects.by_reason(), rejects.warnings()
    present = {column.ours for one in formats for column in one.columns if column.filled_share > 0}
    in_table = _filled(account_table) if account_table is not None else set()
    return InputExplanation(
        formats=formats,
        missing=tuple(name for name in EXCHANGE.names if name not in present),
        blind_spots=spots_without(present, EXCHANGE_SPOTS),
        account_blind_spots=spots_without(in_table, ACCOUNT_SPOTS),
        n_accounts_in_table=None if account_table is None else account_table.num_rows,
        warnings=warnings,
        rejected_by_reason=rejected,
        skipped=log.skipped,
    )


def _explain_format(
    name: str, files: Sequence[LogFile], *, log: LogSet, rejects: Rejects
) -> FormatExplanation:
    theirs: dict[str, str] = {}
    names: dict[str, None] = {}
    filled: dict[str, int] = dict.fromkeys(EXCHANGE.names, 0)
    n_rows = 0
    admission = log.admission()
    for file in files[:SAMPLED_FILES]:
        if isinstance(file.source, PlacingSource):
            names.update(dict.fromkeys(file.source.columns_of(file.location)))
            theirs |= {
                reading.name: reading.theirs for reading in file.source.plan_of(file.location)
            }
        n_rows += _sample(
            file, admission, rejects=rejects, filled=filled, n_wanted=SAMPLED_ROWS - n_rows
        )
    if "messages" in theirs:
        made = dict.fromkeys(
            ("system", "prompt", "prefix", "turn", "input_modalities"), theirs.pop("messages")
        )
        theirs = made | theirs
    columns = tuple(
        ColumnExplanation(theirs=theirs.get(ours, ours), ours=ours, filled_share=n / max(n_rows, 1))
        for ours, n in filled.items()
        if n or theirs.get(ours) in names
    )
    used = {column.theirs for column in columns}
    ignored = tuple(name for name in names if not _is_used(name, used))
    n_bytes = sum(file.n_bytes for file in files)
    return FormatExplanation(
        name=name,
        n_files=len(files),
        n_bytes=n_bytes,
        n_rows_sampled=n_rows,
        columns=tuple(c for c in columns if c.ours != "channel" or "channel" in theirs),
        ignored=ignored,
    )


def _is_used(name: str, used: Iterable[str]) -> bool:
    """Say whether a column, or something inside it, or what holds it, is read."""
    return any(
        one == name or one.startswith(f"{name}.") or name.startswith(f"{one}.") for one in used
    )


def _sample(
    file: LogFile,
    admission: Admission,
    *,
    rejects: Rejects,
    filled: dict[str, int],
    n_wanted: int,
) -> int:
    n_rows = 0
    for placed in placed_in(file, rejects):
        batch = admission.admit(placed, file=file.location, sink=rejects)
        n_rows += batch.num_rows
        for name in EXCHANGE.names:
            filled[name] += batch.num_rows - batch.column(name).null_count
        if n_rows >= n_wanted:
            break
    return n_rows


def _filled(table: pa.Table) -> set[str]:
    return {
        name
        for name in ACCOUNT_TABLE.names
        if name in table.column_names and table[name].null_count < table.num_rows
    }


def _format_lines(one: FormatExplanation) -> list[str]:
    files = "1 file" if one.n_files == 1 else f"{one.n_files:,} files"
    lines = [
        "",
        f"{one.name}: {files}, {one.n_bytes / 1e6:,.1f} MB, {one.n_rows_sampled:,} rows sampled",
    ]
    width = max((len(column.theirs) for column in one.columns), default=0)
    for column in one.columns:
        mark = " (required)" if column.ours in REQUIRED else ""
        lines.append(
            f"  {column.theirs:<{width}} -> {column.ours:<18} {column.filled_share:4.0%}{mark}"
        )
    if one.ignored:
        more = f" and {len(one.ignored) - _FEW} more" if len(one.ignored) > _FEW else ""
        lines.append(f"  not used: {', '.join(one.ignored[:_FEW])}{more}")
    return lines


def _blind_lines(title: str | None, spots: Sequence[BlindSpot]) -> list[str]:
    lines = ["", title] if title and spots else []
    return lines + [f"  {', '.join(spot.columns)}: {spot.says}" for spot in spots]


def _listed(title: str, entries: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {entry}" for entry in entries[:_FEW])] if entries else []
