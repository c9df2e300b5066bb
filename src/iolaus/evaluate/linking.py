"""Networks and the true campaigns -> how far linking came, and where the way ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.matching import distinct


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """One true campaign among the networks, whatever became of them later.

    `network` is the one that holds most of its accounts, `outsiders` are that network's
    accounts that are not the campaign's, and `fate` says what was decided about it.
    """

    campaign: str
    linked: Rate
    in_largest: Rate
    outsiders: Rate
    network: str | None
    fate: str | None


def linked_of(
    accounts: pa.Table, truth_accounts: pa.Table, *, fates: Mapping[str, str]
) -> tuple[Linked, ...]:
    """Find each true campaign's networks in accounts.parquet; `fates` maps a network to a word."""
    named = truth_accounts.filter(pc.is_valid(truth_accounts["campaign"]))
    return tuple(
        _linked(
            name,
            distinct(named.filter(pc.equal(named["campaign"], name))["account"]),
            accounts.filter(pc.is_valid(accounts["network"])),
            fates,
        )
        for name in sorted(distinct(named["campaign"]).to_pylist())
    )


def _linked(
    campaign: str, members: pa.Array, networked: pa.Table, fates: Mapping[str, str]
) -> Linked:
    mine = networked.filter(pc.is_in(networked["account"], value_set=members))
    counts = pc.value_counts(mine["network"].combine_chunks()).to_pylist()
    largest = min(counts, key=lambda row: (-row["counts"], row["values"]), default=None)
    if largest is None:
        nobody = Rate(n=0, of=len(members))
        return Linked(
            campaign=campaign,
            linked=nobody,
            in_largest=nobody,
            outsiders=Rate(n=0, of=0),
            network=None,
            fate=None,
        )
    network, n_mine = str(largest["values"]), int(largest["counts"])
    n_all = int(pc.sum(pc.equal(networked["network"], network)).as_py())
    return Linked(
        campaign=campaign,
        linked=Rate(n=mine.num_rows, of=len(members)),
        in_largest=Rate(n=n_mine, of=len(members)),
        outsiders=Rate(n=n_all - n_mine, of=n_all),
        network=network,
        fate=fates.get(network),
    )
