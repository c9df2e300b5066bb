"""What is expected to fail is told to whoever reads the documentation, and nothing else is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

STORIES = Path(__file__).parent
LIMITS = STORIES.parents[1] / "docs" / "limits.md"


def _expected_to_fail() -> set[str]:
    """Return the names of the stories that carry an xfail mark, as a decorator or on a parameter."""
    names = set()
    for path in STORIES.glob("test_*.py"):
        for node in ast.parse(path.read_text()).body:
            marks = [ast.unparse(d) for d in getattr(node, "decorator_list", [])]
            if isinstance(node, ast.FunctionDef) and any("mark.xfail" in mark for mark in marks):
                names.add(node.name)
    return names


def test_every_expected_failure_stands_in_the_limits() -> None:
    """A limit that is lifted leaves the page, and a new one enters it."""
    told = set(re.findall(r"\| `(test_\w+)` \|", LIMITS.read_text()))
    assert _expected_to_fail() == told
