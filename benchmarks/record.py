"""A benchmark's figures -> results.json, with where they came from: commit, machine, command."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from iolaus.testing import check_results

ROOT = Path(__file__).parents[1]
PEERS_PYTHON = ROOT / "benchmarks" / "peers" / ".venv" / "bin" / "python"
VECTORS = ("avx512_vnni", "avx512f", "avx2", "asimd")
"""Instruction sets worth naming, widest first."""


def commit_of(root: Path = ROOT) -> str:
    """Name the commit; say so where the tree holds more than it."""
    head = _git(root, "rev-parse", "HEAD") or "no commit"
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", "src", "benchmarks")
    ours = [line for line in changed.splitlines() if not line.endswith((".json", ".svg"))]
    return f"{head} and uncommitted changes" if ours else head


def committed_on(root: Path = ROOT) -> str:
    """Return the day of the commit: a benchmark reads no clock for what it writes."""
    return _git(root, "log", "-1", "--format=%cs") or "unknown"


def machine_in_words(*packages: str) -> str:
    """Say which machine this is, how busy it is, and which releases ran."""
    facts = _facts_of(Path("/proc/cpuinfo"))
    flags = facts.get("flags", facts.get("Features", "")).split()
    vectors = next((name for name in VECTORS if name in flags), "no known vectors")
    memory_kb = int(_facts_of(Path("/proc/meminfo")).get("MemTotal", "0 kB").split()[0])
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    releases = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
    return (
        f"{os.cpu_count()} cores of {facts.get('model name', platform.machine())} ({vectors}), "
        f"{memory_kb / 2**20:.0f} GiB, {platform.system()} {platform.release()}, "
        f"load {load} at the start; Python {platform.python_version()}, {releases}"
    )


def peer_releases(*packages: str) -> dict[str, str]:
    """Return the releases of packages in the peers' environment."""
    asked = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    done = subprocess.run(
        [PEERS_PYTHON, "-c", asked, *packages], check=True, capture_output=True, text=True
    )
    return dict(zip(packages, done.stdout.split(), strict=True))


def write_results(name: str, figures: dict[str, Any], *, command: str, machine: str) -> Path:
    """Write and check benchmarks/NAME/results.json."""
    path = ROOT / "benchmarks" / name / "results.json"
    origin = {
        "commit": commit_of(),
        "committed_on": committed_on(),
        "machine": machine,
        "command": command,
    }
    path.write_text(json.dumps(origin | figures, indent=1) + "\n", encoding="utf-8")
    check_results(path)
    return path


def say(text: str) -> None:
    """Report progress on standard error."""
    print(text, file=sys.stderr, flush=True)


def _facts_of(path: Path) -> dict[str, str]:
    """Read `name : value` lines, the first of each name; empty where there is no such file."""
    facts: dict[str, str] = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            facts.setdefault(name.strip(), value.strip())
    return facts


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", root, *words], check=False, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""
