"""What linking is told, and what it says of one set of accounts."""

from __future__ import annotations

from dataclasses import dataclass

from iolaus.link.views import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """What linking may be told; defaults and their births stand in config.py."""

    reach: int
    n_orders: int
    cap_share: float
    floor_bits: float
    cut_bits: tuple[float, ...]
    resolutions: tuple[float, ...]
    seed_limit: int
    margin_bits: float
    alpha: float
    least_accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """
    An accepted set of accounts, and the suspects that it was weighed among.

    `totals` are the members' bits; `views` name the views; `bits` is members x views.
    `shared_shares` are the members' share that shares a value with another member;
    `typical_holders` says of the rarest that a typical one of them shares how many outside
    hold it, `outside_shares` how many outside share anything as rare with a member.
    `survives` says whether half of the members still stand without the strongest value.
    `by_recipe` says which members adhere by the network's own recipe alone; what shows the
    network (its bits, its price, its controlled share) is counted without them. `sweep` says
    how many accounts have the bits of a member at each margin.
    """

    members: Ints
    suspects: Ints
    totals: Floats
    bits: Floats
    by_family: Floats
    families: tuple[str, ...]
    family_views: tuple[tuple[int, ...], ...]
    view_names: tuple[str, ...]
    shared_shares: Floats
    typical_holders: Ints
    outside_shares: Floats
    controlled_share: float
    supported_families: tuple[str, ...]
    together: bool
    survives: bool
    strongest_view: str
    block_bits: float
    price_bits: float
    prior_bits: float
    threshold_bits: float
    stability_share: float
    by_recipe: Bools
    sweep: tuple[tuple[float, int], ...]
