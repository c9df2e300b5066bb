"""Every plug-in by name: built in, or by entry point of the group `iolaus.<kind>`.

A new signal, source or engine is one file and one line here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from iolaus.config import Settings
from iolaus.contracts import InnocentSignal, PoolSignal, Source, TieSignal
from iolaus.errors import ContractError, UsageError

TIES = (
    "payment:Payment",
    "enrolment:Enrolment",
    "mailbox:Mailbox",
    "infrastructure:Infrastructure",
    "client:Client",
    "habit:Habit",
    "template:SharedTemplate",
    "synchrony:Synchrony",
    "handover:Handover",
    "succession:Succession",
    "upgrade:Upgrade",
)
POOLS = (
    "elicitation:Elicitation",
    "coverage:Coverage",
    "rhythm:MachineRhythm",
    "value:HarvestValue",
    "concealment:Concealment",
    "dispersal:Dispersal",
    "sole_use:SoleUse",
    "sharding:Sharding",
    "batch_opening:BatchOpening",
    "slot_partition:SlotPartition",
    "pivot:Pivot",
    "concentration:Concentration",
)
INNOCENTS = (
    "organisation:Organisation",
    "egress:Egress",
    "public_template:PublicTemplate",
    "coursework:Coursework",
)
ENGINES = ("duckdb:DuckDB",)


def tie_signals(without: Collection[str] = ()) -> tuple[TieSignal, ...]:
    """Return the tie signals, built in first, but for those named in `without`."""
    found = (*_made("signals", TIES), *_added("ties", TieSignal))
    return _kept(found, without)


def ceiling_of(signal: TieSignal, settings: Settings) -> float:
    """
    Return the most bits that a tie signal may say.

    One with a ceiling, of its own or by the settings, repeats in part what another view says,
    so it never makes a second family.
    """
    if signal.name == "synchrony":
        return settings.synchrony_ceiling_bits
    return float(getattr(signal, "ceiling_bits", math.inf))


def pool_signals(without: Collection[str] = ()) -> tuple[PoolSignal, ...]:
    """Return the pool signals, built in first, but for those named in `without`."""
    found = (*_made("signals", POOLS), *_added("pools", PoolSignal))
    return _kept(found, without)


def innocent_signals(without: Collection[str] = ()) -> tuple[InnocentSignal, ...]:
    """Return the innocent causes, built in first, but for those named in `without`."""
    found = (*_made("signals", INNOCENTS), *_added("innocents", InnocentSignal))
    return _kept(found, without)


def signals() -> tuple[Any, ...]:
    """Return every signal."""
    return (*tie_signals(), *pool_signals(), *innocent_signals())


def sources() -> tuple[Any, ...]:
    """Return every log format, in the order in which files are sniffed."""
    from iolaus.ingest.reader import builtin_sources

    return (*builtin_sources(key=b"\0" * 16), *added_sources())


def added_sources() -> tuple[Source, ...]:
    """Return the log formats that other packages bring; a scan asks them first."""
    return _added("sources", Source)


def engines() -> tuple[Any, ...]:
    """Return every engine's class; an instance needs a folder."""
    return tuple(
        getattr(import_module(f"iolaus.engines.{module}"), name)
        for module, name in (entry.split(":") for entry in ENGINES)
    )


def safeguards() -> tuple[Any, ...]:
    """Return every safeguard; none is built in yet."""
    return _added("safeguards", None)


def providers() -> tuple[Any, ...]:
    """Return every provider of verification evidence; none is built in yet."""
    return _added("providers", None)


def _kept(found: tuple[Any, ...], without: Collection[str]) -> tuple[Any, ...]:
    """Leave some out by name; a name that no signal has is an error, lest a typo go unseen."""
    if not without:
        return found
    if unknown := sorted(set(without) - {signal.name for signal in signals()}):
        raise UsageError(
            f"no signal is called {', '.join(unknown)}",
            where="[detection] without",
            remedy="choose among those that `iolaus plugins` lists",
        )
    return tuple(one for one in found if one.name not in without)


def _made(package: str, entries: Sequence[str]) -> tuple[Any, ...]:
    made = []
    for entry in entries:
        module, name = entry.split(":")
        made.append(getattr(import_module(f"iolaus.{package}.{module}"), name)())
    return tuple(made)


def _added(kind: str, contract: type | None) -> tuple[Any, ...]:
    """Load plug-ins that other packages bring; one that breaks its contract is named."""
    found = []
    for point in sorted(entry_points(group=f"iolaus.{kind}"), key=lambda p: p.name):
        plugin = point.load()()
        if contract is not None and not isinstance(plugin, contract):
            raise ContractError(
                f"plug-in {point.name!r} is no {contract.__name__}",
                where=point.value,
                remedy="run iolaus plugins --check on it",
            )
        found.append(plugin)
    return tuple(found)
