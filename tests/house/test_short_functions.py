"""Functions stay small."""

import ast

MOST_LINES_A_FUNCTION = 40
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring."""
    first = function.body[0]
    words = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) else 0
    return (function.end_lineno or 0) - function.lineno + 1 - words


def test_functions_are_short(library: dict[str, ast.Module], tests: dict[str, ast.Module]) -> None:
    """No function is longer than 40 lines; its docstring is for the reader, and free."""
    found = [(p, n) for p, t in (library | tests).items() for n in ast.walk(t)]
    sizes = {f"{p} {n.name}": lines_of(n) for p, n in found if isinstance(n, FUNCTIONS)}
    assert {} == {name: size for name, size in sizes.items() if size > MOST_LINES_A_FUNCTION}
