"""The catalogue -> a table or JSON: `iolaus plugins`."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from iolaus.cli.terminal import print_bytes, print_table, results

KINDS = ("sources", "signals", "safeguards", "engines", "providers")
"""What can be added to Iolaus, in the order in which data meets it."""


def plugins(*, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """
    List the formats, signals and engines that are here, built in or installed beside.

    ```
    iolaus plugins
    iolaus plugins --json
    ```

    Parameters
    ----------
    json
        Print {sources, signals, safeguards, engines, providers}, each a list of
        {name, version, summary}.
    """
    found = {kind: rows_of(kind) for kind in KINDS}
    if json:
        import msgspec

        print_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
        return 0
    console = results()
    for kind, rows in found.items():
        if rows:
            cells = [(row["name"], str(row["version"]), row["summary"]) for row in rows]
            print_table(
                console, kind.capitalize(), columns=("name", "version", "summary"), rows=cells
            )
    return 0


def rows_of(kind: str) -> list[dict[str, Any]]:
    """Return name, version and summary of a kind's plug-ins."""
    from iolaus import catalog

    listed: tuple[Any, ...] = getattr(catalog, kind)()
    return [{"name": p.name, "version": p.version, "summary": p.summary} for p in listed]
