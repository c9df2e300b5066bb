"""Every built-in plug-in passes the suite that anybody's must pass."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus import catalog
from iolaus.arrow import EXCHANGE
from iolaus.contracts import Engine, Source
from iolaus.testing import check

ONE = {"id": "1", "at": "2026-03-01T00:00:00Z", "account": "a", "model": "m"}


def named(plugin: object) -> str:
    """Return a plug-in's name."""
    return str(getattr(plugin, "name", plugin))


@pytest.mark.parametrize("signal", catalog.signals(), ids=named)
def test_signal_keeps_its_contract(signal: object) -> None:
    """It confesses, reads what it may, and weighs in sane bits whatever the order of rows."""
    check(signal)


@pytest.mark.parametrize("source", catalog.sources(), ids=named)
def test_source_keeps_its_contract(source: Source) -> None:
    """It survives garbage and never repeats a customer's words."""
    check(source)


def test_canonical_source_reads_a_good_file(tmp_path: Path) -> None:
    """A file of the exchange schema is recognised and read."""
    path = tmp_path / "log.parquet"
    row = {name: [value] for name, value in ONE.items() if name != "at"}
    at = pa.array([0], EXCHANGE.field("at").type)
    pq.write_table(pa.table({**row, "at": at}), path)
    (canonical,) = (s for s in catalog.sources() if s.name == "canonical")
    check(canonical, samples=[path])


@pytest.mark.parametrize("engine", catalog.engines(), ids=named)
def test_engine_keeps_its_contract(engine: type[Engine], tmp_path: Path) -> None:
    """Its five verbs lose no row and double none."""
    with engine(tmp_path / "stages") as running:
        check(running)
