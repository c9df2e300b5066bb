"""Populations and traffic as columns: what the samplers fill and the writer reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NEVER = -1


@dataclass(slots=True)
class Columns:
    """Arrays of one length, one element (or one row of a matrix) for each thing."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, index: Array) -> Self:
        """Return the rows that an index or a mask picks."""
        return type(self)(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    @classmethod
    def concat(cls, parts: Sequence[Self]) -> Self:
        """Stack parts in order."""
        return cls(
            **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)}
        )


@dataclass(slots=True)
class Accounts(Columns):
    """Who signs: the account table's columns, and where and with what an account connects."""

    name: Array
    channel: Array
    organization: Array
    opened_at: Array
    closed_at: Array
    closed_reason: Array
    pathway: Array
    vetted: Array
    payment: Array
    email_domain: Array
    phone: Array
    device: Array
    country: Array
    homes: Array
    n_homes: Array
    lease_hours: Array
    agents: Array
    tls: Array
    n_agents: Array
    n_keys: Array
    group: Array
    operator: Array


@dataclass(slots=True)
class Clients(Columns):
    """Whose software speaks: habits that travel through a relay unchanged."""

    temperature: Array
    top_p: Array
    varies: Array
    max_output_tokens: Array
    stream: Array
    seed: Array
    choices: Array
    logprobs: Array
    reasoning: Array
    output_type: Array
    model: Array
    adopt_after: Array
    adopt_share: Array
    keeps_conversation: Array
    keeps_prefix: Array
    end_user: Array
    output_mu: Array
    output_sigma: Array
    programs: Array
    tool_set: Array
    sees: Array


@dataclass(slots=True)
class Rows(Columns):
    """Exchanges before they are dressed; 0 or -1 means that the habit decides."""

    account: Array
    client: Array
    at: Array
    session: Array
    conversation: Array
    turn: Array
    history: Array
    address: Array
    status: Array
    flow: Array
    campaign: Array
    extraction: Array
    prompt: Array
    system: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch of time that the log covers."""

    start_us: int
    days: float

    @property
    def end_us(self) -> int:
        """Return the first moment after the window."""
        return self.start_us + int(self.days * DAY_US)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLabel:
    """What all exchanges of one script have alike."""

    name: str
    capability: str
    tools: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ("text",)
    output_scale: float = 1.0
