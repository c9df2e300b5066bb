"""The detection benchmark plans, gathers and shows what its jobs measured."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.detection import gather, pages, plan
from benchmarks.detection.lineages import dealt
from benchmarks.peers import mmd, shared
from iolaus.testing import check_results

SEEDS = (1, 2, 3, 4)


def world(seed: int, *, recall: float, peer: float | None = None, wronged: int = 0) -> dict:
    """Return what a job of the relay scenario leaves."""
    found = {
        "kind": "scan", "what": "relay", "setting": 0.0, "seed": seed, "scale": 0.5, "prompts": "own",
        "half": "own", "n_exchanges": 100, "n_accounts": 30, "n_extraction": 20, "n_campaign_accounts": 10,
        "account_precision": 1.0, "account_recall": recall, "exchange_precision": 1.0, "exchange_recall": recall,
        "accounts": [9, 9, 9, 10], "n_ordinary": 20, "ordinary_flagged": 0, "innocents_flagged": {"lab": wronged},
        "innocents_seen": {"lab": 2}, "innocent_accounts": [wronged, 20], "bystander_share": 0.0,
        "bystanders": [0, 20], "strangers_touched": [0, 10], "customers_touched": [0, 5], "purity": 1.0,
        "false_campaigns": 0, "fragments": 1, "by_campaign": {}, "n_networks": 1, "n_together": 1,
        "n_campaigns": 1, "n_watched": 0, "cpu_s": 1.0, "claims": [["member", 3.0, 1]],
        "alarms": [["country", "KR", 0, 1, 120]],
    }  # fmt: skip
    if peer is not None:
        told = {
            "status": "finished",
            "seconds": 1.0,
            "precision": 0.5,
            "recall": 1.0,
            "n_flagged": 20,
        }
        found["peers"] = {
            "iolaus": told
            | {"best_precision": 1.0, "best_recall": recall, "innocents_flagged": {}},
            "splink": told
            | {"best_precision": 1.0, "best_recall": peer, "innocents_flagged": {"lab": 2}},
            "qut_texts_600s": {"status": "did not finish in 240 s"},
        }
    return found


def point(setting: float) -> dict:
    """Return what a job of a curve leaves."""
    return world(1, recall=1.0 - setting) | {"kind": "curve", "what": "mix", "setting": setting}


def results(*worlds: dict) -> dict:
    """Gather worlds with one curve and one ablation, as a run would."""
    without = {name: gather.gathered([], about={}) and _brief() for name in ("nothing", "handover")}
    ablation = {"kind": "ablation", "what": "demo", "without": without, "cpu_s": 2.0}
    return gather.gathered([*worlds, point(0.0), point(0.95), ablation], about={})


def _brief() -> dict:
    figures = dict.fromkeys(
        ("account_precision", "account_recall", "exchange_precision", "exchange_recall"), 1.0
    )
    return figures | {"innocents_flagged": {}, "ordinary_flagged": 0, "n_together": 1}


def planned(*, held_out: bool) -> list[plan.Job]:
    """Return the jobs of all stages."""
    stages = plan.planned(SEEDS, scale=0.5, held_out=held_out)
    return [job for stage in stages for job in stage]


def test_every_seed_of_every_attack_is_held_out_first() -> None:
    """The headline is the first stage, and peers see each attack twice."""
    jobs = plan.planned(SEEDS, scale=0.5, held_out=True)[0]
    assert {(j.what, j.seed) for j in jobs} == {(a, s) for a in plan.ATTACKS for s in SEEDS}
    assert {2} == set(Counter(j.what for j in jobs if j.peers).values())


def test_every_job_has_a_name_of_its_own() -> None:
    """No job writes over another's file."""
    jobs = planned(held_out=True)
    assert Counter(job.name for job in jobs).most_common(1)[0][1] == 1
    assert {"scan", "curve", "ablation", "artefact"} == {job.kind for job in jobs}


def test_worlds_are_scanned_with_weights_of_the_other_half() -> None:
    """A half's worlds name its own number, whose weights were trained on the other half."""
    jobs = planned(held_out=True)
    assert {(job.prompts, job.weights) for job in jobs} == {
        ("own", None),
        ("half-0", "weights-0"),
        ("half-1", "weights-1"),
    }


def test_without_prompts_everything_speaks_our_own_words() -> None:
    """No folder of families, no held-out world."""
    assert {job.prompts for job in planned(held_out=False)} == {"own"}


def test_lineages_are_never_torn() -> None:
    """Each lineage lies in one half whole, and both halves harvest."""
    lineages = [
        {"families": [f"d{i}", f"e{i}"], "rows": 10 * i + 1, "harvests": i % 2 == 0}
        for i in range(6)
    ]
    one, other = dealt(lineages)
    assert not set(one) & set(other) and len(one) + len(other) == 12
    assert all((f"d{i}" in one) == (f"e{i}" in one) for i in range(6))
    assert {"d0", "d2", "d4"} & set(one) and {"d0", "d2", "d4"} & set(other)


