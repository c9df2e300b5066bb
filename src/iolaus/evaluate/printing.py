"""Evaluations -> text for a terminal, JSON for a program, rows for benchmarks' results.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from iolaus.evaluate.bounds import Rate, Reweighted
from iolaus.evaluate.labels import LogEvaluation
from iolaus.evaluate.measures import Measures
from iolaus.evaluate.seeds import Evaluation, OverSeeds, Spread, over_seeds
from iolaus.evaluate.wronged import InnocentMeasures

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

UNDEFINED = "undefined"


def builtins_of(value: object) -> Json:
    """Return records as dicts and lists; a Rate also shows its share and its bound."""
    if isinstance(value, Rate):
        return {"n": value.n, "of": value.of, "share": value.share, "upper_95": value.upper}
    if dataclasses.is_dataclass(value):
        return {f.name: builtins_of(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [builtins_of(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON")


def as_json(evaluations: Sequence[Evaluation]) -> bytes:
    """Return every evaluation and what they come to over seeds."""
    whole = {
        "evaluations": builtins_of(tuple(evaluations)),
        "over_seeds": builtins_of(over_seeds(evaluations)),
        "results": [result_row(one) for one in evaluations],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def log_as_json(evaluation: LogEvaluation) -> bytes:
    """Return one log's evaluation."""
    return msgspec.json.format(msgspec.json.encode(builtins_of(evaluation)), indent=2)


def result_row(evaluation: Evaluation) -> dict[str, Json]:
    """Return one row of `scenarios` in benchmarks/detection/results.json."""
    measures = evaluation.measures
    return {
        "scenario": evaluation.scenario,
        "seed": evaluation.seed,
        "n_ordinary": measures.ordinary.of,
        "account_precision": measures.macro.account_precision,
        "account_recall": measures.macro.account_recall,
        "exchange_precision": measures.macro.exchange_precision,
        "exchange_recall": measures.macro.exchange_recall,
        "innocents_flagged": {i.group: i.instances.n for i in measures.innocents},
        "ordinary_flagged": measures.ordinary.n,
        "bystander_share": measures.bystanders.of_attributed.share,
        "purity": measures.purity.share,
    }


def as_text(evaluations: Sequence[Evaluation]) -> str:
    """Write each evaluation and, where there are several seeds, their mean and worst."""
    lines = [line for one in evaluations for line in _evaluation(one)]
    for together in over_seeds(evaluations):
        if len(together.seeds) > 1:
            lines.extend(_over_seeds(together))
    return "\n".join(lines)


def log_as_text(evaluation: LogEvaluation) -> str:
    """Write what the labels show, and what they cannot."""
    low, high = evaluation.precision_at_least, evaluation.precision_at_most
    lines = [
        f"banned accounts found      {evaluation.banned_found}",
        f"known innocents flagged    {evaluation.innocents_flagged}",
        f"unlabelled flagged         {evaluation.n_unlabelled_flagged:,}",
        f"account precision          between {_figure(low)} and {_figure(high)}",
        f"banned, not in the log     {evaluation.n_banned_not_in_log:,}",
    ]
    lines += [
        f"  {one.campaign}: recall {one.accounts.recall}, in {one.fragmentation} found campaigns"
        for one in evaluation.campaigns
    ]
    lines += ["", "What this list cannot show:", *(f"  {said}" for said in evaluation.cannot)]
    return "\n".join(lines)


def _evaluation(one: Evaluation) -> Iterator[str]:
    yield (
        f"{one.scenario}, seed {one.seed}, scale {one.scale:g}:"
        f" {one.n_exchanges:,} exchanges of {one.n_accounts:,} accounts"
        f"{'' if one.has_text else ', without text'}"
    )
    yield from _campaigns(one.measures)
    yield from _table(
        ["campaign", "linked", "in its largest network", "outsiders there", "what became of it"],
        [
            [
                linked.campaign,
                str(linked.linked),
                str(linked.in_largest),
                str(linked.outsiders),
                linked.fate or "not linked",
            ]
            for linked in one.linking
        ],
    )
    yield from _wronged(one.measures)
    yield from _table(
        ["peer on the same log", "precision", "recall", "best threshold: precision", "recall"],
        [
            [
                peer.name,
                str(peer.accounts.precision),
                str(peer.accounts.recall),
                _figure(peer.best_precision),
                _figure(peer.best_recall),
            ]
            for peer in one.peers
        ],
    )
    yield ""


def _campaigns(measures: Measures) -> Iterator[str]:
    macro = measures.macro
    rows = [
        [
            one.campaign,
            str(one.accounts.precision),
            str(one.accounts.recall),
            str(one.exchanges.precision),
            str(one.exchanges.recall),
            str(one.fragmentation),
        ]
        for one in measures.campaigns
    ]
    means = (
        macro.account_precision,
        macro.account_recall,
        macro.exchange_precision,
        macro.exchange_recall,
    )
    rows.append(["mean of campaigns", *(_figure(mean) for mean in means), ""])
    heads = ["campaign", "account precision", "recall", "exchange precision", "recall", "fragments"]
    yield from _table(heads, rows)
    yield f"  purity                   {measures.purity}"
    yield (
        "  B-cubed over accounts    "
        f"precision {_figure(measures.bcubed_precision)}, recall {_figure(measures.bcubed_recall)}"
    )
    yield f"  campaigns that are none  {len(measures.false_campaigns)}"


def _wronged(measures: Measures) -> Iterator[str]:
    bystanders = measures.bystanders
    yield f"  bystanders               {bystanders.of_attributed} of what is attributed"
    yield f"                           {bystanders.of_strangers} of strangers' exchanges"
    yield f"                           {bystanders.of_customers} of strangers' customers touched"
    yield f"  ordinary flagged         {measures.ordinary}"
    yield from _innocents(measures.innocents)
    for rare in measures.reweighted:
        yield f"  precision if {rare.prevalence:g} are guilty: {_rare(rare)}"


def _innocents(innocents: Iterable[InnocentMeasures]) -> Iterator[str]:
    rows = [[one.group, str(one.instances), str(one.accounts)] for one in innocents]
    yield from _table(["innocents flagged", "instances", "accounts"], rows)


def _rare(rare: Reweighted) -> str:
    if rare.precision is None:
        return UNDEFINED
    return f"{_figure(rare.precision)}, shown to be at least {_figure(rare.at_least)}"


def _over_seeds(together: OverSeeds) -> Iterator[str]:
    yield f"{together.scenario} over seeds {', '.join(map(str, together.seeds))}"
    rows = [_spread(spread) for spread in together.figures]
    yield from _table(["figure", "mean", "worst", "at seed"], rows)
    yield f"  ordinary flagged         {together.ordinary}"
    yield from _innocents(together.innocents)
    yield ""


def _spread(spread: Spread) -> list[str]:
    seed = "" if spread.worst_seed is None else str(spread.worst_seed)
    return [spread.figure, _figure(spread.mean), _figure(spread.worst), seed]


def _table(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    if not rows:
        return
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    for row in [heads, *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _figure(value: float | None) -> str:
    if value is None:
        return UNDEFINED
    return f"{value:.3f}" if value == 0.0 or value >= 0.01 else f"{value:.2g}"
