"""Bits that a scan claimed and the truth -> how often what they claim was so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.evaluate.bounds import Rate
from iolaus.schema import Report

Kind = Literal["together", "extraction", "member"]

EDGES = (-np.inf, -8.0, -4.0, -2.0, 0.0, 2.0, 4.0, 8.0, 16.0, 32.0, np.inf)
"""Bins of posterior bits; at 8 bits one claim in 257 should be wrong."""

STRANGERS = frozenset(
    {
        "benchmark_day",
        "carrier_nat",
        "characters",
        "class",
        "coder",
        "cohort",
        "copier",
        "hackathon",
        "judging_class",
        "labellers",
        "ordinary",
        "pipeline",
        "proxy_home",
        "small_country",
        "surge",
        "tool",
    }
)
"""Groups of the truth whose `operator` names what strangers share, not a hand that runs them."""

MOST = 0.9
"""A network is one hand's when so many of its accounts are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One claim: posterior bits, and whether it was so."""

    kind: Kind
    bits: float
    so: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Claims whose bits lie from `low` up to `high`: what they said, and what came true."""

    low: float
    high: float
    said: float
    came_true: Rate


def claims_of(report: Report, accounts: pa.Table, truth_accounts: pa.Table) -> tuple[Claimed, ...]:
    """
    Hold a report's claims against the truth.

    `together`: a network called run together is one hand's. `extraction`: a network whose flow
    was weighed harvests, that is, most of its accounts carry a campaign's traffic. `member`: an
    account that a campaign names carries some campaign's traffic.
    """
    operators, campaigns = _truth(truth_accounts)
    members = _members(accounts)
    claims: list[Claimed] = []
    for network in report.networks:
        if network.together and network.id in members:
            so = _share_of_one(members[network.id], operators) >= MOST
            claims.append(Claimed(kind="together", bits=network.coordination_bits, so=so))
    weighed = {one.network: one.extraction_bits for one in report.cleared}
    weighed |= {one.network: one.extraction_bits for one in report.campaigns}
    for name, bits in weighed.items():
        if bits is not None and name in members:
            inside = [campaigns.get(account) is not None for account in members[name]]
            claims.append(Claimed(kind="extraction", bits=bits, so=bool(np.mean(inside) > 0.5)))
    named = accounts.filter(pc.is_valid(accounts["campaign"]))
    pairs = zip(named["account"].to_pylist(), named["coordination_bits"].to_pylist(), strict=True)
    claims += [
        Claimed(kind="member", bits=bits, so=campaigns.get(account) is not None)
        for account, bits in pairs
        if bits is not None
    ]
    return tuple(claims)


def bins_of(claims: Iterable[Claimed]) -> tuple[Bin, ...]:
    """Return the bins that hold anything, lowest first."""
    pairs = np.array([(one.bits, one.so) for one in claims], dtype=float).reshape(-1, 2)
    found = []
    for low, high in pairwise(EDGES):
        inside = pairs[(pairs[:, 0] >= low) & (pairs[:, 0] < high)]
        if len(inside):
            said = float(np.mean(1.0 / (1.0 + np.exp2(-np.clip(inside[:, 0], -60, 60)))))
            rate = Rate(n=int(inside[:, 1].sum()), of=len(inside))
            found.append(Bin(low=low, high=high, said=said, came_true=rate))
    return tuple(found)


def _truth(table: pa.Table) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Return each account's hand, None for strangers, and its campaign."""
    names = table["account"].to_pylist()
    hands = [
        None if group in STRANGERS else operator
        for group, operator in zip(
            table["group"].to_pylist(), table["operator"].to_pylist(), strict=True
        )
    ]
    return (
        dict(zip(names, hands, strict=True)),
        dict(zip(names, table["campaign"].to_pylist(), strict=True)),
    )


def _members(accounts: pa.Table) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    inside = accounts.filter(pc.is_valid(accounts["network"]))
    for account, network in zip(
        inside["account"].to_pylist(), inside["network"].to_pylist(), strict=True
    ):
        found.setdefault(network, []).append(account)
    return found


def _share_of_one(members: list[str], operators: dict[str, str | None]) -> float:
    hands = [operators.get(account) for account in members]
    known = [hand for hand in hands if hand is not None]
    return max((known.count(hand) for hand in set(known)), default=0) / len(hands)
