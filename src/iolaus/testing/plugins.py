"""A plug-in -> the rules for its kind, held against it one by one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path

from iolaus.contracts import Engine, InnocentSignal, PoolSignal, Source, TieSignal
from iolaus.errors import ContractError
from iolaus.testing.engines import check_engine
from iolaus.testing.rule import hold
from iolaus.testing.signals import (
    check_confession,
    check_dialect,
    check_explaining,
    check_signal,
    check_ties,
    check_weighing,
)
from iolaus.testing.sources import check_garbage, check_sample


def check(plugin: object, *, samples: Sequence[Path] = ()) -> None:
    """
    Hold a Source, TieSignal, PoolSignal, InnocentSignal or Engine against its contract.

    Pass a class or an instance. `samples` are good files of a Source's format. A ContractError
    says which rule is broken; silence means that none is.
    """
    plugin = plugin() if inspect.isclass(plugin) else plugin
    rules = _rules_of(plugin)
    _check_words(plugin)
    for rule in rules:
        rule(plugin)
    if isinstance(plugin, Source):
        for sample in samples:
            check_sample(plugin, sample)


def _rules_of(plugin: object) -> tuple[Callable[..., None], ...]:
    if isinstance(plugin, TieSignal):
        return (check_confession, check_signal, check_dialect, check_ties)
    if isinstance(plugin, PoolSignal):
        return (check_confession, check_signal, check_weighing)
    if isinstance(plugin, InnocentSignal):
        return (check_confession, check_explaining)
    if isinstance(plugin, Source):
        return (check_garbage,)
    if isinstance(plugin, Engine):
        return (check_engine,)
    raise ContractError(
        "is neither Source, TieSignal, PoolSignal, InnocentSignal nor Engine",
        where=type(plugin).__name__,
        remedy="give it the attributes and methods that iolaus.contracts names",
    )


def _check_words(plugin: object) -> None:
    name, summary = getattr(plugin, "name", None), getattr(plugin, "summary", None)
    version = getattr(plugin, "version", None)
    hold(isinstance(name, str) and name == name.strip() != "", plugin, "name must be a word")
    hold(
        isinstance(version, int) and not isinstance(version, bool) and version >= 1,
        plugin,
        "version must be a whole number from 1",
    )
    hold(
        isinstance(summary, str) and summary.strip() != "" and "\n" not in summary,
        plugin,
        "summary must be one line",
    )
