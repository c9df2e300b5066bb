"""Busy accounts in no network: watched where their main flow asks for it, never accused."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.campaign.alone import ALONE, busiest_alone, watched
from iolaus.contracts import Background
from iolaus.schema import Evidence


class Says:
    """A pool signal that always says the same."""

    name, version, summary, family = "says", 1, "says", "text"
    claim, scope = "extraction", "pool"

    def __init__(self, bits: float) -> None:
        self.bits = bits

    def weigh(self, pool, background) -> Evidence:
        """Say it."""
        return Evidence(
            signal="says", version=1, claim="extraction", family="text", bits=self.bits, says=""
        )


@pytest.fixture
def alone(fingerprints, accounts):
    """Return a function that weighs one account with 150 exchanges of one template."""

    def weighed(bits: float, n: int = 150):
        rows = fingerprints([0] * n, family=[7] * n)
        crowd = accounts(3)
        background = Background(
            fingerprints=fingerprints([1, 2]), accounts=crowd, n_exchanges=2, n_accounts=2
        )
        return watched(
            rows,
            crowd.slice(0, 1),
            background=background,
            signals=[Says(bits)],
            innocents=[],
            prior_bits=-17.0,
        )

    return weighed


def test_busy_account_that_asks_for_training_data_is_watched(alone):
    """It is named for an analyst, far below the odds of a campaign, in a network of one."""
    network, cleared = alone(5.0)
    assert (network.words, network.together, len(network.accounts)) == (ALONE, False, 1)
    assert cleared.watch and cleared.extraction_bits == pytest.approx(-12.0)


def test_busy_account_that_asks_what_others_ask_is_left_alone(alone):
    """The same volume with weaker evidence is no lead; nor is strong evidence on few exchanges."""
    assert alone(3.0) is None
    assert alone(5.0, n=60) is None


def test_busiest_are_those_outside_every_network():
    """Members are weighed in their network; quiet accounts are not looked at."""
    table = pa.table({"n_exchanges": [500, 90, 300, 400]})
    assert busiest_alone(table, np.array([3])).tolist() == [0, 2]
