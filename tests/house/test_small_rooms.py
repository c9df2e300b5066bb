"""Files stay small, are named for what they hold, and open with a sentence."""

import ast
from pathlib import Path

MOST_LINES_A_FILE = 400
SAYS_NOTHING = {"utils", "util", "helpers", "misc", "common", "manager", "base", "core"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def test_files_are_short(root: Path) -> None:
    """No Python file, tests included, is longer than 400 lines."""
    files = [
        p
        for top in ("src", "tests", "benchmarks")
        for p in (root / top).rglob("*.py")
        if ".venv" not in p.parts
    ]
    lengths = {p.relative_to(root).as_posix(): len(p.read_bytes().splitlines()) for p in files}
    assert {} == {name: n for name, n in lengths.items() if n > MOST_LINES_A_FILE}


def test_names_say_what_is_inside(library: dict[str, ast.Module]) -> None:
    """No file and no folder is called utils, helpers, base or the like."""
    parts = {part for path in library for part in path.removesuffix(".py").split("/")}
    assert parts & SAYS_NOTHING == set()


def test_modules_open_with_a_sentence(
    library: dict[str, ast.Module], tests: dict[str, ast.Module]
) -> None:
    """Every file says first what comes in and what goes out."""
    assert [] == [p for p, t in (library | tests).items() if t.body and not ast.get_docstring(t)]


def test_tests_are_sentences(tests: dict[str, ast.Module]) -> None:
    """Every test says in words what it expects."""
    found = [(p, n) for p, t in tests.items() for n in ast.walk(t) if isinstance(n, FUNCTIONS)]
    named = [(p, n) for p, n in found if n.name.startswith("test_")]
    assert [] == [f"{p}:{n.name}" for p, n in named if not ast.get_docstring(n)]
