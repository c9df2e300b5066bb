"""What was read and what was not -> an InputSummary that says what this costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from iolaus.ingest.fingerprinting import Fingerprinted
from iolaus.ingest.rejects import Rejects
from iolaus.schema import InputSummary

COSTS = {
    "prompt": "without prompts, recipes and what they ask for cannot be seen",
    "address": "without addresses, shared exits cannot be seen",
    "agent": "without user agents, shared clients cannot be seen",
    "conversation": "without conversations, hand-overs between accounts cannot be seen",
    "model": "without models, a move to a new one cannot be seen",
    "output_tokens": "without token counts, the worth of outputs cannot be seen",
}
"""What a missing column costs, in the words of the report."""

NO_ACCOUNT_TABLE = "without an account table, payment and enrolment cannot be seen"


def summary_of(
    read: Fingerprinted,
    *,
    accounts: pa.Table,
    has_account_table: bool,
    skipped_files: Sequence[str],
    rejects: Rejects,
    words: Sequence[str] = (),
) -> InputSummary:
    """Summarise a reading; `words` are warnings that others have to add."""
    missing = tuple(name for name in COSTS if name not in read.columns_present)
    costs = [COSTS[name] for name in missing]
    if not has_account_table:
        costs.append(NO_ACCOUNT_TABLE)
    return InputSummary(
        n_exchanges=read.n_rows,
        n_accounts=len(accounts),
        n_rejected=rejects.n_rows,
        rejected_by_reason=rejects.by_reason(),
        skipped_files=tuple(skipped_files),
        first_at=_moment(pc.min(accounts["first_at"].cast(pa.int64())).as_py()),
        last_at=_moment(pc.max(accounts["last_at"].cast(pa.int64())).as_py()),
        missing_columns=missing,
        warnings=(*rejects.warnings(), *costs, *words),
        has_account_table=has_account_table,
        has_text="prompt" in read.columns_present,
    )


def _moment(micros: int | None) -> datetime | None:
    if micros is None:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
