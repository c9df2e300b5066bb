"""What tests of several folders share: built reports."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BUILDERS = Path(__file__).with_name("report") / "builders.py"


@pytest.fixture(scope="session")
def built() -> ModuleType:
    """Return the builders; tests are no package, so they are loaded by path."""
    spec = importlib.util.spec_from_file_location("report_builders", BUILDERS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
