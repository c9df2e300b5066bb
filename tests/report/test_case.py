"""The case: one sentence, what speaks against it, what was not seen, what would change the verdict."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

from iolaus.report.case import case_of_campaign, case_of_cleared, unseen_words
from iolaus.schema import Explanation


def joined(words: tuple[str, ...]) -> str:
    """Return sentences as one text."""
    return " | ".join(words)


def test_the_headline_holds_both_sums_and_the_best_innocent_cause(built: ModuleType) -> None:
    """Who, how sure, of what, and what nearly explains it."""
    campaign = built.campaign(0)
    said = case_of_campaign(campaign, built.network(0), built.report()).headline
    for part in ("+23.4 bits", "+6.1 bits", "harvest the model for reasoning", "public template"):
        assert part in said
    assert "takes 2.3 bits and is not enough" in said
    short = Explanation(name="coursework", gap_bits=-4.0, says="no class")
    only_short = replace(campaign, explanations=(short,))
    assert "coursework, falls 4.0 bits short" in case_of_campaign(only_short, None, None).headline
    none = replace(campaign, explanations=())
    assert "no innocent cause has anything to say" in case_of_campaign(none, None, None).headline


def test_evidence_against_is_told_whether_it_counts_or_not(built: ModuleType) -> None:
    """A negative term, what was looked for in vain, and traffic that is left alone."""
    campaign = built.campaign(0)
    silent = built.evidence("enrolment", 0.0, family="identity", controlled=True)
    campaign = replace(campaign, evidence=(*campaign.evidence, silent))
    said = joined(case_of_campaign(campaign, built.network(0), built.report()).against)
    assert "client, −1.1 bits on the claim of being run together" in said
    assert "nothing there for a typical account: enrolment; of these one hand would" in said
    assert "21% of what these accounts sent is not attributed" in said
    assert "wavers" not in said


def test_a_network_that_wavers_is_said_to(built: ModuleType) -> None:
    """The twin of the steady one above."""
    shaky = replace(built.network(0), stability_share=0.41)
    said = joined(case_of_campaign(built.campaign(0), shaky, None).against)
    assert "the network wavers" in said and "41% the same" in said


def test_the_term_without_which_it_would_fall_is_named(built: ModuleType) -> None:
    """Elicitation carries the claim of harvesting; no single term carries the other."""
    report = built.report()
    told = case_of_campaign(built.campaign(0), built.network(0), report)
    said = joined(told.would_change)
    assert "were elicitation explained, the claim of harvesting would stand at −5.1 bits" in said
    assert "were payment explained, the claim of being run together would stand at +2.0" in said
    assert "an honest reason for payment: it alone is under one hand's control" in said
    assert "8.4 bits better than a harvest does" in said
    assert "51 at 4, 49 at 6, 48 at 8, 44 at 10, 31 at 12" in joined(told.sweep)


def test_a_sum_that_rests_on_no_single_term_says_so(built: ModuleType) -> None:
    """With a claim that is far above its line nothing alone turns it, and that is worth a line."""
    strong = replace(built.campaign(0), extraction_bits=30.0)
    said = joined(case_of_campaign(strong, built.network(0), built.report()).would_change)
    assert "no single term: even without elicitation, its strongest" in said
    assert "look at some of the exchanges first" not in said
    weak = replace(built.campaign(0), extraction_bits=0.4)
    said = joined(case_of_campaign(weak, built.network(0), built.report()).would_change)
    assert "0.4 bits above its line" in said


def test_what_was_not_seen_is_listed_and_nothing_else(built: ModuleType) -> None:
    """A whole log leaves nothing unseen; a bare one leaves much."""
    whole = replace(built.report().summary, missing_columns=(), n_rejected=0)
    assert () == unseen_words(whole) == unseen_words(None)
    said = joined(unseen_words(built.empty_report().summary))
    assert "the log has no prompt, system and address" in said
    assert "no account table" in said and "no prompts" in said
    assert "37" in joined(unseen_words(built.report().summary))


def test_a_cleared_network_says_what_would_make_it_one(built: ModuleType) -> None:
    """How many bits are missing, and what is left where its excuse is none."""
    case, network = built.cleared(10), built.network(10)
    told = case_of_cleared(case, network, built.report())
    assert "are in no campaign (organisation)" in told.headline
    assert "8.8 more bits of harvesting would make it a campaign" in told.would_change
    said = joined(told.would_change)
    assert "were organisation no reason, it would stand at +0.9 bits: a campaign" in said


def test_accounts_that_share_a_recipe_are_told_what_is_missing(built: ModuleType) -> None:
    """Something that one hand must control; a single account on watch is told neither."""
    apart = replace(built.network(11), together=False)
    told = case_of_cleared(replace(built.cleared(11), watch=False), apart, built.report())
    assert "not shown to be run together" in told.headline
    assert "a card, a device, a telephone" in joined(told.would_change)
    alone = replace(built.cleared(11, watch=True), n_accounts=1)
    told = case_of_cleared(alone, replace(apart, accounts=apart.accounts[:1]), built.report())
    assert told.headline.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "1 account to watch, accused"
    )
    assert "a card, a device" not in joined(told.would_change)
