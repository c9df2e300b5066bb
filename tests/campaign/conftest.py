"""Fingerprints drawn with numpy: people who talk of anything, and recipes with their slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from iolaus.arrow import ACCOUNTS, FINGERPRINT
from iolaus.campaign.records import Standing
from iolaus.schema import Network

HOUR_US = 3_600_000_000
START_US = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1_000_000)
WORDS = 4000


def table_of(schema: pa.Schema, n: int, columns: dict[str, object]) -> pa.Table:
    """Return n rows of a schema; columns that are not given are null."""
    return pa.table(
        [
            pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(n, f.type)
            for f in schema
        ],
        schema=schema,
    )


def fingerprints_of(account: Sequence[int], **columns: object) -> pa.Table:
    """Return fingerprints, one an hour, with unlike ids; nothing else is known unless given."""
    n = len(account)
    given: dict[str, object] = {
        "id": np.arange(n) * 7919 + 13,
        "at": START_US + np.arange(n, dtype=np.int64) * HOUR_US,
        "account": np.asarray(account, dtype=np.int32),
        **columns,
    }
    return table_of(FINGERPRINT, n, given)


def accounts_of(n: int, **columns: object) -> pa.Table:
    """Return n account rows in order of their dense ids."""
    given: dict[str, object] = {
        "account": np.arange(n, dtype=np.int32),
        "account_hash": np.arange(n, dtype=np.int64) * 104_729 + 5,
        "channel": ["first_party"] * n,
        "n_exchanges": np.ones(n, dtype=np.int64),
        "first_at": np.full(n, START_US),
        "last_at": np.full(n, START_US + 48 * HOUR_US),
        **columns,
    }
    return table_of(ACCOUNTS, n, given)


@dataclass(slots=True)
class Talk:
    """Exchanges in the making: who sent which marks, by which recipe, and whether it is a recipe's."""

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
        return fingerprints_of(
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


def talk_of(seed: int = 1) -> Talk:
    """Return talk in which nothing was said yet."""
    return Talk(
        rng=np.random.default_rng(seed), account=[], shingles=[], family=[], conversation=[]
    )


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
def fingerprints() -> Callable[..., pa.Table]:
    """Return the builder of fingerprint tables."""
    return fingerprints_of


@pytest.fixture(scope="session")
def accounts() -> Callable[..., pa.Table]:
    """Return the builder of account tables."""
    return accounts_of


@pytest.fixture(scope="session")
def talk() -> Callable[..., Talk]:
    """Return the builder of talk."""
    return talk_of


@pytest.fixture(scope="session")
def network() -> Callable[..., Network]:
    """Return the builder of networks."""
    return network_of_accounts


@pytest.fixture(scope="session")
def standing() -> Callable[..., Standing]:
    """Return the builder of standings."""
    return standing_of
