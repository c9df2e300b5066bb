"""An operator's log and list of banned accounts -> a scan, held against the list."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from iolaus import pipeline
from iolaus.evaluate.labels import LogEvaluation, measure_labelled, read_labels


def evaluate_log(
    logs: list[Path], *, truth: Path, accounts: Path | None, out: Path, key: bytes
) -> LogEvaluation:
    """Read the labels first, so that a bad list costs no scan; the scan's files stay in `out`."""
    labels = read_labels(truth)
    pipeline.scan(logs, accounts=accounts, out=out, key=key)
    return measure_labelled(pq.read_table(out / "accounts.parquet"), labels=labels)
