"""Their values -> our types, leniently: what does not fit becomes null and is counted."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.ingest.instants import cast_or_null, instants_of

_NOTHING = r"^\s*(null|none|nan|nil|n/a|na|-|\\n)?\s*$"
_INTEGER = r"^\s*[+-]?\d+(\.0*)?\s*$"
_FLOAT = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_TRUE, _FALSE = (
    ["true", "t", "yes", "y", "1", "1.0", "on"],
    ["false", "f", "no", "n", "0", "0.0", "off"],
)
_LIST_MARKS = re.compile(r"[\[\]\"'{}]")


def as_type(
    array: pa.Array, kind: pa.DataType, *, unit: str | None = None
) -> tuple[pa.Array, int, int]:
    """Return the cast array, how many values did not fit, and how many times had no zone."""
    n_values = _n_meant(array, kind)
    n_naive = 0
    if array.type.equals(kind) and not pa.types.is_timestamp(kind):
        return array, 0, 0
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), kind), 0, 0
    if pa.types.is_timestamp(kind):
        cast, n_naive = instants_of(array, unit=unit)
    elif pa.types.is_string(kind):
        cast = _as_string(array)
    elif pa.types.is_integer(kind):
        cast = _as_integer(array, kind)
    elif pa.types.is_floating(kind):
        cast = _as_float(array, kind)
    elif pa.types.is_boolean(kind):
        cast = _as_bool(array)
    else:
        cast = _as_strings(array)
    return cast, max(0, n_values - (len(cast) - cast.null_count)), n_naive


def well_formed(array: pa.Array, *, mend: bool) -> tuple[pa.Array, int]:
    """
    Return strings of valid UTF-8 only, and how many were not.

    Customers' text is mended with U+FFFD, so that a stray byte hides no prompt from us; a key
    or a name is nulled, because two mended ones might be taken for one.
    """
    try:
        array.validate(full=True)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        raw = array.cast(pa.binary()) if len(array) else array
        said = [_decoded(value.as_py(), mend=mend) for value in raw]
        return pa.array([text for text, _ in said], pa.string()), sum(bad for _, bad in said)
    return array, 0


def _decoded(value: bytes | None, *, mend: bool) -> tuple[str | None, bool]:
    if value is None:
        return None, False
    try:
        return value.decode(), False
    except UnicodeDecodeError:
        return (value.decode(errors="replace") if mend else None), True


def plain(array: pa.Array) -> pa.Array:
    """Undo encodings: dictionaries, run ends, views, and 64-bit offsets."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return plain(array.dictionary_decode())
    if pa.types.is_run_end_encoded(kind):
        return plain(pc.run_end_decode(array))
    if isinstance(array, pa.ExtensionArray):
        return plain(array.storage)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        narrow = array.cast(pa.binary())
        return pa.Array.from_buffers(
            pa.string(), len(narrow), narrow.buffers(), offset=narrow.offset
        )
    return array


def _n_meant(array: pa.Array, kind: pa.DataType) -> int:
    """Count values that were meant to say something; "null" and "" say nothing to a number."""
    n = len(array) - array.null_count
    if pa.types.is_string(array.type) and not pa.types.is_string(kind) and n:
        silent = pc.match_substring_regex(array, _NOTHING, ignore_case=True)
        n -= pc.sum(silent).as_py() or 0
    if pa.types.is_floating(array.type) and n:
        n -= pc.sum(pc.is_nan(array)).as_py() or 0
    return int(n)


def _as_string(array: pa.Array) -> pa.Array:
    kind = array.type
    if pa.types.is_nested(kind):
        return pa.nulls(len(array), pa.string())
    if pa.types.is_floating(kind):
        # 12.0 is how a table with gaps writes the key 12.
        whole = pc.and_(pc.equal(pc.floor(array), array), pc.less(pc.abs(array), 2.0**53))
        integers = pc.if_else(whole, array, None).cast(pa.int64()).cast(pa.string())
        return pc.coalesce(integers, pc.if_else(pc.is_nan(array), None, array).cast(pa.string()))
    if pa.types.is_fixed_size_binary(kind):
        # A UUID column; its text form is what other systems show, hyphens apart.
        return pa.array([value and value.hex() for value in array.to_pylist()], pa.string())
    return array.cast(pa.string())


