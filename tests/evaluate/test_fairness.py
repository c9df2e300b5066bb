"""False alarms are counted by where people come from and how they write."""

import pyarrow as pa
import pytest

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.fairness import Alarms, alarms_of, script_of


def told(named: list[str]) -> dict[tuple[str, str], Alarms]:
    """Return alarms by trait and value in a log of one guilty and three innocent accounts."""
    names = ["g", "k1", "k2", "u1"]
    campaign = pa.array(["c" if n in named else None for n in names], pa.string())
    accounts = pa.table(
        {
            "account": names,
            "campaign": campaign,
            "network": pa.array(["n", "n", None, None], pa.string()),
        }
    )
    truth = pa.table(
        {
            "account": names,
            "group": ["relay", "ordinary", "ordinary", "ordinary"],
            "operator": pa.array(["x", None, None, None], pa.string()),
            "campaign": pa.array(["A", None, None, None], pa.string()),
            "is_innocent": [False, True, True, True],
        }
    )
    table = pa.table(
        {
            "account": names,
            "country": ["KR", "KR", "KR", "US"],
            "pathway": pa.array(["api", "api", None, "api"], pa.string()),
        }
    )
    log = pa.table(
        {"account": names, "prompt": pa.array(["hi", "안녕하세요", None, "hello"], pa.string())}
    )
    found = alarms_of(accounts, truth_accounts=truth, account_table=table, log=log)
    return {(one.trait, one.value): one for one in found}


def test_innocents_are_counted_by_country() -> None:
    """Of two innocents in Korea one was named; the guilty one is no false alarm."""
    alarms = told(["g", "k1"])
    assert alarms["country", "KR"].named == Rate(n=1, of=2)
    assert alarms["country", "US"].named == Rate(n=0, of=1)


def test_language_follows_the_country() -> None:
    """Two innocents live where Korean is spoken."""
    assert told(["k1"])["language", "ko"].named == Rate(n=1, of=2)


def test_nobody_wronged_is_nobody_counted() -> None:
    """The twin: the guilty alone are named."""
    assert [0] * 9 == [one.named.n for one in told(["g"]).values()]


def test_scripts_come_from_what_was_written() -> None:
    """Who wrote nothing has no script, and is not lost."""
    alarms = told([])
    assert alarms["script", "Hangul"].networked == Rate(n=1, of=1)
    assert alarms["script", "unknown"].named == Rate(n=0, of=1)
    assert alarms["pathway", "unknown"].named == Rate(n=0, of=1)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("hello there", "Latin"),
        ("привет, SQL", "Cyrillic"),
        ("こんにちは世界", "Chinese or Japanese"),
        ("你好", "Chinese or Japanese"),
        ("مرحبا", "Arabic"),
        ("42 + 1", "no letters"),
        ("", "no letters"),
    ],
)
def test_script_of_most_letters(text: str, script: str) -> None:
    """The script of most letters counts; digits are of none."""
    assert script_of(text) == script