def test_mean_and_worst_seed_stand_side_by_side() -> None:
    """The worst seed is named."""
    told = results(world(1, recall=1.0), world(2, recall=0.5))["summary"]["own"]["relay"]
    assert told["account_recall"] == {"mean": 0.75, "worst": 0.5, "worst_seed": 2}


def test_results_pass_their_contract(tmp_path: Path) -> None:
    """What is gathered is what iolaus.testing.check_results asks for."""
    told = results(world(1, recall=0.9, peer=0.5))
    path = tmp_path / "detection" / "results.json"
    path.parent.mkdir()
    path.write_text(json.dumps(told | {"commit": "0", "machine": "m", "command": "c"}))
    check_results(path)


def test_a_peer_that_finds_more_is_named() -> None:
    """The page says in bold who beats us."""
    page = pages.tables_of(results(world(1, recall=0.4, peer=0.9)))
    assert "**`relay`: Splink 5 (0.90) beats Iolaus (0.40).**" in page


def test_a_peer_that_finds_less_is_not() -> None:
    """The twin: nobody is said to beat us, and the peer's row stands there all the same."""
    page = pages.tables_of(results(world(1, recall=0.9, peer=0.4)))
    assert "beats Iolaus" not in page and "| Splink 5 | 0.40 |" in page


def test_what_did_not_finish_is_said() -> None:
    """A time limit is a result."""
    assert "did not finish in 240 s" in pages.tables_of(results(world(1, recall=0.9, peer=0.4)))


def test_zeros_come_with_their_bounds() -> None:
    """No look-alike flagged out of two proves little, and the table says how little."""
    page = pages.tables_of(results(world(1, recall=0.9)))
    assert f"| `lab` | 2 | 0 | {100 * (1 - 0.05**0.5):.1f} % |" in page


def test_wronged_look_alikes_are_added_up() -> None:
    """Groups of all worlds count."""
    told = results(world(1, recall=1.0, wronged=1), world(2, recall=1.0))
    assert told["innocents"]["groups"]["lab"][:2] == [1, 4]


def test_a_run_that_was_cut_short_says_so() -> None:
    """Jobs that were not done are counted; a whole run says nothing of the kind."""
    whole = results(world(1, recall=1.0))
    assert "Cut short" not in pages.tables_of(whole)
    assert "Cut short: 1 jobs" in pages.tables_of(whole | {"settings": {"not_done": ["x"]}})


def test_failed_jobs_are_shown() -> None:
    """A world that broke the scan is named, and the others count."""
    broken = {"kind": "scan", "what": "relay", "setting": 0.0, "seed": 9, "failed": "KeyError: x"}
    page = pages.tables_of(results(world(1, recall=1.0), broken))
    assert "| scan `relay` 0 | 9 | KeyError: x |" in page


def test_curves_are_drawn() -> None:
    """Both ends of a knob are in the picture."""
    assert "mix.svg" in pages.pictures_of(results(world(1, recall=1.0)))


def test_one_point_is_no_curve() -> None:
    """The twin: a run that was cut short after one setting draws nothing, and fails nothing."""
    told = gather.gathered([world(1, recall=1.0), point(0.0)], about={})
    assert "mix.svg" not in pages.pictures_of(told)
    assert "share of strangers in the pool's traffic: 0 |" in pages.tables_of(told)


def log_of(pairs: list[tuple[int, float, str]]) -> shared.Log:
    """Return a peers' log of (account, at, address)."""
    n = max(account for account, _, _ in pairs) + 1
    rows = {
        "account": pa.array([a for a, _, _ in pairs], pa.int64()),
        "at": [t for _, t, _ in pairs],
        "address": [x for _, _, x in pairs],
    }
    return shared.Log(rows=pa.table(rows), accounts=pa.table({"name": [str(i) for i in range(n)]}))


def test_synchronous_accounts_are_trapped() -> None:
    """Three that use the same addresses in the same hours are one component."""
    pairs = [
        (account, 3600.0 * hour + account, f"x{hour}") for account in range(3) for hour in range(4)
    ]
    told = shared.synchrotrap(log_of([*pairs, (3, 0.0, "x0"), (3, 9e4, "y")]), "address")
    assert told["own"].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_the_same_places_on_other_days_trap_nobody() -> None:
    """The twin: synchrony is what counts."""
    pairs = [
        (account, 86_400.0 * account + 3600.0 * hour, f"x{hour}")
        for account in range(3)
        for hour in range(4)
    ]
    assert not shared.synchrotrap(log_of(pairs), "address")["own"].any()


@pytest.mark.parametrize(("moved", "expected"), [(3.0, True), (0.0, False)])
def test_distance_tells_samples_apart(moved: float, expected: bool) -> None:
    """A shifted sample is far from the population; one of its own is not."""
    rng = np.random.default_rng(0)
    population = rng.normal(size=(400, 4))
    near = mmd._mmd(rng.normal(size=(50, 4)), population, 4.0)
    told = mmd._mmd(rng.normal(size=(50, 4)) + moved, population, 4.0)
    assert (told > near + 0.05) is expected
