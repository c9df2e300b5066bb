"""The numbers of reading a log, what they mean and where they come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """What a reader holds at once, and what it refuses."""

    batch_rows: int = 65_536
    """Rows in one batch at most; numba kernels and DuckDB vectors are past their overhead there."""

    batch_bytes: int = 32 * 1024**2
    """Bytes in one batch at most, so that four of them in flight stay far below a 4 GiB machine."""

    block_bytes: int = 8 * 1024**2
    """Whole-line blocks handed to the JSON and CSV parsers; past 4 MiB the parser gains nothing."""

    line_bytes: int = 16 * 1024**2
    """A longer line or text is rejected: no model in the field takes 16 MiB of prompt."""

    sampled_lines: int = 64
    """Lines that choose the types of a block's columns; a wrong guess costs speed only."""

    head_bytes: int = 64 * 1024
    """What a source may look at to recognise its format."""

    earliest_year: int = 2015
    """No exchange with a language model behind an API is older; earlier times are broken clocks."""

    latest_year: int = 2100
    """No exchange is later, whatever the caller says; sentinels such as 9999-12-31 end here."""

    ahead_days: float = 1.0
    """How far a row may lie ahead of the caller's `now`: time zones and drifting clocks."""

    ahead_of_others_days: float = 5 * 366.0
    """Without a `now`: how far a row may lie ahead of the median row read so far."""

    kept_per_reason: int = 1_000
    """Rejected rows that are written out for one reason; the count beyond stays exact."""


LIMITS = ReadLimits()
