"""A simulation writes what an operator would have, and the truth apart."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from iolaus import arrow
from iolaus.errors import NotFoundError, OutputError, UsageError
from iolaus.simulate import simulate_scenario


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two runs with one seed write the same bytes; another seed does not."""
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate_scenario("relay", out=tmp_path / name, seed=seed, scale=0.05)
    assert _bytes_of(tmp_path / "a") == _bytes_of(tmp_path / "b")
    assert _bytes_of(tmp_path / "a.truth") == _bytes_of(tmp_path / "b.truth")
    assert _bytes_of(tmp_path / "a") != _bytes_of(tmp_path / "c")


def test_files_have_the_published_schemas(tmp_path: Path) -> None:
    """Every file has exactly the schema that arrow.py publishes."""
    out = tmp_path / "sim"
    simulate_scenario("relay", out=out, seed=1, scale=0.05)
    for part in (out / "log").glob("*.parquet"):
        assert pq.read_schema(part).equals(arrow.EXCHANGE)
    assert pq.read_schema(out / "account_table.parquet").equals(arrow.ACCOUNT_TABLE)
    assert pq.read_schema(tmp_path / "sim.truth" / "accounts.parquet").equals(arrow.TRUTH_ACCOUNT)
    assert pq.read_schema(tmp_path / "sim.truth" / "exchanges.parquet").equals(arrow.TRUTH_EXCHANGE)


def test_bad_arguments_say_what_to_do(tmp_path: Path) -> None:
    """An unknown scenario and a size of nothing are refused before anything is written."""
    with pytest.raises(NotFoundError, match="choose one of"):
        simulate_scenario("hydra", out=tmp_path / "x", seed=1)
    with pytest.raises(UsageError, match="above 0"):
        simulate_scenario("relay", out=tmp_path / "x", seed=1, scale=0.0)
    assert not (tmp_path / "x").exists()


def test_a_strangers_folder_is_not_replaced(tmp_path: Path) -> None:
    """A folder with something else in it stays as it is."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="something else"):
        simulate_scenario("relay", out=tmp_path / "mine", seed=1, scale=0.05)
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine"]
