"""Asking for help costs no heavy library."""

import subprocess
import sys

import pytest

HEAVY = ("pyarrow", "numba", "duckdb", "sklearn", "scipy", "sknetwork", "numpy")
LOOK = f"import sys; print([m for m in {HEAVY!r} if m in sys.modules])"


@pytest.mark.parametrize(
    "action",
    [
        "import iolaus",
        "from iolaus.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
    ],
    ids=["import", "help"],
)
def test_heavy_libraries_are_not_loaded(action: str) -> None:
    """Neither `import iolaus` nor `iolaus --help` loads one of them."""
    done = subprocess.run(
        [sys.executable, "-c", f"{action}\n{LOOK}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
