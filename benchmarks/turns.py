"""Contestants in processes of their own -> one timed pass at a time, when the driver says so.

A process may stand in another environment; it imports this file and nothing of Iolaus.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

Pass = Callable[[], object]
Prepare = Callable[[Path], Callable[[], Pass]]
"""File of texts -> what makes a fresh pass ready; readying is not timed, the pass is."""

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "RAYON_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "ARROW_NUM_THREADS",
    ),
    "1",
)
ROOT = Path(__file__).parents[1]


def serve(contestants: Mapping[str, Prepare]) -> None:
    """Answer each line on standard input, a contestant's name, with the seconds of one pass."""
    path = Path(sys.argv[1])
    ready: dict[str, Callable[[], Pass]] = {}
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    for line in sys.stdin:
        name = line.strip()
        if name not in ready:
            ready[name] = contestants[name](path)
        print(json.dumps(_timed(ready[name]())), file=answers, flush=True)


def _timed(run: Pass) -> dict[str, float]:
    """Time one pass; a dict that it returns is what it timed itself."""
    gc.collect()
    gc.disable()  # as timeit does: in the favour of those who make many objects
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    gc.enable()
    said = result if isinstance(result, dict) else {}
    return {"cpu_s": cpu, "wall_s": wall} | said


class Worker:
    """One process of contestants, asked for one pass at a time."""

    def __init__(
        self, python: Path | str, module: str, *, texts: Path, cores: set[int] | None = None
    ) -> None:
        """Start `python -m module texts`, bound to `cores` where they are given."""
        environment = os.environ | ONE_THREAD | {"PYTHONPATH": os.pathsep.join(sys.path)}
        if str(python) != sys.executable:
            environment["PYTHONPATH"] = str(ROOT)
            # Set on some machines for the sake of old OpenBLAS builds; it slows a current one.
            for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
                environment.pop(name, None)
        self._process = subprocess.Popen(
            [str(python), "-m", module, str(texts)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        if cores:
            os.sched_setaffinity(self._process.pid, cores)

    def __enter__(self) -> Self:
        """Be closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.communicate()

    def run(self, name: str) -> dict[str, Any]:
        """Return cpu_s and wall_s of one pass of a contestant, and what it said itself."""
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a worker needs both pipes")
        process.stdin.write(name + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the process of {name} ended: see its words above")
        timed: dict[str, Any] = json.loads(answer)
        return timed
