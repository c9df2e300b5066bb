"""Every source file, read and parsed once."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def parsed(folder: Path) -> dict[str, ast.Module]:
    """Return {path below `folder`: its tree}."""
    return {
        path.relative_to(folder).as_posix(): ast.parse(path.read_bytes())
        for path in sorted(folder.rglob("*.py"))
    }


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def library() -> dict[str, ast.Module]:
    """Return the library's files below src/iolaus."""
    return parsed(ROOT / "src" / "iolaus")


@pytest.fixture(scope="session")
def tests() -> dict[str, ast.Module]:
    """Return the test files below tests."""
    return parsed(ROOT / "tests")
