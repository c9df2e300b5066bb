"""What anyone can add to Iolaus: Source, Signal, Engine, and what signals and attribution are given.

Safeguard and Provider join when respond/ and verify/ do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import pyarrow as pa

from iolaus.schema import Claim, Evidence, Explanation, Scope


class RejectSink(Protocol):
    """Where a source puts what it cannot read; never the text itself."""

    def add(self, file: str, *, line: int | None, offset: int | None, reason: str) -> None:
        """Count and keep one rejected row."""


@runtime_checkable
class Source(Protocol):
    """One log format."""

    name: str
    version: int
    summary: str

    def sniff(self, head: bytes) -> bool:
        """Say whether a file that starts with `head` (at most 64 KiB) is of this format."""

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Yield batches of the EXCHANGE schema; rows that fail go to `rejects`."""


@runtime_checkable
class TieSignal(Protocol):
    """Coordination evidence that is a value two accounts can share."""

    name: str
    version: int
    summary: str
    family: str
    claim: Claim
    scope: Scope
    controlled: bool

    def ties(self) -> str:
        """Return SQL over fingerprints, templates, accounts, releases that yields the TIE schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What a pool signal weighs: one flow, or one network's traffic.

    `fingerprints` holds at most some tens of thousands of rows, sampled by hash;
    `n_exchanges` and `n_accounts` are exact; `accounts` are the members' rows;
    `days` is the span in days. `own_share` is, for a flow, the share of the whole network's
    exchanges in flows of its own that are dealt out; None where nothing was separated.
    """

    fingerprints: pa.Table
    accounts: pa.Table
    n_exchanges: int
    n_accounts: int
    days: float
    own_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Background:
    """
    The same for a population sample that excludes the pool's own accounts.

    Two are equal only if they are one, so that a signal may keep (functools.lru_cache) what it
    found in a background: a network's flows are all held against the same.
    """

    fingerprints: pa.Table
    accounts: pa.Table
    n_exchanges: int
    n_accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """
    One whom the operator's own catalogue names, and what it is known by.

    `values` are (kind, value) with identities as keyed hashes; `hours` are hours of UTC, the
    second not included; `records` are ids of networks and campaigns of earlier scans.
    """

    name: str
    values: tuple[tuple[str, int | str], ...] = ()
    hours: tuple[int, int] | None = None
    records: tuple[str, ...] = ()


@runtime_checkable
class PoolSignal(Protocol):
    """Evidence that only a pool of traffic can show."""

    name: str
    version: int
    summary: str
    family: str
    claim: Claim
    scope: Scope

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return the evidence, or None for no opinion."""


@runtime_checkable
class InnocentSignal(Protocol):
    """An innocent cause that competes with one hidden operator; it may only subtract."""

    name: str
    version: int
    summary: str
    family: str
    scope: Scope

    def explain(self, pool: Pool, background: Background) -> Explanation | None:
        """Return how well this cause explains the pool, or None where it does not apply."""


Mapper = Callable[[pa.RecordBatch], pa.RecordBatch]


@runtime_checkable
class Engine(Protocol):
    """The counting that must scale: five verbs, every stage a Parquet dataset."""

    name: str
    version: int
    summary: str

    def scan(self, name: str, path: Path) -> None:
        """Register a dataset (a file or a folder of Parquet)."""

    def map(self, name: str, query: str, fn: Mapper, schema: pa.Schema) -> None:
        """Run the query, pass each batch through `fn`, write and register the result."""

    def sql(self, name: str, query: str) -> None:
        """Run a query in the restricted dialect, write and register the result."""

    def put(self, name: str, table: pa.Table) -> None:
        """Register a small table from the driver."""

    def stream(self, name: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield a dataset's batches."""
