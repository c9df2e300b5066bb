"""How much the page shows before it counts the rest in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLimits:
    """What a browser shows at once and a person still reads; report.json holds all of it."""

    n_campaigns: int = 40
    """Campaigns drawn in full; each costs about 40 KB and two charts."""
    n_members: int = 200
    """Rows of a table of accounts."""
    n_cleared: int = 200
    """Networks that were cleared; the ones on watch come first."""
    n_flows: int = 50
    """Rows of a table of flows."""
    n_dots: int = 400
    """Accounts in a network picture; more become a blot at 420 pixels."""
    n_hubs: int = 8
    """Kinds of evidence in a network picture; more labels than that run into each other."""
    n_bars: int = 1200
    """Bars of a timeline, fewer than the pixels of the widest chart; beyond, bars are joined."""
