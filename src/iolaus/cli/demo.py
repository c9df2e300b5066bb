"""Nothing -> simulated traffic, its report, and how near the truth it comes: `iolaus demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iolaus.cli.configuration import Configuration
from iolaus.cli.defaults import DEMO_OUT, DEMO_SCENARIO, DEMO_SEED, store_url
from iolaus.cli.scan import ScanOptions, run_scan
from iolaus.cli.summary import print_summary
from iolaus.cli.terminal import results, say
from iolaus.config import Settings

if TYPE_CHECKING:
    from rich.console import Console


def demo(*, out: Path = DEMO_OUT, seed: int = DEMO_SEED, scale: float | None = None) -> int:
    """
    Simulate a week of traffic, scan it, and say where the report is.

    ```
    iolaus demo
    ```

    Parameters
    ----------
    out
        Folder for the traffic (traffic/), the truth beside it and the results.
    seed
        Another seed is another week.
    scale
        Multiplies every head count, as in 0.2 for a slow machine.
    """
    from iolaus.ingest.keys import DEMO_KEY
    from iolaus.simulate import simulate_scenario

    traffic = out / "traffic"
    say(f"Simulating the scenario `{DEMO_SCENARIO}` into {traffic} ...")
    made = simulate_scenario(DEMO_SCENARIO, out=traffic, seed=seed, scale=scale)
    options = ScanOptions(
        accounts=traffic / "account_table.parquet",
        releases=traffic / "releases.json",
        out=out,
    )
    say("Scanning it ...")
    report = run_scan(
        [traffic / "log"],
        options=options,
        configuration=Configuration(settings=Settings(), mapping=None),
        # Nobody lives in simulated traffic, so the key that everybody knows does no harm.
        key=DEMO_KEY,
    )
    console = results()
    print_summary(console, report, out=out, store=store_url(out))
    _compare(console, out, truth=made.truth)
    return 0


def _compare(console: Console, out: Path, *, truth: Path) -> None:
    """Print two lines: what was found of what is there, and who was wronged."""
    import pyarrow.parquet as pq

    from iolaus.evaluate.measures import measure

    measures = measure(
        pq.read_table(out / "accounts.parquet"),
        pq.read_table(out / "exchanges.parquet"),
        truth_accounts=pq.read_table(truth / "accounts.parquet"),
        truth_exchanges=pq.read_table(truth / "exchanges.parquet"),
    )
    n_true = len(measures.campaigns)
    n_found = sum(1 for campaign in measures.campaigns if campaign.found)
    console.print(
        f"\nAgainst the truth, in {truth}:\n"
        f"  found    {n_found} of {n_true} campaigns; of their accounts {measures.accounts.recall},"
        f" of their exchanges {measures.exchanges.recall}\n"
        f"  wronged  innocent accounts in a campaign: {measures.false_alarms}",
        markup=False,
        soft_wrap=True,
    )
