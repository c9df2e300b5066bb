"""What tests of several folders share: built reports, and relations of a few rows."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest

from iolaus.arrow import ACCOUNTS, FINGERPRINT

HOUR_US = 3_600_000_000
START_US = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1_000_000)

BUILDERS = Path(__file__).with_name("report") / "builders.py"


@pytest.fixture(scope="session")
def built() -> ModuleType:
    """Return the builders; tests are no package, so they are loaded by path."""
    spec = importlib.util.spec_from_file_location("report_builders", BUILDERS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table_of(schema: pa.Schema, n: int, columns: dict[str, object]) -> pa.Table:
    """Return n rows of a schema; columns that are not given are null."""
    return pa.table(
        [
            pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(n, f.type)
            for f in schema
        ],
        schema=schema,
    )


def fingerprints_of(account: Sequence[int], **columns: object) -> pa.Table:
    """Return fingerprints, one an hour, with unlike ids; nothing else is known unless given."""
    n = len(account)
    given: dict[str, object] = {
        "id": np.arange(n) * 7919 + 13,
        "at": START_US + np.arange(n, dtype=np.int64) * HOUR_US,
        "account": np.asarray(account, dtype=np.int32),
        **columns,
    }
    return table_of(FINGERPRINT, n, given)


def accounts_of(n: int, **columns: object) -> pa.Table:
    """Return n account rows in order of their dense ids."""
    given: dict[str, object] = {
        "account": np.arange(n, dtype=np.int32),
        "account_hash": np.arange(n, dtype=np.int64) * 104_729 + 5,
        "channel": ["first_party"] * n,
        "n_exchanges": np.ones(n, dtype=np.int64),
        "first_at": np.full(n, START_US),
        "last_at": np.full(n, START_US + 48 * HOUR_US),
        **columns,
    }
    return table_of(ACCOUNTS, n, given)


@pytest.fixture(scope="session")
def fingerprints() -> Callable[..., pa.Table]:
    """Return the builder of fingerprint tables."""
    return fingerprints_of


@pytest.fixture(scope="session")
def accounts() -> Callable[..., pa.Table]:
    """Return the builder of account tables."""
    return accounts_of
