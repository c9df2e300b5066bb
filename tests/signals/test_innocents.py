"""Innocent causes: each explains its own case, and not the attack that resembles it."""

from __future__ import annotations

import numpy as np
import pytest

from iolaus.signals.coursework import Coursework
from iolaus.signals.egress import Egress
from iolaus.signals.organisation import Organisation
from iolaus.signals.public_template import PublicTemplate

HOUR_US = 3_600_000_000
EVENING = 1_772_474_400_000_000


@pytest.fixture(scope="module")
def others(fingerprints, accounts, background):
    """Return 300 people with cards of their own, a third of them on one mail host."""
    domain = np.where(np.arange(300) % 3 == 0, 1, 1000 + np.arange(300))
    rows = accounts(300, email_domain=domain, payment=np.arange(300))
    return background(fingerprints(np.arange(300)), rows)


@pytest.fixture(scope="module")
def firm(fingerprints, accounts, pool):
    """Return a function that makes a network of ten by what its accounts say of themselves."""

    def made(*, organization=None, domain=None, payment=None, vetted=None):
        given = {
            "organization": organization,
            "email_domain": domain,
            "payment": payment,
            "vetted": vetted,
        }
        columns = {k: [v] * 10 if np.isscalar(v) else v for k, v in given.items() if v is not None}
        return pool(fingerprints(np.arange(10)), accounts(10, **columns))

    return made


def test_vetted_organisation_explains_its_accounts(firm, others):
    """Most for one that was vetted, less for one that mail or payment bears out, but something."""
    vetted = Organisation().explain(firm(organization=7, vetted=True), others)
    paid = Organisation().explain(firm(organization=7, payment=5), others)
    mailed = Organisation().explain(firm(organization=7, domain=9), others)
    assert vetted.gap_bits > paid.gap_bits > mailed.gap_bits > 0


def test_undeclared_firm_under_its_own_domain_is_open_enough(firm, others):
    """An uncommon mail domain that all use explains something; one that everybody uses nothing."""
    assert Organisation().explain(firm(domain=9), others).gap_bits > 0
    assert Organisation().explain(firm(domain=1), others) is None


def test_one_payer_for_all_explains_something_by_itself(firm, others):
    """A firm that declares nothing and pays with one card is open about who it is; batches are not."""
    paid = firm(domain=np.arange(10), payment=7)
    batches = firm(domain=np.arange(10), payment=np.arange(10) // 3)
    assert 0 < Organisation().explain(paid, others).gap_bits < 3
    assert Organisation().explain(batches, others) is None


def test_declaration_that_nothing_bears_out_clears_nothing(firm, others):
    """A relay writes one firm's name into every account; cards and mail are scattered."""
    claimed = firm(organization=7, domain=np.arange(10), payment=np.arange(10) + 100)
    assert Organisation().explain(claimed, others).gap_bits < 0


def test_strangers_have_no_organisation(firm, others):
    """Ten firms, ten cards, ten mailboxes: no organisation explains that."""
    assert (
        Organisation().explain(
            firm(organization=np.arange(10), domain=np.arange(10), payment=np.arange(10)), others
        )
        is None
    )


# Shared egress


def test_exits_that_strangers_use_too_explain_the_place(fingerprints, pool, background):
    """A carrier's addresses explain the place; a relay's own exits explain nothing."""
    mine = pool(fingerprints(np.arange(10), network=[5] * 10))
    carrier = background(fingerprints(np.arange(40), network=[5] * 40))
    apart = background(fingerprints(np.arange(40), network=[6] * 40))
    assert Egress().explain(mine, carrier).gap_bits > 0
    assert Egress().explain(mine, apart) is None


def test_exit_shared_with_four_is_no_hub(fingerprints, pool, background):
    """A flat share is not a carrier; nor can a log without addresses tell."""
    mine = pool(fingerprints(np.arange(10), network=[5] * 10))
    few = background(fingerprints([0, 0, 1, 2, 3], network=[5] * 5))
    assert Egress().explain(mine, few) is None
    assert Egress().explain(pool(fingerprints([0, 1])), few) is None


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({}, "carrier"),
        ({"pathway": ["education"] * 12}, "campus"),
        ({"organization": [7] * 12}, "office"),
        ({"email_domain": [9] * 12}, "office"),
    ],
    ids=["anybody", "students", "one firm", "one mail domain"],
)
def test_shared_place_is_told_by_who_else_uses_it(
    fingerprints, accounts, pool, background, known, kind
):
    """Twelve strangers who send all they send from there make it what they are; it explains the place."""
    mine = pool(fingerprints(np.arange(6), network=[5] * 6))
    strangers = fingerprints(np.repeat(np.arange(12), 5), network=[5] * 60)
    found = Egress().explain(mine, background(strangers, accounts(12, **known)))
    assert found.gap_bits == 1.0
    facts = dict(found.facts)
    assert facts[f"{kind}_share"] == facts["hub_share"] == 1.0


