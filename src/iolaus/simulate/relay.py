"""A relay ("transfer station"): pooled accounts that carry customers' and a harvester's traffic alike.

Sessions are sticky, a conversation fails over to another account after a 429 or a closure,
closed heads grow back within hours, exits rotate, and instruments come in small batches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate import places
from iolaus.simulate.columns import DAY_US, HOUR_US, NEVER, Accounts, Rows, Window
from iolaus.simulate.habits import TLS, organization_names, sample_accounts
from iolaus.simulate.tokens import mix, tokens

Array = NDArray[Any]
_FAILOVER_SHARE = 0.012  # of conversations, times twice the root of their length
FAILOVER_EXCESS = 0.03  # rows that this and ordinary retries add, measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """
    A relay's accounts: `slot` is the place in the rota that an account fills in its time.

    `names_users` says whether it passes its customers' user names on; most remove them.
    """

    accounts: Accounts
    slot: Array
    n_slots: int
    exits: Array
    names_users: bool = True


def batches(rng: np.random.Generator, n: int, *, low: int, high: int) -> Array:
    """Return a batch number for each of `n` accounts; batches have `low` to `high` members."""
    sizes = rng.integers(low, high + 1, n)
    return np.repeat(np.arange(n), sizes)[:n]


def share_instruments(
    rng: np.random.Generator, accounts: Accounts, *, low: int, high: int, prepaid: float
) -> None:
    """Let accounts pay in small batches with one instrument; a share is prepaid, one each."""
    n = len(accounts)
    paid = tokens(rng, n, prefix="pay_", n_bytes=6)
    shared = paid[batches(rng, n, low=low, high=high)]
    accounts.payment = np.where(rng.random(n) < prepaid, accounts.payment, shared)


def _lives(
    rng: np.random.Generator, window: Window, *, n_slots: int, life_days: float
) -> tuple[Array, Array, Array]:
    """Return slot, opening and closure of every account; a closed head grows back within hours."""
    span = window.end_us - window.start_us
    opened = window.start_us - (rng.exponential(60.0, n_slots) * DAY_US).astype(np.int64)
    # Half of the pool was opened in waves, each within two hours.
    wave = batches(rng, n_slots, low=4, high=15)
    together = window.start_us - (rng.exponential(60.0, n_slots) * DAY_US).astype(np.int64)
    near = (rng.random(n_slots) * 2 * HOUR_US).astype(np.int64)
    opened = np.where(rng.random(n_slots) < 0.5, together[wave] + near, opened)
    late = rng.random(n_slots) < 0.2
    opened = np.where(
        late, window.start_us + (rng.random(n_slots) * span * 0.5).astype(np.int64), opened
    )
    slot, generation = np.arange(n_slots), []
    while len(slot):
        begin = np.maximum(opened, window.start_us)
        closed = begin + (rng.exponential(life_days, len(slot)) * DAY_US).astype(np.int64)
        generation.append((slot, opened, closed))
        ends = closed < window.end_us
        slot = slot[ends]
        opened = closed[ends] + (np.exp(rng.normal(1.4, 0.9, len(slot))) * HOUR_US).astype(np.int64)
        inside = opened < window.end_us
        slot, opened = slot[inside], opened[inside]
    parts = [np.concatenate(p) for p in zip(*generation, strict=True)]
    return parts[0], parts[1], parts[2]


def build_pool(
    rng: np.random.Generator,
    window: Window,
    *,
    name: str,
    n_slots: int,
    life_days: float,
    group: str = "relay",
) -> Pool:
    """Draw a relay's accounts: independent-looking people who pay in batches."""
    slot, opened, closed = _lives(rng, window, n_slots=n_slots, life_days=life_days)
    n = len(slot)
    accounts = sample_accounts(
        rng,
        n,
        window=window,
        group=group,
        operator=name,
        pathway_shares=(0.32, 0.48, 0.05, 0.02, 0.07, 0.04, 0.02),
    )
    accounts.opened_at = opened
    shut = closed < window.end_us
    accounts.closed_at = np.where(shut, closed, NEVER)
    policy = rng.random(n) < 0.6
    other = rng.choice(np.array(("user_request", "payment_failed", "duplicate"), dtype=object), n)
    accounts.closed_reason = np.where(shut, np.where(policy, "policy", other), None)
    _pretend(rng, accounts)
    order = np.argsort(opened, kind="stable")
    sorted_accounts = accounts.take(order)
    share_instruments(rng, sorted_accounts, low=2, high=7, prepaid=float(rng.uniform(0.3, 0.6)))
    _dress_clients(rng, sorted_accounts)
    return Pool(
        accounts=sorted_accounts,
        slot=slot[order],
        n_slots=n_slots,
        exits=_exits(rng, n),
        names_users=bool(rng.random() < 0.25),
    )


