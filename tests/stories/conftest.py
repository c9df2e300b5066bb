"""What stories look at: worlds simulated and scanned once, and who was named in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from iolaus import pipeline
from iolaus.config import Settings
from iolaus.schema import Report
from iolaus.simulate import Scenario, simulate_scenario

SCALE = 0.3
EAGER = dataclasses.replace(Settings(), accept_bits=-6.0)
"""The stories of `scanned` are about what is told of a campaign, not about how sure one is of it."""

KEY = b"a key of the stories alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A simulated folder, the results of its scan, and the report."""

    traffic: Path
    out: Path
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    A scan's result beside the truth.

    `accounts` has a row for each account of the log: what was found (network, campaign, role) and
    what is true (group, operator, truly: its campaign). `exchanges` are the attributed ones, with
    the flow they were found in and what is true (truly, flow, is_extraction).
    """

    report: Report
    accounts: pa.Table
    exchanges: pa.Table
    n_extraction: int

    def of(self, **equal: str) -> pa.Table:
        """Return the accounts with these values."""
        some = self.accounts
        for column, value in equal.items():
            some = some.filter(pc.equal(some[column], value))
        return some

    def named_share(self, **equal: str) -> float:
        """Return the share of such accounts that are in a campaign."""
        some = self.of(**equal)
        return (some.num_rows - some["campaign"].null_count) / some.num_rows

    def linked_share(self, campaign: str) -> float:
        """Return the share of a true campaign's accounts in the network that holds most of them."""
        mine = self.of(truly=campaign)
        counts = pc.value_counts(mine["network"].combine_chunks().drop_null()).to_pylist()
        return max((int(one["counts"]) for one in counts), default=0) / mine.num_rows

    def wronged(self) -> set[str]:
        """Return the groups of the innocent accounts that are in a campaign."""
        named = self.accounts.filter(pc.is_valid(self.accounts["campaign"]))
        return set(named.filter(named["is_innocent"])["group"].to_pylist())

    def stranger_share(self) -> float:
        """Return the share of the attributed exchanges that are no extraction; 0 where none is."""
        if not self.exchanges.num_rows:
            return 0.0
        return 1.0 - float(pc.mean(self.exchanges["is_extraction"].cast("double")).as_py())

    def attributed_share(self) -> float:
        """Return the share of all extraction that was attributed to any campaign."""
        return int(pc.sum(self.exchanges["is_extraction"]).as_py() or 0) / self.n_extraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A simulated world's tables: what a scan may see, and the truth."""

    log: pa.Table
    accounts: pa.Table
    releases: Path
    truth_accounts: pa.Table
    truth_exchanges: pa.Table


Simulate = Callable[[Scenario | str, float, int], Simulated]
Judge = Callable[..., Judged]


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Return the scan of a relay whose operator moves to a new model on the day of its release."""
    folder = tmp_path_factory.mktemp("scanned")
    traffic, out = folder / "relay", folder / "out"
    simulate_scenario("relay", out=traffic, seed=1, scale=SCALE)
    report = pipeline.scan(
        [traffic / "log"],
        accounts=traffic / "account_table.parquet",
        releases=traffic / "releases.json",
        out=out,
        key=KEY,
        settings=EAGER,
    )
    return Scanned(traffic=traffic, out=out, report=report)


@pytest.fixture(scope="session")
def simulate(tmp_path_factory: pytest.TempPathFactory) -> Simulate:
    """Return a function that simulates a world once and reads it back."""
    made: dict[tuple[str, float, int], Simulated] = {}

    def simulated(scenario: Scenario | str, scale: float, seed: int) -> Simulated:
        name = scenario if isinstance(scenario, str) else scenario.name
        if (name, scale, seed) not in made:
            out = tmp_path_factory.mktemp(name) / "world"
            summary = simulate_scenario(scenario, out=out, seed=seed, scale=scale)
            made[name, scale, seed] = Simulated(
                log=pq.read_table(out / "log"),
                accounts=pq.read_table(out / "account_table.parquet"),
                releases=out / "releases.json",
                truth_accounts=pq.read_table(summary.truth / "accounts.parquet"),
                truth_exchanges=pq.read_table(summary.truth / "exchanges.parquet"),
            )
        return made[name, scale, seed]

    return simulated


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Return a function that scans a log and holds the result against a world's truth."""

    def judged(
        world: Simulated,
        *,
        log: pa.Table | None = None,
        accounts: pa.Table | None = None,
        has_table: bool = True,
        old_of: dict[str, str] | None = None,
        settings: Settings | None = None,
    ) -> Judged:
        folder = tmp_path_factory.mktemp("judged")
        log = world.log if log is None else log
        (folder / "log").mkdir()
        pq.write_table(log, folder / "log" / "log.parquet")
        pq.write_table(world.accounts if accounts is None else accounts, folder / "table.parquet")
        report = pipeline.scan(
            [folder / "log"],
            accounts=folder / "table.parquet" if has_table else None,
            releases=world.releases,
            out=folder / "out",
            key=KEY,
            settings=settings,
        )
        return _judged(report, folder / "out", world=world, log=log, old_of=old_of or {})

    return judged


def _judged(
    report: Report, out: Path, *, world: Simulated, log: pa.Table, old_of: dict[str, str]
) -> Judged:
    """Join results and truth; a renamed account is who it was."""
    found = pq.read_table(out / "accounts.parquet").select(
        ["account", "channel", "network", "campaign", "role"]
    )
    who = pa.array([old_of.get(name, name) for name in found["account"].to_pylist()])
    truth = world.truth_accounts.rename_columns({"account": "who", "campaign": "truly"})
    told = world.truth_exchanges.rename_columns({"campaign": "truly"})
    some = told.filter(pc.is_in(told["id"], pc.unique(log["id"])))
    return Judged(
        report=report,
        accounts=found.append_column("who", who).join(truth, "who").sort_by("account"),
        exchanges=pq.read_table(out / "exchanges.parquet")
        .select(["id", "campaign", "flow"])
        .rename_columns({"flow": "found_flow"})
        .join(told, "id"),
        n_extraction=int(pc.sum(some["is_extraction"]).as_py()),
    )


@pytest.fixture(scope="module")
def telling(simulate, judge):
    """Return a function from a seed to one that scans each of a module's worlds once."""

    def of_seed(seed: int):
        scans: dict[object, Judged] = {}

        def scan(build):
            if build not in scans:
                name = f"story_{build.__name__}"
                scenario = Scenario(name=name, summary=str(build.__doc__), build=build)
                scans[build] = judge(simulate(scenario, 1.0, seed))
            return scans[build]

        return scan

    return of_seed