def test_exits_that_everybody_passes_through_explain_nothing(
    fingerprints, accounts, pool, background
):
    """Strangers have a home each and send one request in ten through the proxy: who meets there chose it."""
    mine = pool(fingerprints(np.arange(6), network=[5] * 6))
    network = np.where(np.arange(120) % 10 == 0, 5, 100 + np.arange(120) // 10)
    strangers = fingerprints(np.repeat(np.arange(12), 10), network=network)
    found = Egress().explain(mine, background(strangers, accounts(12)))
    assert found.gap_bits == 0.0
    assert dict(found.facts)["proxy_exit_share"] == 1.0
    assert "pass through" in found.says


# A public recipe


@pytest.mark.parametrize(("n_users", "gap"), [(4, None), (12, 1.0), (48, 3.0), (4000, 6.0)])
def test_recipe_is_as_public_as_it_has_users_outside(fingerprints, pool, background, n_users, gap):
    """Four strangers are none; as many as inside take a bit; thousands take six, and no more."""
    mine = pool(fingerprints(np.arange(24) % 12, family=[3] * 24))
    users = background(fingerprints(np.arange(n_users), family=[3] * n_users))
    found = PublicTemplate().explain(mine, users)
    assert (None if found is None else found.gap_bits) == (
        None if gap is None else pytest.approx(gap)
    )


def test_private_recipe_stays_private_beside_public_ones(fingerprints, pool, background):
    """What one member alone uses of a public library does not make the common recipe public."""
    account = [*range(12), 0]
    mine = pool(fingerprints(account, family=[3] * 12 + [4]))
    users = background(fingerprints(np.arange(500), family=[4] * 500))
    assert PublicTemplate().explain(mine, users) is None
    assert PublicTemplate().explain(pool(fingerprints([0, 1])), users) is None


# A class


def asked(fingerprints, n_accounts, each, *, hours):
    """Return questions spread evenly over some hours of one evening."""
    n = n_accounts * each
    at = EVENING + np.linspace(0, hours * HOUR_US, n).astype(np.int64)
    return fingerprints(np.arange(n) % n_accounts, at=at)


def test_class_on_one_evening_is_coursework(fingerprints, accounts, pool, others):
    """Thirty students, six questions each, one evening: explained, better on the school's pathway."""
    rows = asked(fingerprints, 30, 6, hours=4)
    plain = Coursework().explain(pool(rows), others)
    school = Coursework().explain(pool(rows, accounts(30, pathway=["education"] * 30)), others)
    assert school.gap_bits > plain.gap_bits > 0


def test_job_of_weeks_or_of_thousands_is_no_coursework(fingerprints, pool, others):
    """The same questions over ten days, or two hundred each in one evening, are no class."""
    assert Coursework().explain(pool(asked(fingerprints, 30, 6, hours=240)), others) is None
    assert Coursework().explain(pool(asked(fingerprints, 30, 200, hours=4)), others) is None
    assert Coursework().explain(pool(fingerprints([])), others) is None
