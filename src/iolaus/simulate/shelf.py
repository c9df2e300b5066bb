"""A folder of prompt families (Parquet) -> decks that scripts deal from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from iolaus.errors import ColumnError, EmptyError, InputError

Array = NDArray[Any]
_COLUMNS = ("text", "system", "family", "side", "capability", "template_id", "lang")


class Deck:
    """Prompts in a drawn order; dealing goes on where the last deal stopped."""

    def __init__(self, rng: np.random.Generator, prompts: Array, *, systems: Array) -> None:
        order = rng.permutation(len(prompts))
        self._prompts, self._systems = prompts[order], systems[order]
        self._next = 0

    def __len__(self) -> int:
        return len(self._prompts)

    def at(self, index: Array) -> tuple[Array, Array]:
        """Return the prompts at places in the deck."""
        return self._prompts[index], self._systems[index]

    def deal(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        """Return `n` prompts, none twice until all were dealt, then from a fresh shuffle."""
        index: list[Array] = []
        while n > 0:
            step = np.arange(self._next, min(self._next + n, len(self)))
            index.append(step)
            n -= len(step)
            self._next += len(step)
            if self._next == len(self):
                self._next = 0
                order = rng.permutation(len(self))
                drawn = [self.at(np.concatenate(index))]
                self._prompts, self._systems = self._prompts[order], self._systems[order]
                rest = self.deal(rng, n) if n > 0 else None
                parts = [*drawn, rest] if rest is not None else drawn
                return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
        return self.at(np.concatenate(index) if index else np.zeros(0, dtype=np.int64))


class Shelf:
    """All families of a folder, by name, side and capability."""

    def __init__(self, folder: Path) -> None:
        """Read every Parquet file in `folder`; rows without text are left out."""
        if not folder.is_dir():
            raise InputError(
                "there is no such folder of prompts",
                where=str(folder),
                remedy="give --prompts a folder of Parquet files with the columns "
                + ", ".join(_COLUMNS),
            )
        files = sorted(folder.glob("*.parquet"))
        if not files:
            raise EmptyError(
                "the folder holds no Parquet file",
                where=str(folder),
                remedy="put one file a family there",
            )
        table = pa.concat_tables([_read(path) for path in files])
        columns = {name: np.array(table[name].to_pylist(), dtype=object) for name in _COLUMNS}
        filled = np.array([bool(t and t.strip()) for t in columns["text"]], dtype=bool)
        if not filled.any():
            raise EmptyError("no row has a text", where=str(folder), remedy="fill the column text")
        self._columns = {name: values[filled] for name, values in columns.items()}
        self._columns["system"] = np.array(
            [s or None for s in self._columns["system"]], dtype=object
        )

    def families(self, *, side: str, capability: str | None = None) -> list[str]:
        """Return the families of a side, those with a capability in at least half of their rows."""
        names = self._columns["family"]
        chosen = []
        for family in sorted(set(names[self._columns["side"] == side])):
            fits = self._columns["capability"][names == family] == capability
            if capability is None or float(fits.mean()) >= 0.5:
                chosen.append(str(family))
        return chosen

    def deck(
        self, rng: np.random.Generator, families: list[str], *, lang: str | None = None
    ) -> Deck | None:
        """Return a shuffled deck of some families, or None where nothing is left."""
        rows = np.isin(self._columns["family"], families)
        if lang is not None:
            rows &= self._columns["lang"] == lang
        return self._deck(rng, rows)

    def template_deck(self, rng: np.random.Generator, family: str) -> Deck | None:
        """Return the rows of one of the family's larger templates."""
        rows = np.flatnonzero(self._columns["family"] == family)
        if not len(rows):
            return None
        names, counts = np.unique(
            self._columns["template_id"][rows].astype(str), return_counts=True
        )
        large = names[counts >= min(10, counts.max())]
        chosen = str(large[rng.integers(0, len(large))])
        return self._deck(rng, rows[self._columns["template_id"][rows].astype(str) == chosen])

    def _deck(self, rng: np.random.Generator, rows: Array) -> Deck | None:
        prompts = self._columns["text"][rows]
        return Deck(rng, prompts, systems=self._columns["system"][rows]) if len(prompts) else None


def _read(path: Path) -> pa.Table:
    try:
        present = set(pq.read_schema(path).names)
        missing = [name for name in _COLUMNS if name not in present]
        if missing:
            raise ColumnError(
                "the prompt family has no column " + ", ".join(missing),
                where=str(path),
                remedy="write the columns " + ", ".join(_COLUMNS),
            )
        table = pq.read_table(path, columns=list(_COLUMNS))
        return table.cast(pa.schema([(name, pa.string()) for name in _COLUMNS]))
    # Arrow says "not implemented" of a column that no cast turns into words.
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise InputError(
            "the prompt family cannot be read as Parquet", where=str(path), remedy="write it again"
        ) from error
