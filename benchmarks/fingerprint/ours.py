"""Our own contestants: the full kernel of one core, and apart what stands before and after it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.turns import Pass, Prepare, serve
from iolaus.fingerprint.fingerprinter import Fingerprinter

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


def one_at_a_time(path: Path) -> Callable[[], Pass]:
    """Batches of a single row, as a gateway has them: the latency of each call."""
    batches = batches_of(path)
    rows = [batches[0].slice(row, 1) for row in range(min(SINGLE_ROWS, batches[0].num_rows))]

    def ready() -> Pass:
        printer = learned(batches, threads=1)

        def run() -> dict[str, float]:
            taken = np.zeros(len(rows))
            for i, row in enumerate(rows):
                start = time.perf_counter()
                printer.text_columns_of(row)
                taken[i] = time.perf_counter() - start
            return {f"p{q}_us": float(np.percentile(taken, q)) * 1e6 for q in (50, 99)}

        return run

    return ready


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
                resolution.columns_of(start, part["shingles"])
                start += part.num_rows
            return resolution.templates()

        return run

    return ready


CONTESTANTS: dict[str, Prepare] = {
    "kernel": kernel_on(1),
    "kernel_two_threads": kernel_on(2),
    "one_at_a_time": one_at_a_time,
    "observe": observe,
    "resolve": resolve,
}

if __name__ == "__main__":
    serve(CONTESTANTS)
