"""The store: what survives a run, whole, by id, from one version to the next."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from iolaus import store as store_module
from iolaus.errors import IolausError, NotFoundError, OutputError, UsageError
from iolaus.schema import Campaign, Cleared, Network
from iolaus.store import MIGRATIONS, open_store


def url(path: Path) -> str:
    """Return the URL of a store at the path."""
    return f"sqlite:///{path / 'sub' / 'iolaus.db'}"


def test_a_report_comes_back_whole(tmp_path: Path, built: ModuleType) -> None:
    """After closing and opening again, nothing is lost and nothing is in another order."""
    with open_store(url(tmp_path)) as kept:
        assert kept.latest() is None
        kept.save(built.report())
    with open_store(url(tmp_path)) as kept:
        assert built.report() == kept.latest()


def test_the_latest_scan_is_what_is_told(tmp_path: Path, built: ModuleType) -> None:
    """Campaigns of earlier scans are still found by id."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
        kept.save(built.empty_report())
        assert built.empty_report() == kept.latest()
        assert built.campaign(0) == kept.find(built.campaign(0).id)
        assert (built.campaign(0), built.campaign(1)) == kept.campaigns()


def test_a_known_id_is_replaced(tmp_path: Path, built: ModuleType) -> None:
    """Ids last from run to run; the newer word on one holds."""
    report = built.report()
    newer = replace(report.campaigns[0], extraction_bits=12.0)
    with open_store(url(tmp_path)) as kept:
        kept.save(report)
        kept.save(replace(report, campaigns=(newer,)))
        assert newer == kept.find(newer.id)
        assert 2 == len(kept.campaigns())


def test_saving_the_same_report_again_makes_it_the_latest(
    tmp_path: Path, built: ModuleType
) -> None:
    """A run that is repeated is one scan, not two."""
    with open_store(url(tmp_path)) as kept:
        first = kept.save(built.report())
        kept.save(built.empty_report())
        assert kept.save(built.report()) > first
        assert built.report() == kept.latest()


def test_the_beginning_of_an_id_is_enough_where_only_one_has_it(
    tmp_path: Path, built: ModuleType
) -> None:
    """Campaign, cleared case and network are all found; wildcards are no wildcards."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
        assert isinstance(kept.find("c-0000003f"), Campaign)
        assert isinstance(kept.find(built.cleared(10).network), Cleared)
        assert isinstance(kept.find(built.network(0).id), Network)
        for name in ("c-", "c-9", "%", "c_"):
            with pytest.raises(NotFoundError):
                kept.find(name)


def test_an_ambiguous_beginning_names_the_candidates(tmp_path: Path, built: ModuleType) -> None:
    """So that the next try succeeds."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
        with pytest.raises(NotFoundError, match=f"2 ids: {built.campaign(0).id}"):
            kept.find("c-000000")


