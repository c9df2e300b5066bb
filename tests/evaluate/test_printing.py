"""What a person and a program read of an evaluation."""

import json
from collections.abc import Callable

from iolaus.evaluate.printing import as_json, as_text, result_row
from iolaus.evaluate.seeds import Evaluation

Build = Callable[..., Evaluation]


def test_every_zero_is_printed_with_its_bound(evaluation: Build) -> None:
    """No innocent flagged among one firm and one person allows up to 95 %, and says so."""
    text = as_text([evaluation(seed=1, n_found=4)])
    assert "0 of 1 (at most 95.0 %)" in text
    assert "ordinary flagged         0 of 1 (at most 95.0 %)" in text


def test_one_seed_has_no_worst(evaluation: Build) -> None:
    """Mean and worst are shown for several seeds, not for one."""
    assert "over seeds" not in as_text([evaluation(seed=1, n_found=4)])
    both = [evaluation(seed=1, n_found=4), evaluation(seed=2, n_found=1)]
    assert "relay over seeds 1, 2" in as_text(both)


def test_json_holds_count_share_and_bound(evaluation: Build) -> None:
    """A program gets the counts, not only their quotient."""
    whole = json.loads(as_json([evaluation(seed=1, n_found=2)]))
    measures = whole["evaluations"][0]["measures"]
    assert measures["accounts"]["recall"]["n"] == 2
    assert measures["accounts"]["recall"]["share"] == 0.5
    assert measures["ordinary"]["upper_95"] > 0.9


def test_row_has_the_keys_of_the_plan(evaluation: Build) -> None:
    """benchmarks/detection/results.json is judged by these keys."""
    row = result_row(evaluation(seed=3, n_found=4, wronged=True))
    assert set(row) == {
        "scenario",
        "seed",
        "n_ordinary",
        "account_precision",
        "account_recall",
        "exchange_precision",
        "exchange_recall",
        "innocents_flagged",
        "ordinary_flagged",
        "bystander_share",
        "purity",
    }
    assert row["innocents_flagged"] == {"enterprise": 1}


def test_nothing_found_is_printed_as_undefined(evaluation: Build) -> None:
    """A precision that does not exist is called undefined."""
    assert "undefined" in as_text([evaluation(seed=1, n_found=0)])
