"""Rows and habits -> the EXCHANGE columns; one rule for every row, whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from iolaus.arrow import EXCHANGE
from iolaus.simulate import places
from iolaus.simulate.columns import NEVER, Accounts, Clients, FlowLabel, Rows
from iolaus.simulate.habits import AGENTS, TLS, TOOL_SETS
from iolaus.simulate.tokens import mix, tokens

Array = NDArray[Any]

MODELS = ("titan-2", "titan-2-mini", "titan-2-pro", "titan-1.5", "titan-3")
NEW_MODEL = 4
_THROTTLED, _FAILED, _REFUSED = 0.004, 0.004, 0.005  # shares of 429, 5xx and 400 for anybody
_SALT = 0x5EED
_MOST_KEYS = 5


def _fraction(values: Array, salt: int) -> Array:
    """Return a fixed pseudo-random share in [0, 1) for each integer."""
    return mix(values.astype(np.uint64) * np.uint64(1_000_003) + np.uint64(salt)) / 2.0**64


def _models(rng: np.random.Generator, rows: Rows, *, clients: Clients, release_us: int) -> Array:
    own = rows.client
    after = clients.adopt_after[own]
    moved = (after != NEVER) & (rows.at >= release_us + after) & (rows.at >= release_us)
    moved &= rng.random(len(rows)) < clients.adopt_share[own]
    strays = rng.random(len(rows)) < 0.05
    usual = np.where(strays, rng.integers(0, 4, len(rows)), clients.model[own])
    return np.where(moved, NEW_MODEL, usual)


def _place(rows: Rows, accounts: Accounts) -> Array:
    """Return each row's address: one for each session, mostly the first."""
    slot = (_fraction(rows.session, _SALT) ** 2.2 * accounts.n_homes[rows.account]).astype(int)
    home = accounts.homes[rows.account, slot].astype(np.int64)
    hours = accounts.lease_hours[rows.account]
    lease = (rows.at / 3.6e9 / np.maximum(hours, 0.5)).astype(np.int64)
    key = mix(lease * 1_000_003 + rows.account) >> np.uint64(20)
    home = np.where((hours > 0) & (slot == 0), places.leased(home, key=key.astype(np.int64)), home)
    return np.where(rows.address != 0, rows.address, home)


def programs_in_use(rows: Rows, clients: Clients, *, begin: Array) -> Array:
    """Return which program sent each row: one for each session, mostly the client's main one."""
    own = rows.client
    slot = (_fraction(rows.session, _SALT + 3) ** 1.1 * clients.programs[own]).astype(np.int64)
    return np.where(slot == 0, own, begin[own] + slot - 1)


def _status(rng: np.random.Generator, rows: Rows) -> Array:
    u = rng.random(len(rows))
    status = np.full(len(rows), 200)
    status[u < _THROTTLED + _FAILED + _REFUSED] = 400
    status[u < _THROTTLED + _FAILED] = 529
    status[u < _THROTTLED] = 429
    return np.where(rows.status != 0, rows.status, status)


def _text_tokens(rng: np.random.Generator, texts: Array) -> Array:
    lengths = np.fromiter(
        (0 if t is None else len(t.encode()) for t in texts), dtype=float, count=len(texts)
    )
    return np.ceil(lengths / 4.2 * np.exp(rng.normal(0, 0.05, len(texts)))).astype(np.int64)


