"""Nothing -> seconds to import the kernel and to make the first fingerprint, in this fresh process."""

from __future__ import annotations

import json
import time

START = (time.perf_counter(), time.process_time())

import pyarrow as pa  # noqa: E402 - the imports are what is timed

from iolaus.fingerprint.fingerprinter import Fingerprinter  # noqa: E402


def since(start: tuple[float, float]) -> dict[str, float]:
    """Return the seconds since a start, by the wall and by the processor."""
    return {"wall_s": time.perf_counter() - start[0], "cpu_s": time.process_time() - start[1]}


def main() -> None:
    """Print the seconds of the imports, and of a first batch with all that it has to load."""
    imported = since(START)
    start = (time.perf_counter(), time.process_time())
    batch = pa.record_batch({"prompt": pa.array(["Grade this answer from 1 to 5.", "Hello"])})
    printer = Fingerprinter(b"k" * 32, threads=1)
    printer.observe(batch)
    printer.text_columns_of(batch)
    print(json.dumps({"imports": imported, "first_call": since(start)}))


if __name__ == "__main__":
    main()
