"""What tie signals yield on a few rows, and pools for those that weigh."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from iolaus.arrow import RELEASES, TEMPLATES, TIE
from iolaus.contracts import Background, Pool, TieSignal
from iolaus.engines.duckdb import DuckDB

Tied = dict[int, tuple[int, ...]]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDB]:
    """Return a running engine."""
    with DuckDB(tmp_path / "stages", threads=1) as running:
        yield running


@pytest.fixture
def ties_of(
    engine: DuckDB, fingerprints: Callable[..., pa.Table], accounts: Callable[..., pa.Table]
) -> Callable[..., Tied]:
    """Return a function that runs a signal's SQL: {value: the accounts that hold it}."""

    def run(
        signal: TieSignal,
        fingerprint_rows: pa.Table | None = None,
        account_rows: pa.Table | None = None,
    ) -> Tied:
        rows = fingerprints([]) if fingerprint_rows is None else fingerprint_rows
        engine.put("fingerprints", rows)
        engine.put("accounts", accounts(0) if account_rows is None else account_rows)
        engine.put("templates", TEMPLATES.empty_table())
        engine.put("releases", RELEASES.empty_table())
        engine.sql("ties", signal.ties())
        table = pa.Table.from_batches(engine.stream("ties")).cast(TIE)
        held: dict[int, set[int]] = {}
        for account, value in zip(
            table["account"].to_pylist(), table["value"].to_pylist(), strict=True
        ):
            held.setdefault(value, set()).add(account)
        return {value: tuple(sorted(who)) for value, who in held.items()}

    return run


@pytest.fixture(scope="session")
def pool(accounts: Callable[..., pa.Table]) -> Callable[..., Pool]:
    """Return the builder of pools: all rows are in it, and its members have accounts."""

    def made(rows: pa.Table, members: pa.Table | None = None) -> Pool:
        n_accounts = len(np.unique(rows["account"].to_numpy()))
        at = rows["at"].cast(pa.int64()).to_numpy()
        return Pool(
            fingerprints=rows,
            accounts=accounts(n_accounts) if members is None else members,
            n_exchanges=rows.num_rows,
            n_accounts=n_accounts,
            days=float((at.max() - at.min()) / 86_400e6) if len(at) else 0.0,
        )

    return made


@pytest.fixture(scope="session")
def background(accounts: Callable[..., pa.Table]) -> Callable[..., Background]:
    """Return the builder of backgrounds."""

    def made(rows: pa.Table, others: pa.Table | None = None) -> Background:
        n_accounts = len(np.unique(rows["account"].to_numpy()))
        return Background(
            fingerprints=rows,
            accounts=accounts(n_accounts) if others is None else others,
            n_exchanges=rows.num_rows,
            n_accounts=n_accounts,
        )

    return made
