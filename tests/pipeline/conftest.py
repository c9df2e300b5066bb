"""A small log with one network in it, scanned once for every test of the whole way."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.pipeline import scan
from iolaus.schema import Report

KEY = b"a key that only this test knows."
START = datetime(2026, 3, 2, tzinfo=UTC)
N_PEOPLE, N_MEMBERS = 240, 24
WORDS = [
    f"{first}{second}"
    for first in ("river", "copper", "silver", "winter", "garden")
    for second in ("gate", "lamp", "bell", "stone", "line")
]
RECIPE = (
    "You are a meticulous tutor. Work through the exercise on {a} and {b} in numbered steps, "
    "state every intermediate result, check it twice, and close with a line that begins with "
    "FINAL. The exercise: a {c} meets a {d}; how many {e} remain after {n} rounds?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A log, its account table, and who belongs to the network in it."""

    log: Path
    accounts: Path
    members: tuple[str, ...]


def people_rows(rng: np.random.Generator) -> list[dict]:
    """Return what ordinary people send by day: anything, in their own words."""
    rows = []
    for person in range(N_PEOPLE):
        for _ in range(8):
            day, hour = int(rng.integers(0, 6)), float(rng.uniform(8, 22))
            rows.append(
                {
                    "account": f"person-{person}",
                    "at": START + timedelta(days=day, hours=hour),
                    "prompt": " ".join(rng.choice(WORDS, 14)) + f" {rng.integers(0, 10**6)}",
                    "address": f"203.0.{person % 40}.{person % 250}",
                    "agent": f"app/{rng.integers(0, 12)}",
                    "model": "lumen-3",
                    "temperature": float(rng.integers(0, 10)) / 10,
                    "output_tokens": int(rng.integers(20, 400)),
                    "reasoning": "none",
                }
            )
    return rows


def network_rows(rng: np.random.Generator) -> list[dict]:
    """Return what the network sends day and night: one recipe with its slots filled anew."""
    rows = []
    for i in range(N_MEMBERS * 40):
        a, b, c, d, e = rng.choice(WORDS, 5)
        rows.append(
            {
                "account": f"head-{i % N_MEMBERS}",
                "at": START + timedelta(hours=float(rng.uniform(0, 144))),
                "prompt": RECIPE.format(a=a, b=b, c=c, d=d, e=e, n=rng.integers(2, 10**6)),
                "address": f"198.51.100.{i % N_MEMBERS}",
                "agent": "harvest/2.1",
                "model": "lumen-3",
                "temperature": 0.7,
                "output_tokens": int(rng.integers(2500, 4000)),
                "reasoning": "high",
            }
        )
    return rows


def account_rows(rng: np.random.Generator) -> list[dict]:
    """Return cards, firms and mail hosts: the network's heads claim to be strangers."""
    rows = [
        {
            "account": f"person-{person}",
            "payment": f"card-{person}",
            "email_domain": rng.choice(["mail.example", "post.example", f"p{person}.example"]),
            "organization": f"firm-{person}",
        }
        for person in range(N_PEOPLE)
    ]
    rows += [
        {
            "account": f"head-{head}",
            "payment": f"wallet-{head % 3}",
            "email_domain": "mail.example",
            "organization": f"front-{head}",
        }
        for head in range(N_MEMBERS)
    ]
    return rows


def write_log(path: Path, rows: list[dict]) -> Path:
    """Write exchanges in order of time, with ids."""
    rows = sorted(rows, key=lambda row: row["at"])
    table = pa.Table.from_pylist([{"id": f"ex-{i}", **row} for i, row in enumerate(rows)])
    pq.write_table(table, path)
    return path


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a log of 240 people and a network of 24 accounts that harvests."""
    folder = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(11)
    log = folder / "log"
    log.mkdir()
    write_log(log / "march.parquet", people_rows(rng) + network_rows(rng))
    with (folder / "accounts.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, ["account", "payment", "email_domain", "organization"])
        writer.writeheader()
        writer.writerows(account_rows(rng))
    return World(
        log=log,
        accounts=folder / "accounts.csv",
        members=tuple(f"head-{i}" for i in range(N_MEMBERS)),
    )


@pytest.fixture(scope="package")
def scanned(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    """Return the report on it and the folder of results."""
    out = tmp_path_factory.mktemp("scanned") / "out"
    return scan([world.log], accounts=world.accounts, out=out, key=KEY), out


@pytest.fixture(scope="session")
def rows() -> SimpleNamespace:
    """Return what makes the log's rows, for tests that need fewer or others."""
    return SimpleNamespace(people=people_rows, network=network_rows, write=write_log)
