r"""Bytes of a text column -> one bit set per row that says how the text is laid out.

| bit | name | set when |
|---|---|---|
| 0 | code_fence | three backticks |
| 1 | numbered_list | two lines that start with a number and `.` or `)` |
| 2 | bullets | two lines that start with `-` or `*` and a space |
| 3 | header | a line that starts with `#` ... and a space |
| 4 | json | a brace or bracket that a double quote or brace follows |
| 5 | xml_tag | a closing tag |
| 6 | table | two lines with two or more bars |
| 7 | url | `://` |
| 8 | latex | `$$`, `\(`, `\[` or a backslash word with a brace |
| 9 | question_end | the last character is a question mark |
| 10 | colon_end | the last character is a colon |
| 11 | grade_contract | `[[`, or a scale such as `1-10`, `/10`, `/5` |
| 12 | quoted_block | a line that starts with `>`, or three double quotes |
| 13 | labels | two lines that start with a short capitalised label and a colon |
| 14 | sections | two lines that start with `[` or `<` and end with `]` or `>` |
| 15 | slot_left | an unfilled slot, `{{` or `{name}` |
| 16 | paragraphs | three blank lines or more |
| 17 | code | two lines that end in `;` or `{`, or start with def, import, #include, class |
| 18 | many_lines | twenty lines or more |
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from llvmlite import ir

from iolaus.fingerprint.vectors import (
    LANES,
    REACH,
    Block,
    compiled,
    lowest_bit,
    masks,
)

STRUCTURE = (
    "code_fence",
    "numbered_list",
    "bullets",
    "header",
    "json",
    "xml_tag",
    "table",
    "url",
    "latex",
    "question_end",
    "colon_end",
    "grade_contract",
    "quoted_block",
    "labels",
    "sections",
    "slot_left",
    "paragraphs",
    "code",
    "many_lines",
)
"""The names of the bits, in order."""

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]

_LIMIT = 16384  # bytes of the head that are read
_LABEL_BYTES = 24  # "### Response:" is a label, a sentence with a colon is not

_NUMBERED, _BULLET, _BAR, _LABEL, _SECTION, _CODE, _BLANK, _LINES = range(8)
_TALLIES = 8


def names_of(structure: int) -> tuple[str, ...]:
    """Return the names of the bits that are set."""
    return tuple(name for bit, name in enumerate(STRUCTURE) if structure >> bit & 1)


def _label_bits(b: Block, _: Block) -> list[ir.Value]:
    """Bytes that a label may hold."""
    return [b.any(b.letter(), b.within(0x30, 0x39), b.equals(0x20))]


def _event_bits(b: Block, n: Block) -> list[ir.Value]:
    """Bytes that may begin a mark, by what follows them; and line ends."""
    twice = (0x60, 0x24, 0x22)  # ``, $$, ""
    return [
        b.any(
            b.equals(0x0A, 0x7C),
            *(b.both(b.equals(mark), n.equals(mark)) for mark in twice),
            b.both(b.equals(0x5B), n.equals(0x22, 0x7B, 0x5B)),  # [" [{ [[
            b.both(b.equals(0x3A, 0x3C), n.equals(0x2F)),  # :/ </
            b.both(b.equals(0x2D, 0x2F), n.equals(0x31, 0x35)),  # -1 -5 /1 /5
            b.equals(0x7B, 0x5C),  # { and backslash
        )
    ]


_label = masks(1, _label_bits)
_events = masks(1, _event_bits)


@compiled
def _is_letter(b: int) -> bool:
    return 97 <= (b | 32) <= 122


@compiled
def _is_digit(b: int) -> bool:
    return 48 <= b <= 57


@compiled
def _at(data: U8, at: int, end: int) -> int:
    # int() of a byte would be unsigned to numba.
    return np.int64(data[at]) if at < end else np.int64(0)  # type: ignore[return-value]


@compiled
def _is_word(data: U8, at: int, end: int, first: int, length: int) -> bool:
    """Say whether a line starts like def, import, class or #include (by first letter, length)."""
    if _at(data, at, end) != first or _at(data, at + length, end) != 32:
        return False
    for j in range(at + 1, at + length):  # noqa: SIM110 - numba has no generators
        if not _is_letter(_at(data, j, end)):
            return False
    return True


@compiled
def _label_ends(data: U8, start: int, end: int) -> bool:
    """Say whether the line opens with a capitalised label and a colon."""
    at = start
    while at < end and (data[at] == 35 or data[at] == 32 or data[at] == 42):
        at += 1
    if not 65 <= _at(data, at, end) <= 90:
        return False
    (label,) = _label(data, at)
    length = lowest_bit(~label)
    return length < min(end - at, _LABEL_BYTES) and _at(data, at + length, end) == 58


@compiled
def _count_line(data: U8, start: int, end: int, seen: I64) -> int:
    """Add one line to the tallies; return the bits that one line alone sets."""
    bits = 0
    seen[_LINES] += 1
    while start < end and (data[start] == 32 or data[start] == 9):
        start += 1
    while start < end and (data[end - 1] == 32 or data[end - 1] == 13):
        end -= 1
    if start == end:
        seen[_BLANK] += 1
        return bits
    at = start
    while at < end and _is_digit(data[at]):
        at += 1
    if start < at < start + 4 and (_at(data, at, end) == 46 or _at(data, at, end) == 41):
        seen[_NUMBERED] += 1
    first, last = np.int64(data[start]), np.int64(data[end - 1])
    if first in (45, 42) and _at(data, start + 1, end) == 32:
        seen[_BULLET] += 1
    at = start
    while at < end and data[at] == 35:
        at += 1
    if start < at <= start + 6 and _at(data, at, end) == 32:
        bits |= 1 << 3
    if first == 62:
        bits |= 1 << 12
    if (first == 91 and last == 93) or (first == 60 and last == 62):
        seen[_SECTION] += 1
    if last in (59, 123) or _starts_code(data, start, end):
        seen[_CODE] += 1
    if _label_ends(data, start, end):
        seen[_LABEL] += 1
    return bits


