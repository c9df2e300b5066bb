"""A source or an engine that breaks a rule is told which."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from iolaus.arrow import EXCHANGE
from iolaus.contracts import RejectSink
from iolaus.engines.duckdb import DuckDB
from iolaus.errors import ContractError, InputError
from iolaus.testing import check


class OneColumn:
    """Reads lines that are JSON objects with an id and an account; all at one moment."""

    name = "one-column"
    version = 1
    summary = "ids and accounts"

    def sniff(self, head: bytes) -> bool:
        """Say yes to an opening brace."""
        return head.startswith(b"{")

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Yield one batch a line."""
        for n, line in enumerate(Path(location).read_bytes().splitlines(), start=1):
            try:
                row = json.loads(line)
                row = {"id": row["id"], "account": row["account"], "at": 0}
            except (ValueError, KeyError, TypeError):
                rejects.add(location, line=n, offset=None, reason="no JSON")
                continue
            yield pa.RecordBatch.from_pylist([row], schema=EXCHANGE)


class Repeats(OneColumn):
    """Repeats what it could not read."""

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Reject every line in its own words."""
        for line in Path(location).read_bytes().splitlines():
            rejects.add(location, line=None, offset=None, reason=line.decode(errors="replace"))
        yield from ()


class Falls(OneColumn):
    """Trusts its input."""

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Fall over the first line that is no JSON."""
        for line in Path(location).read_bytes().splitlines():
            json.loads(line)
        yield from ()


class Quotes(OneColumn):
    """Quotes a row in its error."""

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Raise an error of ours that says too much."""
        raise InputError(f"cannot read {Path(location).read_bytes()!r}")
        yield


class OwnSchema(OneColumn):
    """Has a schema of its own."""

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Yield two columns of three dozen."""
        for batch in super().read(location, rejects):
            yield batch.select(["id", "account"])


class Undecided(OneColumn):
    """Cannot say no."""

    def sniff(self, head: bytes) -> bool:
        """Return nothing."""


def test_good_source_passes(tmp_path: Path) -> None:
    """A source that rejects what it cannot read, and reads its sample, raises nothing."""
    sample = tmp_path / "log.jsonl"
    sample.write_text('{"id": "1", "account": "a"}\n', encoding="utf-8")
    check(OneColumn, samples=[sample])


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (Repeats, "must not repeat the text"),
        (Quotes, "must not repeat the text"),
        (Falls, "must survive .* and not end in"),
        (OwnSchema, "must yield the EXCHANGE schema"),
        (Undecided, "must say yes or no"),
    ],
)
def test_broken_source_is_told_its_rule(source: type, rule: str) -> None:
    """Leaking, falling over and yielding something else are each named."""
    with pytest.raises(ContractError, match=rule):
        check(source)


@pytest.mark.parametrize(
    ("text", "rule"),
    [("id,account\n1,a\n", "must recognise its own format"), ("{}\n", "must find exchanges")],
)
def test_sample_must_be_recognised_and_read(tmp_path: Path, text: str, rule: str) -> None:
    """A file that is said to be good has to be."""
    sample = tmp_path / "log"
    sample.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=rule):
        check(OneColumn, samples=[sample])


class Loses(DuckDB):
    """Loses a row."""

    def put(self, name: str, table: pa.Table) -> None:
        """Forget the last one."""
        super().put(name, table.slice(0, table.num_rows - 1))


class Doubles(DuckDB):
    """Counts everything twice."""

    def sql(self, name: str, query: str) -> None:
        """Run the query and its echo."""
        super().sql(name, f"{query} union all {query}")


class Hushes(DuckDB):
    """Says nothing of an empty dataset."""

    def stream(self, name: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Leave empty batches out."""
        yield from (batch for batch in super().stream(name, columns) if batch.num_rows)


@pytest.mark.parametrize(
    ("engine", "rule"),
    [
        (Loses, "must keep all rows"),
        (Doubles, "must count as everybody"),
        (Hushes, "schema of an empty dataset"),
    ],
)
def test_broken_engine_is_told_its_rule(engine: type[DuckDB], rule: str, tmp_path: Path) -> None:
    """A row lost or doubled is noticed."""
    with engine(tmp_path / "stages") as running, pytest.raises(ContractError, match=rule):
        check(running)
