"""The structure bits say how a text is laid out."""

from __future__ import annotations

import pyarrow as pa
import pytest

from iolaus.fingerprint.shape import STRUCTURE, names_of
from iolaus.fingerprint.text import structure_of

CASES = {
    "code_fence": ("```python\nx\n```", "a `b` c"),
    "numbered_list": ("1. one\n2) two", "1. one"),
    "bullets": ("- one\n* two", "- one\nand - two"),
    "header": ("### Task\nwords", "#hashtag words"),
    "json": ('{"a": 1}', "{a}"),
    "xml_tag": ("<doc>words</doc>", "a < b / c"),
    "table": ("|a|b|\n|1|2|", "a | b"),
    "url": ("see https://example.org", "see example.org"),
    "latex": (r"so \frac{1}{2}", r"C:\dir"),
    "question_end": ("is it so? \n", "is it so? yes"),
    "colon_end": ("Answer:", "Answer: yes"),
    "grade_contract": ("on a scale of 1-10", "call 555-0100 now"),
    "quoted_block": ("> said she\nand so", "a > b"),
    "labels": ("Question: a\nAnswer: b", "Note: one only"),
    "sections": ("[Start]\nwords\n[End]", "[Start] words"),
    "slot_left": ("write about {topic} now", "write about {a, b} now"),
    "paragraphs": ("a\n\nb\n\nc\n\nd", "a\n\nb"),
    "code": ("def f(x):\nimport os\n", "definitely words\nimportant words"),
    "many_lines": ("a\n" * 25, "a\n" * 5),
}


def structure(text: str) -> tuple[str, ...]:
    """Return the names of the bits of one text."""
    return names_of(int(structure_of(pa.array([text]))[0]))


@pytest.mark.parametrize("name", STRUCTURE)
def test_each_bit_is_set_by_its_own_and_not_by_its_twin(name: str) -> None:
    """Every layout is seen, and what only resembles it is not."""
    present, absent = CASES[name]
    assert name in structure(present)
    assert name not in structure(absent)


@pytest.mark.parametrize("text", ["", " ", "\n", "plain words", "{", "\\", "<", "`", "日本語"])
def test_plain_text_has_no_structure(text: str) -> None:
    """Nothing is read into nothing."""
    assert structure(text) == ()


def test_full_width_question_mark_counts() -> None:
    """A question in Chinese is a question."""
    assert "question_end" in structure("这是什么？")
