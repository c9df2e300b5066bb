"""Small populations whose ties are drawn with numpy, and networks planted among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pytest

from iolaus.config import Settings
from iolaus.link.linked import LinkSettings
from iolaus.link.views import View, view_of

FAMILIES = {
    "payment": ("money", True),
    "mailbox": ("identity", False),
    "infrastructure": ("place", False),
    "client": ("client", False),
    "template": ("text", False),
}
"""The views of the built world, the family of each, and whether one hand must control it."""

Pairs = Iterable[tuple[int, int]]


def view_from(
    pairs: Pairs,
    *,
    n_accounts: int,
    name: str = "payment",
    family: str | None = None,
    controlled: bool | None = None,
) -> View:
    """Return a View of (account, value) pairs, through the table that a signal would yield."""
    known_family, known_controlled = FAMILIES.get(name, ("other", False))
    both = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    return view_of(
        pa.table({"account": both[:, 0].astype(np.int32), "value": both[:, 1]}),
        n_accounts,
        name=name,
        version=1,
        family=known_family if family is None else family,
        controlled=known_controlled if controlled is None else controlled,
    )


@dataclass(slots=True)
class Population:
    """Ordinary accounts, and what was planted among them, as pairs by view."""

    n_accounts: int
    rng: np.random.Generator
    pairs: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def give(self, view: str, accounts: Sequence[int], values: Sequence[int]) -> None:
        """Let each account hold the value beside it."""
        held = self.pairs.setdefault(view, [])
        held.extend(zip(map(int, accounts), map(int, values), strict=True))

    def deal(self, view: str, accounts: Sequence[int], values: Sequence[int]) -> None:
        """Deal a few values out over accounts, in turn."""
        self.give(view, accounts, [values[i % len(values)] for i in range(len(accounts))])

    def views(self) -> list[View]:
        """Index every view."""
        return [
            view_from(self.pairs[name], n_accounts=self.n_accounts, name=name)
            for name in FAMILIES
            if name in self.pairs
        ]


def ordinary(
    n_accounts: int, *, seed: int = 1, strangers: Sequence[int] | None = None
) -> Population:
    """
    Return people who pay for themselves and share what everybody shares.

    Each has a card and an address of its own and meets others at 60 exits, 40 clients, 8 mail
    hosts and 150 popular templates, the first of each far more popular than the last.
    `strangers` get no card and no template here: what is planted gives them theirs.
    """
    people = Population(n_accounts=n_accounts, rng=np.random.default_rng(seed))
    everyone = np.arange(n_accounts)
    plain = np.setdiff1d(everyone, [] if strangers is None else strangers)
    people.give("payment", plain, 1_000_000 + plain)
    people.give("infrastructure", everyone, 2_000_000 + everyone)
    for view, n_values, base in (
        ("infrastructure", 60, 100),
        ("client", 40, 200),
        ("mailbox", 8, 300),
    ):
        people.give(view, everyone, base + popular(people.rng, n_values, n_accounts))
    people.give("template", plain, 400 + popular(people.rng, 150, len(plain)))
    return people


def popular(rng: np.random.Generator, n_values: int, n: int) -> np.ndarray:
    """Draw values of which the first is held by most."""
    weight = 1.0 / np.arange(1, n_values + 1)
    return rng.choice(n_values, size=n, p=weight / weight.sum())


def plant(people: Population, accounts: Sequence[int], *, mark: int) -> None:
    """Let accounts share cards by tens and one rare recipe; `mark` sets their values apart."""
    base = 10_000_000 * mark
    n_cards = max(2, len(accounts) // 10)
    people.deal("payment", accounts, [base + card for card in range(n_cards)])
    people.give("template", accounts, [base + 500] * len(accounts))


@pytest.fixture(scope="session")
def viewed() -> Callable[..., View]:
    """Return the builder of one view."""
    return view_from


@pytest.fixture(scope="session")
def people() -> Callable[..., Population]:
    """Return the builder of ordinary accounts."""
    return ordinary


@pytest.fixture(scope="session")
def planted() -> Callable[..., None]:
    """Return what plants a network."""
    return plant


@pytest.fixture(scope="session")
def link_settings() -> Callable[..., LinkSettings]:
    """Return the shipped link settings, with changes."""

    def made(**changes: object) -> LinkSettings:
        shipped = Settings()
        values: Mapping[str, object] = {
            "reach": shipped.ring_reach,
            "n_orders": shipped.ring_orders,
            "cap_share": shipped.hot_share,
            "floor_bits": shipped.pair_floor_bits,
            "cut_bits": shipped.cut_bits,
            "resolutions": shipped.resolutions,
            "seed_limit": shipped.seed_limit,
            "margin_bits": shipped.member_margin_bits,
            "alpha": shipped.alpha,
            "least_accounts": shipped.least_accounts,
        }
        return LinkSettings(**{**values, **changes})  # type: ignore[arg-type]

    return made
