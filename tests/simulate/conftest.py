"""Simulations that several tests look at, made once a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.simulate import SimulationSummary, simulate_scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A simulation, read back."""

    summary: SimulationSummary
    log: pa.Table
    accounts: pa.Table
    truth_accounts: pa.Table
    truth_exchanges: pa.Table

    def with_truth(self) -> pa.Table:
        """Return the log beside its truth, and each account's group."""
        flat = self.log.drop(["tools", "input_modalities"])  # lists cannot be joined
        told = flat.join(self.truth_exchanges.rename_columns({"campaign": "told"}), "id")
        return told.join(self.truth_accounts.select(["account", "group"]), "account")


def read_back(summary: SimulationSummary) -> Simulated:
    """Read the files of a simulation."""
    return Simulated(
        summary=summary,
        log=pq.read_table(summary.out / "log"),
        accounts=pq.read_table(summary.out / "account_table.parquet"),
        truth_accounts=pq.read_table(summary.truth / "accounts.parquet"),
        truth_exchanges=pq.read_table(summary.truth / "exchanges.parquet"),
    )


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Simulated]:
    """Return a function that simulates a scenario once and reads it back."""
    made: dict[tuple[str, float, int], Simulated] = {}

    def make(name: str, *, scale: float = 0.1, seed: int = 5) -> Simulated:
        key = (name, scale, seed)
        if key not in made:
            folder: Path = tmp_path_factory.mktemp(name)
            made[key] = read_back(
                simulate_scenario(name, out=folder / "sim", seed=seed, scale=scale)
            )
        return made[key]

    return make
