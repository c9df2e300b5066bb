"""Records say the same whatever the order in which their accounts came."""

from __future__ import annotations

import pytest

from iolaus.campaign.records import role_of


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
