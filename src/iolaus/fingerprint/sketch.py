"""Texts of a log -> how widely each run of words is shared, kept from one log to the next.

    log --> RunCounts --> levels()  what the kernel reads: scaffold, and how widely shared
              ^   |
       prior Sketch   learned() --> Sketch --> a file beside the store --> the next log's prior

Kept are slots of keyed hashes and how large a share of a log's rows held them: without the key
they say nothing, not even whether a guessed text was there. A share halves with every
`sketch_half_life_days` of the logs' own time. Of two logs the larger share counts, not the sum:
so a log that is read twice teaches nothing twice, and the order of logs hardly matters.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.scaffold import GRAM, SLOT_BITS
from iolaus.fingerprint.text import Keys, count_runs

N_SLOTS = 1 << SLOT_BITS
"""Noise is 2 counts at 200,000 rows of 140 words, where scaffold begins at 20."""

MOST_RUNS = 1 << 17
"""The most widely shared runs that are kept, at most: one counter in 128. Four counters are looked
up at once, so that a run of free text is taken for one of these once in 32 times, seldom enough."""

VERSION = 1
FOREIGN = (
    "what earlier logs taught about templates was learned with another key, or by a newer Iolaus, "
    "and was left alone: templates that are rare in this log may be missed ({})"
)
BROKEN = "what earlier logs taught about templates cannot be read and is learned anew ({})"

_DAY_US = 86_400_000_000
_META = b"iolaus.sketch"
_PROBE = "to whom it may concern this text stands in no log and only says which key was used"
_COLUMNS = pa.schema([("slot", pa.int32()), ("share_log2", pa.float32())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """
    What logs taught: slots of keyed runs, ascending, and log2 of the share of rows as of `at_us`.

    `check` tells whether a key and a kernel are those that the slots were made with.
    """

    slots: npt.NDArray[np.int32]
    share_log2: npt.NDArray[np.float32]
    at_us: int
    check: str

    def aged(self, at_us: int, *, half_life_days: float) -> Self:
        """Return what is left at a later moment; an earlier one changes nothing."""
        age = max(0, at_us - self.at_us) / (half_life_days * _DAY_US)
        return type(self)(
            slots=self.slots,
            share_log2=(self.share_log2 - age).astype(np.float32),
            at_us=max(at_us, self.at_us),
            check=self.check,
        )

    def to_bytes(self) -> bytes:
        """Return the file's content, the same for the same sketch."""
        meta = {"version": VERSION, "check": self.check, "at_us": self.at_us}
        table = pa.table(
            [pa.array(self.slots), pa.array(self.share_log2)],
            schema=_COLUMNS.with_metadata({_META: json.dumps(meta, sort_keys=True)}),
        )
        out = BytesIO()
        pq.write_table(
            table,
            out,
            compression="zstd",
            use_dictionary=False,
            column_encoding={"slot": "DELTA_BINARY_PACKED", "share_log2": "BYTE_STREAM_SPLIT"},
            write_page_checksum=True,
        )
        return out.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What a file gave: a sketch or none, a warning or none, and whether to write it again."""

    sketch: Sketch | None = None
    warning: str | None = None
    may_replace: bool = True

    def words(self) -> tuple[str, ...]:
        """Return what the operator should be told."""
        return () if self.warning is None else (self.warning,)


class RunCounts:
    """In how many rows each run of words stands; says which runs are scaffold.

    Single pairs of words are a poor guide: "of the" is everywhere. A run of five words that
    many texts share is a scaffold's. A sketch of 16 M counters, 32 MB while it learns; two runs
    that meet in one counter are taken for one.
    """

    def __init__(self, limits: TemplateLimits, *, keys: Keys, prior: Sketch | None = None) -> None:
        self.n_rows = 0
        self._limits = limits
        self._keys = keys
        self._prior = prior
        self._at_us = prior.at_us if prior else 0
        self._own_at_us = 0
        self._counts = np.zeros(N_SLOTS, np.uint16)

    def add(self, text: pa.Array, at: pa.Array | None = None) -> None:
        """Count the rows of a text column, nulls left out; `at` is when they came."""
        count_runs(text, keys=self._keys, counts=self._counts)
        self.n_rows += len(text) - text.null_count
        latest = pc.max(at.cast(pa.int64())).as_py() if at is not None else None
        if latest is not None:
            self._own_at_us = max(self._own_at_us, latest)

    def levels(self) -> npt.NDArray[np.uint8]:
        """Return how widely each run is shared, in half powers of two; 0 is slot content.

        The share is the larger of this log's own and of what is left of earlier ones'.
        """
        counts = np.arange(65536)
        shared = np.log2(np.maximum(counts, 1) / max(1, self.n_rows))
        table = np.where(counts >= self._low_rows(), self._level(shared), 0).astype(np.uint8)
        levels = table[self._counts]
        if self._prior is not None:
            prior = self._left_of(self._prior)
            held = self._level(prior.share_log2)
            is_known = prior.share_log2 >= self._low_log2
            slots = prior.slots[is_known]
            levels[slots] = np.maximum(levels[slots], held[is_known].astype(np.uint8))
        return levels

    def learned(self) -> Sketch:
        """Return what this log and the earlier ones taught, the most widely shared runs."""
        slots = np.flatnonzero(self._counts >= self._low_rows()).astype(np.int32)
        # In a log of ten rows five are not half of what the next log will hold.
        n_rows = max(self.n_rows, 1.0 / self._limits.low_share)
        own = Sketch(
            slots=slots,
            share_log2=np.log2(self._counts[slots] / n_rows).astype(np.float32),
            at_us=self._own_at_us,
            check=check_of(self._keys),
        )
        now = self._left_of(own)
        if self._prior is not None:
            now = _larger(now, self._left_of(self._prior))
        return _widest(now, self._low_log2)

    @property
    def _low_log2(self) -> float:
        return float(np.log2(self._limits.low_share))

    def _low_rows(self) -> int:
        share = int(np.ceil(self._limits.low_share * self.n_rows))
        return max(self._limits.low_rows, share)

    def _level(self, share_log2: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        # Rounded first: log2 differs in its last place between machines.
        steps = np.round(2 * (share_log2.astype(np.float64) - self._low_log2), 6)
        return 1 + np.floor(np.maximum(steps, 0))

    def _left_of(self, sketch: Sketch) -> Sketch:
        now = max(self._own_at_us, self._at_us)
        return sketch.aged(now, half_life_days=self._limits.sketch_half_life_days)


def check_of(keys: Keys) -> str:
    """Return what tells this key and this kernel from others, and nothing about the key."""
    counts = np.zeros(N_SLOTS, np.uint16)
    count_runs(pa.array([_PROBE]), keys=keys, counts=counts)
    secret = np.array(keys, "<u8").tobytes()
    fours = counts.view(np.uint64)  # four counters at once: most of 32 MB is zeros
    at = np.flatnonzero(fours)
    seen = at.astype("<i4").tobytes() + fours[at].tobytes()
    return hashlib.blake2b(seen + bytes([GRAM]), key=secret, digest_size=16).hexdigest()


def remembered(path: Path, *, keys: Keys) -> Remembered:
    """Read a sketch; what is not there, not ours or damaged is no error but a word about it."""
    if not path.exists():
        return Remembered()
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            meta = json.loads((file.schema_arrow.metadata or {})[_META])
            is_ours = meta["version"] == VERSION and meta["check"] == check_of(keys)
            if not is_ours:
                return Remembered(warning=FOREIGN.format(path), may_replace=False)
            return Remembered(sketch=_checked(file, meta))
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return Remembered(warning=BROKEN.format(path))


def _checked(file: pq.ParquetFile, meta: dict[str, object]) -> Sketch:
    """Read the columns; raise ValueError for what no sketch of ours can hold."""
    if file.metadata.num_rows > MOST_RUNS:
        raise ValueError("more runs than are ever kept")
    table = file.read().cast(_COLUMNS)
    slots, share = table["slot"].to_numpy(), table["share_log2"].to_numpy()
    in_order = bool((np.diff(slots) > 0).all()) and (
        not slots.size or (slots[0] >= 0 and slots[-1] < N_SLOTS)
    )
    if not (in_order and np.isfinite(share).all() and (share <= 0).all()):
        raise ValueError("slots out of order, or shares that are none")
    at_us, check = meta["at_us"], meta["check"]
    if not (isinstance(at_us, int) and isinstance(check, str)):
        raise TypeError("at_us or check of another type")
    return Sketch(slots=slots, share_log2=share, at_us=at_us, check=check)


def _larger(one: Sketch, other: Sketch) -> Sketch:
    """Return the larger share of each slot."""
    slots = np.union1d(one.slots, other.slots).astype(np.int32)
    share = np.full(slots.size, -np.inf, np.float32)
    for sketch in (one, other):
        at = np.searchsorted(slots, sketch.slots)
        share[at] = np.maximum(share[at], sketch.share_log2)
    return Sketch(slots=slots, share_log2=share, at_us=one.at_us, check=one.check)


def _widest(sketch: Sketch, low_log2: float) -> Sketch:
    """Drop what has faded, and the least shared beyond `MOST_RUNS`."""
    order = np.lexsort((sketch.slots, -sketch.share_log2))[:MOST_RUNS]
    kept = np.sort(order[sketch.share_log2[order] >= low_log2])
    return Sketch(
        slots=sketch.slots[kept],
        share_log2=sketch.share_log2[kept],
        at_us=sketch.at_us,
        check=sketch.check,
    )
