"""What a person is told before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from iolaus.arrow import ACCOUNT_TABLE, EXCHANGE
from iolaus.ingest.blind_spots import ACCOUNT_SPOTS, EXCHANGE_SPOTS
from iolaus.ingest.explanation import InputExplanation, explain_input
from iolaus.ingest.reader import open_logs
from iolaus.ingest.rejects import Rejects


@pytest.fixture
def explain(key: bytes) -> Callable[..., InputExplanation]:
    """Return an explainer of logs."""

    def run(*paths: Path, accounts: pa.Table | None = None) -> InputExplanation:
        return explain_input(open_logs(list(paths), key=key, rejects=Rejects()), accounts)

    return run


def test_columns_are_told_with_their_names_and_how_full_they_are(
    tmp_path: Path, explain: Callable
) -> None:
    """An alias is shown as what it is taken for; unknown columns are listed."""
    path = tmp_path / "log.csv"
    path.write_text(
        "request_id,ts,user_id,ip,shoe_size\n1,1772359200,a,10.0.0.1,42\n2,1772359201,b,,43\n",
        encoding="utf-8",
    )
    found = explain(path)
    [one] = found.formats
    assert (one.name, one.n_rows_sampled, one.ignored) == ("mapped", 2, ("shoe_size",))
    assert [(c.theirs, c.ours, c.filled_share) for c in one.columns] == [
        ("request_id", "id", 1.0),
        ("ts", "at", 1.0),
        ("user_id", "account", 1.0),
        ("ip", "address", 0.5),
    ]
    text = found.as_text()
    assert "user_id    -> account" in text
    assert "not used: shoe_size" in text


def test_what_is_missing_is_told_with_what_it_costs(
    row: Callable, write_jsonl: Callable, explain: Callable
) -> None:
    """A column that is there but always empty is missing too."""
    found = explain(write_jsonl([row(1, model="m", prompt=None), row(2, model="m", prompt=None)]))
    assert "prompt" in found.missing and "model" not in found.missing
    blind = {column for spot in found.blind_spots for column in spot.columns}
    assert "prompt" in blind and "model" not in blind
    assert "no template is recognised" in found.as_text()
    assert "No account table" in found.as_text()


def test_an_account_table_takes_its_blind_spots_away(
    row: Callable, write_jsonl: Callable, explain: Callable
) -> None:
    """Those that its own columns cover, and no others."""
    accounts = pa.Table.from_pylist([{"account": "a0", "payment": "p"}], schema=ACCOUNT_TABLE)
    found = explain(write_jsonl([row(1)]), accounts=accounts)
    blind = {column for spot in found.account_blind_spots for column in spot.columns}
    assert "payment" not in blind and "opened_at" in blind
    assert "Account table: 1 accounts" in found.as_text()


def test_warnings_rejects_and_skipped_files_are_told(
    row: Callable, write_jsonl: Callable, tmp_path: Path, explain: Callable
) -> None:
    """A person sees before the scan what will be refused; no text is shown."""
    write_jsonl([row(1, at="2026-03-01 10:00:00", prompt="secret words"), row(2, id="")])
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    text = explain(tmp_path).as_text()
    assert "time without a zone, read as UTC (1 rows)" in text
    assert "no id (1 rows)" in text
    assert "notes.txt: text" in text
    assert "secret" not in text


def test_every_blind_spot_names_columns_that_exist() -> None:
    """And every column that detection reads has one."""
    named = {column for spot in EXCHANGE_SPOTS for column in spot.columns}
    assert named <= set(EXCHANGE.names)
    assert {column for spot in ACCOUNT_SPOTS for column in spot.columns} <= set(ACCOUNT_TABLE.names)
