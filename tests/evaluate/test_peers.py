"""The peers, on logs small enough to see through."""

import pyarrow as pa
import pytest

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.peers import HUB_ACCOUNTS, PeerMeasures, measure_peers


def ran(
    pairs: list[tuple[str, str]], guilty: list[str], payments: dict[str, str] | None = None
) -> dict[str, PeerMeasures]:
    """Run the peers on (account, address) pairs."""
    log = pa.table({"account": [a for a, _ in pairs], "address": [x for _, x in pairs]})
    names = sorted({a for a, _ in pairs})
    truth = pa.table(
        {
            "account": names,
            "campaign": pa.array(["A" if n in guilty else None for n in names], pa.string()),
        }
    )
    table = None
    if payments is not None:
        table = pa.table({"account": list(payments), "payment": list(payments.values())})
    return {
        peer.name: peer for peer in measure_peers(log, account_table=table, truth_accounts=truth)
    }


def test_two_shared_addresses_tie_accounts() -> None:
    """Three accounts behind the same two exits are found whole."""
    pairs = [(account, place) for account in "abc" for place in ("x", "y")] + [("o", "x")]
    peer = ran(pairs, ["a", "b", "c"])["shared addresses"]
    assert peer.accounts.recall == Rate(n=3, of=3)
    assert peer.accounts.precision == Rate(n=3, of=3)


def test_one_shared_address_ties_nobody() -> None:
    """One common address is chance, or a home."""
    pairs = [(account, "x") for account in "abc"]
    assert ran(pairs, ["a", "b", "c"])["shared addresses"].accounts.recall == Rate(n=0, of=3)


def test_hub_addresses_tie_nobody() -> None:
    """Two addresses of a carrier say nothing about those behind them."""
    pairs = [(f"o{i}", place) for i in range(HUB_ACCOUNTS + 1) for place in ("x", "y")]
    assert ran(pairs, [])["shared addresses"].accounts.precision == Rate(n=0, of=0)


def test_shared_payment_takes_the_firm_with_the_relay() -> None:
    """A card ties a relay and a firm alike: full recall, half the precision."""
    pairs = [(name, name) for name in "abcdef"]
    peer = ran(pairs, ["a", "b", "c"], dict.fromkeys("abc", "p") | dict.fromkeys("def", "q"))
    assert peer["shared payment"].accounts.recall == Rate(n=3, of=3)
    assert peer["shared payment"].accounts.precision == Rate(n=3, of=6)


def test_no_account_table_is_no_payment() -> None:
    """Without the table nobody is tied, rather than everybody by a null."""
    peer = ran([("a", "x"), ("b", "y"), ("c", "z")], ["a"])["shared payment"]
    assert peer.accounts.precision == Rate(n=0, of=0)


def test_volume_flags_the_busiest() -> None:
    """One account in a hundred passes the limit: the one that sends most."""
    pairs = [(f"o{i}", "x") for i in range(99)] + [("loud", "x")] * 5
    peer = ran(pairs, ["loud"])["volume"]
    assert peer.accounts.precision == Rate(n=1, of=1)
    assert peer.best_recall == 1.0


def test_volume_misses_the_round_robin() -> None:
    """Shared out evenly, a campaign is busier than nobody."""
    pairs = [(f"o{i}", "x") for i in range(100)]
    peer = ran(pairs, [f"o{i}" for i in range(10)])["volume"]
    assert peer.accounts.recall == Rate(n=0, of=10)
    assert peer.best_precision == pytest.approx(0.1)


def test_best_threshold_is_the_most_recall_at_99() -> None:
    """The oracle takes both culprits above the innocent, and stops there."""
    pairs = [("a", "x")] * 9 + [("b", "x")] * 8 + [("o", "x")] * 7 + [("c", "x")]
    peer = ran(pairs, ["a", "b", "c"])["volume"]
    assert peer.best_precision == 1.0
    assert peer.best_recall == pytest.approx(2 / 3)
