"""One job -> its figures: simulate, scan without the truth in reach, measure."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.detection import artefacts, peering
from benchmarks.detection.plan import Job
from iolaus.catalog import innocent_signals, pool_signals, tie_signals
from iolaus.config import Settings
from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.calibration import claims_of
from iolaus.evaluate.fairness import alarms_of
from iolaus.evaluate.measures import Measures
from iolaus.evaluate.scenario import measure_result, scan_world, truth_beside
from iolaus.schema import Report
from iolaus.simulate import Scenario, scenario_of, simulate_scenario
from iolaus.simulate.adaptive import adaptive_scenario


def done(job: Job, *, place: Path, prompts: Path | None) -> dict[str, Any]:
    """Do a job in the empty folder `place`, and return what it found."""
    began = time.process_time()
    world = place / "world"
    simulated = simulate_scenario(
        scenario_for(job), out=world, seed=job.seed, scale=job.scale, prompts=prompts
    )
    found: dict[str, Any] = {
        "kind": job.kind,
        "what": job.what,
        "setting": job.setting,
        "seed": job.seed,
        "scale": simulated.scale,
        "prompts": "own" if job.prompts == "own" else "held out",
        "half": job.prompts,
        "n_exchanges": simulated.n_exchanges,
        "n_accounts": simulated.n_accounts,
        "n_extraction": simulated.n_extraction,
        "n_campaign_accounts": simulated.n_campaign_accounts,
    }
    if job.kind == "ablation":
        found |= ablated(world, place)
    elif job.kind == "artefact":
        others = [place / f"other-{seed}" for seed in (job.seed + 1000, job.seed + 2000)]
        for other in others:
            seed = int(other.name.removeprefix("other-"))
            simulate_scenario(scenario_for(job), out=other, seed=seed, scale=job.scale)
        found |= artefacts.checked(world, place, others=others)
    else:
        found |= scanned(world, place / "result", in_full=job.kind == "scan")
        if job.peers:
            found["peers"] = peering.peers_on(world, place / "result")
    return found | {"cpu_s": round(time.process_time() - began, 1)}


def scenario_for(job: Job) -> Scenario:
    """Return the scenario that a job simulates."""
    if job.kind == "curve":
        return adaptive_scenario(job.what, job.setting)
    return scenario_of(job.what)


def scanned(world: Path, result: Path, *, in_full: bool) -> dict[str, Any]:
    """Scan and measure; `in_full` adds the claims' bits and the alarms of each kind of people."""
    report = scan_world(world, out=result)
    found = figures_of(measure_result(result, world=world)) | _counts(report)
    if in_full:
        found |= _claims_and_alarms(report, world, result)
    return found


def figures_of(measures: Measures) -> dict[str, Any]:
    """Return the figures that results.json keeps of a world."""
    macro, away = measures.macro, measures.bystanders
    return {
        "account_precision": macro.account_precision,
        "account_recall": macro.account_recall,
        "exchange_precision": macro.exchange_precision,
        "exchange_recall": macro.exchange_recall,
        "accounts": pair(measures.accounts.precision) + pair(measures.accounts.recall),
        "n_ordinary": measures.ordinary.of,
        "ordinary_flagged": measures.ordinary.n,
        "innocents_flagged": {i.group: i.instances.n for i in measures.innocents},
        "innocents_seen": {i.group: i.instances.of for i in measures.innocents},
        "innocent_accounts": pair(measures.false_alarms),
        "bystander_share": away.of_attributed.share,
        "bystanders": pair(away.of_attributed),
        "strangers_touched": pair(away.of_strangers),
        "customers_touched": pair(away.of_customers),
        "purity": measures.purity.share,
        "false_campaigns": len(measures.false_campaigns),
        "fragments": max((c.fragmentation for c in measures.campaigns), default=None),
        "by_campaign": {
            c.campaign: pair(c.accounts.recall) + pair(c.exchanges.recall)
            for c in measures.campaigns
        },
    }


def pair(rate: Rate) -> list[int]:
    """Return the two counts of a rate."""
    return [rate.n, rate.of]


def ablated(world: Path, place: Path) -> dict[str, Any]:
    """Scan one world with everything, and once more without each signal."""
    return {
        "without": {
            name or "nothing": _brief(world, place / "result", without=(name,) if name else ())
            for name in ("", *_signals())
        }
    }


def _signals() -> list[str]:
    ties, pools, innocents = tie_signals(), pool_signals(), innocent_signals()
    return [*(s.name for s in ties), *(s.name for s in pools), *(s.name for s in innocents)]


def _brief(world: Path, result: Path, *, without: tuple[str, ...]) -> dict[str, Any]:
    report = scan_world(world, out=result, settings=Settings(without=without))
    found = figures_of(measure_result(result, world=world))
    kept = (
        "account_precision",
        "account_recall",
        "exchange_precision",
        "exchange_recall",
        "ordinary_flagged",
        "false_campaigns",
    )
    wronged = {k: n for k, n in found["innocents_flagged"].items() if n}
    return {k: found[k] for k in kept} | {"innocents_flagged": wronged} | _counts(report)


def _counts(report: Report) -> dict[str, Any]:
    return {
        "n_networks": len(report.networks),
        "n_together": sum(n.together for n in report.networks),
        "n_campaigns": len(report.campaigns),
        "n_watched": sum(c.watch for c in report.cleared),
    }


def _claims_and_alarms(report: Report, world: Path, result: Path) -> dict[str, Any]:
    accounts = pq.read_table(result / "accounts.parquet")
    truth = pq.read_table(truth_beside(world) / "accounts.parquet")
    alarms = alarms_of(
        accounts,
        truth_accounts=truth,
        account_table=pq.read_table(world / "account_table.parquet"),
        log=pq.read_table(world / "log", columns=["account", "prompt"]),
    )
    return {
        "claims": [
            [one.kind, round(one.bits, 2), int(one.so)]
            for one in claims_of(report, accounts, truth)
        ],
        "alarms": [[a.trait, a.value, a.named.n, a.networked.n, a.named.of] for a in alarms],
    }
