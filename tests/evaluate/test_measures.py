"""Measures, against worlds small enough to count by hand."""

import pyarrow as pa
import pytest

from iolaus.errors import ColumnError
from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.measures import Measures, measure

Pairs = list[tuple[str, str | None]]


def accounts_of(pairs: Pairs) -> pa.Table:
    """Build an accounts.parquet of (account, campaign)."""
    return pa.table(
        {
            "account": pa.array([a for a, _ in pairs], pa.string()),
            "campaign": pa.array([c for _, c in pairs], pa.string()),
        }
    )


def exchanges_of(pairs: Pairs) -> pa.Table:
    """Build an exchanges.parquet of (id, campaign)."""
    return accounts_of(pairs).rename_columns(["id", "campaign"])


def truth_of(rows: list[tuple[str, str, str | None, str | None]]) -> pa.Table:
    """Build the truth of (account, group, operator, campaign)."""
    columns = list(zip(*rows, strict=True))
    names = ("account", "group", "operator", "campaign")
    return pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)})


def truth_exchanges_of(
    rows: list[tuple[str, str | None, str | None, bool]],
) -> pa.Table:
    """Build the truth of (id, campaign, flow, is_extraction)."""
    return pa.table(
        {
            "id": pa.array([r[0] for r in rows], pa.string()),
            "campaign": pa.array([r[1] for r in rows], pa.string()),
            "flow": pa.array([r[2] for r in rows], pa.string()),
            "is_extraction": pa.array([r[3] for r in rows], pa.bool_()),
        }
    )


TRUTH = truth_of(
    [
        ("a1", "relay", "op-a", "A"),
        ("a2", "relay", "op-a", "A"),
        ("a3", "relay", "op-a", "A"),
        ("a4", "relay", "op-a", "A"),
        ("b1", "graders", "op-b", "B"),
        ("b2", "graders", "op-b", "B"),
        ("e1", "enterprise", "firm-1", None),
        ("e2", "enterprise", "firm-1", None),
        ("e3", "enterprise", "firm-2", None),
        ("o1", "ordinary", None, None),
        ("o2", "ordinary", None, None),
    ]
)
TRUE_EXCHANGES = truth_exchanges_of(
    [
        ("x1", "A", "harvest", True),
        ("x2", "A", "harvest", True),
        ("x3", "A", "customer-1", False),
        ("x4", "A", "customer-2", False),
        ("x5", "B", "harvest", True),
        ("x6", None, None, False),
    ]
)


def measured(accounts: Pairs, exchanges: Pairs) -> Measures:
    """Measure a result against the small world."""
    return measure(
        accounts_of(accounts),
        exchanges_of(exchanges),
        truth_accounts=TRUTH,
        truth_exchanges=TRUE_EXCHANGES,
    )


PERFECT = measured(
    [(f"a{i}", "c1") for i in range(1, 5)] + [("b1", "c2"), ("b2", "c2"), ("o1", None)],
    [("x1", "c1"), ("x2", "c1"), ("x5", "c2")],
)
MESSY = measured(
    [
        ("a1", "c1"),
        ("a2", "c1"),
        ("a3", "c2"),
        ("e1", "c2"),
        ("o1", "c3"),
        *((name, None) for name in ("b1", "e2", "e3", "o2")),
    ],
    [("x1", "c1"), ("x3", "c1"), ("x6", "c3"), ("x5", "c2")],
)


def test_perfect_result_scores_one_everywhere() -> None:
    """Everything found and nobody wronged."""
    assert PERFECT.macro.account_precision == PERFECT.macro.account_recall == 1.0
    assert PERFECT.macro.exchange_precision == PERFECT.macro.exchange_recall == 1.0
    assert PERFECT.bcubed_precision == PERFECT.bcubed_recall == 1.0
    assert [c.fragmentation for c in PERFECT.campaigns] == [1, 1]
    assert PERFECT.bystanders.of_attributed == Rate(n=0, of=3)
    assert PERFECT.bystanders.of_customers == Rate(n=0, of=0)


