"""The whole way on a small simulated world: simulate, scan, measure."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from iolaus.errors import NotFoundError
from iolaus.evaluate.log import evaluate_log
from iolaus.evaluate.scenario import KEY, evaluate_scenario, peers_on
from iolaus.evaluate.seeds import Evaluation

SCALE = 0.1


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the worlds of this file."""
    return tmp_path_factory.mktemp("evaluate")


@pytest.fixture(scope="module")
def relay(work: Path) -> Evaluation:
    """Return a small relay, evaluated."""
    return evaluate_scenario("relay", seed=1, scale=SCALE, prompts=None, work=work, peers=True)


def test_every_account_of_the_world_is_accounted_for(relay: Evaluation, work: Path) -> None:
    """Innocents and the relay's own, idle or not, add up to what was seen in the log."""
    truth = pq.read_table(work / "relay-1" / "world.truth" / "accounts.parquet")
    seen = pq.read_table(work / "relay-1" / "result" / "accounts.parquet")["account"]
    present = truth.filter(pc.is_in(truth["account"], value_set=seen.combine_chunks()))
    operated = pc.sum(pc.equal(present["group"], "relay")).as_py()
    innocent = relay.measures.false_alarms.of
    assert operated >= relay.measures.accounts.recall.of > 0
    assert operated + innocent == relay.n_accounts
    by_group = sum(one.accounts.of for one in relay.measures.innocents)
    assert by_group + relay.measures.ordinary.of == innocent


def test_same_seed_gives_same_measures(relay: Evaluation, tmp_path: Path) -> None:
    """Two evaluations of one seed are equal, to the last digit."""
    again = evaluate_scenario("relay", seed=1, scale=SCALE, prompts=None, work=tmp_path, peers=True)
    assert again == relay


def test_truth_is_out_of_the_scan_s_reach(relay: Evaluation, work: Path) -> None:
    """The truth lies beside the world; no file of it is in what was scanned."""
    world = work / f"relay-{relay.seed}" / "world"
    assert (world.parent / "world.truth" / "accounts.parquet").is_file()
    assert not [path for path in world.rglob("*") if "truth" in path.name]


def test_peers_see_the_same_campaign_accounts(relay: Evaluation, work: Path) -> None:
    """Every peer's recall is over the accounts that ours is over."""
    wanted = relay.measures.accounts.recall.of
    assert {peer.accounts.recall.of for peer in relay.peers} == {wanted}
    assert peers_on(work / f"relay-{relay.seed}" / "world") == relay.peers


def test_operator_s_list_agrees_with_the_truth(
    relay: Evaluation, work: Path, tmp_path: Path
) -> None:
    """The truth's campaign accounts as a list of bans give the recall that the truth gives."""
    world = work / f"relay-{relay.seed}" / "world"
    truth = pq.read_table(world.parent / "world.truth" / "accounts.parquet")
    banned = truth.filter(pc.is_valid(truth["campaign"])).select(["account", "campaign"])
    pyarrow.csv.write_csv(banned, tmp_path / "banned.csv")
    seen = evaluate_log(
        [world / "log"],
        truth=tmp_path / "banned.csv",
        accounts=world / "account_table.parquet",
        out=tmp_path / "result",
        key=KEY,
    )
    assert seen.banned_found.of == relay.measures.accounts.recall.of
    assert seen.n_banned_not_in_log == 0


def test_unknown_scenario_is_named(tmp_path: Path) -> None:
    """A scenario that is not there is refused before anything is written."""
    with pytest.raises(NotFoundError, match="no scenario"):
        evaluate_scenario("nonesuch", seed=1, scale=SCALE, prompts=None, work=tmp_path)
    assert not list(tmp_path.iterdir())
