"""Whatever stands in a prompt column, every row gets something defined, and no more is read."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest

from iolaus.fingerprint.fingerprinter import TEXT_COLUMNS, Fingerprinter
from iolaus.fingerprint.text import keys_of, pairs_of

KEY = b"operator"
EVERY_SCRIPT = [
    "Plain words in a row that say nothing much at all",
    "Ça déjà vu où naïveté größer übermäßig",
    "Ответь на вопрос подробно и по шагам, пожалуйста",
    "请一步一步地思考，然后给出最终答案。",
    "ステップごとに考えて、最後に答えを書いてください。",
    "단계별로 생각한 다음 최종 답을 쓰십시오",
    "فكر خطوة بخطوة ثم اكتب الجواب النهائي",
    "चरण दर चरण सोचें और अंतिम उत्तर लिखें",
    "คิดทีละขั้นตอนแล้วเขียนคำตอบสุดท้าย",
    "Σκέψου βήμα προς βήμα και γράψε την απάντηση",
    "חשוב צעד אחר צעד וכתוב את התשובה הסופית",
    "ជំហានម្តងមួយៗ", "အဆင့်ဆင့် စဉ်းစားပါ", "ລອງຄິດເທື່ອລະຂັ້ນ",
    "😀😃😄 🇨🇭 👩‍👩‍👧", "\u202eright to left\u202c", "e\u0301 combining a\u0300",
]  # fmt: skip


def printed(prompts: pa.Array | pa.ChunkedArray) -> pa.RecordBatch:
    """Return the text columns of a column of prompts."""
    table = pa.table({"prompt": prompts})
    printer = Fingerprinter(KEY, threads=1)
    printer.observe(table)
    columns = printer.text_columns_of(table)
    assert columns.schema.equals(TEXT_COLUMNS)
    assert columns.num_rows == len(prompts)
    return columns


def test_every_script_in_one_batch_is_read_as_alone() -> None:
    """Neighbours of another script change nothing, and no script is without words."""
    together = printed(pa.array(EVERY_SCRIPT * 3)).slice(0, len(EVERY_SCRIPT)).to_pylist()
    for row, text in zip(together, EVERY_SCRIPT, strict=True):
        alone = printed(pa.array([text] * 3)).slice(0, 1).to_pylist()[0]
        assert alone == row | {"novelty": alone["novelty"]}
        assert row["n_words"] > 0


def test_scripts_without_spaces_have_as_many_words_as_characters() -> None:
    """A Chinese sentence of twelve characters has twelve words; a comma is none of them."""
    counts = printed(pa.array(["请一步一步地思考，然后给出", "คิดทีละ", "one two three"]))
    assert counts.column("n_words").to_pylist() == [12, 7, 3]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b"\0" * 5000,
        b"words\0with\0nothing\0between\0them\0that\0is\0a\0space",
        b"\xff\xfe\xfd" * 100,
        b"\xc3",
        b"ends in the middle of \xe6\x97",
        b"\xf0\x9f\x98",
        b"\xed\xa0\x80\xed\xb0\x80 surrogates",
        b"overlong \xc0\xaf\xe0\x80\xaf",
        "\ufeff\u200b\u2028".encode(),
        b"latin one: caf\xe9 na\xefve",
    ],
)
def test_bytes_that_are_no_text_are_read_as_they_stand(plain: ModuleType, raw: bytes) -> None:
    """Neither a failure nor a byte of the next row, which is the same beside any neighbour."""
    good = b"a row of good words beside it still counts as ever"
    columns = printed(pa.array([good, raw, good], pa.large_binary())).to_pylist()
    assert columns[0] == columns[2]
    assert len(plain.read_of(raw, keys_of(KEY)).words) == columns[1]["n_words"]
    assert len(raw) == columns[1]["n_bytes"]


def test_fifty_megabytes_cost_what_their_windows_cost(writer) -> None:
    """Beyond head, middle and tail only the hash of the whole text notices a change."""
    filler = writer.words(60_000).encode()
    huge = filler * (50_000_000 // len(filler) + 1)
    at = len(huge) // 4
    other = huge[:at] + b"unread" + huge[at + 6 :]
    first, second = printed(pa.array([huge, other], pa.large_binary())).to_pylist()
    assert first["exact"] != second["exact"]
    assert first | {"exact": 0} == second | {"exact": 0}
    assert len(huge) == first["n_bytes"]
    assert abs(first["n_words"] / len(huge.split()) - 1) < 0.1


def test_text_of_nothing_but_collisions_is_a_text_of_one_word() -> None:
    """To the kernel, words that share a hash are one word: the worst that such a text can be.

    Where a key decides where something is put, nobody without it can make two shingles meet.
    """
    rows = printed(pa.array(["again " * 170_000, "again again again"])).to_pylist()
    assert all(len(row["shingles"]) <= 1 for row in rows)
    assert rows[0]["shingles"] == rows[1]["shingles"]


@pytest.mark.parametrize(
    "column",
    [
        pa.nulls(3, pa.string()),
        pa.nulls(3),
        pa.chunked_array([], pa.string()),
        pa.array(["the same words", None, ""]).dictionary_encode(),
        pa.array(["the same words", None, ""], pa.string_view()),
        pa.chunked_array([["the same words"], [], [None, ""]]),
    ],
)
def test_columns_of_nulls_codes_views_and_chunks_are_read(column: pa.Array) -> None:
    """A null is no text, an empty text is one, however Arrow holds them."""
    got = printed(column)
    absent = [value is None for value in column.to_pylist()]
    assert absent == [row["exact"] is None for row in got.to_pylist()]
    assert absent == [row["n_words"] is None for row in got.to_pylist()]


def test_public_pairs_of_two_rows_stand_apart() -> None:
    """No pair reaches from one row into the next."""
    indptr, pairs = pairs_of(pa.array(["one two three", "", "one two", "alone"]))
    assert np.diff(indptr).tolist() == [2, 0, 1, 1]
    assert pairs[0] == pairs[2]
