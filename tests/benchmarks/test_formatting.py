"""What length and layout see of a text is nothing that it says."""

import numpy as np

from benchmarks.content.formatting import layout_of, lengths_of


def test_layout_does_not_read() -> None:
    """Other letters in the same places leave everything the same."""
    text = "# Task\n- one: two?\n1. Three\n```x```"
    other = text.translate(str.maketrans("aeiousk", "uoieaqb"))
    assert text != other
    assert np.array_equal(layout_of([text]), layout_of([other]))
    assert np.array_equal(lengths_of([text]), lengths_of([other]))


def test_layout_sees_marks() -> None:
    """A heading, a fence or a number that goes is noticed."""
    marked, bare = "# Task\n```x```\n1. a\n2. b", "Task\nx\na\nb"
    assert not np.array_equal(layout_of([marked]), layout_of([bare]))


def test_layout_does_not_see_length() -> None:
    """The same page twice as long has the same marks a thousand characters."""
    page = "- one\n- two, three.\n"
    assert np.allclose(layout_of([page * 20]), layout_of([page * 40]), atol=0.05)


def test_empty_text_is_defined() -> None:
    """Nothing is counted of nothing."""
    assert 0.0 == layout_of([""]).sum() == lengths_of([""]).sum()
    assert (0, layout_of(["x"]).shape[1]) == layout_of([]).shape
