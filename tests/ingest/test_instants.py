"""Times as logs write them -> instants."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from iolaus.arrow import INSTANT
from iolaus.ingest.instants import instants_of

TEN = dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("written", "expected", "n_naive"),
    [
        ("2026-03-01T10:00:00Z", TEN, 0),
        ("2026-03-01T10:00:00.000000123Z", TEN, 0),
        ("2026-03-01t10:00:00z", TEN, 0),
        ("2026-03-01 12:00:00+02:00", TEN, 0),
        ("2026-03-01 12:00:00 +0200", TEN, 0),
        ("2026-03-01 10:00:00+00", TEN, 0),
        ("2026-03-01 10:00:00 UTC", TEN, 0),
        ("2026-03-01 10:00:00", TEN, 1),
        ("2026-03-01T10:00", TEN, 1),
        ("2026-03-01", TEN.replace(hour=0), 1),
        ("1772359200", TEN, 0),
        ("1772359200000", TEN, 0),
        (1772359200, TEN, 0),
        (1772359200.0, TEN, 0),
        (1772359200000, TEN, 0),
        (1772359200000000, TEN, 0),
        (1772359200000000000, TEN, 0),
        ("2026-02-30T10:00:00Z", None, 0),
        ("2026-13-01T10:00:00Z", None, 0),
        ("yesterday", None, 0),
        ("", None, 0),
        (float("inf"), None, 0),
        (None, None, 0),
    ],
)
def test_a_time_is_read_however_it_is_written(
    written: Any, expected: dt.datetime | None, n_naive: int
) -> None:
    """RFC 3339 and its looser relatives, and epochs by their size; what is none is null."""
    found, naive = instants_of(pa.array([written]))
    assert found.type == INSTANT
    assert found.to_pylist() == [expected]
    assert naive == n_naive


def test_arrow_times_keep_their_instant_and_naive_ones_are_counted() -> None:
    """A zone in Arrow is a way of showing; without one it is UTC."""
    zoned = pa.array([TEN], pa.timestamp("ms", tz="+02:00"))
    assert instants_of(zoned) == (pa.array([TEN], INSTANT), 0)
    naive = pa.array([TEN.replace(tzinfo=None), None], pa.timestamp("ns"))
    assert instants_of(naive) == (pa.array([TEN, None], INSTANT), 1)


def test_a_unit_that_is_named_is_believed() -> None:
    """Small epochs, such as a log of 1972, cannot be told by size."""
    found, _ = instants_of(pa.array([1772359200000]), unit="ms")
    assert found.to_pylist() == [TEN]
    found, _ = instants_of(pa.array(["1772359200"]), unit="s")
    assert found.to_pylist() == [TEN]
