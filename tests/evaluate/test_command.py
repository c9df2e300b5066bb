"""`iolaus evaluate` refuses what cannot work before it simulates anything."""

import pytest

from iolaus.cli.evaluate import EvaluateOptions, evaluate
from iolaus.errors import UsageError


@pytest.mark.parametrize(
    ("what", "options", "says"),
    [
        ((), EvaluateOptions(), "nothing was named"),
        (("relay",), EvaluateOptions(scale=0.0), "leaves nothing"),
        (("relay",), EvaluateOptions(accounts="a.csv"), "log of your own"),
        (("logs",), EvaluateOptions(truth="t.csv", seed=(1,)), "go with scenarios"),
    ],
)
def test_bad_usage_says_what_to_do(
    what: tuple[str, ...], options: EvaluateOptions, says: str
) -> None:
    """Options of the one way do not go with the other."""
    with pytest.raises(UsageError, match=says):
        evaluate(*what, options=options)
