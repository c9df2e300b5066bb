"""What was found -> one row an account, one row a campaign exchange, by hash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from iolaus.arrow import ACCOUNT_RESULT, EXCHANGE_RESULT
from iolaus.campaign.detection import attributed
from iolaus.campaign.finding import Found


def account_rows(found: Sequence[Found], *, channel: pa.Array, account: pa.Array) -> pa.Table:
    """
    Return ACCOUNT_RESULT for every account in the log, in order of dense ids.

    `channel` and `account` give the log's own names back. An account outside every network
    has null bits: nothing was claimed of it.
    """
    n = len(account)
    text = {name: np.full(n, None, dtype=object) for name in ("network", "campaign")}
    role = np.full(n, "none", dtype=object)
    share = np.zeros(n)
    bits = {name: np.full(n, np.nan) for name in ("coordination_bits", "extraction_bits")}
    for one in found:
        members = one.standing.accounts
        text["network"][members] = one.network.id
        role[members] = "member"
        bits["coordination_bits"][members] = one.standing.posterior_bits
        if one.campaign is None:
            continue
        for i, member in zip(members, one.campaign.members, strict=True):
            role[i], share[i] = member.role, member.campaign_share
            if member.n_exchanges:
                text["campaign"][i] = one.campaign.id
                bits["extraction_bits"][i] = member.extraction_bits
    columns = {
        "channel": channel,
        "account": account,
        "role": pa.array(role, pa.string()),
        "campaign_share": pa.array(share),
        **{name: pa.array(values, pa.string()) for name, values in text.items()},
        **{name: pa.array(values, mask=np.isnan(values)) for name, values in bits.items()},
    }
    return pa.table([columns[name] for name in ACCOUNT_RESULT.names], schema=ACCOUNT_RESULT)


def exchange_hashes(found: Sequence[Found]) -> pa.Table:
    """Return hash, campaign and flow of every attributed exchange, sorted by hash."""
    hashes, campaigns, flows = [], [], []
    for one in found:
        if one.campaign is None or one.judged is None:
            continue
        ids = one.judged.traffic.table["id"].to_numpy()
        for record, flow in zip(one.campaign.flows, one.judged.flows, strict=True):
            if flow.verdict == "extraction":
                hashes.append(ids[flow.rows])
                campaigns += [one.campaign.id] * len(flow.rows)
                flows += [record.id] * len(flow.rows)
    table = pa.table(
        {
            "hash": pa.array(np.concatenate(hashes) if hashes else np.empty(0, np.int64)),
            "campaign": pa.array(campaigns, pa.string()),
            "flow": pa.array(flows, pa.string()),
        }
    )
    return table.sort_by("hash")


def exchange_rows(hashes: pa.Table, ids: Iterable[pa.RecordBatch]) -> pa.Table:
    """Give the log's own ids back; `ids` yields hash and id, in the log's order."""
    keys = hashes["hash"].to_numpy()
    parts = []
    for batch in ids:
        at = pa.array(np.searchsorted(keys, batch.column("hash").to_numpy()))
        parts.append(
            pa.table(
                [
                    batch.column("id"),
                    hashes["campaign"].combine_chunks().take(at),
                    hashes["flow"].combine_chunks().take(at),
                ],
                schema=EXCHANGE_RESULT,
            )
        )
    return pa.concat_tables(parts) if parts else EXCHANGE_RESULT.empty_table()


def n_attributed(found: Sequence[Found]) -> int:
    """Count attributed exchanges."""
    return sum(int(attributed(one.judged).sum()) for one in found if one.judged is not None)
