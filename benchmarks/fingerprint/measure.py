"""Texts -> benchmarks/fingerprint/results.json: our kernel and its peers, in turns, as ratios.

    python -m benchmarks.fingerprint.measure [--prompts DIR] [--n 50000] [--rounds 3]

In every round each peer has a pass of our kernel before and after it, and its ratio is to their
mean; the medians of the rounds are reported. Processor time, one thread on one core each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks import record
from benchmarks.fingerprint import corpus
from benchmarks.turns import Worker

PEERS = (
    "sklearn",
    "fasttext",
    "fasttext_small",
    "datasketch_sha1",
    "datasketch_xxh32",
    "rensa_from_text",
    "rensa_same_words",
    "rensa_preshingled",
    "python_shingling",
    "memory_read",
    "decode",
)
OURS = ("kernel_late", "bytes_alone", "observe", "resolve", "one_at_a_time", "bytes_one_at_a_time")
NAMED = {
    name: name for name in ("sklearn", "fasttext", "rensa_from_text", "rensa_preshingled", "decode")
}
FIRST_CALLS = 5
N_TEXTS, ROUNDS, SEED = 50_000, 3, 1
N_EARLIER = 150_000
"""Rows before `kernel_late`: the sample of texts for skeletons holds 65,536."""

Timed = dict[str, list[dict[str, float]]]


def main() -> None:
    """Measure, write results.json, and print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--prompts", type=Path, help="a folder of real prompts (Parquet, column text)"
    )
    parser.add_argument("--n", type=int, default=N_TEXTS, help="texts of each corpus")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    machine = record.machine_in_words("numpy", "numba", "pyarrow")
    generated = corpus.generated(asked.n + N_EARLIER, seed=asked.seed)
    texts, earlier = generated[: asked.n], generated[asked.n :]
    figures = {"generated": figures_of(texts, asked.rounds, earlier=earlier)}
    if asked.prompts:
        real = corpus.real(asked.prompts, asked.n, seed=asked.seed)
        figures["real"] = figures_of(real, asked.rounds, earlier=earlier)
    first = figures["generated"]
    results = {
        "ratio_vs": first["ratio_vs"],
        "us_per_prompt": first["us_per_prompt"],
        "corpora": figures,
        "first_call": first_calls(),
        "settings": {"n": asked.n, "rounds": asked.rounds, "seed": asked.seed},
        "peers": record.peer_releases(
            "scikit-learn", "fasttext-numpy2-wheel", "datasketch", "rensa"
        ),
    }
    record.write_results("fingerprint", results, command=command_of(asked), machine=machine)
    print(json.dumps({name: one["ratio_vs"] for name, one in figures.items()}, indent=1))


def command_of(asked: argparse.Namespace) -> str:
    """Return what to type for the same figures."""
    if (asked.n, asked.rounds, asked.seed) == (N_TEXTS, ROUNDS, SEED):
        return f"make bench-fingerprint{' PROMPTS=DIR' if asked.prompts else ''}"
    words = f"--n {asked.n} --rounds {asked.rounds} --seed {asked.seed}"
    folder = " --prompts DIR" if asked.prompts else ""
    return f"python -m benchmarks.fingerprint.measure {words}{folder}"