def test_split_campaign_is_measured_whole() -> None:
    """Two pieces of A count together, and as two fragments; B is missed."""
    a, b = MESSY.campaigns
    assert a.found == ("c1", "c2")
    assert a.accounts.precision == Rate(n=3, of=4)
    assert a.accounts.recall == Rate(n=3, of=4)
    assert b.fragmentation == 0
    assert b.accounts.precision.share is None
    assert b.accounts.recall == Rate(n=0, of=2)


def test_false_campaign_counts_against_precision() -> None:
    """A campaign of ordinary accounts is worth 0 in the mean and in the total."""
    assert MESSY.false_campaigns == ("c3",)
    assert MESSY.macro.account_precision == pytest.approx((3 / 4 + 0) / 2)
    assert MESSY.macro.account_recall == pytest.approx((3 / 4 + 0) / 2)
    assert MESSY.accounts.precision == Rate(n=3, of=5)
    assert MESSY.accounts.recall == Rate(n=3, of=6)


def test_purity_counts_strangers_and_ordinary_traffic() -> None:
    """Of four, one is A's in A; a stranger's, B's own in A, and ordinary traffic are not."""
    assert MESSY.purity == Rate(n=1, of=4)
    assert MESSY.exchanges.precision == Rate(n=2, of=4)
    assert MESSY.exchanges.recall == Rate(n=2, of=3)


def test_bystanders_have_two_denominators() -> None:
    """Two of four attributed, and one of two strangers' exchanges; customers are not known."""
    assert MESSY.bystanders.of_attributed == Rate(n=2, of=4)
    assert MESSY.bystanders.of_strangers == Rate(n=1, of=2)


def test_innocents_are_counted_by_instance() -> None:
    """One of two firms is hit, though one of three accounts; ordinary accounts are apart."""
    (enterprise,) = MESSY.innocents
    assert enterprise.instances == Rate(n=1, of=2)
    assert enterprise.accounts == Rate(n=1, of=3)
    assert MESSY.ordinary == Rate(n=1, of=2)
    assert MESSY.false_alarms == Rate(n=2, of=5)


def test_silent_innocents_do_not_dilute_false_alarms() -> None:
    """An account of the truth that is not in the log could not be flagged, and is not counted."""
    seen = measured([("a1", "c1"), ("o1", "c1")], [])
    assert seen.ordinary == Rate(n=1, of=1)
    assert seen.innocents == ()


def test_operator_s_idle_account_is_no_innocent() -> None:
    """It carries nothing, and naming it wrongs nobody; nor does it add to recall."""
    truth = truth_of([("a", "relay", "op", "A"), ("idle", "relay", "op", None)])
    result = measure(
        accounts_of([("a", "c1"), ("idle", "c1")]),
        exchanges_of([]),
        truth_accounts=truth,
        truth_exchanges=TRUE_EXCHANGES,
    )
    assert result.innocents == ()
    assert result.false_alarms == Rate(n=0, of=0)
    assert result.accounts.precision == Rate(n=1, of=2)


def test_bcubed_by_hand() -> None:
    """Precision over found accounts, recall over campaign accounts.

    c1 = {a1, a2}: 1 and 1. c2 = {a3, e1}: a3 shares with itself only, 1/2; e1 has no
    campaign, 0. c3 = {o1}: 0. Recall: a1, a2 find 2 of 4; a3 finds 1 of 4; others nothing.
    """
    assert MESSY.bcubed_precision == pytest.approx((1 + 1 + 0.5 + 0 + 0) / 5)
    assert MESSY.bcubed_recall == pytest.approx((0.5 + 0.5 + 0.25 + 0 + 0 + 0) / 6)


def test_nothing_found_is_no_recall_and_no_precision() -> None:
    """A scan that names nobody has recall 0, and no precision to boast of."""
    nothing = measured([("a1", None), ("o1", None)], [])
    assert nothing.macro.account_recall == 0.0
    assert nothing.macro.account_precision is None
    assert nothing.bcubed_recall == 0.0
    assert nothing.bcubed_precision is None
    assert nothing.purity == Rate(n=0, of=0)
    assert nothing.ordinary == Rate(n=0, of=1)
    assert nothing.reweighted[0].precision is None


