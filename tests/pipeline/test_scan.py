"""The whole way on a small log: what comes out, what never depends on luck, what is left behind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from iolaus.errors import InputError, OutputError, UsageError
from iolaus.pipeline import account_name, scan
from iolaus.report.files import OURS

KEY = b"a key that only this test knows."
N_PEOPLE, N_MEMBERS = 240, 24


def test_campaign_is_found_and_nobody_else_is_named(world, scanned):
    """All heads, no person; nearly all of the recipe's exchanges and nothing besides."""
    report, out = scanned
    (campaign,) = report.campaigns
    table = pq.read_table(out / "accounts.parquet")
    named = table.filter(pc.is_valid(table["campaign"]))
    assert set(named["account"].to_pylist()) == set(world.members)
    assert set(named["campaign"].to_pylist()) == {campaign.id}
    exchanges = pq.read_table(out / "exchanges.parquet")
    log = pq.read_table(world.log / "march.parquet", columns=["id", "account"])
    own = {
        i
        for i, a in zip(*(log[c].to_pylist() for c in ("id", "account")), strict=True)
        if a in world.members
    }
    found = exchanges["id"].to_pylist()
    assert set(found) <= own and len(found) == len(set(found)) > 0.97 * len(own)


def test_every_account_of_the_log_is_told_of_once(scanned):
    """In the log's own names; those outside have no bits, no network and no role."""
    report, out = scanned
    table = pq.read_table(out / "accounts.parquet")
    names = table["account"].to_pylist()
    assert len(names) == len(set(names)) == report.summary.n_accounts == N_PEOPLE + N_MEMBERS
    people = table.filter(pc.starts_with(table["account"], "person-"))
    assert set(people["role"].to_pylist()) == {"none"}
    assert people["network"].null_count == people["coordination_bits"].null_count == N_PEOPLE


def test_report_holds_no_name_and_no_word(world, scanned):
    """Neither an account nor a prompt's words are in what may be passed on."""
    _, out = scanned
    text = (out / "report.json").read_text() + (out / "report.html").read_text()
    for secret in ("head-1", "person-1", "meticulous", "wallet-", "front-", "198.51.100"):
        assert secret not in text
    assert set(OURS) == {path.name for path in out.iterdir()}


def test_names_are_given_back_by_the_identities(scanned):
    """The hash that a record shows is the one under which identities.parquet has the name."""
    report, out = scanned
    table = pq.read_table(out / "identities.parquet")
    table = table.filter(pc.equal(table["kind"], "account"))
    book = {
        account_name(h): v
        for h, v in zip(*(table[c].to_pylist() for c in ("hash", "value")), strict=True)
    }
    assert {book[a].partition("-")[0] for a in report.campaigns[0].accounts} == {"head"}


def test_same_log_key_and_settings_give_the_same_bytes(world, scanned, tmp_path):
    """A second run writes the same report.json and the same tables, to the byte."""
    _, out = scanned
    scan([world.log], accounts=world.accounts, out=tmp_path / "again", key=KEY)
    for name in ("report.json", "accounts.parquet", "exchanges.parquet"):
        assert (tmp_path / "again" / name).read_bytes() == (out / name).read_bytes()


def test_another_key_changes_names_and_nothing_else(world, scanned):
    """Ids are keyed; the number of campaigns, accounts and exchanges is not."""
    report, _ = scanned
    other = scan([world.log], accounts=world.accounts, key=b"another key, just as long as it.")
    assert set(other.campaigns[0].accounts).isdisjoint(report.campaigns[0].accounts)
    assert len(other.campaigns[0].accounts) == len(report.campaigns[0].accounts)
    assert other.summary == report.summary


def test_truth_beside_the_log_changes_nothing(world, scanned, tmp_path):
    """A folder with the truth next to the log, there or deleted, gives the same report."""
    _, out = scanned
    shutil.copytree(world.log, tmp_path / "sim" / "log")
    truth = tmp_path / "sim.truth"
    truth.mkdir()
    pq.write_table(pa.table({"account": list(world.members)}), truth / "accounts.parquet")
    wanted = (out / "report.json").read_bytes()
    for name in ("with", "without"):
        scan([tmp_path / "sim" / "log"], accounts=world.accounts, out=tmp_path / name, key=KEY)
        assert (tmp_path / name / "report.json").read_bytes() == wanted
        shutil.rmtree(truth, ignore_errors=True)


