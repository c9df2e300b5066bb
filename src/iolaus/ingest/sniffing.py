"""The first bytes of a file -> what it looks like: Parquet, JSON lines, or a table of text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from iolaus.ingest.jsonl import decode_object
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.lines import blocks_of, opened

PARQUET_MAGIC = b"PAR1"
_PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip"}
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def is_parquet(head: bytes) -> bool:
    """Say whether a file is Parquet, whole or not."""
    return head.startswith(PARQUET_MAGIC)


def is_text(head: bytes) -> bool:
    """Say whether a file may be text: no NUL, and nothing packed or two bytes wide."""
    return bool(head.strip()) and b"\x00" not in head and not is_parquet(head)


def is_json_lines(head: bytes) -> bool:
    """Say whether one of the first lines is an object, or the first is too long to tell."""
    return (
        is_text(head)
        and head.lstrip()[:1] == b"{"
        and (b"\n" not in head.strip() or bool(records_in(head)))
    )


def is_json_objects(head: bytes) -> bool:
    """Say whether a file is an array of objects, or one object over many lines."""
    start = head.lstrip()[:200].replace(b" ", b"").replace(b"\n", b"").replace(b"\r", b"")
    return is_text(head) and start.startswith((b'[{"', b'{"', b"[{}", b"{}"))


def records_in(head: bytes, *, at_most: int = LIMITS.sampled_lines) -> list[dict[str, Any]]:
    """Return the objects on the first whole lines; lines that are none are passed over."""
    records = []
    for line in head.split(b"\n", at_most)[:at_most]:
        if line.lstrip()[:1] != b"{":
            continue
        try:
            record = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if isinstance(record, dict):
            records.append(record)
    return records


def sample_records(location: str, *, limits: ReadLimits = LIMITS) -> list[dict[str, Any]]:
    """Return the objects on the first lines of a file, however long the lines are."""
    records: list[dict[str, Any]] = []
    with opened(location) as (stream, _):
        blocks = blocks_of(stream, on_dropped=lambda _line, _offset: None, limits=limits)
        # The first block that says anything is enough, and a torn file may have no second.
        for block in blocks:
            for _, _, raw in block.records():
                record, _reason = decode_object(raw)
                if record is not None:
                    records.append(record)
                if len(records) >= limits.sampled_lines:
                    break
            if records:
                break
    return records


def keys_of(records: Iterable[dict[str, Any]]) -> list[str]:
    """Return every top-level key, in order of appearance."""
    return list(dict.fromkeys(key for record in records for key in record))


def described(head: bytes) -> str:
    """Say in a few words what a file that nobody recognised looks like."""
    for magic, name in _PACKED.items():
        if head.startswith(magic):
            return f"{name} data under a name that does not end in .gz or .zst"
    if head.startswith(_WIDE):
        return "UTF-16 text; save it as UTF-8"
    if is_parquet(head):
        return "Parquet without the columns of an exchange log"
    start = head.lstrip()[:1]
    if not is_text(head):
        return "binary data"
    if start == b"{":
        return "JSON that is not one exchange a line"
    return "a JSON array" if start == b"[" else "text"


__all__ = [
    "described",
    "is_json_lines",
    "is_json_objects",
    "is_parquet",
    "is_text",
    "keys_of",
    "records_in",
    "sample_records",
]
