"""The artefact check disturbs what must not matter, and sees a column that gives the answer away."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.detection.artefacts import columns_alone, disturb
from iolaus.simulate import simulate_scenario


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small world with campaigns."""
    out = tmp_path_factory.mktemp("artefacts") / "world"
    simulate_scenario("demo", out=out, seed=6, scale=0.15)
    return out


def test_ids_ticks_and_order_change_and_nothing_else(world: Path, tmp_path: Path) -> None:
    """Who asked what in which second stays; ids are all new."""
    renamed = disturb(world, tmp_path / "other", rng=np.random.default_rng(1))
    before, after = (pq.read_table(folder / "log") for folder in (world, tmp_path / "other"))
    assert not set(before["id"].to_pylist()) & set(after["id"].to_pylist())
    new_id = pa.array([renamed[i] for i in before["id"].to_pylist()])
    row = pc.index_in(new_id, value_set=after["id"].combine_chunks())
    same = after.take(row)
    for name in before.schema.names:
        if name not in ("id", "at"):
            assert same[name].to_pylist() == before[name].to_pylist()
    seconds = [table["at"].cast(pa.int64()).to_numpy() // 1_000_000 for table in (before, same)]
    assert (seconds[0] == seconds[1]).all()
    assert not (row.to_numpy() == np.arange(len(row))).all()


def test_a_column_that_gives_the_answer_away_is_seen(world: Path, tmp_path: Path) -> None:
    """A table whose guilty accounts were opened on the full second is solved by that column."""
    table = pq.read_table(world / "account_table.parquet")
    truth = pq.read_table(world.with_name("world.truth") / "accounts.parquet")
    guilty = truth.filter(pc.is_valid(truth["campaign"]))["account"].combine_chunks()
    is_guilty = np.asarray(pc.is_in(table["account"], value_set=guilty))
    opened = table["opened_at"].cast(pa.int64()).to_numpy().copy()
    opened[is_guilty] -= opened[is_guilty] % 1_000_000
    at = table.schema.get_field_index("opened_at")
    stamp = table.schema.field("opened_at").type
    leaky = tmp_path / "world"
    (leaky / "log").mkdir(parents=True)
    pq.write_table(pq.read_table(world / "log"), leaky / "log" / "part.parquet")
    pq.write_table(
        table.set_column(at, "opened_at", pa.array(opened).cast(stamp)),
        leaky / "account_table.parquet",
    )
    (tmp_path / "world.truth").mkdir()
    pq.write_table(truth, tmp_path / "world.truth" / "accounts.parquet")
    name, area = columns_alone([leaky])["clearest"]
    assert name == "opened_at of the table, tick"
    assert area > 0.98


def test_an_honest_world_is_not_solved_by_one_column(world: Path) -> None:
    """The twin: no column comes near, and none finds half of the accounts at a precision of .99."""
    told = columns_alone([world])
    assert told["clearest"][1] < 0.98
    assert max(recall for _, recall in told["best"].values()) < 0.5
