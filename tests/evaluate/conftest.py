"""Evaluations built by hand."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from iolaus.evaluate.measures import measure
from iolaus.evaluate.seeds import Evaluation

Build = Callable[..., Evaluation]


@pytest.fixture
def evaluation() -> Build:
    """Return a builder: of four campaign accounts `n_found` are found, and the firm if `wronged`."""

    def build(
        *, seed: int, n_found: int, wronged: bool = False, scenario: str = "relay"
    ) -> Evaluation:
        names = ["a0", "a1", "a2", "a3", "e1", "e2", "o1"]
        found = ["c1"] * n_found + [None] * (4 - n_found) + ["c1" if wronged else None] * 2 + [None]
        truth = pa.table(
            {
                "account": names,
                "group": ["relay"] * 4 + ["enterprise"] * 2 + ["ordinary"],
                "operator": ["op"] * 4 + ["firm"] * 2 + [None],
                "campaign": pa.array(["A"] * 4 + [None] * 3, pa.string()),
            }
        )
        ids = pa.table({"id": ["x"], "campaign": ["A"], "is_extraction": [True]})
        measures = measure(
            pa.table({"account": names, "campaign": pa.array(found, pa.string())}),
            pa.table({"id": ["x"][:n_found], "campaign": ["c1"][:n_found]}),
            truth_accounts=truth,
            truth_exchanges=ids,
        )
        return Evaluation(
            scenario=scenario,
            seed=seed,
            scale=1.0,
            has_text=True,
            n_exchanges=1,
            n_accounts=7,
            measures=measures,
        )

    return build
