"""The page on templates says what was measured."""

import json

from benchmarks.templates import page
from iolaus.testing import check_results


def test_page_and_results_agree() -> None:
    """What page.py would write is what stands there; another figure would show."""
    path = page.HERE / "results.json"
    check_results(path)
    results = json.loads(path.read_text(encoding="utf-8"))
    assert page.page_of(results) == page.PAGE.read_text(encoding="utf-8")
    results["synthetic"]["kinds"]["slots, long slots"]["template_pairs"] = 0.5
    assert "Not reached: slots, long slots: 0.5000." in page.page_of(results)
