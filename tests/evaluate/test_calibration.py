"""Claims in bits are held against what was so."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.calibration import Claimed, bins_of, claims_of
from iolaus.schema import Cleared, InputSummary, Network, Report

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NAMES = ["a0", "a1", "t0", "t1", "o0"]
TRUTH = pa.table(
    {
        "account": NAMES,
        "group": ["relay", "relay", "tool", "tool", "ordinary"],
        "operator": ["hydra", "hydra", "tool-1", "tool-1", None],
        "campaign": pa.array(["A", "A", None, None, None], pa.string()),
    }
)

SUMMARY = InputSummary(
    n_exchanges=1,
    n_accounts=5,
    n_rejected=0,
    rejected_by_reason=(),
    skipped_files=(),
    first_at=None,
    last_at=None,
    missing_columns=(),
    warnings=(),
    has_account_table=True,
    has_text=True,
)


def accounts(campaign: str | None) -> pa.Table:
    """Return accounts.parquet: the relay is network r, the tool's users are network t."""
    return pa.table(
        {
            "account": NAMES,
            "network": pa.array(["r", "r", "t", "t", None], pa.string()),
            "campaign": pa.array([campaign, campaign, None, None, None], pa.string()),
            "coordination_bits": pa.array([9.0, 7.0, 5.0, 5.0, None], pa.float64()),
        }
    )


def report(*, together: bool) -> Report:
    """Return a report of two networks, both weighed and cleared."""
    networks = tuple(
        Network(
            id=name,
            accounts=(),
            first_seen_at=NOW,
            last_seen_at=NOW,
            n_exchanges=1,
            prior_bits=-10.0,
            coordination_bits=12.0,
            together=together,
            words="",
            evidence=(),
        )
        for name in ("r", "t")
    )
    cleared = tuple(
        Cleared(
            network=name,
            n_accounts=2,
            n_exchanges=1,
            reason="",
            says="",
            coordination_bits=12.0,
            extraction_bits=-3.0,
        )
        for name in ("r", "t")
    )
    return Report(
        version="0",
        settings_digest="0",
        summary=SUMMARY,
        networks=networks,
        campaigns=(),
        cleared=cleared,
    )


def test_one_hand_and_strangers_are_told_apart() -> None:
    """A pool called run together is so; users of a tool, called the same, are not."""
    claims = claims_of(report(together=True), accounts(None), TRUTH)
    assert [True, False] == [c.so for c in claims if c.kind == "together"]


def test_same_recipe_claims_no_common_hand() -> None:
    """Who was not called run together is no claim that could be wrong."""
    claims = claims_of(report(together=False), accounts(None), TRUTH)
    assert [] == [c for c in claims if c.kind == "together"]


def test_cleared_networks_count_as_claims_of_harvesting() -> None:
    """Low bits on a network that harvests are a claim that came out wrong."""
    claims = claims_of(report(together=True), accounts(None), TRUTH)
    assert [(-3.0, True), (-3.0, False)] == [
        (c.bits, c.so) for c in claims if c.kind == "extraction"
    ]


def test_named_accounts_claim_membership() -> None:
    """Everyone that a campaign names is a claim with bits of its own; nobody else is."""
    claims = claims_of(report(together=True), accounts("c1"), TRUTH)
    assert [(9.0, True), (7.0, True)] == [(c.bits, c.so) for c in claims if c.kind == "member"]


def test_bins_say_what_was_claimed_and_what_came_true() -> None:
    """Bits near 0 claim one half; half of them so is calibrated."""
    claims = [Claimed(kind="member", bits=0.0, so=so) for so in (True, False)]
    (only,) = bins_of(claims)
    assert only.said == pytest.approx(0.5)
    assert only.came_true == Rate(n=1, of=2)


def test_no_claims_fill_no_bin() -> None:
    """Nothing said, nothing shown."""
    assert bins_of([]) == ()
