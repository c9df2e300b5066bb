"""The default engine: five verbs, every stage a file, errors that name the stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from iolaus.catalog import tie_signals
from iolaus.engines.duckdb import DuckDB
from iolaus.errors import IolausError, UsageError

NUMBERS = pa.table({"x": pa.array(range(10), pa.int64())})


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDB]:
    """Return a running engine."""
    with DuckDB(tmp_path / "stages", threads=1) as running:
        yield running


def rows_of(engine, name, columns=None):
    """Read a dataset whole."""
    return pa.Table.from_batches(engine.stream(name, columns)).to_pylist()


def test_scan_reads_a_file_and_a_folder(engine, tmp_path):
    """A Parquet file, or all of a folder's, under one name; a quote in the path is a letter."""
    folder = tmp_path / "it's here"
    folder.mkdir()
    pq.write_table(NUMBERS, folder / "a.parquet")
    pq.write_table(NUMBERS, folder / "b.parquet")
    engine.scan("one", folder / "a.parquet")
    engine.scan("two_files", folder)
    assert len(rows_of(engine, "one")) == 10
    assert len(rows_of(engine, "two_files")) == 20


def test_sql_writes_a_stage_that_the_next_can_read(engine):
    """What one query leaves, another finds by name."""
    engine.put("numbers", NUMBERS)
    engine.sql("even", "select x from numbers where x % 2 = 0 order by x")
    engine.sql("last", "select max(x) as x from even")
    assert rows_of(engine, "last") == [{"x": 8}]


def test_map_passes_batches_through_a_function(engine):
    """Each batch once; the result has the schema that was promised."""
    engine.put("numbers", NUMBERS)

    def doubled(batch):
        return pa.record_batch([pc.multiply(batch.column(0), 2)], names=["twice"])

    engine.map(
        "twice", "select x from numbers order by x", doubled, pa.schema([("twice", pa.int64())])
    )
    assert [row["twice"] for row in rows_of(engine, "twice")] == list(range(0, 20, 2))


def test_put_replaces_what_had_the_name(engine):
    """The second table under a name is the one that is read."""
    engine.put("numbers", NUMBERS)
    engine.put("numbers", NUMBERS.slice(0, 3))
    assert len(rows_of(engine, "numbers")) == 3


def test_stream_yields_the_columns_asked_for(engine):
    """Only those, in that order; without a wish, all."""
    engine.put("pairs", pa.table({"a": [1], "b": [2], "c": [3]}))
    assert rows_of(engine, "pairs", ["c", "a"]) == [{"c": 3, "a": 1}]
    assert rows_of(engine, "pairs") == [{"a": 1, "b": 2, "c": 3}]


def test_empty_dataset_still_has_its_columns(engine):
    """A log without text yields a stage without rows, not without a schema."""
    engine.put("nothing", NUMBERS.slice(0, 0))
    batches = list(engine.stream("nothing"))
    assert [batch.schema.names for batch in batches] == [["x"]]
    assert sum(batch.num_rows for batch in batches) == 0


def test_large_dataset_comes_in_batches_without_loss(engine):
    """Two hundred thousand rows, in order, in more than one batch."""
    engine.put("many", pa.table({"x": pa.array(range(200_000), pa.int64())}))
    batches = list(engine.stream("many"))
    assert len(batches) > 1
    assert pa.Table.from_batches(batches)["x"].to_pylist() == list(range(200_000))


@pytest.mark.parametrize(
    "query", ["select nothing from numbers", "select from where", "select * from nowhere"]
)
def test_query_that_fails_names_its_stage(engine, query):
    """A bad column, a bad sentence or a missing relation say which stage asked; the engine lives on."""
    engine.put("numbers", NUMBERS)
    with pytest.raises(IolausError, match="stage 'broken'"):
        engine.sql("broken", query)
    engine.sql("fine", "select count(*) as n from numbers")
    assert rows_of(engine, "fine") == [{"n": 10}]


def test_memory_must_be_a_size(tmp_path):
    """A limit of "plenty" is refused with an example; "500MB" is taken."""
    with pytest.raises(UsageError, match="memory limit"):
        DuckDB(tmp_path / "a", memory="plenty")
    DuckDB(tmp_path / "b", memory="500MB").close()


def test_closing_leaves_nothing_behind(tmp_path):
    """Stages are gone, also after a query failed; what was only scanned stays."""
    kept = tmp_path / "kept.parquet"
    pq.write_table(NUMBERS, kept)
    with DuckDB(tmp_path / "stages") as engine:
        engine.scan("kept", kept)
        engine.sql("copy", "select * from kept")
        assert (tmp_path / "stages" / "copy.parquet").exists()
        with pytest.raises(IolausError):
            engine.sql("broken", "select nothing from kept")
    assert not (tmp_path / "stages").exists()
    assert kept.exists()


def test_folder_may_be_called_anything(tmp_path):
    """An apostrophe in the way to the stages is a letter like any other."""
    with DuckDB(tmp_path / "it's here") as engine:
        engine.put("numbers", NUMBERS)
        engine.sql("n", "select count(*) as n from numbers")
        assert rows_of(engine, "n") == [{"n": 10}]


def test_rows_of_equal_rank_keep_their_order_on_many_threads(tmp_path):
    """Scheduling must not show: the same query gives the same rows, twice over."""
    seen = []
    for run in range(2):
        with DuckDB(tmp_path / str(run), threads=2) as engine:
            engine.put("many", pa.table({"x": pa.array(range(300_000), pa.int64())}))
            engine.sql("thirds", "select x from many where x % 3 = 0")
            seen.append(pa.Table.from_batches(engine.stream("thirds")))
    assert seen[0].equals(seen[1])


def test_every_signal_s_query_runs_on_it(engine, fingerprints, accounts):
    """The ties of all built-in signals, over relations of a few rows."""
    engine.put("fingerprints", fingerprints([0, 1], client=[5, 5], family=[6, 6]))
    engine.put("accounts", accounts(2, payment=[7, 7]))
    for signal in tie_signals():
        engine.sql(f"ties_{signal.name}", signal.ties())
        names = set(pa.Table.from_batches(engine.stream(f"ties_{signal.name}")).column_names)
        assert names == {"account", "value", "n", "first_at", "last_at", "phase"}
