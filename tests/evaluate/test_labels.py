"""What an operator's own list of banned accounts can and cannot show."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.errors import ColumnError, EmptyError, InputError
from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.labels import LogEvaluation, measure_labelled, read_labels


def labels_in(folder: Path, text: str) -> Path:
    """Write a CSV."""
    path = folder / "banned.csv"
    path.write_text(text, encoding="utf-8")
    return path


def held(folder: Path, text: str, flagged: dict[str, str | None]) -> LogEvaluation:
    """Hold a result, {account: campaign}, against a CSV."""
    accounts = pa.table(
        {
            "channel": ["first_party"] * len(flagged),
            "account": list(flagged),
            "campaign": pa.array(list(flagged.values()), pa.string()),
        }
    )
    return measure_labelled(accounts, labels=read_labels(labels_in(folder, text)))


RESULT = {"a": "c1", "b": None, "i": "c1", "u": "c1", "o": None}


def test_bare_list_gives_recall_and_bounds(tmp_path: Path) -> None:
    """Of a, b in the log one is found; a third was never seen; precision has two bounds."""
    seen = held(tmp_path, "account\na\nb\ngone\n", RESULT)
    assert seen.banned_found == Rate(n=1, of=2)
    assert seen.n_banned_not_in_log == 1
    assert seen.n_unlabelled_flagged == 2
    assert (seen.precision_at_least, seen.precision_at_most) == (1 / 3, 1.0)


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    """A bare list leaves exchanges, missed operators, fragments and false alarms open."""
    bare = held(tmp_path, "account\na\n", RESULT).cannot
    full = held(tmp_path, "account,campaign,is_innocent\na,A,false\ni,,true\n", RESULT).cannot
    assert [said.split(":")[0] for said in bare] == [
        "exchanges",
        "missed operators",
        "fragmentation",
        "false alarms",
    ]
    assert [said.split(":")[0] for said in full] == ["exchanges", "missed operators"]


def test_marked_innocents_are_false_alarms(tmp_path: Path) -> None:
    """An account that the operator cleared, and we name, is counted against us."""
    seen = held(tmp_path, "account,is_innocent\na,no\ni,yes\no,yes\n", RESULT)
    assert seen.innocents_flagged == Rate(n=1, of=2)
    assert seen.precision_at_most == pytest.approx(2 / 3)


def test_campaign_column_shows_fragments(tmp_path: Path) -> None:
    """Where the list says who belongs together, each campaign is measured."""
    (campaign,) = held(tmp_path, "account,group\na,A\nb,A\n", RESULT).campaigns
    assert campaign.accounts.recall == Rate(n=1, of=2)
    assert campaign.found == ("c1",)


def test_other_channel_is_another_account(tmp_path: Path) -> None:
    """A ban at a reseller says nothing about the namesake here."""
    seen = held(tmp_path, "account,channel\na,aws.bedrock\n", RESULT)
    assert seen.n_banned_not_in_log == 1
    assert seen.banned_found == Rate(n=0, of=0)


def test_list_without_channels_means_every_channel(tmp_path: Path) -> None:
    """An operator who lists names alone means the account wherever it comes from."""
    accounts = pa.table({"channel": ["aws.bedrock"], "account": ["a"], "campaign": ["c1"]})
    seen = measure_labelled(accounts, labels=read_labels(labels_in(tmp_path, "account\na\n")))
    assert seen.banned_found == Rate(n=1, of=1)


def test_account_numbers_keep_their_zeros(tmp_path: Path) -> None:
    """0017 is a name, not the number 17."""
    assert read_labels(labels_in(tmp_path, "account\n0017\n"))["account"].to_pylist() == ["0017"]


def test_parquet_is_read_too(tmp_path: Path) -> None:
    """A Parquet list with real booleans means the same."""
    path = tmp_path / "banned.parquet"
    pq.write_table(pa.table({"account": ["a", "i"], "is_innocent": [False, True]}), path)
    assert read_labels(path)["is_innocent"].to_pylist() == [False, True]


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("name\na\n", ColumnError, "no column account"),
        ("account\n", EmptyError, "no account is listed"),
        ("account,is_innocent\na,perhaps\n", InputError, "neither true nor false"),
        ("", InputError, "neither CSV nor Parquet"),
    ],
)
def test_bad_list_is_refused(tmp_path: Path, text: str, error: type[Exception], says: str) -> None:
    """A list that cannot be read says what is wrong with it."""
    with pytest.raises(error, match=says):
        read_labels(labels_in(tmp_path, text))


def test_missing_list_is_refused(tmp_path: Path) -> None:
    """No file, no evaluation."""
    with pytest.raises(InputError, match="no such file"):
        read_labels(tmp_path / "nowhere.csv")
