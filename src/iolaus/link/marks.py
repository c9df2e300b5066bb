"""Members and views -> the values by which the network is known again when its accounts are gone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from iolaus.link.views import Ints, View
from iolaus.schema import Mark

MOST_OUTSIDE = 8  # more strangers than a household and its friends: no mark of anybody
MOST_CONTROLLED = 256  # cards of a pool of a thousand that fill in batches of four
MOST_ADOPTABLE = 16
RECIPE = "template"  # the one adoptable view that is worth remembering: a scaffold of one's own


def marks_of(members: Ints, views: Sequence[View]) -> tuple[Mark, ...]:
    """
    Return the rare values that members hold, most widely held first, view by view.

    Of controlled views all that at most eight accounts outside hold, up to 256; of the
    template view up to 16. Of the others none: a client or an address is anybody's.
    """
    marks: list[Mark] = []
    for view in views:
        if view.controlled or view.name == RECIPE:
            marks += _marks_in(view, members)
    return tuple(marks)


def _marks_in(view: View, members: Ints) -> list[Mark]:
    held = np.concatenate(
        [
            view.held[view.start_of_account[a] : view.start_of_account[a + 1]]
            for a in members.tolist()
        ]
        or [view.held[:0]]
    )
    value, n_inside = np.unique(held, return_counts=True)
    n_outside = view.n_holders[value] - n_inside
    rare = n_outside <= MOST_OUTSIDE
    if not view.controlled:
        rare &= n_inside >= 2
    value, n_inside, n_outside = value[rare], n_inside[rare], n_outside[rare]
    most = MOST_CONTROLLED if view.controlled else MOST_ADOPTABLE
    order = np.lexsort((view.values[value], -n_inside))[:most]
    return [
        Mark(
            view=view.name,
            value=f"{int(view.values[value[i]]) & (2**64 - 1):016x}",
            n_accounts=int(n_inside[i]),
            n_outside=int(n_outside[i]),
            controlled=view.controlled,
        )
        for i in order
    ]


def holders_of(
    marks: Sequence[Mark], members: Ints, names: Sequence[str], views: Sequence[View]
) -> dict[tuple[str, str], frozenset[str]]:
    """Return which members, by name, hold each mark; `names` in the order of `members`."""
    by_view = {view.name: view for view in views}
    name_of = dict(zip(members.tolist(), names, strict=True))
    out = {}
    for mark in marks:
        view = by_view[mark.view]
        number = int(mark.value, 16)
        at = np.searchsorted(view.values, number - 2**64 if number >= 2**63 else number)
        holders = view.holders[view.start_of_value[at] : view.start_of_value[at + 1]]
        out[mark.view, mark.value] = frozenset(name_of[a] for a in holders.tolist() if a in name_of)
    return out
