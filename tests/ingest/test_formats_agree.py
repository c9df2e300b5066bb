"""The same rows, whatever file they lie in and however it is cut, are the same exchanges."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from iolaus.arrow import EXCHANGE
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.reader import open_logs
from iolaus.ingest.rejects import Rejects

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBER = st.floats(-5, 5, allow_nan=False)
ROW = st.fixed_dictionaries(
    {
        "id": st.text("abc0189", min_size=0, max_size=3),
        "at": st.datetimes(
            min_value=dt.datetime(2026, 1, 1),
            max_value=dt.datetime(2027, 1, 1),
        ).map(lambda at: at.isoformat() + "Z"),
        "account": st.sampled_from(["a", "b", "é", ""]),
        "prompt": st.none() | TEXT,
        "temperature": st.none() | NUMBER,
        "input_tokens": st.none() | st.integers(-3, 10**12),
        "stream": st.none() | st.booleans(),
        "tools": st.none() | st.lists(st.sampled_from(["x", "y"]), max_size=3),
    }
)
KINDS = {
    "id": pa.string(),
    "at": pa.string(),
    "account": pa.string(),
    "prompt": pa.string(),
    "temperature": pa.float64(),
    "input_tokens": pa.int64(),
    "stream": pa.bool_(),
    "tools": pa.list_(pa.string()),
}


def read(path: Path, limits: ReadLimits = LIMITS) -> tuple[pa.Table, Rejects]:
    """Read a whole log."""
    rejects = Rejects()
    log = open_logs([path], key=b"a key for tests!", rejects=rejects, limits=limits)
    return pa.Table.from_batches(list(log.batches(rejects)), schema=EXCHANGE), rejects


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(ROW, min_size=1, max_size=30), escaped=st.booleans())
def test_json_lines_and_parquet_give_the_same_exchanges(
    rows: list[dict[str, Any]], escaped: bool
) -> None:
    """Values, order, rejects and warnings agree; so do blocks of every size."""
    with tempfile.TemporaryDirectory() as folder:
        lines, table = Path(folder, "log.jsonl"), Path(folder, "log.parquet")
        text = "".join(json.dumps(row, ensure_ascii=escaped) + "\n" for row in rows)
        lines.write_bytes(text.encode())
        pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(KINDS)), table, row_group_size=7)
        from_lines, rejected = read(lines)
        from_table, rejected_too = read(table)
        in_pieces, rejected_in_pieces = read(lines, ReadLimits(block_bytes=64, batch_rows=5))
    assert from_lines.equals(from_table)
    assert from_lines.equals(in_pieces)
    assert rejected.by_reason() == rejected_too.by_reason() == rejected_in_pieces.by_reason()
    assert rejected.warnings() == rejected_too.warnings() == rejected_in_pieces.warnings()


def test_the_slow_way_through_a_block_gives_what_the_fast_one_gives(tmp_path: Path) -> None:
    """One torn line sends its whole block line by line; its neighbours come out the same."""
    rows = [
        {"id": f"r{i}", "at": 1772359200 + i / 8, "account": i % 3, "temperature": i / 10}
        | {"prompt": f"naïve {i} \u2028 \x7f", "tools": ["b", "a"], "seed": 2**60 + i}
        for i in range(50)
    ]
    good = [json.dumps(row) for row in rows]
    (tmp_path / "good.jsonl").write_text("\n".join(good), encoding="utf-8")
    (tmp_path / "torn.jsonl").write_text("\n".join([*good[:9], '{"id', *good[9:]]), "utf-8")
    fast, rejects = read(tmp_path / "good.jsonl")
    slow, one_more = read(tmp_path / "torn.jsonl")
    assert fast.equals(slow)
    assert one_more.n_rows == rejects.n_rows + 1 == 1
