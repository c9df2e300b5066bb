"""`iolaus evaluate`, as a person and as a program types it."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from iolaus.cli.app import run
from iolaus.cli.evaluate import EvaluateOptions, evaluate
from iolaus.errors import UsageError


@pytest.mark.parametrize(
    ("what", "options", "says"),
    [
        ((), EvaluateOptions(), "nothing was named"),
        (("relay",), EvaluateOptions(scale=0.0), "leaves nothing"),
        (("relay",), EvaluateOptions(accounts="a.csv"), "log of your own"),
        (("logs",), EvaluateOptions(truth="t.csv", seed=(1,)), "go with scenarios"),
    ],
)
def test_bad_usage_says_what_to_do(
    what: tuple[str, ...], options: EvaluateOptions, says: str
) -> None:
    """Options of the one way do not go with the other."""
    with pytest.raises(UsageError, match=says):
        evaluate(*what, options=options)


def test_scenario_then_its_log_as_an_operator_has_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """JSON of a scenario goes to stdout alone; its kept log is then measured by a list of bans."""
    out = tmp_path / "kept"
    arguments = ["relay", "--seed", "4", "--scale", "0.1", "--no-text", "--json", "--out", str(out)]
    assert run(["evaluate", *arguments]) == 0
    (row,) = json.loads(capfd.readouterr().out)["results"]
    assert (row["scenario"], row["seed"]) == ("relay", 4)

    world = out / "relay-4" / "world"
    truth = pq.read_table(out / "relay-4" / "world.truth" / "accounts.parquet")
    banned = [r["account"] for r in truth.to_pylist() if r["campaign"]]
    (tmp_path / "banned.csv").write_text("account\n" + "\n".join(banned), encoding="utf-8")
    assert run(["evaluate", str(world / "log"), "--truth", str(tmp_path / "banned.csv")]) == 0
    said = capfd.readouterr().out
    assert f" of {len(banned)}" in said
    assert "What this list cannot show:" in said


def test_unknown_scenario_is_bad_usage(capfd: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, and the names that there are."""
    assert run(["evaluate", "nonesuch"]) == 2
    assert "relay" in capfd.readouterr().err
