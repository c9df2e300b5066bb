"""iolaus.toml -> the settings of a scan and the names of the log's columns."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iolaus.cli.defaults import CONFIG
from iolaus.config import Settings, settings_from
from iolaus.errors import UsageError

SECTIONS = ("detection", "ingest")
INGEST = ("map",)
"""What may stand in the file; names in [detection] and [ingest.map] are checked where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What iolaus.toml says; the defaults where there is none."""

    settings: Settings
    mapping: dict[str, object] | None


def read_configuration(named: Path | None) -> Configuration:
    """
    Read the file named or, where none is named, iolaus.toml in this folder if there is one.

    Raises UsageError for a file that is missing or no TOML, and for every unknown name.
    """
    path = named or (CONFIG if CONFIG.is_file() else None)
    if path is None:
        return Configuration(settings=Settings(), mapping=None)
    settings = settings_from(path)
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    _check(content, where=str(path))
    return Configuration(settings=settings, mapping=content.get("ingest", {}).get("map"))


def _check(content: dict[str, Any], *, where: str) -> None:
    for section in content:
        if section not in SECTIONS:
            raise UsageError(
                f"there is no section [{section}]",
                where=where,
                remedy=f"choose among {', '.join(f'[{name}]' for name in SECTIONS)}",
            )
    for name in content.get("ingest", {}):
        if name not in INGEST:
            raise UsageError(
                f"[ingest] has no setting {name!r}",
                where=where,
                remedy="write [ingest.map], and in it whose column is which",
            )
