"""What the command line takes where nothing is said."""

from __future__ import annotations

from pathlib import Path

from iolaus.store import path_of

OUT = Path("iolaus-out")
STORE_FILE = "iolaus.db"
CONFIG = Path("iolaus.toml")

MAX_REJECTED_SHARE = 0.01
"""Above this share of unreadable rows the exit status is 3. One in a hundred is more than a
crashed writer or a rotated file leaves behind, so it points to a wrong format or column."""

DEMO_OUT = Path("demo-out")
DEMO_SCENARIO = "demo"
DEMO_SEED = 7
"""Any number will do; it is fixed so that everyone sees the same demonstration."""

SHOWN_ROWS = 20
"""Rows of a table on the terminal; the report holds them all."""


def store_url(out: Path) -> str:
    """Return the store that a scan into `out` keeps."""
    return f"sqlite:///{out / STORE_FILE}"


def sketch_beside(url: str) -> Path:
    """Return where a scan keeps what its logs taught about templates: beside its store."""
    path = path_of(url)
    return path.with_name(f"{path.name}.sketch")
