"""Where a campaign was lost: before linking, in pieces, or afterwards."""

import pyarrow as pa

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.linking import Linked, linked_of

TRUTH = pa.table(
    {"account": list("abcdo"), "campaign": pa.array(["A", "A", "A", "A", None], pa.string())}
)


def linked_in(networks: dict[str, str | None], fates: dict[str, str] | None = None) -> Linked:
    """Return what became of the only campaign, {account: network}."""
    accounts = pa.table(
        {
            "account": list(networks),
            "network": pa.array(list(networks.values()), pa.string()),
        }
    )
    (one,) = linked_of(accounts, TRUTH, fates=fates or {})
    return one


def test_largest_network_stands_for_the_campaign() -> None:
    """Three of four are linked, two of them in one network, which holds an outsider too."""
    one = linked_in({"a": "n1", "b": "n1", "c": "n2", "d": None, "o": "n1"}, {"n1": "cleared"})
    assert one.linked == Rate(n=3, of=4)
    assert one.in_largest == Rate(n=2, of=4)
    assert one.outsiders == Rate(n=1, of=3)
    assert (one.network, one.fate) == ("n1", "cleared")


def test_unlinked_campaign_has_no_network() -> None:
    """Nobody was linked: the campaign was lost before anything was judged."""
    one = linked_in(dict.fromkeys("abcd"))
    assert one.linked == Rate(n=0, of=4)
    assert (one.network, one.fate) == (None, None)


def test_equal_pieces_are_told_apart_by_name() -> None:
    """Of two networks as large the first by name is shown, so that a rerun shows the same."""
    assert linked_in({"a": "n2", "b": "n2", "c": "n1", "d": "n1"}).network == "n1"
