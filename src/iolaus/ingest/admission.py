"""Exchanges as they were read -> exchanges that may count, the others refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.arrow import EXCHANGE, INSTANT
from iolaus.contracts import RejectSink
from iolaus.fingerprint.keyed import hash_strings
from iolaus.ingest.columns import TEXT
from iolaus.ingest.duplicates import SeenIds
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.places import Placed
from iolaus.ingest.rejects import warn

FIRST_PARTY = "first_party"
NO_ID, NO_ACCOUNT = "no id", "no account"
NO_TIME = "no time that can be read"
TOO_EARLY, TOO_LATE = "time too early", "time in the far future"
TWICE = "id was seen before"

_COUNTS = (
    "max_output_tokens",
    "choices",
    "input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cached_tokens",
    "turn",
)


class Admission:
    """
    Refuse rows without id, time or account, out of time, too long, or said twice.

    One instance sees one reading of a log from its start: it remembers ids. Without a `now`,
    a row is in the far future when it lies more than five years after the latest median of
    the batches before it (of its own batch, at the start), and in any case after 2100.
    """

    def __init__(
        self, *, key: bytes, now: datetime | None = None, limits: ReadLimits = LIMITS
    ) -> None:
        self.n_rows = 0
        self._key = key
        self._limits = limits
        self._seen = SeenIds()
        self._earliest = datetime(limits.earliest_year, 1, 1, tzinfo=UTC)
        self._latest = datetime(limits.latest_year, 1, 1, tzinfo=UTC)
        self._typical_us: int | None = None
        if now is not None:
            self._latest = min(self._latest, now + timedelta(days=limits.ahead_days))
        self._has_now = now is not None

    def admit(self, placed: Placed, *, file: str, sink: RejectSink) -> pa.RecordBatch:
        """Return the rows that count, in order, tidied."""
        batch = placed.batch
        self.n_rows += batch.num_rows
        reasons = self._reasons(batch)
        fine = reasons == ""
        fresh = np.zeros(batch.num_rows, dtype=np.bool_)
        ids = batch.column("id").filter(pa.array(fine))
        hashes = hash_strings(ids, key=self._key, tag="id").to_numpy(zero_copy_only=False)
        fresh[fine] = self._seen.first_seen(hashes)
        reasons[fine & ~fresh] = TWICE
        refused = np.flatnonzero(reasons != "")
        if refused.size:
            places = placed.places(refused.tolist())
            for row, (line, offset) in zip(refused.tolist(), places, strict=True):
                sink.add(file, line=line, offset=offset, reason=str(reasons[row]))
            batch = batch.filter(pa.array(reasons == ""))
        return _tidied(batch, sink)

    def _reasons(self, batch: pa.RecordBatch) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        reasons = np.full(batch.num_rows, "", dtype=object)
        at = batch.column("at")
        for text in TEXT:
            n_bytes = pc.binary_length(batch.column(text))
            self._mark(reasons, pc.greater(n_bytes, self._limits.line_bytes), f"{text} too long")
        self._mark(reasons, pc.greater(at, self._latest_for(at)), TOO_LATE)
        self._mark(reasons, pc.less(at, pa.scalar(self._earliest, INSTANT)), TOO_EARLY)
        self._mark(reasons, _is_missing(batch.column("account")), NO_ACCOUNT)
        self._mark(reasons, at.is_null(), NO_TIME)
        self._mark(reasons, _is_missing(batch.column("id")), NO_ID)
        return reasons

    @staticmethod
    def _mark(
        reasons: np.ndarray[tuple[int], np.dtype[np.object_]], mask: pa.Array, reason: str
    ) -> None:
        if pc.any(mask).as_py():
            reasons[pc.fill_null(mask, False).to_numpy(zero_copy_only=False)] = reason

    def _latest_for(self, at: pa.Array) -> pa.Scalar:
        """Return the latest time believed, and move the typical time on by this batch."""
        latest = pa.scalar(self._latest, INSTANT)
        sane = pc.and_(
            pc.less_equal(at, latest), pc.greater_equal(at, pa.scalar(self._earliest, INSTANT))
        )
        times = at.filter(sane).cast(pa.int64()).to_numpy(zero_copy_only=False)
        if self._has_now or not times.size:
            return latest
        ahead = int(self._limits.ahead_of_others_days * 86_400 * 1e6)
        if self._typical_us is None:
            self._typical_us = _lower_median(times)
        bound = self._typical_us + ahead
        believed = times[times <= bound]
        if believed.size:
            self._typical_us = max(self._typical_us, _lower_median(believed))
        return min(latest, pa.scalar(bound, pa.int64()).cast(INSTANT), key=lambda at: at.value)


def _lower_median(times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    middle = (times.size - 1) // 2
    return int(np.partition(times, middle)[middle])


def _is_missing(column: pa.Array) -> pa.Array:
    return pc.or_(column.is_null(), pc.fill_null(pc.equal(column, ""), True))


def _tidied(batch: pa.RecordBatch, sink: RejectSink) -> pa.RecordBatch:
    """Fill the channel; a negative count says nothing and becomes null."""
    arrays = {name: batch.column(name) for name in EXCHANGE.names}
    channel = arrays["channel"]
    arrays["channel"] = pc.if_else(_is_missing(channel), FIRST_PARTY, channel)
    for name in _COUNTS:
        column = arrays[name]
        negative = pc.fill_null(pc.less(column, 0), False)
        n_negative = pc.sum(negative).as_py() or 0
        if n_negative:
            arrays[name] = pc.if_else(negative, None, column)
            warn(sink, f"{name} was negative and is taken as missing", n_rows=n_negative)
    return pa.RecordBatch.from_arrays(list(arrays.values()), schema=EXCHANGE)
