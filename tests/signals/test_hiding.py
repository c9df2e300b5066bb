"""Whether accounts that are together hide it, and whether they do anything but one job."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from iolaus.signals.concealment import Concealment
from iolaus.signals.dispersal import Dispersal
from iolaus.signals.sole_use import SoleUse


def bits(evidence):
    """Return the bits of evidence that was given."""
    assert evidence is not None
    assert evidence.says and evidence.claim == "extraction"
    return evidence.bits


# Concealment


@pytest.fixture(scope="module")
def free_mail(fingerprints, accounts, background):
    """Return people, half of whom use one mail host; the rest have one of their own."""
    domain = np.where(np.arange(300) % 2 == 0, 1, 1000 + np.arange(300))
    return background(fingerprints(np.arange(300)), accounts(300, email_domain=domain))


def members(accounts, n, *, organization=None, domain=None, payment=None):
    """Return members by what they say of themselves, and by who pays."""
    given = {"organization": organization, "email_domain": domain, "payment": payment}
    return accounts(n, **{k: v for k, v in given.items() if v is not None})


def concealed_by(fingerprints, accounts, pool, free_mail, **given):
    """Return the bits of twelve accounts that say something of themselves."""
    rows = members(accounts, 12, **given)
    return bits(Concealment().weigh(pool(fingerprints(np.arange(12)), rows), free_mail))


FREE_MAIL, SCATTERED, ONE = np.ones(12, dtype=int), np.arange(12) + 9000, np.full(12, 77)


@pytest.mark.parametrize(
    "given",
    [
        {"organization": SCATTERED, "domain": FREE_MAIL, "payment": SCATTERED},
        {"organization": ONE, "domain": FREE_MAIL, "payment": SCATTERED},
    ],
    ids=["twelve firms", "one firm that nothing bears out"],
)
def test_accounts_that_claim_to_be_strangers_conceal(
    fingerprints, accounts, pool, free_mail, given
):
    """On free mail, each paying for itself, shown to be together: whatever firm they declare."""
    assert concealed_by(fingerprints, accounts, pool, free_mail, **given) > 3


@pytest.mark.parametrize(
    "given",
    [
        {"organization": ONE, "domain": FREE_MAIL, "payment": ONE},
        {"organization": SCATTERED, "domain": ONE, "payment": SCATTERED},
    ],
    ids=["one firm that pays", "one mail domain"],
)
def test_open_owner_conceals_nothing(fingerprints, accounts, pool, free_mail, given):
    """A declared organisation that pays, or one uncommon mail domain, speaks against a harvest."""
    assert -1 <= concealed_by(fingerprints, accounts, pool, free_mail, **given) < 0


def test_one_payer_hides_less_than_many_whatever_names_his_accounts_go_by(
    fingerprints, accounts, pool, free_mail
):
    """A dozen names on one card conceal half of what a dozen names on a dozen cards do."""
    scattered = {"organization": None, "domain": SCATTERED}
    one = concealed_by(fingerprints, accounts, pool, free_mail, payment=ONE, **scattered)
    many = concealed_by(fingerprints, accounts, pool, free_mail, payment=SCATTERED, **scattered)
    assert one == pytest.approx(many / 2) and one > 1


def test_three_mail_domains_for_all_heads_show_nothing(fingerprints, accounts, pool, free_mail):
    """A farm that buys its mail from three hosts of its own conceals as one that uses free mail."""
    three = np.arange(12) % 3 + 9000
    bought = concealed_by(fingerprints, accounts, pool, free_mail, domain=three)
    assert bought == concealed_by(fingerprints, accounts, pool, free_mail, domain=SCATTERED)


def test_few_accounts_may_be_one_person(fingerprints, accounts, pool, free_mail):
    """Three accounts under three names are worth half of what twelve are."""

    def concealed(n):
        rows = members(accounts, n, organization=np.arange(n), domain=np.arange(n) + 9000)
        return bits(Concealment().weigh(pool(fingerprints(np.arange(n)), rows), free_mail))

    assert concealed(3) < 0.6 * concealed(12)


def test_concealment_is_silent_where_identities_are_unknown(
    fingerprints, accounts, pool, free_mail
):
    """Without an account table nobody conceals anything; nor does one account alone."""
    assert Concealment().weigh(pool(fingerprints(np.arange(12))), free_mail) is None
    alone = members(accounts, 1, organization=[1], domain=[2])
    assert Concealment().weigh(pool(fingerprints([0]), alone), free_mail) is None


# Dispersal


def test_job_dealt_over_all_accounts_is_dispersed(fingerprints, accounts, pool, background):
    """Every one of twenty accounts carries it; kept in one account, it is a customer's."""
    nobody = background(fingerprints([]))
    dealt = pool(fingerprints(np.arange(400) % 20), accounts(20))
    stuck = pool(fingerprints([0] * 400), accounts(20))
    assert bits(Dispersal().weigh(dealt, nobody)) > 1
    assert bits(Dispersal().weigh(stuck, nobody)) <= 0.0


def test_dispersal_is_silent_in_a_small_network(fingerprints, accounts, pool, background):
    """Over three accounts anything is spread."""
    small = pool(fingerprints(np.arange(60) % 3), accounts(3))
    assert Dispersal().weigh(small, background(fingerprints([]))) is None


# Sole use


@pytest.mark.parametrize(("share", "low", "high"), [(1.0, 2, 2), (0.5, 0, 0), (0.02, -2, -1.9)])
def test_accounts_that_do_nothing_else_were_opened_for_it(
    fingerprints, pool, background, share, low, high
):
    """A pool without a customer speaks for a harvest, a relay full of customers against it."""
    flow = dataclasses.replace(pool(fingerprints(np.arange(100) % 10)), own_share=share)
    found = bits(SoleUse().weigh(flow, background(fingerprints([0]))))
    assert low <= found <= high


def test_sole_use_is_silent_on_few_accounts_and_on_what_was_not_separated(
    fingerprints, pool, background
):
    """Four keys of one job, and a pool that nobody separated: no opinion."""
    nobody = background(fingerprints([0]))
    few = dataclasses.replace(pool(fingerprints(np.arange(100) % 4)), own_share=1.0)
    assert SoleUse().weigh(few, nobody) is None
    assert SoleUse().weigh(pool(fingerprints(np.arange(100) % 10)), nobody) is None


# Dispersal beside openness


def test_seats_that_openly_belong_together_earn_nothing_by_sharing_a_job(
    fingerprints, accounts, pool, free_mail
):
    """A firm's seats share its template; accounts that claim to be strangers have no such reason."""
    rows = fingerprints(np.arange(400) % 40)
    firm = accounts(40, organization=[5] * 40, email_domain=[9001] * 40, payment=[3] * 40)
    strangers = accounts(40, email_domain=np.arange(40) + 9000, payment=np.arange(40))
    assert bits(Dispersal().weigh(pool(rows, firm), free_mail)) == 0.0
    assert bits(Dispersal().weigh(pool(rows, strangers), free_mail)) > 2
