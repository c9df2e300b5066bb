"""A small CSV, Parquet, JSON or JSON-lines file, whole -> one table, everything in it readable."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from iolaus.errors import EmptyError, FormatError, InputError
from iolaus.ingest.jsonl import array_of
from iolaus.ingest.lines import BOM
from iolaus.ingest.parquet import open_parquet

_DELIMITERS = (",", "\t", ";", "|")


def read_table(path: str | Path) -> pa.Table:
    """Read the file by what it holds, not by its name."""
    location = str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=location, remedy="check the path"
        ) from error
    if data.startswith(b"PAR1"):
        return _parquet(location)
    data = data.removeprefix(BOM)
    start = data.lstrip()[:1]
    if not start:
        raise EmptyError("the file is empty", where=location, remedy="leave the option out")
    if start in (b"{", b"["):
        return _table_of(_json(data, location))
    return _csv(data, location)


def _parquet(location: str) -> pa.Table:
    with open_parquet(location) as file:
        try:
            return file.read()
        except (OSError, pa.ArrowException) as error:
            raise FormatError(
                "Parquet that is truncated or corrupt", where=location, remedy="copy it again"
            ) from error


def _json(data: bytes, location: str) -> Sequence[dict[str, Any]]:
    try:
        if data.lstrip()[:1] == b"[":
            return msgspec.json.decode(data, type=list[dict[str, Any]])
        return [
            msgspec.json.decode(line, type=dict[str, Any])
            for line in data.splitlines()
            if line.strip()
        ]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FormatError(
            "neither a JSON array of objects nor one object a line",
            where=location,
            remedy="write one JSON object a line",
        ) from error


def _csv(data: bytes, location: str) -> pa.Table:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise FormatError(
            "text that is not UTF-8", where=location, remedy="save it as UTF-8"
        ) from error
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    names = next(csv.reader([header.rstrip("\r")], delimiter=delimiter))
    columns = {
        name.strip(): pa.array([row[name] or None for row in rows], pa.string()) for name in names
    }
    return pa.table(columns)


def _table_of(records: Sequence[dict[str, Any]]) -> pa.Table:
    names = list(dict.fromkeys(key for record in records for key in record))
    return pa.table({name: array_of([record.get(name) for record in records]) for name in names})