def _pretend(rng: np.random.Generator, accounts: Accounts) -> None:
    """Declare firms that do not exist: a few by themselves, or, in one pool of four, one for most."""
    n = len(accounts)
    fake = rng.random(n) < 0.08
    accounts.organization = np.where(fake, organization_names(rng, n), accounts.organization)
    if rng.random() < 0.25:
        one = str(organization_names(rng, 1)[0])
        accounts.organization = np.where(rng.random(n) < 0.7, one, accounts.organization)
    reused = np.flatnonzero(rng.random(n) < 0.12)
    accounts.device[reused] = accounts.device[np.maximum(reused - 1, 0)]


def _exits(rng: np.random.Generator, n: int) -> Array:
    """Return exits in a few countries, four residential ones for each hosted one."""
    few = rng.choice(len(places.COUNTRIES), 6, p=places.SHARES)
    where = rng.choice(few, max(4, n))
    return np.concatenate(
        [places.home_addresses(rng, where), places.host_addresses(rng, max(2, n // 4))]
    )


def _dress_clients(rng: np.random.Generator, accounts: Accounts) -> None:
    """Randomise or pin the headers; in two relays of three the TLS stack is the relay's own."""
    mode = rng.integers(0, 3)
    if mode == 0:
        return
    n = len(accounts)
    own = rng.integers(0, len(TLS), 2)
    accounts.tls = np.where(rng.random((n, 3)) < 0.8, own[rng.integers(0, 2, (n, 3))], accounts.tls)
    if mode == 2:
        pinned = accounts.agents[rng.integers(0, n, 3)][:, 0]
        accounts.agents = pinned[rng.integers(0, 3, (n, 1))] + np.zeros((1, 3), dtype=int)


def _account_at(pool: Pool, slot: Array, *, at: Array) -> Array:
    """Return which account fills a slot at a moment, or the next slot's; -1 where all are shut."""
    key = np.lexsort((pool.accounts.opened_at, pool.slot))
    slots, opened = pool.slot[key], pool.accounts.opened_at[key]
    closed = np.where(
        pool.accounts.closed_at[key] == NEVER, np.iinfo(np.int64).max, pool.accounts.closed_at[key]
    )
    first = int(min(opened.min(), at.min(initial=0)))
    width = int(max(opened.max(), at.max(initial=0))) - first + 1
    ladder = slots.astype(object) * width + (opened - first)
    ladder = ladder.astype(np.float64)
    found = np.full(len(at), -1)
    wanted = slot.copy()
    for _ in range(min(12, pool.n_slots)):
        open_rows = np.flatnonzero(found < 0)
        if not len(open_rows):
            break
        s, t = wanted[open_rows], at[open_rows]
        i = np.searchsorted(ladder, s.astype(np.float64) * width + (t - first), side="right") - 1
        ok = (i >= 0) & (slots[i] == s) & (opened[i] <= t) & (t < closed[i])
        found[open_rows[ok]] = key[i[ok]]
        wanted[open_rows] = (s + 1) % pool.n_slots
    return found


def _fail_over(
    rng: np.random.Generator, rows: Rows, *, slot: Array, n_slots: int
) -> tuple[Rows, Array]:
    """Let some conversations meet a 429 and go on, that turn repeated, in another slot."""
    start = np.flatnonzero(rows.turn == 0)
    if not len(start):
        return rows, slot
    length = np.diff(np.append(start, len(rows)))
    struck = rng.random(len(start)) < np.minimum(0.9, _FAILOVER_SHARE * np.sqrt(length) * 2)
    at_turn = (rng.random(len(start)) * length).astype(np.int64)
    which = np.cumsum(rows.turn == 0) - 1
    struck_here = struck[which] & (which >= 0)
    after = struck_here & (rows.turn >= at_turn[which])
    elsewhere = (slot + 1 + rng.integers(0, max(1, n_slots - 1), len(start))[which]) % n_slots
    refused = rows.take(struck_here & (rows.turn == at_turn[which]))
    refused_slot = slot[struck_here & (rows.turn == at_turn[which])]
    refused.status = np.full(len(refused), 429)
    refused.at = refused.at - (rng.uniform(0.4, 6.0, len(refused)) * 1e6).astype(np.int64)
    return Rows.concat([rows, refused]), np.concatenate(
        [np.where(after, elsewhere, slot), refused_slot]
    )


def route(rng: np.random.Generator, pool: Pool, *, rows: Rows, sticky: Array, first: int) -> Rows:
    """Deal rows to the pool's accounts, numbered from `first`.

    `sticky` holds a key for each row: rows with one key stay in one slot while it lives.
    Rows that meet no open account are dropped, as the relay's customers would be.
    """
    slot = (mix(sticky) % np.uint64(pool.n_slots)).astype(np.int64)
    rows, slot = _fail_over(rng, rows, slot=slot, n_slots=pool.n_slots)
    account = _account_at(pool, slot, at=rows.at)
    rows.account = account + first
    # An exit serves an account for some hours, then the next one does.
    stint = rows.at // (6 * HOUR_US)
    turn = mix(account.astype(np.int64) * 1_000_003 + stint) % np.uint64(len(pool.exits))
    rotates = mix(account + 11) % np.uint64(100) < 70
    rows.address = np.where(rotates, pool.exits[turn.astype(np.int64)], rows.address).astype(
        np.uint32
    )
    return rows.take(account >= 0)