def figures_of(texts: list[str], rounds: int, *, earlier: list[str]) -> dict[str, Any]:
    """Let everybody take turns on the same texts, and sum up."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.parquet"
        corpus.write_texts(texts, path)
        corpus.write_texts(earlier, path.with_name("earlier.parquet"))
        timed, ratios = take_turns(path, rounds)
        size = path.stat().st_size
    n = len(texts)
    summed = {name: summed_up(runs, n) for name, runs in timed.items()}
    middle = {name: short(median(values)) for name, values in ratios.items()}
    datasketch = min(middle["datasketch_sha1"], middle["datasketch_xxh32"])
    described = corpus.described(texts)
    us = summed["kernel"]["us_per_prompt"]
    return {
        "us_per_prompt": us,
        "mb_per_s": round(described["mean_bytes"] / us, 1),
        "ratio_vs": {name: middle[name] for name in NAMED} | {"datasketch": datasketch},
        "ratios": {
            name: {
                "median": middle[name],
                "low": short(min(values)),
                "high": short(max(values)),
            }
            for name, values in ratios.items()
        },
        "contestants": summed,
        "two_threads": two_threads(timed),
        "texts": described | {"zstd_bytes": size},
    }


def take_turns(path: Path, rounds: int) -> tuple[Timed, dict[str, list[float]]]:
    """Return every pass of everybody, and each peer's ratios to the passes of ours beside it."""
    core = {max(os.sched_getaffinity(0))}
    timed: Timed = {}
    ratios: dict[str, list[float]] = {name: [] for name in PEERS}
    order = np.random.default_rng(0)
    ours, peers = "benchmarks.fingerprint.ours", "benchmarks.peers.speed"
    with (
        Worker(sys.executable, ours, texts=path, cores=core) as mine,
        Worker(sys.executable, ours, texts=path) as both,
        Worker(record.PEERS_PYTHON, peers, texts=path, cores=core) as theirs,
    ):

        def turn(worker: Worker, name: str) -> float:
            run = worker.run(name)
            timed.setdefault(name, []).append(run)
            return run["cpu_s"]

        warm_up(mine, both, theirs)
        for number in range(rounds):
            record.say(f"round {number + 1} of {rounds}")
            before = turn(mine, "kernel")
            for name in order.permutation(PEERS):
                cost = turn(theirs, name)
                after = turn(mine, "kernel")
                ratios[name].append(cost / ((before + after) / 2))
                before = after
            for name in OURS:
                turn(mine, name)
            turn(both, "kernel_two_threads")
    return timed, ratios


def warm_up(mine: Worker, both: Worker, theirs: Worker) -> None:
    """Let everybody load, compile and fit; these passes are not kept."""
    for name in ("kernel", *OURS):
        mine.run(name)
    both.run("kernel_two_threads")
    for name in PEERS:
        record.say(f"ready: {name}")
        theirs.run(name)


def summed_up(runs: list[dict[str, float]], n: int) -> dict[str, float]:
    """Return microseconds a prompt, median and best, and the medians of what was said besides."""
    cpu = [run["cpu_s"] / n * 1e6 for run in runs]
    said = {name for name in runs[0] if name not in ("cpu_s", "wall_s")}
    if said:
        return {name: round(median([run[name] for run in runs]), 2) for name in sorted(said)}
    return {
        "us_per_prompt": round(median(cpu), 3),
        "best_us": round(min(cpu), 3),
        "wall_us": round(median([run["wall_s"] / n * 1e6 for run in runs]), 3),
        "passes": len(runs),
    }


def short(ratio: float) -> float:
    """Return three digits."""
    return float(f"{ratio:.3g}")


def two_threads(timed: Timed) -> dict[str, float]:
    """Compare walls: both cores against one, which a busy machine makes look worse."""
    one = median([run["wall_s"] for run in timed["kernel"]])
    two = median([run["wall_s"] for run in timed["kernel_two_threads"]])
    return {"speed_up_by_wall": round(one / two, 2)}


def first_calls() -> dict[str, Any]:
    """Start fresh processes with a warm cache; the first of them fills it and is not kept."""
    command = [sys.executable, "-m", "benchmarks.fingerprint.first_call"]
    found = []
    for _ in range(FIRST_CALLS + 1):
        done = subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            cwd=record.ROOT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        found.append(json.loads(done.stdout))
    return {
        part: {
            clock: round(median([one[part][clock] for one in found[1:]]), 3)
            for clock in ("wall_s", "cpu_s")
        }
        for part in ("imports", "first_call")
    }


if __name__ == "__main__":
    main()
