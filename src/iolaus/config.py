"""Every number that can be turned, its default, what it means and where it came from.

Read from `[detection]` and `[ingest]` in iolaus.toml; unknown names are errors.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a scan."""

    memory: str = "3GB"
    """What DuckDB may hold before it spills; leaves a 4 GiB machine room for the kernel."""
