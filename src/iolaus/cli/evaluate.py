"""Scenarios, or a log and a list of banned accounts -> how right a scan is: `iolaus evaluate`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from iolaus.cli.terminal import print_bytes, results, say
from iolaus.errors import UsageError

FLAG = Parameter(negative=())
SEEDS = Parameter(negative=(), consume_multiple=True, show_default=False)
DEFAULT_SEED = 1
"""One seed is quick and proves little; name several to see the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """What `evaluate` can be told beside its scenarios or logs."""

    seed: Annotated[tuple[int, ...], SEEDS] = ()
    """Random seeds of the simulated worlds, as in --seed 1 2 3; of several, mean and worst are shown. 1 where not given."""
    scale: float | None = None
    """Multiplies every head count; the scenario's own size where not given."""
    prompts: Path | None = None
    """Folder of prompt families to render the traffic from, in place of the grammars of our own."""
    text: bool = True
    """--no-text leaves prompts out of the log, as most logs in the field do."""
    peers: Annotated[bool, FLAG] = False
    """Run simple detectors (volume, shared addresses, shared payment) on the same log."""
    truth: Path | None = None
    """The accounts that you banned (CSV or Parquet: account, and channel, campaign, is_innocent where known); what is named is then a log."""
    accounts: Path | None = None
    """Account table that goes with the log."""
    key_file: Path | None = None
    """File with the secret that identities of the log are hashed with."""
    out: Path | None = None
    """Keep worlds and scan results here; a folder that is removed afterwards where not given."""
    json: Annotated[bool, FLAG] = False
    """Print JSON to stdout and nothing else there."""


def evaluate(
    *what: str,
    options: Annotated[EvaluateOptions, Parameter(name="*")] = EvaluateOptions(),
) -> int:
    """
    Measure a scan against the truth.

    ```
    iolaus evaluate relay --seed 1 2 3 --scale 0.1
    iolaus evaluate relay --no-text --peers
    iolaus evaluate logs/ --truth banned.csv --accounts accounts.csv
    ```

    Prints precision and recall by campaign, bystanders, and innocents flagged. Every zero
    comes with the 95 % upper bound that its count allows.

    Parameters
    ----------
    what
        Scenarios to simulate or, with --truth, logs of your own.
    """
    _check(what, options)
    with _place(options.out) as work:
        printed = (
            _on_logs(what, options, work) if options.truth else _on_scenarios(what, options, work)
        )
    if options.json:
        print_bytes(printed + b"\n")
    else:
        results().print(printed.decode(), markup=False, soft_wrap=True)
    return 0


def _on_scenarios(names: tuple[str, ...], options: EvaluateOptions, work: Path) -> bytes:
    from iolaus.evaluate.printing import as_json, as_text
    from iolaus.evaluate.scenario import evaluate_scenario

    evaluations = []
    for name in names:
        for seed in options.seed or (DEFAULT_SEED,):
            say(f"iolaus: {name}, seed {seed}: simulating, scanning, measuring")
            one = evaluate_scenario(
                name,
                seed=seed,
                scale=options.scale,
                prompts=options.prompts,
                work=work,
                text=options.text,
                peers=options.peers,
            )
            evaluations.append(one)
    return as_json(evaluations) if options.json else as_text(evaluations).encode()


def _on_logs(logs: tuple[str, ...], options: EvaluateOptions, work: Path) -> bytes:
    from iolaus.cli.scan import load_key_loudly
    from iolaus.evaluate.log import evaluate_log
    from iolaus.evaluate.printing import log_as_json, log_as_text

    if options.truth is None:
        raise UsageError("no list of banned accounts was named", remedy="give --truth FILE")
    evaluation = evaluate_log(
        [Path(log) for log in logs],
        truth=options.truth,
        accounts=options.accounts,
        out=work,
        key=load_key_loudly(options.key_file),
    )
    return log_as_json(evaluation) if options.json else log_as_text(evaluation).encode()


def _check(what: tuple[str, ...], options: EvaluateOptions) -> None:
    """Refuse what cannot work before anything is simulated."""
    if not what:
        raise UsageError("nothing was named", remedy="as in `iolaus evaluate relay`")
    if options.scale is not None and options.scale <= 0:
        raise UsageError(f"--scale {options.scale:g} leaves nothing", remedy="give more than 0")
    if options.truth is None and options.accounts is not None:
        raise UsageError(
            "--accounts goes with a log of your own", remedy="give --truth FILE, or leave it out"
        )
    if options.truth is not None and (options.seed or options.prompts or options.peers):
        raise UsageError(
            "--seed, --prompts and --peers go with scenarios", remedy="leave out either"
        )


@contextmanager
def _place(out: Path | None) -> Iterator[Path]:
    """Yield the folder named, or one that is gone afterwards."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="iolaus-") as folder:
        yield Path(folder)