def _usage(
    rng: np.random.Generator,
    rows: Rows,
    *,
    clients: Clients,
    flows: list[FlowLabel],
    tools: list[tuple[str, ...]],
    status: Array,
) -> dict[str, Array]:
    """Return token counts and finish reasons."""
    n, own = len(rows), rows.client
    scale = np.array([f.output_scale for f in flows])[rows.flow]
    limit = clients.max_output_tokens[own]
    output = np.exp(rng.normal(clients.output_mu[own], clients.output_sigma[own])) * scale
    output = np.maximum(1, output).astype(np.int64)
    cut = (limit != NEVER) & (output >= limit)
    output = np.where(cut, limit, output)
    level = np.array(
        [{None: 0, "low": 1, "medium": 2, "high": 4}[r] for r in clients.reasoning], dtype=float
    )
    reasoning = (output * level[own] * rng.uniform(0.2, 0.8, n)).astype(np.int64)
    said = _text_tokens(rng, rows.prompt) + _text_tokens(rng, rows.system)
    earlier = (rows.turn * (said * 0.6 + output * 0.8)).astype(np.int64)
    cached = np.where(
        (rows.turn > 0) & (rng.random(n) < 0.5),
        (earlier * rng.uniform(0.5, 1.0, n)).astype(np.int64),
        0,
    )
    ok = status == 200
    finish = np.where(cut, "length", "stop").astype(object)
    called = (rng.random(n) < 0.6) & np.array([bool(t) for t in tools], dtype=bool)
    finish = np.where(called & ~cut, "tool_calls", finish)
    return {
        "input_tokens": said + earlier + 3,
        "output_tokens": np.where(ok, output, 0),
        "reasoning_tokens": np.where(ok, reasoning, 0),
        "cached_tokens": np.where(ok, cached, 0),
        "finish": np.where(ok, finish, None),
    }


def _numbers(values: Array, missing: Any, *, type_: pa.DataType) -> pa.Array:
    mask = np.isnan(values) if missing is None else values == missing
    return pa.array(values, type=type_, mask=mask)


def _choice_columns(rng: np.random.Generator, rows: Rows, *, clients: Clients) -> dict[str, Any]:
    """Return request parameters as the client sets them."""
    n, own = len(rows), rows.client
    temperature = clients.temperature[own]
    moved = clients.varies[own] & (rng.random(n) < 0.7)
    temperature = np.where(moved, np.round(rng.uniform(0, 1, n), 1), temperature)
    return {
        "temperature": _numbers(temperature, None, type_=pa.float64()),
        "top_p": _numbers(clients.top_p[own], None, type_=pa.float64()),
        "max_output_tokens": _numbers(clients.max_output_tokens[own], NEVER, type_=pa.int64()),
        "choices": _numbers(clients.choices[own], NEVER, type_=pa.int32()),
        "seed": _numbers(clients.seed[own], NEVER, type_=pa.int64()),
        "stream": pa.array(clients.stream[own] == 1, mask=clients.stream[own] == -1),
        "logprobs": pa.array(clients.logprobs[own] == 1, mask=clients.logprobs[own] == -1),
        "reasoning": clients.reasoning[own],
        "output_type": clients.output_type[own],
    }


def _thread_columns(rows: Rows, wardrobe: Wardrobe) -> dict[str, Any]:
    """Return conversation, turn, prefix and end user."""
    clients, salt, own = wardrobe.clients, wardrobe.salt, rows.client
    kept = clients.keeps_conversation[own]
    names = np.array([f"{v:016x}" for v in mix(rows.conversation + salt).tolist()], dtype=object)
    key = np.where(rows.history != NEVER, rows.history, rows.conversation * 4096 + rows.turn)
    prefix = (mix(key + salt * 2) >> np.uint64(1)).astype(np.int64)
    has_prefix = clients.keeps_prefix[own] & ((rows.turn > 0) | (rows.history != NEVER))
    kind = clients.end_user[own]
    user_key = np.where(kind == 1, own, own * 100_003 + rows.session % 97)
    users = np.array(
        [f"u-{v:012x}" for v in (mix(user_key + salt) >> np.uint64(16)).tolist()], dtype=object
    )
    return {
        "conversation": np.where(kept, names, None),
        "turn": pa.array(rows.turn, type=pa.int32(), mask=~kept),
        "prefix": pa.array(prefix, type=pa.int64(), mask=~has_prefix),
        "end_user": np.where(kind == 0, None, users),
    }


