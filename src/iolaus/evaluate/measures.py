"""Result tables and truth tables -> Measures: how much was found, and who was wronged."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from iolaus.arrow import TRUTH_ACCOUNT, TRUTH_EXCHANGE
from iolaus.errors import ColumnError
from iolaus.evaluate.bounds import Rate, Reweighted, reweigh
from iolaus.evaluate.campaigns import CampaignMeasures, Comparison, Macro, Scores, compare
from iolaus.evaluate.matching import bcubed, distinct, keyed_by_channel
from iolaus.evaluate.wronged import (
    Bystanders,
    InnocentMeasures,
    Innocents,
    bystanders_of,
    innocents_of,
)

KNOWN = frozenset(TRUTH_ACCOUNT.names + TRUTH_EXCHANGE.names) | {"channel", "end_user"}
FLAGS = frozenset({"is_extraction", "is_innocent"})
PREVALENCES = (1e-3, 1e-4)
"""Campaign accounts among all accounts; detection.md asks for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """All of it, for one result against one truth.

    `accounts` and `exchanges` score everything attributed, false campaigns included;
    `macro` averages over campaigns; `purity` counts attributed exchanges that belong to the
    very campaign their found one stands for; `false_alarms` are innocent accounts flagged,
    look-alikes and ordinary ones together.
    """

    campaigns: tuple[CampaignMeasures, ...]
    macro: Macro
    accounts: Scores
    exchanges: Scores
    purity: Rate
    bcubed_precision: float | None
    bcubed_recall: float | None
    false_campaigns: tuple[str, ...]
    bystanders: Bystanders
    innocents: tuple[InnocentMeasures, ...]
    ordinary: Rate
    false_alarms: Rate
    reweighted: tuple[Reweighted, ...]


def measure(
    accounts: pa.Table,
    exchanges: pa.Table,
    *,
    truth_accounts: pa.Table,
    truth_exchanges: pa.Table,
    log: pa.Table | None = None,
) -> Measures:
    """
    Hold a scan's accounts.parquet and exchanges.parquet against the truth.

    Accounts are told apart by channel where both sides have one. An account that the truth
    does not name counts as ordinary; an innocent one that sent nothing is not counted. `log` (id, account, and end_user where known) tells which
    exchanges came through campaign accounts, and whose they were. Memory is linear in the rows.
    """
    accounts = _checked(accounts, "accounts", ("account", "campaign"))
    exchanges = _checked(exchanges, "exchanges", ("id", "campaign"))
    truth_accounts = _checked(
        truth_accounts, "truth_accounts", ("account", "campaign", "group", "operator")
    )
    truth_exchanges = _checked(
        truth_exchanges, "truth_exchanges", ("id", "campaign", "is_extraction")
    )
    by_channel = all("channel" in t.column_names for t in (accounts, truth_accounts))
    result, truth = (
        keyed_by_channel(table) if by_channel else table for table in (accounts, truth_accounts)
    )
    extracts = pc.fill_null(truth_exchanges["is_extraction"], False)
    both = compare(
        result, exchanges, true_accounts=truth, true_exchanges=truth_exchanges.filter(extracts)
    )
    through = _through(truth_accounts, log)
    return _measures(
        both,
        innocents_of(result, truth),
        bystanders=bystanders_of(exchanges, truth_exchanges, through=through),
    )


def _measures(both: Comparison, innocents: Innocents, *, bystanders: Bystanders) -> Measures:
    scores = both.accounts.totals()
    false_alarms = innocents.all()
    bcubed_precision, bcubed_recall = bcubed(both.accounts.found, both.accounts.true)
    return Measures(
        campaigns=both.campaigns(),
        macro=both.macro(),
        accounts=scores,
        exchanges=both.exchanges.totals(),
        purity=both.exchanges.purity(),
        bcubed_precision=bcubed_precision,
        bcubed_recall=bcubed_recall,
        false_campaigns=both.false_campaigns(),
        bystanders=bystanders,
        innocents=innocents.by_group(),
        ordinary=innocents.ordinary(),
        false_alarms=false_alarms,
        reweighted=tuple(reweigh(scores.recall, false_alarms, prevalence=p) for p in PREVALENCES),
    )


def _through(truth_accounts: pa.Table, log: pa.Table | None) -> pa.Table | None:
    if log is None:
        return None
    log = _checked(log, "log", ("id", "account"))
    campaign = truth_accounts.filter(pc.is_valid(truth_accounts["campaign"]))
    return log.filter(pc.is_in(log["account"], value_set=distinct(campaign["account"])))


def _checked(table: pa.Table, name: str, columns: tuple[str, ...]) -> pa.Table:
    """Return the table with plain strings: a column of nothing but nulls may have no type."""
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise ColumnError(
            f"no column {', '.join(missing)}",
            where=name,
            remedy="give the table as scan and simulate write it",
        )
    kept = [c for c in table.column_names if c in KNOWN]
    return pa.table({c: table[c].cast(pa.bool_() if c in FLAGS else pa.string()) for c in kept})
