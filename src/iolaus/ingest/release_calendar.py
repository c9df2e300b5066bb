"""The release calendar's file -> when each model came out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from iolaus.arrow import RELEASES
from iolaus.errors import ColumnError, InputError
from iolaus.ingest.casting import as_type, plain
from iolaus.ingest.tables import read_table


def read_releases(path: str | Path) -> pa.Table:
    """Return RELEASES, earliest first; it is written by hand, so a bad entry is an error."""
    theirs = read_table(path)
    missing = [name for name in RELEASES.names if name not in theirs.column_names]
    if missing and theirs.num_rows:
        raise ColumnError(
            f"the release calendar says no {' and no '.join(missing)}",
            where=str(path),
            remedy='write [{"model": "...", "at": "2026-03-01T00:00:00Z"}]',
        )
    if not theirs.num_rows:
        return RELEASES.empty_table()
    columns = {}
    for field in RELEASES:
        array = plain(pa.concat_arrays(theirs.column(field.name).chunks))
        columns[field.name], _, _ = as_type(array, field.type)
        if columns[field.name].null_count:
            row = columns[field.name].is_null().index(True).as_py() + 1
            raise InputError(
                f'entry {row} of the release calendar has no readable "{field.name}"',
                where=str(path),
                remedy="write times as RFC 3339, such as 2026-03-01T00:00:00Z",
            )
    table = pa.table(columns, schema=RELEASES)
    return table.sort_by([("at", "ascending"), ("model", "ascending")])
