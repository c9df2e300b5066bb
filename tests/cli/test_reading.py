"""`show`, `explain` and `plugins`: what is kept and what is here, for people and programs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
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


def test_explain_reads_as_a_case(type_in, kept: ModuleType) -> None:
    """A headline first; then what speaks against it, was not seen, and would change the verdict."""
    out = " ".join(type_in("explain", kept.campaign(0).id).out.split())
    n_accounts = len(kept.campaign(0).accounts)
    assert out.startswith(f"{n_accounts} accounts that are run together")
    for said in (
        "What speaks against it",
        "Not looked at",
        "the log has no tls and logprobs",
        "What would change the verdict",
        "were elicitation explained",
        "the pool of March",
        "nobody known",
    ):
        assert said in out


def test_an_account_reads_its_own_case(type_in, kept: ModuleType) -> None:
    """By its hash: what is attributed to it, its own sum, and what each doubt leaves."""
    typed = type_in("explain", kept.account(1))
    out = " ".join(typed.out.split())
    assert 0 == typed.status
    assert f"Account {kept.account(1)}, in campaign" in out
    for said in (
        "are attributed to the campaign; nothing is claimed of the rest",
        "its own sum for being run with the others".capitalize(),
        "Without its strongest value, which 12 members share",
        "Without text (template)",
        "rest on what one hand must control",
        "in 94 of 100 draws",
        "Of the whole: the best innocent cause, public template",
        "SYNCHRONY not counted",
    ):
        assert said in out


def test_an_account_that_carries_nothing_is_told_so(type_in, kept: ModuleType) -> None:
    """The sixth is a mere member, and zero is said in words."""
    idle = kept.campaign(0).members[5]
    assert "member" == idle.role
    report = kept.report()
    members = tuple(
        replace(m, n_exchanges=0) if m.account == idle.account else m for m in kept.members(48)
    )
    campaign = replace(kept.campaign(0), members=members)
    with open_store(store_url(OUT)) as store:
        store.save(replace(report, campaigns=(campaign,)))
    out = " ".join(type_in("explain", campaign.id, "--account", idle.account).out.split())
    assert "In the network, no extraction seen, nothing above watch" in out


def test_an_account_on_watch_alone_is_accused_of_nothing(type_in, kept: ModuleType) -> None:
    """It is in no network with others, and is told where its own sum stands."""
    alone = replace(kept.network(7, n_accounts=1), accounts=("a00000000000000ff",))
    with open_store(store_url(OUT)) as store:
        store.save(replace(kept.report(), networks=(alone,), campaigns=()))
    out = " ".join(type_in("explain", "a00000000000000ff").out.split())
    assert "in no network with others and accused of nothing" in out
    assert f"iolaus explain {alone.id}" in out


def test_a_networks_case_is_its_campaigns(type_in, kept: ModuleType) -> None:
    """Whoever has the network's id reads both sums; one in no campaign has its own."""
    network = kept.campaign(0).network
    assert type_in("explain", network).out == type_in("explain", kept.campaign(0).id).out
    assert "Harvesting?  +6.1" not in type_in("explain", kept.cleared(10).network).out


def test_the_logs_own_name_is_resolved_where_the_results_are(type_in, kept: ModuleType) -> None:
    """With identities.parquet beside the store; one whom no network holds is told that."""
    hashes = [int(kept.account(1)[1:], 16), 77]
    table = pa.table(
        {
            "hash": pa.array([h - 2**64 if h >= 2**63 else h for h in hashes]),
            "kind": ["account", "account"],
            "value": ["customer-17", "customer-18"],
        }
    )
    pq.write_table(table, OUT / "identities.parquet")
    assert f"Account {kept.account(1)}" in type_in("explain", "customer-17").out
    clear = type_in("explain", "customer-18")
    assert 0 == clear.status
    assert "customer-18 is in no network: nothing is claimed of it." in clear.out
    unknown = type_in("explain", "customer-19")
    assert 2 == unknown.status
    assert "nothing is known as 'customer-19'" in unknown.err


def test_an_account_that_is_not_there_is_an_error_that_helps(type_in, kept: ModuleType) -> None:
    """Of another network, of none, or ambiguous: each with what to do."""
    elsewhere = type_in("explain", kept.network(0).id, "--account", "afffffffffffffff1")
    assert 2 == elsewhere.status
    assert "is not in it" in elsewhere.err
    nowhere = type_in("explain", "afffffffffffffff1")
    assert "is in no network" in nowhere.err
    both = type_in("explain", "a0000000000", "--account", "x")
    assert 2 == both.status


def test_show_tells_the_life_of_a_network(type_in, kept: ModuleType) -> None:
    """When it was first seen, what it grew from, and who came of it."""
    out = " ".join(type_in("show", kept.network(0).id).out.split())
    assert "Life of the network first seen 2026-03-01 to 2026-03-08: 48 accounts" in out
    assert "grew back from n-00000000beef: 2 of payment were its own" in out


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
