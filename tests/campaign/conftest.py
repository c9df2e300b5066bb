"""Fingerprints drawn with numpy: people who talk of anything, and recipes with their slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from iolaus.campaign.records import Standing
from iolaus.schema import Network

WORDS = 4000


@dataclass(slots=True)
class Talk:
    """Exchanges in the making: who sent which marks, by which recipe, and whether it is a recipe's."""

    fingerprints: Callable[..., pa.Table]
    rng: np.random.Generator
    account: list[int]
    shingles: list[list[int]]
    family: list[int | None]
    conversation: list[int | None]

    def chat(self, accounts: Sequence[int], n_each: int) -> None:
        """Let each account speak of anything: sixteen words, the first of all words commonest."""
        for a in accounts:
            for _ in range(n_each):
                self.add(a, self.words(16))

    def use(
        self, recipe: int, accounts: Sequence[int], n_each: int, *, family: int | None = None
    ) -> None:
        """Let each account send prompts of one recipe: ten words of its fourteen, and six slots."""
        scaffold = 1_000_000 * recipe + np.arange(14)
        for a in accounts:
            for _ in range(n_each):
                own = self.rng.choice(scaffold, 10, replace=False).tolist()
                self.add(a, own + self.words(6), family=recipe if family is None else family)

    def words(self, n: int) -> list[int]:
        """Draw words: a few that all use, many that few use."""
        return np.floor(WORDS * self.rng.random(n) ** 2).astype(int).tolist()

    def add(
        self,
        account: int,
        shingles: list[int],
        *,
        family: int | None = None,
        conversation: int | None = None,
    ) -> None:
        """Add one exchange."""
        self.account.append(int(account))
        self.shingles.append(shingles)
        self.family.append(family)
        self.conversation.append(conversation)

    def table(self, **columns: object) -> pa.Table:
        """Return the fingerprints."""
        return self.fingerprints(
            self.account,
            shingles=self.shingles,
            family=self.family,
            conversation=self.conversation,
            **columns,
        )

    @property
    def is_own(self) -> np.ndarray:
        """Return which exchanges a recipe made."""
        return np.array([family is not None for family in self.family])


def network_of_accounts(members: Sequence[int], *, together: bool = True) -> Network:
    """Return a network record over dense ids, as linking would have left it."""
    return Network(
        id="n-0123456789ab",
        accounts=tuple(f"a{m:016x}" for m in members),
        first_seen_at=datetime(2026, 3, 2, tzinfo=UTC),
        last_seen_at=datetime(2026, 3, 4, tzinfo=UTC),
        n_exchanges=100,
        prior_bits=-5.0,
        coordination_bits=12.0,
        together=together,
        words="run together" if together else "same recipe, not shown to be together",
        evidence=(),
    )


def standing_of(members: Sequence[int]) -> Standing:
    """Return the members' standing in such a network."""
    return Standing(
        accounts=np.asarray(members, dtype=np.int64),
        names=tuple(f"a{m:016x}" for m in members),
        posterior_bits=np.full(len(members), 12.0),
        strongest=("payment",) * len(members),
    )


@pytest.fixture(scope="session")
def talk(fingerprints: Callable[..., pa.Table]) -> Callable[..., Talk]:
    """Return the builder of talk in which nothing was said yet."""

    def made(seed: int = 1) -> Talk:
        return Talk(
            fingerprints=fingerprints,
            rng=np.random.default_rng(seed),
            account=[],
            shingles=[],
            family=[],
            conversation=[],
        )

    return made


@pytest.fixture(scope="session")
def network() -> Callable[..., Network]:
    """Return the builder of networks."""
    return network_of_accounts


@pytest.fixture(scope="session")
def standing() -> Callable[..., Standing]:
    """Return the builder of standings."""
    return standing_of
