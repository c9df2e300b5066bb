"""A scan's accounts.parquet and an operator's list of banned accounts -> what that shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from iolaus.errors import ColumnError, EmptyError, InputError
from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.campaigns import CampaignMeasures, compare
from iolaus.evaluate.matching import DEFAULT_CHANNEL, distinct, keyed_by_channel

YES = ("true", "t", "yes", "y", "1")
NO = ("false", "f", "no", "n", "0", "")

EXCHANGES_UNKNOWN = (
    "exchanges: a list of accounts does not say which of their exchanges were harvest, so purity"
    " and bystanders cannot be measured"
)
MISSED_UNKNOWN = (
    "missed operators: recall is over the accounts you banned; what you never found is in no list"
)
TOGETHER_UNKNOWN = (
    "fragmentation: there is no column `campaign`, so nobody knows who belongs together"
)
INNOCENT_UNKNOWN = (
    "false alarms: no account is marked `is_innocent`, so precision is known only between bounds"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvaluation:
    """What an operator's own labels can show.

    `banned_found` are the banned accounts seen in the log that a campaign names; precision
    lies between `precision_at_least` (every unlabelled account innocent) and
    `precision_at_most` (every one guilty). `cannot` says what the labels leave open.
    """

    n_banned_not_in_log: int
    banned_found: Rate
    innocents_flagged: Rate
    n_unlabelled_flagged: int
    precision_at_least: float | None
    precision_at_most: float | None
    campaigns: tuple[CampaignMeasures, ...]
    cannot: tuple[str, ...]


def read_labels(path: Path) -> pa.Table:
    """
    Return (account, campaign, is_innocent, and channel where known) from a CSV or Parquet file.

    Only `account` is required; an account is banned unless `is_innocent` says otherwise.
    Without a column `channel` a name is the same account on every channel.
    `group` stands in for `campaign`.
    """
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), remedy="check --truth")
    table = _read(path)
    if "account" not in table.column_names:
        raise ColumnError("no column account", where=str(path), remedy="name the column `account`")
    if table.num_rows == 0:
        raise EmptyError("no account is listed", where=str(path), remedy="list one a row")
    nothing = pa.nulls(table.num_rows, pa.string())
    columns = {name: table[name].cast(pa.string()) for name in table.column_names}
    campaign = columns.get("campaign", columns.get("group", nothing))
    # An empty cell of a CSV is no campaign called "".
    named = pc.if_else(pc.equal(campaign, ""), None, campaign)
    innocent = _booleans(columns.get("is_innocent", nothing), path)
    labels = {
        "account": columns["account"],
        "campaign": pc.if_else(innocent, None, named),
        "is_innocent": innocent,
    }
    if "channel" in columns:
        channel = columns["channel"]
        labels["channel"] = pc.if_else(pc.equal(channel, ""), DEFAULT_CHANNEL, channel)
    return pa.table(labels)


def measure_labelled(accounts: pa.Table, *, labels: pa.Table) -> LogEvaluation:
    """Hold a scan's accounts.parquet against labels as `read_labels` returns them."""
    if "channel" in labels.column_names:
        accounts, labels = keyed_by_channel(accounts), keyed_by_channel(labels)
    flagged = distinct(accounts.filter(pc.is_valid(accounts["campaign"]))["account"])
    seen = distinct(accounts["account"])
    banned = distinct(labels.filter(pc.invert(labels["is_innocent"]))["account"])
    innocent = distinct(labels.filter(labels["is_innocent"])["account"])
    present = banned.filter(pc.is_in(banned, value_set=seen))
    hits, wronged = _shared(flagged, banned), _shared(flagged, innocent)
    n_unlabelled = len(flagged) - hits - wronged
    named = labels.filter(pc.is_valid(labels["campaign"]))
    return LogEvaluation(
        n_banned_not_in_log=len(banned) - len(present),
        banned_found=Rate(n=hits, of=len(present)),
        innocents_flagged=Rate(n=wronged, of=_shared(innocent, seen)),
        n_unlabelled_flagged=n_unlabelled,
        precision_at_least=hits / len(flagged) if len(flagged) else None,
        precision_at_most=(hits + n_unlabelled) / len(flagged) if len(flagged) else None,
        campaigns=_campaigns(accounts, named.filter(pc.is_in(named["account"], value_set=seen))),
        cannot=_cannot(n_named=named.num_rows, n_innocent=len(innocent)),
    )


def _campaigns(accounts: pa.Table, named: pa.Table) -> tuple[CampaignMeasures, ...]:
    no_exchange = pa.table({"id": pa.array([], pa.string()), "campaign": pa.array([], pa.string())})
    both = compare(accounts, no_exchange, true_accounts=named, true_exchanges=no_exchange)
    return both.campaigns()


def _cannot(*, n_named: int, n_innocent: int) -> tuple[str, ...]:
    """Say what these labels leave open."""
    said = [EXCHANGES_UNKNOWN, MISSED_UNKNOWN]
    if not n_named:
        said.append(TOGETHER_UNKNOWN)
    if not n_innocent:
        said.append(INNOCENT_UNKNOWN)
    return tuple(said)


def _read(path: Path) -> pa.Table:
    try:
        if path.suffix == ".parquet":
            return pq.read_table(path)
        # Every cell as it stands: 0017 is an account, not the number 17.
        names = pyarrow.csv.open_csv(path).schema.names
        as_text = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        )
        return pyarrow.csv.read_csv(path, convert_options=as_text)
    except pa.ArrowInvalid as error:
        raise InputError(
            "this is neither CSV nor Parquet", where=str(path), remedy="give one of them"
        ) from error


def _booleans(values: pa.ChunkedArray | pa.Array, path: Path) -> pa.Array:
    words = pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(values, "")))
    yes = pc.is_in(words, value_set=pa.array(YES))
    odd = pc.invert(pc.or_(yes, pc.is_in(words, value_set=pa.array(NO))))
    if pc.any(odd).as_py():
        raise InputError(
            "is_innocent is neither true nor false", where=str(path), remedy="write true or false"
        )
    return yes


def _shared(some: pa.Array, others: pa.Array) -> int:
    return int(pc.sum(pc.is_in(some, value_set=others)).as_py() or 0)
