"""The text columns hold what is needed of a text, and no text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.arrow import FINGERPRINT
from iolaus.fingerprint.content import no_weights
from iolaus.fingerprint.exact import exact_key, hash_texts
from iolaus.fingerprint.fingerprinter import TEXT_COLUMNS, Fingerprinter


def columns_of(columns: dict[str, list[str | None]]) -> pa.RecordBatch:
    """Return the text columns of a batch without observing."""
    batch = pa.record_batch({k: pa.array(v, pa.string()) for k, v in columns.items()})
    return Fingerprinter(b"key", threads=1).text_columns_of(batch)


def test_columns_are_the_published_ones() -> None:
    """Names, types and order are those of FINGERPRINT."""
    got = columns_of({"prompt": ["a text"], "system": [None]})
    assert got.schema.equals(TEXT_COLUMNS)
    for field in TEXT_COLUMNS:
        assert field.equals(FINGERPRINT.field(field.name))


def test_exact_is_the_keyed_hash_of_the_whole_prompt() -> None:
    """Equal prompts have equal hashes; one more space makes another."""
    prompts = ["same", "same", "same ", None]
    got = columns_of({"prompt": prompts}).column("exact")
    assert got.equals(hash_texts(pa.array(prompts), key=exact_key(b"key", "prompt")))
    assert got[0] == got[1] != got[2]


def test_log_without_content_has_null_columns() -> None:
    """Without prompt and system every text column is null, and templates too."""
    batch = pa.record_batch({"id": pa.array(["1", "2"])})
    printer = Fingerprinter(b"key", threads=1)
    printer.observe(batch)
    columns = printer.text_columns_of(batch)
    assert all(column.null_count == 2 for column in columns.columns)
    resolution = printer.resolve(np.zeros(2, np.int32))
    assert all(c.null_count == 2 for c in resolution.columns_of(0, len(columns)).columns)
    assert resolution.templates().num_rows == 0


def test_empty_log_gives_empty_tables() -> None:
    """No rows are no error."""
    printer = Fingerprinter(b"key", threads=1)
    batch = pa.record_batch({"prompt": pa.array([], pa.string())})
    columns = printer.text_columns_of(batch)
    assert columns.num_rows == 0
    assert printer.resolve().columns_of(0, len(columns)).num_rows == 0


def test_null_prompt_is_no_empty_prompt() -> None:
    """An absent prompt is null; an empty one has zero bytes."""
    rows = columns_of({"prompt": [None, ""], "system": [None, None]}).to_pylist()
    assert rows[0]["n_bytes"] is None
    assert rows[0]["shingles"] is None
    assert (0, 0, []) == (rows[1]["n_bytes"], rows[1]["n_words"], rows[1]["shingles"])


def test_observing_late_is_refused() -> None:
    """What is scaffold is settled before the first row is written."""
    printer = Fingerprinter(b"key", weights=no_weights(), threads=1)
    batch = pa.record_batch({"prompt": pa.array(["x"])})
    printer.text_columns_of(batch)
    with pytest.raises(RuntimeError, match="before"):
        printer.observe(batch)


def test_without_weights_scores_are_null() -> None:
    """No model, no opinion."""
    batch = pa.record_batch({"prompt": pa.array(["think step by step"])})
    got = Fingerprinter(b"key", weights=no_weights(), threads=1).text_columns_of(batch)
    assert [got.column(n).null_count for n in ("capabilities", "asks", "extraction")] == [1, 1, 1]
