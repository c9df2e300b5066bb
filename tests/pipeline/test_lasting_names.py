"""Names that last, on the whole way: the same log again, and a later one with other heads."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.pipeline import scan
from iolaus.store import open_store

KEY = b"a key that only this test knows."
N_MEMBERS = 24


def a_week_later(world, folder: Path, *, later: Callable[[str], str]) -> tuple[Path, Path]:
    """Write the log and its account table a week on, the accounts under their later names."""
    table = pq.read_table(world.log / "march.parquet")
    names = pa.array([later(name) for name in table["account"].to_pylist()])
    at = pc.add(table["at"], pa.scalar(timedelta(days=7)))
    table = table.set_column(table.column_names.index("account"), "account", names)
    log, accounts = folder / "april.parquet", folder / "accounts.csv"
    pq.write_table(table.set_column(table.column_names.index("at"), "at", at), log)
    rows = list(csv.DictReader(world.accounts.open()))
    with accounts.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"account": later(row["account"])} for row in rows)
    return log, accounts


def is_gone(name: str) -> bool:
    """Say who is replaced within the week: every person, and every second head."""
    return name.startswith("person") or int(name.partition("-")[2]) % 2 == 0


def test_same_log_and_store_give_the_same_bytes(world, scanned, tmp_path):
    """Scanned again into the store that knows it, the log gives the same report and lives."""
    report, out = scanned
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with open_store(url) as kept:
        kept.save(report)
        before = kept.lives()
    scan([world.log], accounts=world.accounts, out=tmp_path / "again", store=url, key=KEY)
    assert (tmp_path / "again" / "report.json").read_bytes() == (out / "report.json").read_bytes()
    with open_store(url) as kept:
        assert kept.lives() == before
        assert kept.latest() == report


def test_network_keeps_its_name_when_half_of_its_heads_are_others(world, scanned, tmp_path):
    """The accounts of a later log are renamed, all but twelve heads: ids of both records stay."""
    report, _ = scanned
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with open_store(url) as kept:
        kept.save(report)

    log, accounts = a_week_later(
        world, tmp_path, later=lambda name: f"{name}-later" if is_gone(name) else name
    )
    again = scan([log], accounts=accounts, store=url, key=KEY)
    (campaign,) = again.campaigns
    assert campaign.id == report.campaigns[0].id
    assert len(set(campaign.accounts) & set(report.campaigns[0].accounts)) == N_MEMBERS / 2
    with open_store(url) as kept:
        (life,) = [one for one in kept.lives() if one.network == campaign.network]
    assert [len(chapter.accounts) for chapter in life.chapters] == [N_MEMBERS, N_MEMBERS]


def test_network_whose_heads_are_all_new_grew_back_on_the_old_cards(world, scanned, tmp_path):
    """Nobody of the old network is left: another name, and the wallets tell where it came from."""
    report, _ = scanned
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with open_store(url) as kept:
        kept.save(report)
    log, accounts = a_week_later(world, tmp_path, later=lambda name: f"{name}-later")
    again = scan([log], accounts=accounts, store=url, key=KEY)
    (network,) = [n for n in again.networks if n.id == again.campaigns[0].network]
    assert network.id != report.campaigns[0].network
    assert [(o.how, o.network) for o in network.origins] == [
        ("regrown", report.campaigns[0].network)
    ]
    (hypothesis,) = [a for a in again.campaigns[0].attributions if a.actor != "nobody known"]
    assert hypothesis.actor == f"whoever ran {report.campaigns[0].id}"
    assert hypothesis.bits > 0


def test_another_key_knows_nobody_again(world, scanned, tmp_path):
    """The store holds other hashes: no name is kept, nothing is taken for anything else."""
    report, _ = scanned
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with open_store(url) as kept:
        kept.save(report)
    other = scan(
        [world.log], accounts=world.accounts, store=url, key=b"another key, as long as it."
    )
    assert other.campaigns[0].id != report.campaigns[0].id
    assert all(network.origins == () for network in other.networks)
