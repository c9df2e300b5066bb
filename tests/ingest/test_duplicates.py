"""Hashes of ids -> which were seen before."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from iolaus.ingest.duplicates import SeenIds

BATCHES = st.lists(st.lists(st.integers(-40, 40), max_size=20), max_size=20)


@settings(deadline=None)
@given(batches=BATCHES)
def test_first_seen_is_what_a_set_would_say(batches: list[list[int]]) -> None:
    """Within a batch and across batches the first one counts."""
    seen, known = SeenIds(), set[int]()
    for batch in batches:
        expected = []
        for value in batch:
            expected.append(value not in known)
            known.add(value)
        assert seen.first_seen(np.array(batch, np.int64)).tolist() == expected
    assert seen.n_seen == len(known)


def test_memory_is_eight_bytes_an_id_in_few_runs() -> None:
    """A thousand batches lie in about ten sorted runs."""
    seen = SeenIds()
    rng = np.random.default_rng(0)
    for _ in range(1000):
        seen.first_seen(rng.integers(-(2**62), 2**62, 100))
    assert seen.n_seen == 100_000
    assert len(seen._runs) <= 12