def test_no_campaign_in_the_truth_leaves_only_false_alarms() -> None:
    """A quiet world: every campaign found is false, and recall has nothing to count."""
    quiet = measure(
        accounts_of([("o1", "c1"), ("o2", None)]),
        exchanges_of([("x1", "c1")]),
        truth_accounts=truth_of([("o1", "ordinary", None, None), ("o2", "ordinary", None, None)]),
        truth_exchanges=truth_exchanges_of([("x1", None, None, False)]),
    )
    assert quiet.campaigns == ()
    assert quiet.macro.account_recall is None
    assert quiet.macro.account_precision == 0.0
    assert quiet.false_campaigns == ("c1",)
    assert quiet.ordinary == Rate(n=1, of=2)


def test_account_in_two_campaigns_counts_in_both() -> None:
    """An account of two operators is a hit for each, and one account in the total."""
    both = measure(
        accounts_of([("a", "c1"), ("s", "c1"), ("s", "c2"), ("b", "c2")]),
        exchanges_of([]),
        truth_accounts=truth_of(
            [
                ("a", "g", "1", "A"),
                ("s", "g", "1", "A"),
                ("s", "g", "2", "B"),
                ("b", "g", "2", "B"),
            ]
        ),
        truth_exchanges=truth_exchanges_of([]),
    )
    assert [c.accounts.recall for c in both.campaigns] == [Rate(n=2, of=2)] * 2
    assert both.accounts.recall == Rate(n=3, of=3)
    assert both.bcubed_precision == both.bcubed_recall == 1.0


def test_campaign_listed_by_exchanges_alone_is_still_matched() -> None:
    """Where the account is shown under another campaign, its exchanges say whose it is."""
    split = measured([("a1", "c1"), ("b1", "c1")], [("x5", "c9")])
    assert split.false_campaigns == ()
    assert split.campaigns[1].found == ("c9",)


def test_strangers_come_from_the_log_where_it_is_given() -> None:
    """Exchanges through campaign accounts are strangers'; one of their two customers is touched."""
    log = {
        "id": ["x1", "x6", "x3", "x4"],
        "account": ["a1", "a1", "a2", "o1"],
        "end_user": ["harvester", "ann", "bob", "eve"],
    }
    result = measure(
        accounts_of([("a1", "c1")]),
        exchanges_of([("x1", "c1"), ("x6", "c1")]),
        truth_accounts=TRUTH,
        truth_exchanges=TRUE_EXCHANGES,
        log=pa.table(log),
    )
    assert result.bystanders.of_strangers == Rate(n=1, of=2)
    assert result.bystanders.of_customers == Rate(n=1, of=2)


def test_same_name_on_two_channels_is_two_accounts() -> None:
    """Where the truth names channels, a namesake elsewhere is a false alarm."""
    truth = TRUTH.slice(0, 1).append_column("channel", pa.array(["aws.bedrock"]))
    flagged = accounts_of([("a1", "c1"), ("a1", "c1")]).append_column(
        "channel", pa.array(["aws.bedrock", None], pa.string())
    )
    result = measure(
        flagged, exchanges_of([]), truth_accounts=truth, truth_exchanges=TRUE_EXCHANGES
    )
    assert result.accounts.precision == Rate(n=1, of=2)
    assert result.ordinary == Rate(n=1, of=1)


def test_row_order_changes_nothing() -> None:
    """The same rows in another order give equal measures."""
    backwards = pa.array(range(TRUTH.num_rows - 1, -1, -1))
    again = measure(
        accounts_of(
            [
                *((name, None) for name in ("o2", "e3", "e2", "b1")),
                *(("o1", "c3"), ("e1", "c2"), ("a3", "c2"), ("a2", "c1"), ("a1", "c1")),
            ]
        ),
        exchanges_of([("x5", "c2"), ("x6", "c3"), ("x3", "c1"), ("x1", "c1")]),
        truth_accounts=TRUTH.take(backwards),
        truth_exchanges=TRUE_EXCHANGES,
    )
    assert again == MESSY


def test_missing_column_is_named() -> None:
    """A table that is not what scan writes is refused by name."""
    with pytest.raises(ColumnError, match="accounts: no column campaign"):
        measure(
            pa.table({"account": ["a"]}),
            exchanges_of([]),
            truth_accounts=TRUTH,
            truth_exchanges=TRUE_EXCHANGES,
        )
