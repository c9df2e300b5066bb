"""Identities -> keyed hashes: stable, one kind apart from another, and no text among them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from iolaus.arrow import ACCOUNT_TABLE, EXCHANGE, FINGERPRINT
from iolaus.ingest.pseudonyms import ACCOUNT_COLUMNS, Pseudonyms

KEY = b"a key for tests!"


def batch_of(*rows: dict[str, Any]) -> pa.RecordBatch:
    """Return exchanges of a few columns."""
    base = {"id": "1", "account": "a", "channel": "first_party"}
    return pa.RecordBatch.from_pylist([{**base, **row} for row in rows], schema=EXCHANGE)


def hashed(column: str, *rows: dict[str, Any], key: bytes = KEY) -> list[int | None]:
    """Return one hashed column."""
    return Pseudonyms(key).pseudonymise(batch_of(*rows))[column].to_pylist()


def test_every_identity_of_a_fingerprint_is_made_as_its_schema_says() -> None:
    """Twelve columns, all int64, none of them text."""
    columns = Pseudonyms(KEY).pseudonymise(batch_of({"address": "10.0.0.1"}, {}))
    for name, array in columns.items():
        assert array.type == pa.int64(), name
        assert len(array) == 2
    assert set(columns) - {"account_hash"} <= set(FINGERPRINT.names)
    assert columns["address"].to_pylist()[1] is None


def test_another_key_gives_other_hashes() -> None:
    """Without the key nobody can tell whose hash it is."""
    assert hashed("id", {"id": "x"}) == hashed("id", {"id": "x"})
    assert hashed("id", {"id": "x"}) != hashed("id", {"id": "x"}, key=b"another key here")


def test_one_value_under_two_kinds_is_two_hashes() -> None:
    """An account named like an organisation is not linked to it."""
    columns = Pseudonyms(KEY).pseudonymise(batch_of({"organization": "a", "api_key": "a"}))
    assert columns["organization"].to_pylist() != columns["api_key"].to_pylist()


def test_an_account_is_known_by_its_channel_too() -> None:
    """The same number with two resellers is two customers; no channel is the first party."""
    one, other, none = hashed("account_hash", {}, {"channel": "aws.bedrock"}, {"channel": None})
    assert one != other
    assert one == none


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("10.0.0.1", "10.0.0.1:443"),
        ("10.0.0.1", "::ffff:10.0.0.1"),
        ("2001:db8:1::1", "[2001:0DB8:1:0::1]:443"),
        ("203.0.113.9", "10.0.0.1, 203.0.113.9, 192.168.0.7"),
        ("203.0.113.9", " 203.0.113.9 "),
    ],
)
def test_an_address_is_the_same_however_it_is_written(written: str, other: str) -> None:
    """Ports, brackets, mapped forms and hops of proxies are peeled off."""
    one, two = hashed("address", {"address": written}, {"address": other})
    assert one == two
    one, two = hashed("network", {"address": written}, {"address": other})
    assert one == two is not None


def test_neighbours_share_a_network_and_strangers_do_not() -> None:
    """A /24 of IPv4, a /48 of IPv6."""
    words = ["10.0.0.1", "10.0.0.200", "10.0.1.1", "2001:db8:1::1", "2001:db8:1:9::1"]
    a, b, c, d, e = hashed("network", *({"address": word} for word in words))
    assert a == b != c
    assert d == e
    assert len(set(hashed("address", *({"address": word} for word in words)))) == 5


@pytest.mark.parametrize("masked", ["10.0.0.0/24", "10.0.0.***", "10.0.0.x"])
def test_a_masked_address_is_a_network_and_no_address(masked: str) -> None:
    """Where the log keeps a prefix only, nobody shares an address."""
    assert hashed("address", {"address": masked}) == [None]
    assert hashed("network", {"address": masked}) == hashed("network", {"address": "10.0.0.7"})


def test_what_is_no_address_stays_a_value_without_network() -> None:
    """A gateway may hash addresses itself; equal hashes are still equal."""
    rows = ({"address": "5f3a"}, {"address": "5f3a"}, {"address": "300.1.1.1"}, {"address": " "})
    one, two, three, nothing = hashed("address", *rows)
    assert one == two != three
    assert nothing is None
    assert hashed("network", *rows) == [None] * 4


def test_a_client_is_its_agent_and_its_handshake() -> None:
    """The same library over another TLS stack is another client."""
    one, same, other, none = hashed(
        "client", {"agent": "x", "tls": "t"}, {"agent": "x", "tls": "t"}, {"agent": "x"}, {}
    )
    assert one == same != other
    assert none is None


def test_parameters_are_a_habit_not_a_value() -> None:
    """A jitter is the same habit; another temperature is another."""
    first = {"temperature": 0.7, "max_output_tokens": 4096, "stream": True}
    near = {"temperature": 0.72, "max_output_tokens": 4100, "stream": True}
    far = {"temperature": 1.0, "max_output_tokens": 4096, "stream": True}
    one, two, three, none = hashed("parameters", first, near, far, {})
    assert one == two != three
    assert none is None


def test_tools_are_a_set() -> None:
    """Order and repetition are no matter; no tools are nothing to share."""
    rows = [["a", "b"], ["b", "a", "a"], ["a"], ["ab"], [], None]
    one, two, three, four, empty, none = hashed("tools", *({"tools": row} for row in rows))
    assert one == two != three != four
    assert empty is None and none is None


def test_a_slice_of_a_batch_hashes_as_itself() -> None:
    """Arrow slices share buffers; hashes must not."""
    rows = [{"id": str(i), "tools": ["t"] * (i % 3), "address": f"10.0.0.{i}"} for i in range(9)]
    whole = Pseudonyms(KEY).pseudonymise(batch_of(*rows))
    part = Pseudonyms(KEY).pseudonymise(batch_of(*rows).slice(4, 3))
    for name, array in whole.items():
        assert array.slice(4, 3).to_pylist() == part[name].to_pylist(), name


def test_an_account_table_joins_the_log_by_hash() -> None:
    """Account and organisation hash as they do in exchanges; the rest has kinds of its own."""
    table = pa.Table.from_pylist(
        [
            {"account": "a", "organization": "o", "phone": "+1 (555) 010", "email_domain": "X.org"},
            {"account": "b", "phone": "+1-555-010", "email_domain": "me@x.org ", "payment": " p"},
        ],
        schema=ACCOUNT_TABLE,
    )
    out = Pseudonyms(KEY).pseudonymise_accounts(table)
    assert out.schema.equals(ACCOUNT_COLUMNS)
    rows = out.to_pylist()
    exchange = Pseudonyms(KEY).pseudonymise(batch_of({"account": "a", "organization": "o"}))
    assert rows[0]["account_hash"] == exchange["account_hash"].to_pylist()[0]
    assert rows[0]["organization"] == exchange["organization"].to_pylist()[0]
    assert rows[0]["phone"] == rows[1]["phone"]
    assert rows[0]["email_domain"] == rows[1]["email_domain"]
    assert rows[0]["payment"] is None