def _as_integer(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(array.type):
        fits = pc.match_substring_regex(array, _INTEGER)
        digits = pc.replace_substring_regex(pc.utf8_trim_whitespace(array), r"\.0*$", "")
        digits = pc.replace_substring_regex(digits, r"^\+", "")
        return _narrow(cast_or_null(pc.if_else(fits, digits, None), pa.int64()), kind)
    if pa.types.is_floating(array.type):
        fits = pc.and_(pc.equal(pc.floor(array), array), pc.less(pc.abs(array), 2.0**63))
        return _narrow(pc.if_else(fits, array, None).cast(pa.int64(), safe=False), kind)
    if pa.types.is_boolean(array.type) or pa.types.is_integer(array.type):
        return _narrow(cast_or_null(array, pa.int64()), kind)
    if pa.types.is_decimal(array.type):
        return _narrow(cast_or_null(array, pa.int64()), kind)
    return pa.nulls(len(array), kind)


def _narrow(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if kind.bit_width >= 64:
        return array
    limits = np.iinfo(f"int{kind.bit_width}")
    fits = pc.and_(pc.less_equal(array, int(limits.max)), pc.greater_equal(array, int(limits.min)))
    return pc.if_else(fits, array, None).cast(kind)


def _as_float(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(array.type):
        fits = pc.match_substring_regex(array, _FLOAT)
        text = pc.replace_substring_regex(pc.utf8_trim_whitespace(array), r"^\+", "")
        array = cast_or_null(pc.if_else(fits, text, None), kind)
    elif pa.types.is_nested(array.type) or pa.types.is_temporal(array.type):
        return pa.nulls(len(array), kind)
    cast = array.cast(kind, safe=False)
    return pc.if_else(pc.is_finite(cast), cast, None)


def _as_bool(array: pa.Array) -> pa.Array:
    kind = array.type
    if pa.types.is_string(kind):
        word = pc.utf8_lower(pc.utf8_trim_whitespace(array))
        known = pc.is_in(word, pa.array(_TRUE + _FALSE))
        return pc.if_else(known, pc.is_in(word, pa.array(_TRUE)), None)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return pc.not_equal(array, 0)
    return pa.nulls(len(array), pa.bool_())


def _as_strings(array: pa.Array) -> pa.Array:
    """Read a list of names: a list, a list of tool objects, or one comma-separated string."""
    strings = pa.list_(pa.string())
    kind = array.type
    if pa.types.is_string(kind):
        text = pc.replace_substring_regex(array, _LIST_MARKS.pattern, "")
        parts = pc.split_pattern_regex(pc.utf8_trim_whitespace(text), r"\s*,\s*")
        return pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), _empty(strings), parts)
    if pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        array = array.cast(pa.list_(kind.value_type))
        kind = array.type
    if not pa.types.is_list(kind):
        return pa.nulls(len(array), strings)
    start = array.offsets[0].as_py() if len(array) else 0
    end = array.offsets[-1].as_py() if len(array) else 0
    values = plain(array.values.slice(start, end - start))
    names = _names_of(values)
    offsets = pc.subtract(array.offsets, start)
    mask = array.is_null() if array.null_count else None
    return pa.ListArray.from_arrays(offsets.cast(pa.int32()), names, mask=mask)


def _names_of(values: pa.Array) -> pa.Array:
    if not pa.types.is_struct(values.type):
        return _as_string(values)
    fields = {field.name for field in values.type}
    if "name" in fields:
        return _as_string(plain(pc.struct_field(values, "name")))
    if "function" in fields:
        return _names_of(pc.struct_field(values, "function"))
    return pa.nulls(len(values), pa.string())


def _empty(kind: pa.DataType) -> pa.Scalar:
    return pa.scalar([], kind)
