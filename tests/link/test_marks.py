"""Marks: what a network is known by when its accounts are gone, and what anybody may hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from iolaus.arrow import TIE
from iolaus.link.marks import MOST_CONTROLLED, holders_of, marks_of
from iolaus.link.views import View, view_of


def view(pairs: list[tuple[int, int]], *, name: str = "payment", controlled: bool = True) -> View:
    """Return a view of (account, value) pairs among a thousand accounts."""
    columns = {
        field.name: pa.nulls(len(pairs), field.type)
        for field in TIE
        if field.name not in ("account", "value")
    }
    account, value = zip(*pairs, strict=True)
    table = pa.table({"account": pa.array(account), "value": pa.array(value), **columns})
    return view_of(table, 1000, name=name, version=1, family="money", controlled=controlled)


def test_rare_controlled_values_are_marks():
    """Most widely held first; a card of one member counts as well as a batch."""
    pairs = [(0, 77), (1, 77), (2, -5), (500, -5)]
    marks = marks_of(np.arange(3), [view(pairs)])
    assert [(2, 0), (1, 1)] == [(m.n_accounts, m.n_outside) for m in marks]
    assert [f"{77:016x}", f"{2**64 - 5:016x}"] == [m.value for m in marks]
    assert all(m.controlled and m.view == "payment" for m in marks)


def test_what_nine_strangers_hold_is_no_mark():
    """Eight outside are few, nine are a public."""
    held = [(0, 1), (1, 1), *((100 + i, 1) for i in range(9))]
    assert () == marks_of(np.arange(2), [view(held)])
    assert 1 == len(marks_of(np.arange(2), [view(held[:-1])]))


def test_a_client_or_an_address_is_no_mark_and_a_shared_scaffold_is():
    """Of what anybody can adopt only the recipe is remembered, and only where two share it."""
    pairs = [(0, 1), (1, 1), (0, 2)]
    members = np.arange(2)
    assert () == marks_of(members, [view(pairs, name="client", controlled=False)])
    (mark,) = marks_of(members, [view(pairs, name="template", controlled=False)])
    assert (2, False) == (mark.n_accounts, mark.controlled)


def test_a_large_network_keeps_a_bounded_number_of_marks():
    """The store stays small: the most widely held values stay, the same ones every time."""
    pairs = [(i % 900, i) for i in range(900)] + [(901, 5), (902, 5)]
    marks = marks_of(np.arange(950), [view(pairs)])
    assert MOST_CONTROLLED == len(marks)
    assert 3 == marks[0].n_accounts


def test_holders_are_the_members_that_hold_a_mark():
    """By name, in whatever order members stand; who holds it outside is not among them."""
    views = [view([(3, 77), (1, 77), (2, -5), (500, -5)])]
    members = np.array([1, 2, 3])
    marks = marks_of(members, views)
    held = holders_of(marks, members, ["one", "two", "three"], views)
    assert {f"{77:016x}": {"one", "three"}, f"{2**64 - 5:016x}": {"two"}} == {
        value: set(names) for (_, value), names in held.items()
    }