# What a log need not have


def test_log_without_an_account_table_is_scanned(world, tmp_path):
    """Without cards nobody is shown to be together; the report says what could not be seen."""
    report = scan([world.log], key=KEY, out=tmp_path / "out")
    assert not report.summary.has_account_table
    assert any("account table" in warning for warning in report.summary.warnings)
    assert report.campaigns == ()


def test_log_of_one_account_is_scanned(rows, tmp_path):
    """One customer alone: read, counted, and in no network."""
    mine = [row for row in rows.network(np.random.default_rng(1)) if row["account"] == "head-0"]
    report = scan([rows.write(tmp_path / "one.parquet", mine)], key=KEY, out=tmp_path / "out")
    assert (report.summary.n_accounts, report.summary.n_exchanges) == (1, 40)
    assert report.networks == report.campaigns == report.cleared == ()
    assert pq.read_table(tmp_path / "out" / "accounts.parquet")["role"].to_pylist() == ["none"]


def test_log_without_text_is_scanned(world, tmp_path):
    """The content-free log is the common one: the network is found, the missing text is said."""
    table = pq.read_table(world.log / "march.parquet").drop(["prompt"])
    pq.write_table(table, tmp_path / "bare.parquet")
    report = scan([tmp_path / "bare.parquet"], accounts=world.accounts, key=KEY)
    assert not report.summary.has_text
    assert "prompt" in report.summary.missing_columns
    assert any(len(network.accounts) >= 20 for network in report.networks)


def test_log_of_ids_and_times_alone_is_scanned(rows, tmp_path):
    """The three required columns are enough to read it, and too few to say anything."""
    some = rows.people(np.random.default_rng(1))[:100]
    bare = [{name: row[name] for name in ("account", "at")} for row in some]
    report = scan([rows.write(tmp_path / "bare.parquet", bare)], key=KEY)
    assert report.summary.n_exchanges == 100
    assert report.networks == ()


# Accounts that the operator vouches for


def allow_list(folder: Path, *names: str) -> Path:
    """Write an allow list."""
    path = folder / "allow.txt"
    path.write_text("".join(f"{name}\n" for name in names))
    return path


def test_account_that_is_vouched_for_carries_no_campaign(world, scanned, tmp_path):
    """Two heads are vouched for: members still, but nothing of theirs is attributed."""
    allow = allow_list(tmp_path, "head-3", "organization:front-5", "nobody-knows-this-one")
    report = scan([world.log], accounts=world.accounts, allow=allow, out=tmp_path / "out", key=KEY)
    (campaign,) = report.campaigns
    assert len(campaign.accounts) == N_MEMBERS - 2
    assert [n.accounts for n in report.networks] == [n.accounts for n in scanned[0].networks]
    rows = {
        row["account"]: row
        for row in pq.read_table(tmp_path / "out" / "accounts.parquet").to_pylist()
    }
    for name in ("head-3", "head-5"):
        assert rows[name]["role"] == "member"
        assert rows[name]["network"] == campaign.network
        assert rows[name]["campaign"] is None and rows[name]["campaign_share"] == 0.0
    assert rows["head-4"]["campaign"] == campaign.id
    log = pq.read_table(world.log / "march.parquet", columns=["id", "account"])
    vouched = log.filter(pc.is_in(log["account"], pa.array(["head-3", "head-5"])))
    taken = set(pq.read_table(tmp_path / "out" / "exchanges.parquet")["id"].to_pylist())
    assert taken.isdisjoint(vouched["id"].to_pylist())


def test_report_says_what_the_allow_list_did(world, tmp_path):
    """How many are vouched for, how many of them are in networks, and what met nobody."""
    allow = allow_list(tmp_path, "head-3", "person-1", "nobody-knows-this-one")
    report = scan([world.log], accounts=world.accounts, allow=allow, key=KEY)
    said = " ".join(report.summary.warnings)
    assert "2 accounts are vouched for by the allow list; 1 of them are in networks" in said
    assert "1 names on the allow list do not occur in the log" in said
    assert "nobody-knows" not in said and "head-3" not in said


