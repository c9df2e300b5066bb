"""A stream of JSON in any layout -> whole objects."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iolaus.ingest.json_objects import object_blocks
from iolaus.ingest.limits import ReadLimits

VALUES = st.recursive(
    st.none() | st.integers() | st.text('{}[]"\\,:a\n', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text('{"\\a', max_size=3), VALUES, max_size=3), max_size=6)


def objects_in(data: bytes, *, block: int, limit: int = 10_000) -> tuple[list[Any], list[int]]:
    """Return the objects found and the offsets of those that were dropped."""
    dropped: list[int] = []
    blocks = object_blocks(
        io.BytesIO(data),
        on_dropped=lambda line, offset: dropped.append(offset),
        limits=ReadLimits(block_bytes=block, line_bytes=limit),
    )
    found = []
    for one in blocks:
        for line, offset, raw in one.records():
            assert data[offset : offset + len(raw)] == raw
            assert line == data.count(b"\n", 0, offset) + 1
            found.append(json.loads(raw))
    return found, dropped


@settings(deadline=None)
@given(objects=OBJECTS, indent=st.sampled_from([None, 1]), block=st.integers(1, 200))
def test_an_array_gives_its_objects_however_it_is_cut(
    objects: list[Any], indent: int | None, block: int
) -> None:
    """Braces and quotes inside strings end nothing; places are exact."""
    data = json.dumps(objects, indent=indent).encode()
    assert objects_in(data, block=block) == (objects, [])


def test_an_object_over_the_limit_is_dropped_and_the_next_is_found() -> None:
    """It is read past without being held."""
    data = json.dumps([{"a": 1}, {"b": "x" * 500}, {"c": {"d": 2}}]).encode()
    found, dropped = objects_in(data, block=16, limit=100)
    assert found == [{"a": 1}, {"c": {"d": 2}}]
    assert dropped == [data.index(b'{"b"')]


def test_an_object_that_never_ends_is_dropped() -> None:
    """A file that was cut off has one object less."""
    data = b'[{"a": 1}, {"b": '
    assert objects_in(data, block=100) == ([{"a": 1}], [11])
