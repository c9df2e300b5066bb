"""Our own contestants: the full kernel of one core, and apart what stands before and after it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.turns import Pass, Prepare, serve
from iolaus.fingerprint.content import load_weights
from iolaus.fingerprint.fingerprinter import Fingerprinter
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.sketch import RunCounts
from iolaus.fingerprint.text import TextFeatures, keys_of, model_of, read_text, scaffold_of

KEY = bytes(range(32))
BATCH_ROWS = 8192
"""About what a reader hands over at once."""

SINGLE_ROWS = 4000


def batches_of(path: Path) -> list[pa.RecordBatch]:
    """Read the prompts as batches of a log whose other columns do not matter here."""
    table = pq.read_table(path).combine_chunks()
    return table.to_batches(max_chunksize=BATCH_ROWS)


def learned(batches: list[pa.RecordBatch], *, threads: int) -> Fingerprinter:
    """Return a Fingerprinter that has seen the log and stands before its first row."""
    printer = Fingerprinter(KEY, threads=threads)
    for batch in batches:
        printer.observe(batch)
    printer.text_columns_of(batches[0].slice(0, 1))  # ends the learning, once per log
    return printer


def kernel_on(threads: int) -> Prepare:
    """Return the full kernel: tokens, template signature, all scores, shape, exact hash."""

    def prepare(path: Path) -> Callable[[], Pass]:
        batches = batches_of(path)

        def ready() -> Pass:
            printer = learned(batches, threads=threads)
            return lambda: [printer.text_columns_of(batch) for batch in batches]

        return ready

    return prepare


def kernel_late(path: Path) -> Callable[[], Pass]:
    """The full kernel after many rows of the same log: its sample of skeletons is full."""
    batches = batches_of(path)
    earlier = batches_of(path.with_name("earlier.parquet"))

    def ready() -> Pass:
        printer = learned(batches, threads=1)
        for batch in earlier:
            printer.text_columns_of(batch)
        return lambda: [printer.text_columns_of(batch) for batch in batches]

    return ready


def reader_of(batches: list[pa.RecordBatch]) -> Callable[[pa.Array], TextFeatures]:
    """Return the pass over bytes alone, with what was learned from the log."""
    limits, keys = TemplateLimits(), keys_of(KEY)
    counts = RunCounts(limits, keys=keys)
    for batch in batches:
        counts.add(batch["prompt"])
    scaffold, model = scaffold_of(counts.levels()), model_of(load_weights())
    return partial(read_text, keys=keys, scaffold=scaffold, model=model, limits=limits, threads=1)


def bytes_alone(path: Path) -> Callable[[], Pass]:
    """The pass over bytes alone: numbers for all columns, before any of them is made."""
    batches = batches_of(path)
    read = reader_of(batches)
    return lambda: lambda: [read(batch["prompt"]) for batch in batches]


def one_at_a_time(path: Path) -> Callable[[], Pass]:
    """A row at a time, as a gateway has them: the latency of whole columns."""
    batches = batches_of(path)

    def ready() -> Pass:
        printer = learned(batches, threads=1)
        return lambda: latency_of(printer.text_columns_of, singles_of(batches[0]))

    return ready


def bytes_one_at_a_time(path: Path) -> Callable[[], Pass]:
    """A row at a time, the pass over bytes alone."""
    batches = batches_of(path)
    read = reader_of(batches)
    rows = [batch["prompt"] for batch in singles_of(batches[0])]
    return lambda: lambda: latency_of(read, rows)


def singles_of(batch: pa.RecordBatch) -> list[pa.RecordBatch]:
    """Return batches of one row."""
    return [batch.slice(row, 1) for row in range(min(SINGLE_ROWS, batch.num_rows))]


def latency_of(call: Callable[[Any], object], rows: Sequence[Any]) -> dict[str, float]:
    """Return the median and the 99th percentile of a call, by the wall."""
    taken = np.zeros(len(rows))
    for i, row in enumerate(rows):
        start = time.perf_counter()
        call(row)
        taken[i] = time.perf_counter() - start
    return {f"p{q}_us": float(np.percentile(taken, q)) * 1e6 for q in (50, 99)}


def observe(path: Path) -> Callable[[], Pass]:
    """Learning which runs of words are scaffold: each row of the sample once."""
    batches = batches_of(path)

    def ready() -> Pass:
        printer = Fingerprinter(KEY, threads=1)

        def run() -> None:
            for batch in batches:
                printer.observe(batch)

        return run

    return ready


def resolve(path: Path) -> Callable[[], Pass]:
    """Grouping all rows into templates and families, after the last row."""
    batches = batches_of(path)
    n_rows = sum(batch.num_rows for batch in batches)
    accounts = np.arange(n_rows + 1, dtype=np.int32) % 1000

    def ready() -> Pass:
        printer = learned(batches, threads=1)
        parts = [printer.text_columns_of(batch) for batch in batches]

        def run() -> pa.Table:
            resolution = printer.resolve(accounts)
            start = 1  # row 0 ended the learning
            for part in parts:
                resolution.columns_of(start, part.num_rows)
                start += part.num_rows
            return resolution.templates()

        return run

    return ready


CONTESTANTS: dict[str, Prepare] = {
    "kernel": kernel_on(1),
    "kernel_two_threads": kernel_on(2),
    "kernel_late": kernel_late,
    "bytes_alone": bytes_alone,
    "one_at_a_time": one_at_a_time,
    "bytes_one_at_a_time": bytes_one_at_a_time,
    "observe": observe,
    "resolve": resolve,
}

if __name__ == "__main__":
    serve(CONTESTANTS)
