"""Scenarios and seeds -> benchmarks/detection/results.json: ours and the peers, on the same logs.

    python -m benchmarks.detection.measure [--prompts DIR] [--seeds 501 502] [--scale .4]
                                           [--only TEXT] [--jobs 1] [--work DIR]

Every job leaves one file in the work folder, named by the source it ran on; a run that was
interrupted goes on where it stopped. `--only` does some jobs and writes no results.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import subprocess
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks import record
from benchmarks.detection import gather, lineages, peering
from benchmarks.detection.plan import Job, planned

SEEDS = tuple(range(501, 511))
"""Ten seeds that no setting was chosen on."""

SCALE = 0.4
SOURCES = ("src/iolaus", "benchmarks/peers")
SUFFIXES = (".py", ".npz", ".json", ".txt")
JOB_FILES = ("artefacts.py", "peering.py", "work.py")
"""What a job's figures come from beside SOURCES; planning and gathering may change."""


def main() -> None:
    """Do what is not done yet, gather, and write results.json."""
    asked = _asked()
    machine = record.machine_in_words("numpy", "scipy", "duckdb")
    work = asked.work / f"{_source()}-{asked.scale:g}"
    work.mkdir(parents=True, exist_ok=True)
    halves: dict[str, list[str]] = {}
    if asked.prompts is not None:
        record.say("halves of the prompt families, and weights that know the other half")
        halves = lineages.prepare(asked.prompts.resolve(), asked.work)
    stages = [
        [job for job in stage if asked.only in job.name]
        for stage in planned(asked.seeds, scale=asked.scale, held_out=bool(halves))
    ]
    jobs = [job for stage in stages for job in stage]
    began = time.monotonic()
    for stage in stages if not asked.gather else []:
        for weights, some in groupby(stage, lambda job: job.weights):
            _do(list(some), work=work, shared=asked.work, weights=weights, n_workers=asked.jobs)
    record.say(f"{len(jobs)} jobs, {time.monotonic() - began:.0f} s")
    if asked.only:
        return
    files = [work / f"{job.name}.json" for job in jobs]
    found = [json.loads(file.read_text("utf-8")) for file in files if file.is_file()]
    not_done = [file.stem for file in files if not file.is_file()]
    about = {
        "seeds": list(asked.seeds),
        "scale": asked.scale,
        "halves": halves,
        "not_done": not_done,
    }
    results = gather.gathered(found, about=about) | {"releases": _releases()}
    command = "make bench-detection" + (" PROMPTS=DIR" if halves else "")
    path = record.write_results("detection", results, command=command, machine=machine)
    record.say(f"written: {path}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=Path, help="the folder of prompt families")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--scale", type=float, default=SCALE)
    parser.add_argument("--only", default="", help="jobs whose name has this in it")
    parser.add_argument("--gather", action="store_true", help="do no job, gather what is done")
    parser.add_argument("--jobs", type=int, default=1, help="worlds at once")
    parser.add_argument("--work", type=Path, default=record.ROOT / "benchmarks/detection/.work")
    return parser.parse_args()


def _do(jobs: list[Job], *, work: Path, shared: Path, weights: str | None, n_workers: int) -> None:
    """Do the jobs that have no file yet; one that fails leaves its words and stops nobody."""
    missing = [job for job in jobs if not (work / f"{job.name}.json").is_file()]
    # Workers are started after this, and load the weights that it names.
    os.environ.pop("IOLAUS_WEIGHTS", None)
    if weights is not None:
        os.environ["IOLAUS_WEIGHTS"] = str((shared / weights).resolve())
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_workers, mp_context=context) as pool:
        tasks = [pool.submit(_one, job, work, shared) for job in missing]
        for job, task in zip(missing, tasks, strict=True):
            record.say(f"{job.name}: {task.result()}")


def _one(job: Job, work: Path, shared: Path) -> str:
    """Do one job and write its file, whole or not at all."""
    from benchmarks.detection.work import done

    prompts = None if job.prompts == "own" else shared / job.prompts
    try:
        with tempfile.TemporaryDirectory(prefix="iolaus-bench-") as folder:
            found = done(job, place=Path(folder), prompts=prompts)
    except Exception:  # noqa: BLE001 - a world that breaks the scan is a result too
        found = {"kind": job.kind, "what": job.what, "seed": job.seed, "setting": job.setting}
        found["failed"] = traceback.format_exc().strip().splitlines()[-1]
    path = work / f"{job.name}.json"
    path.with_suffix(".part").write_text(json.dumps(found), encoding="utf-8")
    path.with_suffix(".part").replace(path)
    return str(found.get("failed") or f"{found['cpu_s']} s of processor")


def _source() -> str:
    """Name the code that a job's figures come from, by its content."""
    digest = hashlib.blake2b(digest_size=6)
    files = [
        path
        for place in SOURCES
        for path in sorted((record.ROOT / place).rglob("*"))
        if path.suffix in SUFFIXES
    ]
    for path in (*files, *(record.ROOT / "benchmarks/detection" / name for name in JOB_FILES)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _releases() -> dict[str, Any]:
    packages = ("UGFraud", "coordination-network-toolkit", "splink", "networkx")
    asked = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    told = subprocess.run(
        [peering.PYTHON, "-c", asked, *packages], check=True, capture_output=True, text=True
    )
    return dict(zip(packages, told.stdout.split(), strict=True))


if __name__ == "__main__":
    main()
