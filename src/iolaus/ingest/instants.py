"""Times as logs write them -> timestamp[us, UTC]; null where it cannot be told."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from iolaus.arrow import INSTANT

NAIVE = pa.timestamp("us")
WITHOUT_ZONE = "time without a zone, read as UTC"

_CLOCK = r"([01]\d|2[0-3]):?[0-5]\d(:?([0-5]\d|60)([.,]\d+)?)?"
_WRITTEN = rf"^\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt ]{_CLOCK})?"
_ZONE = r"([Zz]|[+-]\d\d(:?\d\d)?)$"
_NUMBER = r"^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$"

# An epoch's unit shows in its size: seconds stay below 1e11 until the year 5138, while
# milliseconds passed that mark in 1973, and so on by thousands.
_UNITS = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (float("inf"), 1e-3))
UNIT_IN_US = {"s": 1e6, "ms": 1e3, "us": 1.0, "ns": 1e-3}


def instants_of(array: pa.Array, *, unit: str | None = None) -> tuple[pa.Array, int]:
    """Return the instants and how many were written without a zone."""
    kind = array.type
    if pa.types.is_timestamp(kind):
        naive = 0 if kind.tz else len(array) - array.null_count
        return _from_timestamps(array), naive
    if pa.types.is_date(kind):
        return array.cast(NAIVE).cast(INSTANT), len(array) - array.null_count
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _from_epochs(array, unit), 0
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _from_strings(array.cast(pa.string()), unit)
    return pa.nulls(len(array), INSTANT), 0


def _from_timestamps(array: pa.Array) -> pa.Array:
    tz = array.type.tz
    fine = array.cast(pa.timestamp("us", tz), safe=False)
    # A zone in Arrow is a way of showing; the values are UTC already.
    return fine.cast(pa.int64()).cast(INSTANT)


def _from_epochs(array: pa.Array, unit: str | None) -> pa.Array:
    whole = pa.types.is_integer(array.type)
    values = array.cast(pa.float64(), safe=False)
    if unit is not None:
        factor = pa.scalar(UNIT_IN_US[unit])
        if whole and UNIT_IN_US[unit] >= 1:
            return _exact(array, int(UNIT_IN_US[unit]))
        return _as_instants(pc.multiply(values, factor))
    size = pc.abs(values)
    conditions = [pc.less(size, limit) for limit, _ in _UNITS]
    factors = [pa.scalar(factor) for _, factor in _UNITS]
    chosen = pc.case_when(
        pc.make_struct(*conditions, field_names=[str(i) for i in range(len(conditions))]), *factors
    )
    return _as_instants(pc.multiply(values, chosen))


def _exact(array: pa.Array, factor: int) -> pa.Array:
    in_range = pc.less(pc.abs(array.cast(pa.float64(), safe=False)), 9e18 / factor)
    kept = pc.if_else(in_range, array.cast(pa.int64(), safe=False), None)
    return pc.multiply(kept, factor).cast(INSTANT)


def _as_instants(microseconds: pa.Array) -> pa.Array:
    sane = pc.and_(pc.is_finite(microseconds), pc.less(pc.abs(microseconds), 9e18))
    kept = pc.if_else(sane, microseconds, None)
    return pc.round(kept).cast(pa.int64(), safe=False).cast(INSTANT)


def _from_strings(array: pa.Array, unit: str | None) -> tuple[pa.Array, int]:
    """Try the two ways in which a whole column is mostly written; else look at each value."""
    try:
        return array.cast(INSTANT), 0
    except pa.ArrowInvalid:
        pass
    try:
        return array.cast(NAIVE).cast(INSTANT), len(array) - array.null_count
    except pa.ArrowInvalid:
        return _one_by_one(array, unit)


def _one_by_one(array: pa.Array, unit: str | None) -> tuple[pa.Array, int]:
    text = pc.utf8_trim_whitespace(array)
    text = pc.replace_substring_regex(text, r"(?i) ?(utc|gmt)$", "Z")
    numeric = pc.fill_null(pc.match_substring_regex(text, _NUMBER), False)
    written = pc.fill_null(pc.match_substring_regex(text, _WRITTEN), False)
    zoned = pc.and_(written, pc.match_substring_regex(text, rf"\d[ ]?{_ZONE}"))
    # A bare date ends in what looks like a zone: 2026-03-01.
    zoned = pc.and_(zoned, pc.match_substring_regex(text, r"^\d{4}-\d\d-\d\d[Tt ]"))
    zoned = pc.fill_null(zoned, False)
    naive = pc.and_not(written, zoned)
    tidy = _tidy(text)
    with_zone = cast_or_null(pc.if_else(zoned, tidy, None), INSTANT)
    without = cast_or_null(pc.if_else(naive, tidy, None), NAIVE).cast(INSTANT)
    numbers = pc.if_else(numeric, text, None).cast(pa.float64())
    found = pc.coalesce(with_zone, without, _from_epochs(numbers, unit))
    return found, len(without) - without.null_count


def _tidy(text: pa.Array) -> pa.Array:
    """Write times as Arrow reads them: capital T and Z, at most six decimals, no space."""
    tidy = pc.replace_substring_regex(text, r"^(\d{4}-\d\d-\d\d)[tT ]", r"\1T")
    tidy = pc.replace_substring_regex(tidy, r"[zZ]$", "Z")
    tidy = pc.replace_substring_regex(tidy, r"(\d) ([+-]\d\d)", r"\1\2")
    return pc.replace_substring_regex(tidy, r"[.,](\d{1,6})\d*", r".\1")


def cast_or_null(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cast, with null for every value that does not fit; halves until the misfits are alone."""
    try:
        return array.cast(kind)
    except pa.ArrowInvalid:
        if len(array) <= 1:
            return pa.nulls(len(array), kind)
        middle = len(array) // 2
        halves: Callable[[int, int], pa.Array] = lambda start, n: cast_or_null(  # noqa: E731
            array.slice(start, n), kind
        )
        return pa.concat_arrays([halves(0, middle), halves(middle, len(array) - middle)])
