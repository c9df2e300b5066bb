"""Imports point down, counting those inside functions and under TYPE_CHECKING."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

FLOORS = (
    "errors schema",
    "arrow",
    "config",
    "contracts",
    "simulate fingerprint lake store sequential",
    "ingest link campaign verify share respond report signals engines",
    "catalog",
    "pipeline",
    "monitor",
    "evaluate testing",
    "console",
    "service",
    "cli",
    "__main__",
)
"""From the ground up; two on one floor do not know each other."""
FLOOR = {package: n for n, floor in enumerate(FLOORS) for package in floor.split()}


def module_of(path: str) -> str:
    """Turn link/growth.py into link.growth, and link/__init__.py into link."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def imports_of(tree: ast.Module, modules: set[str]) -> set[str]:
    """Return the library's modules that a file imports anywhere; the root's names are the door's."""
    named = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import from iolaus, not from dots"
            named |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {name.removeprefix("iolaus.") for name in named if name.startswith("iolaus.")}
    return {name if name in modules else name.rpartition(".")[0] for name in ours} - {""}


@pytest.fixture(scope="module")
def graph(library: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return {module: modules it imports}, without the door `iolaus/__init__.py`."""
    files = {module_of(path): tree for path, tree in library.items() if path != "__init__.py"}
    return {name: imports_of(tree, set(files)) for name, tree in files.items()}


def test_every_module_has_a_floor(graph: dict[str, set[str]]) -> None:
    """A new package is given its place before it is given code."""
    assert {name.partition(".")[0] for name in graph} <= set(FLOOR)


def test_imports_point_down(graph: dict[str, set[str]]) -> None:
    """No module knows a floor above it, nor a neighbour on its own."""
    pairs = [(a, b) for a, known in graph.items() for b in known]
    tops = [(a, b, a.partition(".")[0], b.partition(".")[0]) for a, b in pairs]
    assert [] == [f"{a} -> {b}" for a, b, x, y in tops if x != y and FLOOR[y] >= FLOOR[x]]


def test_no_module_meets_itself(graph: dict[str, set[str]]) -> None:
    """There is no cycle, inside a package either."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