def test_network_that_is_vouched_for_as_a_whole_is_cleared(world, tmp_path):
    """Every head on the list: no campaign, and the reason is that somebody answers for it."""
    allow = allow_list(tmp_path, *world.members)
    report = scan([world.log], accounts=world.accounts, allow=allow, out=tmp_path / "out", key=KEY)
    assert report.campaigns == ()
    assert [one.reason for one in report.cleared if one.n_accounts == N_MEMBERS] == ["vouched for"]
    assert pq.read_table(tmp_path / "out" / "exchanges.parquet").num_rows == 0


def test_list_of_others_excuses_nobody(world, scanned, tmp_path):
    """Vouching for people outside leaves the campaign as it was."""
    allow = allow_list(tmp_path, "person-1", "person-2")
    report = scan([world.log], accounts=world.accounts, allow=allow, key=KEY)
    assert report.campaigns[0].accounts == scanned[0].campaigns[0].accounts


# How far linking can be trusted


def test_decoy_scans_are_told_when_asked_for(world, scanned):
    """Dealt out anew, the same values make no network; without the option nothing is said of it."""
    report = scan([world.log], accounts=world.accounts, key=KEY, decoys=2)
    said = " ".join(report.summary.warnings)
    assert "of 2 decoy scans" in said
    assert "decoy" not in " ".join(scanned[0].summary.warnings)
    assert report.campaigns == scanned[0].campaigns
    with pytest.raises(UsageError, match="fewer than none"):
        scan([world.log], decoys=-1)


def test_so_few_accounts_that_silence_says_nothing_are_told_of(rows, world, tmp_path):
    """Ten accounts could show no network however they were run; 264 could."""
    few = [row for row in rows.people(np.random.default_rng(1)) if row["account"][-1:] == "7"][:60]
    report = scan([rows.write(tmp_path / "few.parquet", few)], key=KEY)
    assert report.networks == ()
    assert report.summary.n_accounts <= 10
    assert any("too few" in warning for warning in report.summary.warnings)


# What goes wrong


def test_short_key_is_refused(world):
    """Fifteen bytes can be guessed; sixteen are taken."""
    with pytest.raises(UsageError, match="15 bytes"):
        scan([world.log], key=b"x" * 15)


def test_failing_write_leaves_nothing_behind(world, tmp_path, monkeypatch):
    """The disk is full at the last file: no folder, no half result, no stage files."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("iolaus.report.files.report_to_json", full)
    with pytest.raises(OutputError, match="No space left"):
        scan([world.log], accounts=world.accounts, out=tmp_path / "out", key=KEY)
    assert not (tmp_path / "out").exists()
    assert list(scratch.iterdir()) == []


def test_failing_write_keeps_the_older_result(world, scanned, tmp_path, monkeypatch):
    """What an earlier scan wrote is still whole."""
    out = tmp_path / "out"
    shutil.copytree(scanned[1], out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    monkeypatch.setattr("iolaus.report.files.render_page", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        scan([world.log], accounts=world.accounts, out=out, key=KEY)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize("given", ["accounts", "releases", "allow"])
def test_small_file_that_is_missing_is_named_before_the_log_is_read(world, tmp_path, given):
    """A mistyped path ends the scan at once; no stage has been told of."""
    told = []
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        scan(
            [world.log],
            **{given: tmp_path / "nowhere.csv"},
            key=KEY,
            progress=lambda stage, done, total: told.append(stage),
        )
    assert told == []


def test_progress_is_told_stage_by_stage(world):
    """Each stage begins, none goes backwards, and the last word of each is that it is done."""
    told: dict[str, list[tuple[float, float]]] = {}
    scan(
        [world.log],
        accounts=world.accounts,
        key=KEY,
        progress=lambda stage, done, total: told.setdefault(stage, []).append((done, total)),
    )
    assert list(told) == ["learn", "fingerprint", "templates", "ties", "link", "campaigns"]
    for steps in told.values():
        done = [d for d, _ in steps]
        assert done == sorted(done)
        assert steps[-1][0] == steps[-1][1]


def test_report_json_is_the_report(scanned):
    """What is returned is what was written."""
    report, out = scanned
    written = json.loads((out / "report.json").read_text())
    assert written["settings_digest"] == report.settings_digest
    assert [c["id"] for c in written["campaigns"]] == [c.id for c in report.campaigns]
