"""A Report -> canonical JSON bytes, and back without loss.

Canonical: the same Report is the same bytes. Keys are sorted, moments are RFC 3339 in UTC
with `Z`, no wall clock is read, and a number that is none (NaN, infinity) is refused.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from iolaus.errors import ContractError, FormatError
from iolaus.schema import Report


def report_to_json(report: Report) -> bytes:
    """
    Return the report as indented, canonical JSON that ends in one newline.

    Raises ContractError, naming the field, where a figure is not a finite number or a
    moment has no zone: JSON would swallow both in silence.
    """
    raw = msgspec.json.encode(_in_utc(report, "report"), order="sorted")
    return msgspec.json.format(raw, indent=2) + b"\n"


def report_from_json(data: bytes, *, where: str = "report.json") -> Report:
    """Return the Report that `report_to_json` wrote; unknown fields are let pass."""
    try:
        return msgspec.json.decode(data, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(
            f"this is not a report of Iolaus ({error})",
            where=where,
            remedy="scan the log again with this version",
        ) from error


def _in_utc(value: Any, path: str) -> Any:
    """Copy a tree of records, moving moments to UTC; refuse what JSON cannot carry."""
    if isinstance(value, float):
        return _finite(value, path)
    if isinstance(value, datetime):
        return _utc(value, path)
    if isinstance(value, tuple):
        return tuple(_in_utc(item, f"{path}[{i}]") for i, item in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: _in_utc(getattr(value, f.name), f"{path}.{f.name}") for f in fields(value)}
        return type(value)(**parts)
    return value


def _finite(value: float, path: str) -> float:
    if math.isfinite(value):
        return value
    raise ContractError(
        f"{value} is not a finite number",
        where=path,
        remedy="a signal must bound its bits; report this with the signal's name",
    )


def _utc(value: datetime, path: str) -> datetime:
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    raise ContractError(
        f"the moment {value.isoformat()} has no zone",
        where=path,
        remedy="records hold aware moments in UTC",
    )
