"""Evaluations of several seeds -> the mean and the worst of every figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.linking import Linked
from iolaus.evaluate.measures import Measures
from iolaus.evaluate.peers import PeerMeasures
from iolaus.evaluate.wronged import InnocentMeasures

HIGHER_IS_BETTER = (
    "account_precision",
    "account_recall",
    "exchange_precision",
    "exchange_recall",
    "purity",
    "bcubed_precision",
    "bcubed_recall",
)
LOWER_IS_BETTER = ("fragmentation", "bystander_share", "false_campaigns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one scan of one simulated world was worth."""

    scenario: str
    seed: int
    scale: float
    has_text: bool
    n_exchanges: int
    n_accounts: int
    measures: Measures
    linking: tuple[Linked, ...] = ()
    peers: tuple[PeerMeasures, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One figure over seeds; None where no seed had anything to count."""

    figure: str
    mean: float | None
    worst: float | None
    worst_seed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverSeeds:
    """One scenario over seeds; false alarms are added up, so that their bound tightens."""

    scenario: str
    seeds: tuple[int, ...]
    figures: tuple[Spread, ...]
    innocents: tuple[InnocentMeasures, ...]
    ordinary: Rate


def figures_of(measures: Measures) -> dict[str, float | None]:
    """Return the figures that are averaged over seeds; fragmentation is the worst found one's."""
    macro = measures.macro
    pieces = [float(c.fragmentation) for c in measures.campaigns if c.fragmentation]
    return {
        "account_precision": macro.account_precision,
        "account_recall": macro.account_recall,
        "exchange_precision": macro.exchange_precision,
        "exchange_recall": macro.exchange_recall,
        "purity": measures.purity.share,
        "bcubed_precision": measures.bcubed_precision,
        "bcubed_recall": measures.bcubed_recall,
        "fragmentation": max(pieces, default=None),
        "bystander_share": measures.bystanders.of_attributed.share,
        "false_campaigns": float(len(measures.false_campaigns)),
    }


def over_seeds(evaluations: Sequence[Evaluation]) -> tuple[OverSeeds, ...]:
    """Gather evaluations by scenario, in order of first appearance."""
    names = dict.fromkeys(e.scenario for e in evaluations)
    return tuple(_gathered(name, [e for e in evaluations if e.scenario == name]) for name in names)


def _gathered(name: str, evaluations: list[Evaluation]) -> OverSeeds:
    figures = [(e.seed, figures_of(e.measures)) for e in evaluations]
    return OverSeeds(
        scenario=name,
        seeds=tuple(e.seed for e in evaluations),
        figures=tuple(
            _spread(figure, [(seed, f[figure]) for seed, f in figures], sign)
            for sign, names in ((1.0, HIGHER_IS_BETTER), (-1.0, LOWER_IS_BETTER))
            for figure in names
        ),
        innocents=_added(i for e in evaluations for i in e.measures.innocents),
        ordinary=_sum(e.measures.ordinary for e in evaluations),
    )


def _spread(figure: str, values: list[tuple[int, float | None]], sign: float) -> Spread:
    known = [(sign * value, seed) for seed, value in values if value is not None]
    if not known:
        return Spread(figure=figure, mean=None, worst=None, worst_seed=None)
    worst, seed = min(known)
    mean = float(np.mean([value for value, _ in known]))
    # Adding 0 turns -0 into 0.
    return Spread(figure=figure, mean=sign * mean + 0.0, worst=sign * worst + 0.0, worst_seed=seed)


def _added(measures: Iterable[InnocentMeasures]) -> tuple[InnocentMeasures, ...]:
    by_group: dict[str, list[InnocentMeasures]] = {}
    for one in measures:
        by_group.setdefault(one.group, []).append(one)
    return tuple(
        InnocentMeasures(
            group=group,
            instances=_sum(one.instances for one in same),
            accounts=_sum(one.accounts for one in same),
        )
        for group, same in sorted(by_group.items())
    )


def _sum(rates: Iterable[Rate]) -> Rate:
    pairs = [(rate.n, rate.of) for rate in rates]
    return Rate(n=sum(n for n, _ in pairs), of=sum(of for _, of in pairs))
