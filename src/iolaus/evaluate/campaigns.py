"""Found and true memberships -> precision, recall and fragmentation of every campaign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.matching import (
    Codes,
    Membership,
    distinct,
    match,
    membership_of,
    names_of,
    overlap_of,
    renamed,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Precision and recall over one kind of thing; for one campaign or for all."""

    precision: Rate
    recall: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignMeasures:
    """What became of one true campaign; `found` are the campaigns matched to it."""

    campaign: str
    accounts: Scores
    exchanges: Scores
    found: tuple[str, ...]

    @property
    def fragmentation(self) -> int:
        """Return how many found campaigns it fell into; 0 when it was missed."""
        return len(self.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """Plain means over campaigns, so that a big one does not speak for a small one.

    Recall averages over true campaigns, a missed one counting 0. Precision averages over
    those found, and over found campaigns that stand for no true one, which count 0.
    """

    account_precision: float | None
    account_recall: float | None
    exchange_precision: float | None
    exchange_recall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Found and true membership of one kind of thing, and the found ones under true names."""

    found: Membership
    true: Membership
    renamed: Membership

    def totals(self) -> Scores:
        """Score everything attributed, whichever campaign it was attributed to."""
        attributed, truly = np.unique(self.found.keys), np.unique(self.true.keys)
        hits = int(np.isin(attributed, truly, assume_unique=True).sum())
        return Scores(
            precision=Rate(n=hits, of=len(attributed)),
            recall=Rate(n=hits, of=len(truly)),
        )

    def per_campaign(self) -> list[Scores]:
        """Score each true campaign against the union of the found ones that stand for it."""
        hits = overlap_of(self.renamed, self.true).diagonal().tolist()
        attributed, truly = self.renamed.sizes().tolist(), self.true.sizes().tolist()
        return [
            Scores(precision=Rate(n=hit, of=n_found), recall=Rate(n=hit, of=n_true))
            for hit, n_found, n_true in zip(hits, attributed, truly, strict=True)
        ]

    def purity(self) -> Rate:
        """Count the attributed that belong to the very campaign their found one stands for."""
        n_pure = int(overlap_of(self.renamed, self.true).diagonal().sum())
        return Rate(n=n_pure, of=len(self.found.keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both kinds of thing, and the true campaign that each found one stands for."""

    accounts: Sides
    exchanges: Sides
    matched: Codes

    def false_campaigns(self) -> tuple[str, ...]:
        """Name the found campaigns that share nothing with any true one."""
        names = self.accounts.found.names
        return tuple(names[i] for i in np.flatnonzero(self.matched < 0).tolist())

    def campaigns(self) -> tuple[CampaignMeasures, ...]:
        """Measure each true campaign, in order of its name."""
        found = np.array(self.accounts.found.names, dtype=object)
        return tuple(
            CampaignMeasures(
                campaign=name,
                accounts=accounts,
                exchanges=exchanges,
                found=tuple(found[self.matched == code].tolist()),
            )
            for code, (name, accounts, exchanges) in enumerate(
                zip(
                    self.accounts.true.names,
                    self.accounts.per_campaign(),
                    self.exchanges.per_campaign(),
                    strict=True,
                )
            )
        )

    def macro(self) -> Macro:
        """Average over campaigns."""
        n_false = len(self.false_campaigns())
        accounts, exchanges = (
            self.accounts.per_campaign(),
            self.exchanges.per_campaign(),
        )
        return Macro(
            account_precision=_mean([s.precision.share for s in accounts], zeros=n_false),
            account_recall=_mean([s.recall.share for s in accounts]),
            exchange_precision=_mean([s.precision.share for s in exchanges], zeros=n_false),
            exchange_recall=_mean([s.recall.share for s in exchanges]),
        )


def compare(
    accounts: pa.Table,
    exchanges: pa.Table,
    *,
    true_accounts: pa.Table,
    true_exchanges: pa.Table,
) -> Comparison:
    """
    Match found campaigns to true ones.

    Each table has two columns, the thing (`account` or `id`) and its `campaign`.
    """
    found_names = names_of(accounts["campaign"], exchanges["campaign"])
    true_names = names_of(true_accounts["campaign"], true_exchanges["campaign"])
    who = _memberships(accounts, true_accounts, key="account", names=(found_names, true_names))
    what = _memberships(exchanges, true_exchanges, key="id", names=(found_names, true_names))
    matched = match(overlap_of(*who), overlap_of(*what))
    return Comparison(
        accounts=Sides(found=who[0], true=who[1], renamed=renamed(*who, matched=matched)),
        exchanges=Sides(found=what[0], true=what[1], renamed=renamed(*what, matched=matched)),
        matched=matched,
    )


def _memberships(
    found: pa.Table, true: pa.Table, *, key: str, names: tuple[pa.Array, pa.Array]
) -> tuple[Membership, Membership]:
    universe = distinct(found[key], true[key])
    return (
        membership_of(found[key], found["campaign"], universe=universe, names=names[0]),
        membership_of(true[key], true["campaign"], universe=universe, names=names[1]),
    )


def _mean(shares: list[float | None], *, zeros: int = 0) -> float | None:
    known = [share for share in shares if share is not None] + [0.0] * zeros
    return float(np.mean(known)) if known else None