def _sender_columns(rows: Rows, wardrobe: Wardrobe) -> dict[str, Any]:
    """Return who sent it, from where, and with what."""
    accounts, own = wardrobe.accounts, rows.account
    address = _place(rows, accounts)
    slot = (_fraction(rows.session, _SALT + 1) ** 2.0 * accounts.n_agents[own]).astype(int)
    key_slot = (_fraction(rows.session, _SALT + 2) ** 1.5 * accounts.n_keys[own]).astype(int)
    return {
        "account": accounts.name[own],
        "channel": accounts.channel[own],
        "organization": accounts.organization[own],
        "api_key": wardrobe.keys[own * _MOST_KEYS + key_slot],
        "address": places.address_words(address),
        "asn": places.asn_of(address),
        "country": places.COUNTRIES[places.country_of(address)],
        "agent": AGENTS[accounts.agents[own, slot]],
        "tls": TLS[accounts.tls[own, slot]],
    }


def _tool_sets(rows: Rows, clients: Clients, *, flows: list[FlowLabel]) -> list[tuple[str, ...]]:
    """Return the tools each row offers: its script's own, or else what its program always offers."""
    own = [f.tools for f in flows]
    habit = clients.tool_set[rows.client].tolist()
    return [own[f] or TOOL_SETS[h] for f, h in zip(rows.flow.tolist(), habit, strict=True)]


def _content_columns(
    rows: Rows,
    clients: Clients,
    *,
    flows: list[FlowLabel],
    tools: list[tuple[str, ...]],
    text: bool,
) -> dict[str, Any]:
    own = np.array([f.modalities == ("text",) for f in flows])[rows.flow]
    plain = own & ~(clients.sees[rows.client] & (_fraction(rows.conversation, _SALT + 4) < 0.4))
    modalities = [["text"] if p else ["text", "image"] for p in plain.tolist()]
    empty = np.full(len(rows), None, dtype=object)
    return {
        "tools": pa.array([list(t) or None for t in tools], type=EXCHANGE.field("tools").type),
        "input_modalities": pa.array(modalities, type=EXCHANGE.field("input_modalities").type),
        "system": rows.system if text else empty,
        "prompt": rows.prompt if text else empty,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wardrobe:
    """What every stretch of a log is dressed from; `salt` hides the numbers behind names."""

    accounts: Accounts
    clients: Clients
    flows: list[FlowLabel]
    release_us: int
    text: bool
    keys: Array
    salt: int


def wardrobe_of(
    rng: np.random.Generator,
    accounts: Accounts,
    *,
    clients: Clients,
    flows: list[FlowLabel],
    release_us: int,
    text: bool,
) -> Wardrobe:
    """Draw what must be the same all through a log: keys and the salt of names."""
    return Wardrobe(
        accounts=accounts,
        clients=clients,
        flows=flows,
        release_us=release_us,
        text=text,
        keys=tokens(rng, len(accounts) * _MOST_KEYS, prefix="key_", n_bytes=6),
        salt=int(rng.integers(1, 2**40)),
    )


def dress(rng: np.random.Generator, rows: Rows, *, ids: Array, wardrobe: Wardrobe) -> pa.Table:
    """Return a stretch of the log as a table, in the order of the rows."""
    clients, flows = wardrobe.clients, wardrobe.flows
    status = _status(rng, rows)
    tools = _tool_sets(rows, clients, flows=flows)
    models = _models(rng, rows, clients=clients, release_us=wardrobe.release_us)
    columns: dict[str, Any] = {
        "id": ids,
        "at": pa.array(rows.at, type=EXCHANGE.field("at").type),
        "operation": np.full(len(rows), "chat", dtype=object),
        "model": np.array(MODELS, dtype=object)[models],
        "status": status.astype(np.int32),
        "sample_rate": np.ones(len(rows)),
        **_sender_columns(rows, wardrobe),
        **_thread_columns(rows, wardrobe),
        **_choice_columns(rng, rows, clients=clients),
        **_usage(rng, rows, clients=clients, flows=flows, tools=tools, status=status),
        **_content_columns(rows, clients, flows=flows, tools=tools, text=wardrobe.text),
    }
    arrays = [
        c if isinstance(c, pa.Array) else pa.array(c, type=f.type, from_pandas=True)
        for f, c in ((f, columns[f.name]) for f in EXCHANGE)
    ]
    return pa.Table.from_arrays(arrays, schema=EXCHANGE)
