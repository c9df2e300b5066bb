"""Names that last, on the whole way: the same log again, and a later one with other heads."""

from __future__ import annotations

import csv
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.pipeline import scan
from iolaus.store import open_store

KEY = b"a key that only this test knows."
N_MEMBERS = 24


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

    def later(name: str) -> str:
        number = int(name.partition("-")[2])
        return name if name.startswith("head") and number % 2 else f"{name}-later"

    table = pq.read_table(world.log / "march.parquet")
    names = pa.array([later(name) for name in table["account"].to_pylist()])
    at = pc.add(table["at"], pa.scalar(timedelta(days=7)))
    table = table.set_column(table.column_names.index("account"), "account", names)
    pq.write_table(
        table.set_column(table.column_names.index("at"), "at", at), tmp_path / "april.parquet"
    )
    rows = list(csv.DictReader(world.accounts.open()))
    with (tmp_path / "accounts.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"account": later(row["account"])} for row in rows)
    again = scan(
        [tmp_path / "april.parquet"], accounts=tmp_path / "accounts.csv", store=url, key=KEY
    )
    (campaign,) = again.campaigns
    assert campaign.id == report.campaigns[0].id
    assert len(set(campaign.accounts) & set(report.campaigns[0].accounts)) == N_MEMBERS / 2
    with open_store(url) as kept:
        (life,) = [one for one in kept.lives() if one.network == campaign.network]
    assert [len(chapter.accounts) for chapter in life.chapters] == [N_MEMBERS, N_MEMBERS]
