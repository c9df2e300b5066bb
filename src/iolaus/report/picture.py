"""A campaign's members -> dots around the evidence that ties each most strongly."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from iolaus.report.limits import PageLimits
from iolaus.report.wording import plain_words
from iolaus.schema import Member

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
"""Turns from dot to dot by this angle fill a disc evenly, without chance."""

OTHER = "other evidence"
CLEARANCE = 1.6
"""Dots' distance between two discs and between a hub and its first dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One account."""

    name: str
    role: str
    x: float
    y: float
    hub: int
    n_exchanges: int
    campaign_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """One kind of evidence, with the number of accounts it ties, drawn or not."""

    name: str
    x: float
    y: float
    radius: float
    n_accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What the chart draws, and of how many accounts."""

    dots: tuple[Dot, ...]
    hubs: tuple[Hub, ...]
    n_members: int


def picture_of(
    members: tuple[Member, ...], limits: PageLimits, names: Mapping[str, str]
) -> Picture | None:
    """
    Return the picture; None without members.

    Of many members the first by hash are drawn: accounts are keyed hashes, so their order
    is a fair sample, and the same one every time.
    """
    if not members:
        return None
    tied = Counter(member.strongest or OTHER for member in members)
    kept = [name for name, _ in sorted(tied.items(), key=_by_size)[: limits.n_hubs]]
    drawn = sorted(members, key=lambda member: member.account)[: limits.n_dots]
    around: dict[str, list[Member]] = {name: [] for name in kept}
    for member in drawn:
        strongest = member.strongest or OTHER
        around.setdefault(strongest if strongest in kept else OTHER, []).append(member)
    centres = _centres([len(tied_members) for tied_members in around.values()])
    dots: list[Dot] = []
    hubs: list[Hub] = []
    for hub, (name, (x, y)) in enumerate(zip(around, centres, strict=True)):
        n_tied = tied[name] if name in kept else sum(tied[n] for n in tied if n not in kept)
        radius = round(_radius(len(around[name])), 3)
        hubs.append(Hub(name=plain_words(name), x=x, y=y, radius=radius, n_accounts=n_tied))
        dots += _disc(around[name], hub=hub, centre=(x, y), names=names)
    return Picture(dots=tuple(dots), hubs=tuple(hubs), n_members=len(members))


def _by_size(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _radius(n: int) -> float:
    return math.sqrt(n + 1) + CLEARANCE


def _centres(sizes: list[int]) -> list[tuple[float, float]]:
    """Place discs on a circle wide enough that none touches another; one alone in the middle."""
    if len(sizes) == 1:
        return [(0.0, 0.0)]
    radii = [_radius(n) for n in sizes]
    # Each disc takes an arc in proportion to its width; the circle is widened until the
    # chord between neighbours covers both radii.
    arcs = [2 * math.pi * r / sum(radii) for r in radii]
    middles = [sum(arcs[:i]) + arcs[i] / 2 for i in range(len(arcs))]
    wide = 0.0
    for i in range(len(radii)):
        j = (i + 1) % len(radii)
        chord = 2 * abs(math.sin((middles[j] - middles[i]) / 2))
        wide = max(wide, 1.15 * (radii[i] + radii[j]) / max(chord, 1e-6))
    # Wider than high, as screens are.
    return [(round(1.25 * wide * math.cos(a), 3), round(wide * math.sin(a), 3)) for a in middles]


def _disc(
    members: list[Member], *, hub: int, centre: tuple[float, float], names: Mapping[str, str]
) -> list[Dot]:
    dots = []
    for i, member in enumerate(members):
        distance, angle = math.sqrt(i + 1) + CLEARANCE / 2, i * GOLDEN_ANGLE
        dots.append(
            Dot(
                name=names.get(member.account, member.account),
                role=member.role,
                x=round(centre[0] + distance * math.cos(angle), 3),
                y=round(centre[1] + distance * math.sin(angle), 3),
                hub=hub,
                n_exchanges=member.n_exchanges,
                campaign_share=member.campaign_share,
            )
        )
    return dots
