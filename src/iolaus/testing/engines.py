"""An Engine -> nothing, or the rule that it breaks; its five verbs on small tables."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.contracts import Engine
from iolaus.testing.dice import N_ROWS, SEED, fingerprints_of, rows_of
from iolaus.testing.rule import hold

DOUBLED = pa.schema([("account", pa.int64()), ("twice", pa.int64())])


def check_engine(plugin: Engine) -> None:
    """What one verb writes the others read, with no row lost and none twice."""
    table = fingerprints_of(N_ROWS, SEED).select(["account", "template"])
    plugin.put("dealt", table)
    hold(_rows(plugin, "dealt") == rows_of(table), plugin, "put() and stream() must keep all rows")
    chosen = pa.Table.from_batches(list(plugin.stream("dealt", ["template"])))
    hold(chosen.schema.names == ["template"], plugin, "stream() must yield the columns asked for")
    plugin.sql("counted", "select account, count(*) as n from dealt group by account")
    counted = table.group_by("account").aggregate([("account", "count")])
    expected = rows_of(counted.select(["account", "account_count"]))
    hold(_rows(plugin, "counted") == expected, plugin, "sql() must count as everybody does")
    plugin.map("doubled", "select account from dealt", _double, DOUBLED)
    doubled = [(a, 2 * a) for a in table["account"].to_pylist()]
    hold(_rows(plugin, "doubled") == sorted(doubled, key=repr), plugin, "map() must see every row")
    plugin.sql("nothing", "select account from dealt where account < 0")
    batches = list(plugin.stream("nothing"))
    named = bool(batches) and batches[0].schema.names == ["account"]
    hold(named, plugin, "stream() must yield the schema of an empty dataset, in an empty batch")
    with tempfile.TemporaryDirectory(prefix="iolaus-") as folder:
        pq.write_table(table, Path(folder) / "part-0.parquet")
        pq.write_table(table, Path(folder) / "part-1.parquet")
        plugin.scan("parts", Path(folder))
        n_read = sum(batch.num_rows for batch in plugin.stream("parts"))
    hold(n_read == 2 * table.num_rows, plugin, "scan() must read a folder whole")


def _double(batch: pa.RecordBatch) -> pa.RecordBatch:
    account = batch["account"].cast(pa.int64())
    return pa.record_batch([account, pc.multiply(account, 2)], schema=DOUBLED)


def _rows(plugin: Engine, name: str) -> list[tuple[object, ...]]:
    return rows_of(pa.Table.from_batches(list(plugin.stream(name))))
