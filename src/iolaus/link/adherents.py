"""A network run together -> whoever else uses its own recipe, and has no other hand.

A pool that pays for half of its accounts with a few instruments ties only that half. The
other half shows nothing but the recipe. Of a recipe whose users are mostly members, a further
user is likelier than not a member too; of a public one, he is not.
"""

from __future__ import annotations

import numpy as np

from iolaus.link.growth import member_threshold
from iolaus.link.pieces import users_of_own_recipe
from iolaus.link.views import Bools, Ints, View
from iolaus.link.weights import Weigher

ENOUGH = 16  # members whose recipe it is; of fewer, the share of strangers among users is a guess


def adherents_of(weigher: Weigher, members: Ints, *, taken: Bools) -> Ints:
    """
    Return the accounts that adhere to a network by its recipe, ascending.

    The recipe is a value of text that nearly all members use, and at least half of whose users
    are members by other evidence. An adherent is in no other network (`taken`), shares no
    controlled value with anybody outside, which would be another hand, uses little else, and
    is likelier than not a member by all that is weighed. A firm's seats and its compatriots share
    prompts, but no prompt is what nearly all of the seats use, and the compatriots use others.
    """
    if len(members) < ENOUGH:
        return members[:0]
    found = np.setdiff1d(users_of_own_recipe(weigher, members), members)
    found = found[~taken[found]]
    for view in weigher.views:
        if view.controlled and len(found):
            found = found[~_has_another_hand(view, found, members)]
    if not len(found):
        return found
    weighed = weigher.weigh(members, ignored=found)
    rows = np.searchsorted(weighed.accounts[len(members) :], found) + len(members)
    least = member_threshold(weigher.n_accounts, len(members), 0.0)
    return found[weighed.totals[rows] >= least]


def _has_another_hand(view: View, accounts: Ints, members: Ints) -> Bools:
    """Say which accounts share a value of a controlled view with somebody who is no member."""
    is_member = np.zeros(view.n_accounts, dtype=np.bool_)
    is_member[members] = True
    out = np.zeros(len(accounts), dtype=np.bool_)
    for row, a in enumerate(accounts):
        for x in view.held[view.start_of_account[a] : view.start_of_account[a + 1]]:
            holders = view.holders[view.start_of_value[x] : view.start_of_value[x + 1]]
            out[row] |= bool((~is_member[holders]).sum() > 1)
    return out
