"""A benchmark's results.json has the keys that the plan fixes, and numbers where they belong."""

import json
from pathlib import Path

import pytest

from iolaus.errors import ContractError, InputError
from iolaus.testing import check_results

CONTENT = {
    "commit": "0123abc",
    "machine": "two cores",
    "command": "make bench-content",
    "leave_one_family_out": {"auc": 0.8, "recall_at_1pct_fpr": 0.2, "recall_at_0_1pct_fpr": 0.1},
    "by_family": {},
    "peers": {"tfidf": {"auc": 0.7, "recall_at_1pct_fpr": 0.1}},
}


def written(folder: Path, results: object, name: str = "content") -> Path:
    """Write benchmarks/NAME/results.json."""
    path = folder / name / "results.json"
    path.parent.mkdir()
    path.write_text(json.dumps(results), encoding="utf-8")
    return path


def test_whole_file_passes(tmp_path: Path) -> None:
    """Every key is there and every number is one."""
    check_results(written(tmp_path, CONTENT))


@pytest.mark.parametrize("key", sorted(CONTENT))
def test_missing_key_is_named(tmp_path: Path, key: str) -> None:
    """Each key of the plan, and where the figures came from, is asked for by name."""
    without = {k: v for k, v in CONTENT.items() if k != key}
    with pytest.raises(ContractError, match=rf"content\.{key} is missing"):
        check_results(written(tmp_path, without))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"leave_one_family_out": {"auc": "good"}}, "auc must be a number"),
        ({"leave_one_family_out": {"auc": True}}, "auc must be a number"),
        ({"leave_one_family_out": [0.8]}, "must be an object"),
        ({"peers": {"tfidf": {"auc": 0.7}}}, r"peers\.tfidf\.recall_at_1pct_fpr is missing"),
        ({"commit": ""}, "must say it in words"),
    ],
)
def test_wrong_value_is_named(tmp_path: Path, changed: dict[str, object], says: str) -> None:
    """A word, a yes or a list is no number."""
    with pytest.raises(ContractError, match=says):
        check_results(written(tmp_path, CONTENT | changed))


def test_empty_list_of_runs_is_no_result(tmp_path: Path) -> None:
    """A benchmark that ran nothing has measured nothing."""
    scale = {"commit": "0", "machine": "m", "command": "c", "runs": [], "peers": []}
    with pytest.raises(ContractError, match=r"scale\.runs must be a list with something in it"):
        check_results(written(tmp_path, scale, "scale"))


def test_unknown_benchmark_is_refused(tmp_path: Path) -> None:
    """A folder that the plan does not know has no keys to hold."""
    with pytest.raises(ContractError, match="no benchmark is called speed"):
        check_results(written(tmp_path, {}, "speed"))


def test_broken_json_is_refused(tmp_path: Path) -> None:
    """Half a file is no result."""
    path = written(tmp_path, CONTENT)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="no JSON"):
        check_results(path)


RESULTS = sorted(Path(__file__).parents[2].glob("benchmarks/*/results.json"))


def test_committed_results_keep_their_contract() -> None:
    """Whatever results the repository shows are held against the plan."""
    for path in RESULTS:
        check_results(path)
    assert all(path.name == "results.json" for path in RESULTS)
