"""`show`, `explain` and `plugins`: what is kept and what is here, for people and programs."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from iolaus.cli.defaults import OUT, store_url
from iolaus.store import open_store


@pytest.fixture
def kept(type_in, built: ModuleType) -> ModuleType:
    """Keep a built report in the store that verbs read by default."""
    with open_store(store_url(OUT)) as store:
        store.save(built.report())
    return built


def test_show_lists_campaigns_and_what_was_cleared(type_in, kept: ModuleType) -> None:
    """Each with its id, for the next command."""
    typed = type_in("show")
    assert 0 == typed.status
    for record in (kept.campaign(0), kept.campaign(1)):
        assert record.id in typed.out
    assert kept.cleared(10).network in typed.out
    assert "watch: " in typed.out


def test_show_of_a_campaign_tells_targets_flows_and_accounts(type_in, kept: ModuleType) -> None:
    """By the beginning of its id; what is left out is counted."""
    typed = type_in("show", "c-0000003f")
    assert 0 == typed.status
    assert "bulk, not attributed" in typed.out
    assert "rubric grading" in typed.out
    assert kept.account(0) in typed.out
    assert "and 28 more" in typed.out


def test_show_of_a_cleared_network_says_why(type_in, kept: ModuleType) -> None:
    """The reason and the innocent causes that were weighed."""
    typed = type_in("show", kept.cleared(10).network)
    assert "One vetted organisation" in typed.out
    assert "All 212 are one vetted firm." in typed.out


def test_show_of_a_network_lists_its_accounts(type_in, kept: ModuleType) -> None:
    """A network in a campaign is still a network."""
    typed = type_in("show", kept.network(0).id)
    assert "run together" in typed.out
    assert kept.account(0) in typed.out


def test_explain_prints_both_sums_and_what_does_not_count(type_in, kept: ModuleType) -> None:
    """Prior, terms, total, and the terms left out with the reason."""
    typed = type_in("explain", kept.campaign(0).id)
    assert 0 == typed.status
    assert "Run together?  +23.4 bits, more than +10.0 needed: passed" in typed.out
    assert "Harvesting?  +6.1 bits" in typed.out
    for said in ("PRIOR", "PAYMENT", "controlled", "Not counted", "INNOCENT CAUSE", "TOTAL"):
        assert said in typed.out


def test_explain_doubts_what_was_cleared_too(type_in, kept: ModuleType) -> None:
    """The same arithmetic, not passed."""
    typed = type_in("explain", kept.cleared(10).network)
    assert 0 == typed.status
    assert "-6.4 bits, more than +10.0 needed: not passed" in typed.out
    assert "Harvesting?  -8.8 bits" in typed.out


def test_an_ambiguous_id_is_answered_with_the_candidates(type_in, kept: ModuleType) -> None:
    """Exit status 2 and the ids that begin so."""
    typed = type_in("explain", "c-")
    assert 2 == typed.status
    assert kept.campaign(1).id in typed.err


def test_output_that_is_piped_holds_no_colour(type_in, kept: ModuleType) -> None:
    """No escape code reaches a file."""
    assert "\x1b" not in type_in("explain", kept.campaign(0).id).out
    assert "\x1b" not in type_in("show").out


def test_plugins_as_json_are_the_public_lists(type_in) -> None:
    """{sources, signals, safeguards, engines, providers}, each of {name, version, summary}."""
    typed = type_in("plugins", "--json")
    assert 0 == typed.status
    found = json.loads(typed.out)
    assert ["sources", "signals", "safeguards", "engines", "providers"] == list(found)
    for rows in found.values():
        assert all({"name", "version", "summary"} == set(row) for row in rows)
    assert "payment" in {row["name"] for row in found["signals"]}
    assert "duckdb" in {row["name"] for row in found["engines"]}


def test_plugins_for_people_name_the_same(type_in, tmp_path: Path) -> None:
    """A kind that has none yet is not shown as an empty table."""
    typed = type_in("plugins")
    assert "canonical" in typed.out
    assert "Providers" not in typed.out
    assert [] == list(tmp_path.iterdir())