@compiled
def _starts_code(data: U8, at: int, end: int) -> bool:
    return (
        (_is_word(data, at, end, 100, 3) and _at(data, at + 1, end) == 101)
        or (_is_word(data, at, end, 105, 6) and _at(data, at + 1, end) == 109)
        or (_is_word(data, at, end, 99, 5) and _at(data, at + 1, end) == 108)
        or _is_word(data, at, end, 35, 8)
    )


@compiled
def _marks(data: U8, at: int, end: int) -> int:
    """Return the bits that the characters at one place set."""
    b, c, d = np.int64(data[at]), _at(data, at + 1, end), _at(data, at + 2, end)
    bits = 0
    if b == 96 and c == 96 and d == 96:
        bits |= 1 << 0
    if b in (123, 91) and (c == 34 or (c == 123 and b == 91)):
        bits |= 1 << 4
    if b == 123 and c == 10:
        bits |= 1 << 4
    if b == 60 and c == 47 and _is_letter(d):
        bits |= 1 << 5
    if b == 58 and c == 47 and d == 47:
        bits |= 1 << 7
    if (b == 36 and c == 36) or (b == 92 and c in (40, 91)):
        bits |= 1 << 8
    if b == 91 and c == 91:
        bits |= 1 << 11
    if b in (45, 47) and (c == 53 or (c == 49 and d == 48)):
        bits |= 1 << 11
    if b == 34 and c == 34 and d == 34:
        bits |= 1 << 12
    if b == 123 and c == 123:
        bits |= 1 << 15
    return bits


@compiled
def _enclosed(data: U8, at: int, end: int) -> int:
    r"""Return the bit of `{name}` or of `\name{` that starts here, or 0."""
    j = at + 1
    while j < end and j < at + 24 and (_is_letter(data[j]) or data[j] == 95):
        j += 1
    if j < at + 3:
        return 0
    if data[at] == 123 and _at(data, j, end) == 125:
        return 1 << 15
    return 1 << 8 if data[at] == 92 and _at(data, j, end) == 123 else 0


@compiled
def _last_bits(data: U8, start: int, end: int) -> int:
    while start < end and (data[end - 1] <= 32):
        end -= 1
    if start == end:
        return 0
    last = data[end - 1]
    wide = end - start >= 3 and last == 0x9F and data[end - 3] == 0xEF and data[end - 2] == 0xBC
    if last == 63 or wide:
        return 1 << 9
    return 1 << 10 if last == 58 else 0


@compiled
def _lines(data: U8, start: int, end: int, seen: I64) -> int:
    """Return the bits that marks and single lines set, and add up what needs several lines."""
    bits, line, bars = 0, start, 0
    for base in range(start, end, LANES):
        (mask,) = _events(data, base)
        if end - base < LANES:
            mask &= (np.uint64(1) << np.uint64(end - base)) - np.uint64(1)
        while mask != 0:
            at = base + lowest_bit(mask)
            mask &= mask - np.uint64(1)
            b = data[at]
            if b == 10:
                bits |= _count_line(data, line, at, seen)
                seen[_BAR] += bars >= 2
                line, bars = at + 1, 0
            elif b == 124:
                bars += 1
            else:
                bits |= _marks(data, at, end)
                if b == 123 or b == 92:  # noqa: PLR1714 - numba makes no set of two numbers
                    bits |= _enclosed(data, at, end)
    bits |= _count_line(data, line, end, seen)
    seen[_BAR] += bars >= 2
    return bits


@compiled
def _structure(data: U8, start: int, end: int, seen: I64, copy: U8) -> int:
    """Return the bit set of one text; of a long one the head is read, and its last bytes."""
    bits = _last_bits(data, start, end)
    end = min(end, start + _LIMIT)
    for i in range(_TALLIES):
        seen[i] = 0
    if end + REACH <= data.size:
        bits |= _lines(data, start, end, seen)
    else:
        for i in range(end - start):
            copy[i] = data[start + i]
        bits |= _lines(copy, 0, end - start, seen)
    bits |= (seen[_NUMBERED] >= 2) << 1 | (seen[_BULLET] >= 2) << 2 | (seen[_BAR] >= 2) << 6
    bits |= (seen[_LABEL] >= 2) << 13 | (seen[_SECTION] >= 2) << 14
    bits |= (seen[_BLANK] >= 3) << 16 | (seen[_CODE] >= 2) << 17 | (seen[_LINES] >= 20) << 18
    return bits


def room_for_shape() -> tuple[I64, U8]:
    """Return the memory that `structure_rows` works in."""
    return np.empty(_TALLIES, np.int64), np.empty(_LIMIT + REACH, np.uint8)


@compiled
def structure_rows(text: tuple[U8, I64], out: I32, room: tuple[I64, U8]) -> None:
    """Write the bit set of each row."""
    data, offsets = text
    for row in range(out.size):
        out[row] = np.int32(_structure(data, offsets[row], offsets[row + 1], room[0], room[1]))
