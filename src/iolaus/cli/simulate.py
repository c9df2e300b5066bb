"""`iolaus simulate`: a scenario's name -> a log to try Iolaus on, with the truth apart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def simulate(
    scenario: str | None = None,
    *,
    out: Path = Path("iolaus-sim"),
    seed: int = 1,
    scale: float | None = None,
    prompts: Path | None = None,
    no_text: Annotated[bool, Parameter(negative=())] = False,
    list: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """
    Make a log in which you know who is guilty.

    Writes OUT/log/*.parquet, OUT/account_table.parquet and OUT/releases.json, which is what
    an operator would have, and beside them OUT.truth/, which only `iolaus evaluate` reads:
    who runs which account, and which exchanges are extraction. Then try

    ```
    iolaus scan OUT/log --accounts OUT/account_table.parquet --releases OUT/releases.json
    iolaus evaluate SCENARIO
    ```

    The same scenario, seed and scale give the same bytes.

    Parameters
    ----------
    scenario
        Which world to make; `iolaus simulate --list` names them all.
    out
        Folder to write; one that holds an earlier simulation is replaced, any other is not.
    seed
        Another seed gives other people, other recipes and other hours.
    scale
        Multiplies every head count. Left out, each scenario has a size that suits a laptop;
        for the two public disclosures that is about one hundredth of the real thing.
    prompts
        Folder of prompt families (Parquet with text, system, family, side, capability, ...)
        to draw text from, instead of the grammars that come with Iolaus.
    no_text
        Leave out system and prompt, as most real logs do.
    list
        Name the scenarios and stop.
    """
    from rich.console import Console
    from rich.table import Table

    from iolaus.errors import UsageError
    from iolaus.simulate import SCENARIOS, simulate_scenario

    console = Console()
    if list:
        table = Table("scenario", "days", "what it holds", box=None)
        for known in SCENARIOS.values():
            table.add_row(known.name, f"{known.days:g}", known.summary)
        console.print(table)
        return
    if scenario is None:
        raise UsageError("no scenario was named", remedy="see iolaus simulate --list")
    made = simulate_scenario(
        scenario, out=out, seed=seed, scale=scale, prompts=prompts, text=not no_text
    )
    console.print(
        f"{made.out}: {made.n_exchanges:,} exchanges of {made.n_accounts:,} accounts over {made.days:g} days; "
        f"{made.n_extraction:,} exchanges of {made.n_campaign_accounts:,} accounts are extraction "
        f"({len(made.campaigns)} campaigns)\n{made.truth}: the truth, apart",
        soft_wrap=True,
    )
