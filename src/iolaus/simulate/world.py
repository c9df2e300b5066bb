"""A world under construction: populations add accounts, clients and rows to it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate.columns import NEVER, Accounts, Array, Clients, FlowLabel, Rows, Window
from iolaus.simulate.library import Library
from iolaus.simulate.rhythm import Arrivals
from iolaus.simulate.scripts import Script


class World:
    """Collects what the populations draw; everything random comes from `rng`.

    An account's operator is whoever runs it; for a crowd of strangers it names what they
    share (a tool, a course, a hall), so that look-alikes can be counted by the group.
    `release_us` is when the new model comes out, `size` multiplies every head count.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        window: Window,
        library: Library,
        release_us: int,
        size: float = 1.0,
    ) -> None:
        self.rng = rng
        self.window = window
        self.library = library
        self.release_us = release_us
        self.size = size
        self.flows: list[FlowLabel] = []
        self.campaigns: list[str] = []
        self._accounts: list[Accounts] = []
        self._clients: list[Clients] = []
        self._rows: list[Rows] = []
        self._n_accounts = 0
        self._n_clients = 0
        self._n_conversations = 0
        self._n_sessions = 0

    def scaled(self, n: float, *, least: int = 1) -> int:
        """Return a head count at this world's size."""
        return max(least, round(n * self.size))

    def add_accounts(self, accounts: Accounts) -> NDArray[np.int64]:
        """Register accounts; return their numbers."""
        self._accounts.append(accounts)
        first, self._n_accounts = self._n_accounts, self._n_accounts + len(accounts)
        return np.arange(first, self._n_accounts)

    def add_clients(self, clients: Clients) -> NDArray[np.int64]:
        """Register clients; return their numbers."""
        self._clients.append(clients)
        first, self._n_clients = self._n_clients, self._n_clients + len(clients)
        return np.arange(first, self._n_clients)

    def add_flow(self, name: str, script: Script) -> int:
        """Register what a script's exchanges have alike; return its number."""
        self.flows.append(
            FlowLabel(
                name=name,
                capability=script.capability,
                tools=script.tools,
                modalities=script.modalities,
                output_scale=script.output_scale,
            )
        )
        return len(self.flows) - 1

    def add_campaign(self, name: str) -> int:
        """Register a campaign's name; return its number."""
        self.campaigns.append(name)
        return len(self.campaigns) - 1

    def add_rows(self, rows: Rows) -> None:
        """Keep finished rows."""
        self._rows.append(rows)

    def rows_of(
        self,
        times: Arrivals,
        script: Script,
        *,
        accounts: Array,
        clients: Array,
        flow: int,
        campaign: int = NEVER,
    ) -> Rows:
        """Turn moments into exchanges with conversations and text, one account for each client.

        `accounts` and `clients` give the number behind each client of `times`.
        """
        n = len(times.at)
        conversation, turn = _conversations(self.rng, times.session, turns=script.turns)
        prompt, system = script.write(
            self.rng, author=times.client, conversation=conversation, turn=turn
        )
        rows = Rows(
            account=np.asarray(accounts)[times.client],
            client=np.asarray(clients)[times.client],
            at=times.at,
            session=times.session + self._n_sessions,
            conversation=conversation + self._n_conversations,
            turn=turn,
            history=np.full(n, NEVER, dtype=np.int64),
            address=np.zeros(n, dtype=np.uint32),
            status=np.zeros(n, dtype=np.int32),
            flow=np.full(n, flow),
            campaign=np.full(n, campaign),
            extraction=np.full(n, campaign != NEVER),
            prompt=prompt,
            system=system,
        )
        self._n_conversations += n
        self._n_sessions += int(times.session.max(initial=0)) + 1
        return rows

    def finished(self) -> tuple[Accounts, Clients, Rows]:
        """Return everything that was added, in the order it was added."""
        return (
            Accounts.concat(self._accounts),
            Clients.concat(self._clients),
            Rows.concat(self._rows),
        )


def _conversations(
    rng: np.random.Generator, session: Array, *, turns: float
) -> tuple[Array, Array]:
    """Cut sessions into conversations of `turns` exchanges on average; return number and turn."""
    n = len(session)
    fresh = np.ones(n, dtype=bool)
    fresh[1:] = session[1:] != session[:-1]
    fresh |= rng.random(n) < 1.0 / turns
    start = np.maximum.accumulate(np.where(fresh, np.arange(n), 0))
    return np.cumsum(fresh) - 1, np.arange(n) - start


def alive(rows: Rows, accounts: Accounts, *, first: Any) -> Array:
    """Say which rows fall into their account's life; `first` is the number of the first account."""
    at, own = rows.at, rows.account - first
    closed = accounts.closed_at[own]
    lives: Array = (at >= accounts.opened_at[own]) & ((closed == NEVER) | (at < closed))
    return lives