def test_a_save_that_fails_leaves_what_was(
    tmp_path: Path, built: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole or not at all."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
        keep = store_module._keep

        def fail(db: sqlite3.Connection, table: str, *rest: object) -> None:
            if table == "cleared":
                raise sqlite3.OperationalError("database or disk is full")
            keep(db, table, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(store_module, "_keep", fail)
        with pytest.raises(OutputError, match="disk is full"):
            kept.save(replace(built.empty_report(), campaigns=(built.campaign(5),)))
        assert built.report() == kept.latest()
        assert 2 == len(kept.campaigns())


def test_a_store_of_an_earlier_version_is_led_forward(
    tmp_path: Path, built: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What version 1 kept is there after the step to the next, and the step runs once."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
    step = "CREATE TABLE verdicts (campaign TEXT NOT NULL, finding TEXT NOT NULL);"
    monkeypatch.setattr(store_module, "MIGRATIONS", (*MIGRATIONS, step))
    for _ in range(2):
        with open_store(url(tmp_path)) as kept:
            assert built.report() == kept.latest()
    db = sqlite3.connect(tmp_path / "sub" / "iolaus.db")
    assert [(len(MIGRATIONS) + 1,)] == db.execute("SELECT version FROM schema_version").fetchall()
    assert [] == db.execute("SELECT * FROM verdicts").fetchall()
    db.close()


def test_a_step_that_fails_changes_nothing(
    tmp_path: Path, built: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a migration would be read by nobody."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
    step = "CREATE TABLE verdicts (campaign TEXT); CREATE TABLE verdicts (campaign TEXT);"
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "MIGRATIONS", (*MIGRATIONS, step))
        with pytest.raises(OutputError, match="verdicts already exists"):
            open_store(url(tmp_path))
    with open_store(url(tmp_path)) as kept:
        assert built.report() == kept.latest()


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    """An old program does not write into a new store."""
    open_store(url(tmp_path)).close()
    db = sqlite3.connect(tmp_path / "sub" / "iolaus.db")
    with db:
        db.execute("UPDATE schema_version SET version = 99")
    db.close()
    with pytest.raises(UsageError, match="version 99"):
        open_store(url(tmp_path))


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """Nothing is added to a file that is not ours."""
    path = tmp_path / "theirs.db"
    db = sqlite3.connect(path)
    with db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(UsageError, match="another program"):
        open_store(f"sqlite:///{path}")


@pytest.mark.parametrize("bad", ["", "sqlite:///", "postgresql://host/db", "iolaus.db"])
def test_a_url_of_no_known_kind_says_what_to_write(bad: str) -> None:
    """The remedy shows the form."""
    with pytest.raises(UsageError, match="sqlite:///PATH"):
        open_store(bad)


def test_whatever_is_wrong_with_the_file_is_an_error_of_ours(
    tmp_path: Path, built: ModuleType
) -> None:
    """Text, a folder, a damaged row: what, where, and what to do."""
    (tmp_path / "text.db").write_text("this is no database, and long enough to be told apart" * 9)
    for name in ("text.db", "."):
        with pytest.raises(IolausError, match="--store"):
            open_store(f"sqlite:///{tmp_path / name}")
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
    db = sqlite3.connect(tmp_path / "sub" / "iolaus.db")
    with db:
        db.execute("UPDATE campaigns SET record = '{'")
    db.close()
    with open_store(url(tmp_path)) as kept, pytest.raises(OutputError, match="cannot be used"):
        kept.latest()


def test_no_identity_in_clear_reaches_the_store(tmp_path: Path, built: ModuleType) -> None:
    """Accounts are keyed hashes there, as in the report."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
        network = kept.network(built.network(0).id)
    assert network is not None
    assert {17} == {len(account) for account in network.accounts}
    assert {"a"} == {account[0] for account in network.accounts}


def test_a_life_gains_a_chapter_a_stretch(tmp_path: Path, built: ModuleType) -> None:
    """What a later log shows of a network stands beside what an earlier one showed."""
    network = built.network(0)
    later = replace(
        network,
        first_seen_at=network.last_seen_at,
        last_seen_at=network.last_seen_at + timedelta(days=7),
        accounts=network.accounts[:9],
    )
    with open_store(url(tmp_path)) as kept:
        kept.save(replace(built.report(), networks=(network,)))
        kept.save(replace(built.empty_report(), networks=(later,)))
        (life,) = kept.lives()
    assert network.id == life.network
    assert [network.accounts, later.accounts] == [c.accounts for c in life.chapters]
    assert [built.campaign(0).id, None] == [c.campaign for c in life.chapters]


def test_a_log_that_is_scanned_again_changes_no_life(tmp_path: Path, built: ModuleType) -> None:
    """The same stretch is one chapter, under the number of the scan that first told it."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
        once = kept.lives()
        kept.save(replace(built.report(), limits=("told with another word",)))
        kept.save(built.report())
        assert once == kept.lives()


def test_a_single_account_has_no_life_as_a_network(tmp_path: Path, built: ModuleType) -> None:
    """One account on watch is no network that could be known again."""
    alone = built.network(0, n_accounts=1)
    with open_store(url(tmp_path)) as kept:
        kept.save(replace(built.report(), networks=(alone,)))
        assert () == kept.lives()


def test_networks_of_a_store_of_version_1_have_a_life(tmp_path: Path, built: ModuleType) -> None:
    """The step to version 2 reads their records: members, stretch and campaign."""
    with open_store(url(tmp_path)) as kept:
        kept.save(built.report())
    db = sqlite3.connect(tmp_path / "sub" / "iolaus.db")
    with db:
        db.execute("DROP TABLE network_lives")
        db.execute("UPDATE schema_version SET version = 1")
    db.close()
    with open_store(url(tmp_path)) as kept:
        lives = {life.network: life.chapters[0] for life in kept.lives()}
    network = built.network(0)
    told = lives[network.id]
    assert (network.accounts, network.together) == (told.accounts, told.together)
    assert (network.first_seen_at, network.last_seen_at) == (told.first_seen_at, told.last_seen_at)
    assert built.campaign(0).id == told.campaign
    assert lives[built.network(10).id].campaign is None


def test_an_account_is_found_with_what_it_is_in(tmp_path: Path, built: ModuleType) -> None:
    """Its campaign rather than its network; a beginning finds all that begin so; others nothing."""
    report = replace(
        built.report(),
        campaigns=(built.campaign(0),),
        networks=(built.network(0), built.network(9)),
    )
    with open_store(url(tmp_path)) as kept:
        kept.save(report)
        found = kept.of_account(built.account(1))
        assert {built.account(1): report.campaigns[0]} == found
        assert set(kept.of_account("a")) >= set(built.network(0).accounts)
        assert {} == kept.of_account("afffffffffffffff1")
        assert {} == kept.of_account("%")
