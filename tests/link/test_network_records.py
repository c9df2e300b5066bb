"""An accepted set is described by its median member, under a name that lasts."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from iolaus.link.networks import find_networks
from iolaus.link.records import network_id, network_of
from iolaus.schema import SAME_RECIPE, TOGETHER

FORTY = np.arange(500, 540)
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def described(people, planted, link_settings):
    """Return a network's record beside what it was made of."""
    world = people(3000, strangers=FORTY)
    planted(world, FORTY, mark=1)
    views = world.views()
    (linked,) = find_networks(views, settings=link_settings())
    names = [f"a{i:016x}" for i in linked.members]
    record = network_of(
        linked,
        views,
        names,
        summaries={view.name: f"the same {view.name}" for view in views},
        first_seen_at=AT,
        last_seen_at=AT,
        n_exchanges=7,
    )
    return record, linked


def test_name_does_not_depend_on_the_order_of_accounts():
    """The founding members make the name; another member makes another."""
    assert network_id(["b", "a", "c"]) == network_id(["a", "b", "c"])
    assert network_id(["a", "b"]) != network_id(["a", "b", "c"])
    assert network_id(["ab", "c"]) != network_id(["a", "bc"])


def test_sum_is_the_prior_and_what_is_counted(described):
    """Whoever adds the counted evidence to the prior gets the network's bits."""
    record, _ = described
    counted = sum(e.bits for e in record.evidence if e.counted)
    assert record.coordination_bits == pytest.approx(record.prior_bits + counted)
    assert {e.claim for e in record.evidence} == {"coordination"}
    assert len({e.family for e in record.evidence if e.counted}) == sum(
        e.counted for e in record.evidence
    )


def test_what_is_not_counted_says_why(described):
    """Views that say nothing, or less than another of their family, are listed with the reason."""
    record, _ = described
    assert {e.signal for e in record.evidence if e.counted} == {"payment", "template"}
    assert all(e.why_not_counted for e in record.evidence if not e.counted)
    assert all(e.why_not_counted is None for e in record.evidence if e.counted)


def test_words_are_the_verdict(described):
    """Run together, or the same recipe and no more."""
    record, linked = described
    assert linked.together and record.together and record.words == TOGETHER
    assert record.words != SAME_RECIPE
    assert record.accounts == tuple(f"a{i:016x}" for i in FORTY)
    assert [e.signal for e in record.evidence if e.controlled] == ["payment"]
