"""Batches of exchanges -> the text columns of FINGERPRINT, then templates for all of them.

    printer = Fingerprinter(key)
    for batch in sample:                       # 1. learn which shingles are scaffold
        printer.observe(batch)
    for batch in exchanges:                    # 2. everything about one text alone
        columns = printer.text_columns_of(batch)      # TEXT_COLUMNS, rows in order
        write_part(columns, ...)
    resolution = printer.resolve(accounts)     # 3. what needs all texts; accounts: int32 per row
    for start, part in parts_in_the_same_order:
        columns = resolution.columns_of(start, part.num_rows)      # TEMPLATE_COLUMNS
    templates = resolution.templates()         # the TEMPLATES table, after the last part

Between 2 and 3 it holds 8 bytes per row, 156 bytes per distinct text, and a sample of texts'
shingles in 35 MB. Rows are numbered in
the order of the `text_columns_of` calls. Batches need `prompt` and `system` only, and neither
if the log has no content: then every text column is null.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iolaus.arrow import FINGERPRINT
from iolaus.fingerprint.content import Weights, load_weights, scores_of
from iolaus.fingerprint.exact import exact_key, hash_texts
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.resolution import DistinctTexts, Resolution
from iolaus.fingerprint.skeleton import Skeletons
from iolaus.fingerprint.sketch import RunCounts, Sketch
from iolaus.fingerprint.text import (
    Scaffold,
    TextFeatures,
    everything,
    keys_of,
    model_of,
    read_text,
    scaffold_of,
)

TEXT_COLUMNS = pa.schema(
    [
        FINGERPRINT.field(name)
        for name in (
            "exact",
            "shingles",
            "novelty",
            "capabilities",
            "asks",
            "extraction",
            "script",
            "n_bytes",
            "n_words",
            "structure",
        )
    ]
)
"""What `text_columns_of` returns."""


class Fingerprinter:
    """Turns the text of exchanges into columns that hold no text."""

    def __init__(
        self,
        key: bytes,
        *,
        weights: Weights | None = None,
        limits: TemplateLimits | None = None,
        prior: Sketch | None = None,
        threads: int | None = None,
    ) -> None:
        self._exact = {tag: exact_key(key, tag) for tag in ("prompt", "system")}
        self._keys = keys_of(key)
        self._weights = weights or load_weights()
        self._model = model_of(self._weights)
        self._limits = limits or TemplateLimits()
        self._threads = threads
        self._counts: RunCounts | None = RunCounts(self._limits, keys=self._keys, prior=prior)
        self._learned: Sketch | None = None
        self._scaffold = everything()
        self._bare = everything()
        self._prompts = DistinctTexts(self._limits)
        self._systems = DistinctTexts(self._limits)
        self._skeletons = Skeletons(self._keys, self._limits)

    def observe(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Learn from a batch which shingles are scaffold; after `observed_rows` rows, do nothing.

        Pass a sample of the whole log, not its first hours: a scaffold that is not in the
        sample is found by its whole text only.
        """
        if self._counts is None:
            raise RuntimeError("observe comes before text_columns_of")
        missing = self._limits.observed_rows - self._counts.n_rows
        if missing > 0:
            at = batch.column("at") if "at" in batch.schema.names else None
            self._counts.add(_column(batch, "prompt").slice(0, missing), at)

    def text_columns_of(self, batch: pa.RecordBatch | pa.Table) -> pa.RecordBatch:
        """Return TEXT_COLUMNS for the rows of a batch, and remember their signatures."""
        if self._counts is not None:
            self._scaffold = scaffold_of(self._counts.levels())
            self._learned = self._counts.learned()
            n_rows = self._counts.n_rows
            self._skeletons = Skeletons(self._keys, self._limits, n_rows=n_rows)
            self._counts = None
        prompt, system = _column(batch, "prompt"), _column(batch, "system")
        exact = hash_texts(prompt, key=self._exact["prompt"])
        features = self._read(prompt, self._scaffold)
        self._prompts.add(exact, features)
        self._skeletons.add(prompt, exact, features=features, scaffold=self._scaffold)
        sums, n_features = self._read_system(system)
        scores = scores_of(
            self._weights,
            sums=features.sums + sums,
            n_features=features.n_features + n_features,
            structure=features.structure,
        )
        absent = prompt.is_null().to_numpy(zero_copy_only=False)
        bare = absent & system.is_null().to_numpy(zero_copy_only=False)
        columns = {
            "exact": exact,
            "shingles": _filled(features.sample, features.n_sampled, ~absent),
            "novelty": _filled(features.novelty, features.n_novel, features.n_novel >= 0),
            "capabilities": _lists(scores.capabilities if scores else None, bare),
            "asks": _lists(scores.asks if scores else None, bare),
            "extraction": pa.array(scores.extraction, mask=bare)
            if scores
            else pa.nulls(len(bare), pa.int8()),
            "script": pa.array(features.script, mask=absent),
            "n_bytes": pa.array(features.n_bytes.astype(np.int32), mask=absent),
            "n_words": pa.array(features.n_words, mask=absent),
            "structure": pa.array(features.structure, mask=absent),
        }
        return pa.RecordBatch.from_arrays(
            [columns[name] for name in TEXT_COLUMNS.names], schema=TEXT_COLUMNS
        )

    def learned(self) -> Sketch | None:
        """Return what this log and those before it taught, for the next; None before any text."""
        return self._learned

    def resolve(self, accounts: npt.NDArray[np.int32] | None = None) -> Resolution:
        """Group all rows seen so far; `accounts` gives each row's account, to count holders."""
        return Resolution(
            self._prompts,
            self._systems,
            accounts=accounts,
            limits=self._limits,
            skeletons=self._skeletons,
        )

    def _read(self, text: pa.Array, scaffold: Scaffold) -> TextFeatures:
        return read_text(
            text,
            keys=self._keys,
            scaffold=scaffold,
            model=self._model,
            limits=self._limits,
            threads=self._threads,
        )

    def _read_system(self, system: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Read each distinct system prompt of the batch once; return sums and feature counts."""
        coded = system.dictionary_encode()
        hashed = hash_texts(coded.dictionary, key=self._exact["system"])
        features = self._read(coded.dictionary, self._bare)
        exact = hashed.take(coded.indices)
        at = coded.indices.fill_null(-1).to_numpy()
        self._systems.add(exact, features, at=at)
        # Row -1, where there is no system prompt, is an appended row of zeros.
        sums = np.vstack([features.sums, np.zeros((1, features.sums.shape[1]), np.int32)])
        return sums[at], np.append(features.n_features, np.int32(0))[at]


def _column(batch: pa.RecordBatch | pa.Table, name: str) -> pa.Array:
    """Return a text column as one wide array; all null where the batch lacks it.

    Bytes stay bytes: text that is no valid UTF-8 is read as it stands.
    """
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.large_string())
    column = batch.column(name)
    raw = pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)
    wide = pa.large_binary() if raw else pa.large_string()
    if isinstance(column, pa.ChunkedArray):
        return column.cast(wide).combine_chunks()
    return column.cast(wide)


def _filled(
    values: npt.NDArray[np.int32], n: npt.NDArray[np.int32], given: npt.NDArray[np.bool_]
) -> pa.ListArray:
    """Return the first n values of each row as list<int32>, null where a row is not given."""
    sizes = np.where(given, n, 0)
    offsets = np.zeros(sizes.size + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    taken = values[np.arange(values.shape[1]) < sizes[:, None]]
    return _nulled(pa.ListArray.from_arrays(pa.array(offsets), pa.array(taken)), ~given)


def _nulled(lists: pa.ListArray, absent: npt.NDArray[np.bool_]) -> pa.ListArray:
    """Make the list of an absent text null."""
    if not absent.any():
        return lists
    offsets = pa.array(lists.offsets.to_numpy(), mask=np.append(absent, False))
    return pa.ListArray.from_arrays(offsets, lists.values)


def _lists(scores: npt.NDArray[np.int8] | None, absent: npt.NDArray[np.bool_]) -> pa.ListArray:
    """Return rows of scores as list<int8>; all null where there are none."""
    if scores is None:
        return pa.nulls(len(absent), pa.list_(pa.int8()))
    width = scores.shape[1]
    offsets = pa.array(np.arange(len(scores) + 1, dtype=np.int32) * width)
    return _nulled(pa.ListArray.from_arrays(offsets, pa.array(scores.ravel())), absent)
