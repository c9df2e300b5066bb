"""A seed and a size -> relations of the published schemas, filled by dice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from iolaus.arrow import ACCOUNTS, FINGERPRINT, RELEASES, TEMPLATES
from iolaus.contracts import Background, Pool
from iolaus.schema import ASKS, CAPABILITIES

N_ROWS = 400
N_ACCOUNTS = 20
SEED = 20_260_223
START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 7
FEW_VALUES = 12
"""Few enough that accounts share values, as ties need."""
NULL_SHARE = 0.1
"""Every optional column may be absent in the field."""
ALWAYS = frozenset({"id", "at", "account", "account_hash", "channel", "n_exchanges", "sample_rate"})
SCORES = {"capabilities": len(CAPABILITIES), "asks": len(ASKS)}
"""Lists of one int8 score a name; other lists hold a few values."""


def relations_of(n: int) -> dict[str, pa.Table]:
    """Return the four relations that a signal's SQL may read, of `n` exchanges."""
    return {
        "fingerprints": fingerprints_of(n, SEED),
        "templates": _table(TEMPLATES, min(n, FEW_VALUES), SEED + 1),
        "accounts": accounts_of(N_ACCOUNTS if n else 0, SEED + 2),
        "releases": _table(RELEASES, min(n, 2), SEED + 3),
    }


def fingerprints_of(n: int, seed: int) -> pa.Table:
    """Return fingerprints in which accounts share values by chance."""
    return _table(FINGERPRINT, n, seed)


def accounts_of(n: int, seed: int) -> pa.Table:
    """Return accounts in order of their dense ids."""
    table = _table(ACCOUNTS, n, seed)
    dense = pa.array(np.arange(n), pa.int32())
    return table.set_column(0, ACCOUNTS.field("account"), dense)


def pool_of(n: int) -> Pool:
    """Return a pool of `n` exchanges."""
    n_accounts = N_ACCOUNTS if n else 0
    return Pool(
        fingerprints=fingerprints_of(n, SEED),
        accounts=accounts_of(n_accounts, SEED + 2),
        n_exchanges=n,
        n_accounts=n_accounts,
        days=float(DAYS) if n else 0.0,
    )


def background_of() -> Background:
    """Return a population beside it, four times its size."""
    return Background(
        fingerprints=fingerprints_of(4 * N_ROWS, SEED + 4),
        accounts=accounts_of(N_ACCOUNTS, SEED + 5),
        n_exchanges=4 * N_ROWS,
        n_accounts=N_ACCOUNTS,
    )


def shuffled(pool: Pool) -> Pool:
    """Return the same pool with its rows in another order."""
    return Pool(
        fingerprints=backwards(pool.fingerprints),
        accounts=backwards(pool.accounts),
        n_exchanges=pool.n_exchanges,
        n_accounts=pool.n_accounts,
        days=pool.days,
    )


def backwards(table: pa.Table) -> pa.Table:
    """Return the rows from last to first."""
    return table.take(pa.array(np.arange(table.num_rows)[::-1]))


def rows_of(table: pa.Table) -> list[tuple[object, ...]]:
    """Return a small table's rows as a sorted list, to compare two as sets."""
    columns = [column.to_pylist() for column in table.columns]
    return sorted(zip(*columns, strict=True), key=repr)


def _table(schema: pa.Schema, n: int, seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    return pa.table({f.name: _column(f, n, rng) for f in schema}, schema=schema)


def _column(field: pa.Field, n: int, rng: np.random.Generator) -> pa.Array:
    kind = field.type
    values: list[object]
    if pa.types.is_list(kind):
        width = SCORES.get(field.name, 4)
        values = [rng.integers(0, 100, width).tolist() for _ in range(n)]
    elif pa.types.is_timestamp(kind):
        seconds = rng.integers(0, DAYS * 86_400, n).tolist()
        values = [START + timedelta(seconds=s) for s in seconds]
    elif pa.types.is_boolean(kind):
        values = rng.integers(0, 2, n).astype(bool).tolist()
    elif pa.types.is_string(kind):
        values = [f"{field.name}-{i}" for i in rng.integers(0, 3, n).tolist()]
    elif pa.types.is_floating(kind):
        values = [1.0] * n
    else:
        values = _whole_numbers(field.name, n, rng)
    empty = rng.random(n) < (0.0 if field.name in ALWAYS else NULL_SHARE)
    return pa.array([None if e else v for v, e in zip(values, empty, strict=True)], kind)


def _whole_numbers(name: str, n: int, rng: np.random.Generator) -> list[object]:
    if name == "id":
        return [i * 0x9E3779B97F4A7C1 % 2**62 for i in range(n)]
    if name == "account":
        return rng.integers(0, N_ACCOUNTS, n).tolist()
    if name == "status":
        return [200] * n
    return rng.integers(1, FEW_VALUES, n).tolist()
