"""Records say the same whatever the order in which their accounts came."""

from __future__ import annotations

import pytest

from iolaus.campaign.records import UNKNOWN, capabilities_of, role_of
from iolaus.schema import CAPABILITIES


@pytest.mark.parametrize(
    ("n_own", "n_all", "role"),
    [
        (0, 50, "member"),
        (0, 0, "member"),
        (1, 50, "mixed"),
        (25, 50, "mixed"),
        (26, 50, "extractor"),
    ],
)
def test_role_is_what_an_account_mostly_carries(n_own, n_all, role):
    """None of the campaign makes a member, most of it an extractor; half is mixed."""
    assert role_of(n_own, n_all) == role


def test_capability_is_the_strongest_score_or_unknown(fingerprints):
    """A row without scores is not guessed at."""
    scores = [0] * len(CAPABILITIES)
    scores[CAPABILITIES.index("vision")] = 40
    scores[CAPABILITIES.index("math")] = 60
    assert capabilities_of(fingerprints([0, 0], capabilities=[scores, None])) == ["math", UNKNOWN]
    assert capabilities_of(fingerprints([0])) == [UNKNOWN]
