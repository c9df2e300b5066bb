"""The one sampler of accounts and client habits; honest and dishonest draw from it alike.

A population asks for `sample_accounts` and `sample_clients` and then changes only what its
story needs (a shared instrument, a campus address), never what it need not. So no column
gives the answer away; tests/simulate/test_artefacts.py holds it to that.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iolaus.simulate import places
from iolaus.simulate.columns import DAY_US, NEVER, Accounts, Clients, Window
from iolaus.simulate.tokens import tokens

Array = NDArray[Any]

PATHWAYS = ("consumer", "api", "education", "research", "startup", "enterprise", "reseller")
_PATHWAY_SHARES = (0.40, 0.42, 0.05, 0.03, 0.05, 0.04, 0.01)
_VETTED = (0.02, 0.10, 0.45, 0.60, 0.35, 0.75, 0.40)
_ORGANIZATION = (0.01, 0.30, 0.60, 0.65, 0.75, 0.97, 0.85)
_SCRIPTED = (0.10, 0.85, 0.35, 0.80, 0.85, 0.80, 0.95)  # share that uses an SDK, not an app
CHANNELS = ("first_party", "aws.bedrock", "gcp.vertex_ai", "azure.ai.openai")
_CHANNEL_SHARES = (0.90, 0.05, 0.03, 0.02)
CLOSE_REASONS = ("user_request", "payment_failed", "policy", "inactivity", "duplicate")
_CLOSE_SHARES = (0.30, 0.25, 0.25, 0.10, 0.10)
_MAILBOXES = (
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "qq.com",
    "proton.me",
    "icloud.com",
    "163.com",
)
_MAILBOX_SHARES = (0.52, 0.18, 0.08, 0.08, 0.05, 0.06, 0.03)
_THROWAWAY = ("mailto.plus", "tmpbox.example", "inbox-now.example", "dropmail.example")

_APPS = tuple(
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Safari/537.36"
    for system in (
        "Windows NT 10.0; Win64; x64",
        "Macintosh; Intel Mac OS X 10_15_7",
        "X11; Linux x86_64",
    )
    for v in (128, 130, 131, 132, 133)
) + tuple(f"ChatApp/{a}.{b} (iOS; build {b * 7})" for a in (5, 6) for b in (1, 2, 4))
_SDKS = tuple(
    f"{name}/{major}.{minor}.{patch}"
    for name, major in (
        ("model-sdk-python", 1),
        ("model-sdk-node", 4),
        ("langchain-py", 0),
        ("python-httpx", 0),
        ("axios", 1),
        ("go-http-client", 2),
        ("okhttp", 4),
        ("litellm", 1),
    )
    for minor in (21, 33, 40, 54)
    for patch in (0, 2)
)
AGENTS = np.array(_APPS + _SDKS, dtype=object)
_N_APPS = len(_APPS)
TLS = np.array(
    [
        f"t13d{15 + i % 4}{10 + i % 7}h{1 + i % 2}_{(i * 2654435761) % 2**48:012x}"
        for i in range(24)
    ],
    dtype=object,
)
_CONTRADICTS = 0.04  # proxies, patched clients and antivirus break the agent-TLS pairing for anyone


def _choose(rng: np.random.Generator, values: Any, *, n: int, shares: Any = None) -> Array:
    table = np.array(values, dtype=object)
    weights = None if shares is None else np.asarray(shares) / np.sum(shares)
    chosen: Array = table[rng.choice(len(table), n, p=weights)]
    return chosen


def _blank(rng: np.random.Generator, values: Array, *, share: float) -> Array:
    some: Array = np.where(rng.random(len(values)) < share, None, values)
    return some


_NAME_A = [
    "Alder",
    "Bright",
    "Cobalt",
    "Delta",
    "Ember",
    "Fjord",
    "Granite",
    "Harbor",
    "Iris",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Maple",
    "Nimbus",
]
_NAME_B = [
    "Orchard",
    "Pioneer",
    "Quartz",
    "Ridge",
    "Summit",
    "Tidal",
    "Umbra",
    "Vertex",
    "Willow",
    "Xenon",
    "Yarrow",
    "Zephyr",
    "Anchor",
    "Beacon",
]
_NAME_C = [
    "Analytics",
    "Labs",
    "Systems",
    "Health",
    "Media",
    "Logistics",
    "Software",
    "Studio",
    "Finance",
    "Education",
    "Retail",
    "Works",
]
_NAME_D = ["Inc", "GmbH", "Ltd", "LLC", "SAS", "BV", "KK", "Pte", "Oy", "AB"]


def organization_names(rng: np.random.Generator, n: int) -> Array:
    """Return names of firms that nobody owns; repeats are rare."""
    parts = zip(
        _choose(rng, _NAME_A, n=n),
        _choose(rng, _NAME_B, n=n),
        _choose(rng, _NAME_C, n=n),
        _choose(rng, _NAME_D, n=n),
        strict=True,
    )
    return np.array([" ".join(p) for p in parts], dtype=object)


def domain_of(organization: str) -> str:
    """Return the mail domain that a firm of that name would use."""
    return "-".join(organization.lower().split()[:3]) + ".example"


def _life(rng: np.random.Generator, n: int, *, window: Window) -> tuple[Array, Array, Array]:
    """Return openings (some inside the window), closures and their reasons."""
    age = rng.exponential(210.0, n) * DAY_US
    opened = window.start_us - age.astype(np.int64)
    span = window.end_us - window.start_us
    young = rng.random(n) < 0.14
    opened = np.where(
        young, window.start_us + (rng.random(n) * span * 0.95).astype(np.int64), opened
    )
    closed = np.full(n, NEVER, dtype=np.int64)
    ends = rng.random(n) < 0.045
    begin = np.maximum(opened, window.start_us)
    closed[ends] = (begin + (0.05 + 0.95 * rng.random(n)) * (window.end_us - begin)).astype(
        np.int64
    )[ends]
    reasons = np.where(ends, _choose(rng, CLOSE_REASONS, n=n, shares=_CLOSE_SHARES), None)
    return opened, closed, reasons


def _mail(rng: np.random.Generator, n: int, *, organization: Array) -> Array:
    mailbox = _choose(rng, _MAILBOXES, n=n, shares=_MAILBOX_SHARES)
    own = np.array([domain_of(o) for o in organization_names(rng, n)], dtype=object)
    mail = np.where(rng.random(n) < 0.22, own, mailbox)
    mail = np.where(rng.random(n) < 0.02, _choose(rng, _THROWAWAY, n=n), mail)
    named = np.array([None if o is None else domain_of(o) for o in organization], dtype=object)
    return np.where((named != None) & (rng.random(n) < 0.7), named, mail)  # noqa: E711


def _instruments(
    rng: np.random.Generator, n: int, *, prefix: str = "pay_", shared: float = 0.07
) -> Array:
    """Return cards or devices; a household or a small firm shares one now and then."""
    payment = tokens(rng, n, prefix=prefix, n_bytes=6)
    shares = np.flatnonzero(rng.random(n) < shared)
    if n > 3:
        payment[shares] = payment[(shares + rng.integers(1, 3, len(shares))) % n]
    return _blank(rng, payment, share=0.08)


def _homes(rng: np.random.Generator, country: Array, *, scripted: Array) -> tuple[Array, Array]:
    """Return up to four addresses an account: home, phone, office or host, a proxy or travel."""
    n = len(country)
    home = places.home_addresses(rng, country)
    homes = np.stack([home] * 4, axis=1)
    nat = rng.random(n) < np.where(scripted, 0.06, 0.22)
    homes[:, 0] = np.where(nat, places.mobile_addresses(rng, country), homes[:, 0])
    hosted = scripted & (rng.random(n) < 0.55)
    homes[:, 0] = np.where(hosted, places.host_addresses(rng, n), homes[:, 0])
    homes[:, 1] = places.home_addresses(rng, country)
    homes[:, 2] = places.mobile_addresses(rng, country)
    abroad = rng.choice(len(places.COUNTRIES), n, p=places.SHARES)
    homes[:, 3] = np.where(
        rng.random(n) < 0.5, places.host_addresses(rng, n), places.home_addresses(rng, abroad)
    )
    return homes, rng.choice(np.arange(1, 5), n, p=(0.42, 0.28, 0.18, 0.12)).astype(np.int8)


def software(rng: np.random.Generator, n: int, *, scripted: Array) -> tuple[Array, Array, Array]:
    """Return up to three agents an account, their TLS prints, and how many are in use."""
    agent = np.where(
        scripted[:, None],
        _N_APPS + np.minimum(rng.geometric(0.07, (n, 3)) - 1, len(_SDKS) - 1),
        np.minimum(rng.geometric(0.12, (n, 3)) - 1, _N_APPS - 1),
    )
    tls = (agent * 7 // 5 + (rng.random((n, 3)) < 0.3)) % len(TLS)
    tls = np.where(rng.random((n, 3)) < _CONTRADICTS, rng.integers(0, len(TLS), (n, 3)), tls)
    return agent, tls, rng.choice(np.array([1, 2, 3]), n, p=(0.62, 0.26, 0.12)).astype(np.int8)


def sample_accounts(
    rng: np.random.Generator,
    n: int,
    *,
    window: Window,
    group: str,
    operator: str | None = None,
    pathway: str | None = None,
    country: str | None = None,
    pathway_shares: tuple[float, ...] = _PATHWAY_SHARES,
) -> Accounts:
    """Draw `n` accounts with everything an account table and a connection would show."""
    where = rng.choice(len(places.COUNTRIES), n, p=places.SHARES)
    kind = rng.choice(len(PATHWAYS), n, p=np.asarray(pathway_shares) / np.sum(pathway_shares))
    if country is not None:
        where[:] = places.INDEX[country]
    if pathway is not None:
        kind[:] = PATHWAYS.index(pathway)
    declared = rng.random(n) < np.asarray(_ORGANIZATION)[kind]
    organization = np.where(declared, organization_names(rng, n), None)
    opened_at, closed_at, closed_reason = _life(rng, n, window=window)
    vetted = (rng.random(n) < np.asarray(_VETTED)[kind]).astype(np.int8)
    return Accounts(
        name=tokens(rng, n, prefix="acct_", n_bytes=8),
        channel=_choose(rng, CHANNELS, n=n, shares=_CHANNEL_SHARES),
        organization=organization,
        opened_at=opened_at,
        closed_at=closed_at,
        closed_reason=closed_reason,
        pathway=np.array(PATHWAYS, dtype=object)[kind],
        vetted=np.where(rng.random(n) < 0.1, np.int8(-1), vetted).astype(np.int8),
        payment=_instruments(rng, n),
        email_domain=_mail(rng, n, organization=organization),
        phone=_blank(rng, tokens(rng, n, prefix="ph_", n_bytes=5), share=0.35),
        device=_blank(rng, _instruments(rng, n, prefix="dev_", shared=0.03), share=0.18),
        country=places.COUNTRIES[where],
        group=np.full(n, group, dtype=object),
        operator=np.full(n, operator, dtype=object),
        **_connections(rng, where, scripted=rng.random(n) < np.asarray(_SCRIPTED)[kind]),
    )


def _connections(rng: np.random.Generator, country: Array, *, scripted: Array) -> dict[str, Array]:
    """Return the columns of Accounts that say from where and with what they connect."""
    n = len(country)
    homes, n_homes = _homes(rng, country, scripted=scripted)
    agents, tls, n_agents = software(rng, n, scripted=scripted)
    return {
        "homes": homes,
        "n_homes": n_homes,
        "lease_hours": np.where(rng.random(n) < 0.45, np.exp(rng.normal(3.0, 1.0, n)), 0.0),
        "agents": agents,
        "tls": tls,
        "n_agents": n_agents,
        "n_keys": np.minimum(rng.geometric(0.6, n), 5).astype(np.int8),
    }


_MAX_OUTPUT = np.array(
    [NEVER, 256, 500, 512, 1000, 1024, 2000, 2048, 4000, 4096, 8192, 16000, 16384]
)
_MAX_OUTPUT_SHARES = np.array([36, 3, 3, 5, 5, 9, 5, 9, 4, 10, 6, 3, 2]) / 100
_TEMPERATURES = np.array([np.nan, 0.0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
_TEMPERATURE_SHARES = np.array([42, 14, 3, 6, 4, 4, 2, 13, 3, 3, 6]) / 100


def add_programs(rng: np.random.Generator, clients: Clients) -> tuple[Clients, Array]:
    """
    Give everyone the other programs they use: a notebook beside an app, a script beside both.

    Returns the clients with the programs appended, and where each client's programs begin;
    a program has parameters of its own, but its owner's loyalty to a model, way of threading and way of naming users.
    """
    extra = clients.programs - 1
    owner = np.repeat(np.arange(len(clients)), extra)
    other = sample_clients(rng, len(owner))
    for habit in ("adopt_after", "adopt_share", "keeps_conversation", "keeps_prefix", "end_user"):
        setattr(other, habit, getattr(clients, habit)[owner])
    begin = len(clients) + np.concatenate([[0], np.cumsum(extra)[:-1]])
    return Clients.concat([clients, other]), begin


TOOL_SETS: tuple[tuple[str, ...], ...] = (
    (),
    ("search",),
    ("bash", "edit_file", "read_file", "search"),
    ("run_sql", "python"),
    ("call_api", "search"),
    ("click", "type", "scroll", "screenshot"),
    ("calendar", "send_mail"),
    ("python",),
)
_TOOL_SHARES = (0.78, 0.05, 0.05, 0.03, 0.03, 0.01, 0.02, 0.03)


def sample_clients(rng: np.random.Generator, n: int) -> Clients:
    """Draw the habits of `n` pieces of software or people behind it."""
    level = _choose(rng, (None, "low", "medium", "high"), n=n, shares=(0.66, 0.08, 0.14, 0.12))
    return Clients(
        temperature=rng.choice(_TEMPERATURES, n, p=_TEMPERATURE_SHARES),
        top_p=rng.choice(
            np.array([np.nan, 0.8, 0.9, 0.95, 1.0]), n, p=(0.72, 0.02, 0.05, 0.11, 0.10)
        ),
        varies=rng.random(n) < 0.12,
        max_output_tokens=rng.choice(_MAX_OUTPUT, n, p=_MAX_OUTPUT_SHARES),
        stream=rng.choice(np.array([-1, 0, 1], dtype=np.int8), n, p=(0.08, 0.42, 0.50)),
        seed=np.where(rng.random(n) < 0.06, rng.integers(0, 10_000, n), NEVER),
        choices=rng.choice(np.array([NEVER, 1, 2, 4]), n, p=(0.66, 0.29, 0.03, 0.02)),
        logprobs=rng.choice(np.array([-1, 0, 1], dtype=np.int8), n, p=(0.55, 0.41, 0.04)),
        reasoning=level,
        output_type=_choose(rng, (None, "text", "json"), n=n, shares=(0.45, 0.40, 0.15)),
        model=rng.choice(np.array([0, 1, 2, 3]), n, p=(0.42, 0.33, 0.17, 0.08)),
        adopt_after=np.where(
            rng.random(n) < 0.55, (rng.exponential(3.0, n) * DAY_US).astype(np.int64), NEVER
        ),
        adopt_share=rng.uniform(0.3, 1.0, n),
        keeps_conversation=rng.random(n) < 0.72,
        keeps_prefix=rng.random(n) < 0.8,
        end_user=rng.choice(np.array([0, 1, 2], dtype=np.int8), n, p=(0.7, 0.2, 0.1)),
        output_mu=rng.normal(5.3, 0.7, n),
        output_sigma=rng.uniform(0.4, 0.9, n),
        programs=rng.choice(np.array([1, 2, 3, 5, 8]), n, p=(0.22, 0.20, 0.20, 0.20, 0.18)),
        tool_set=rng.choice(len(TOOL_SETS), n, p=_TOOL_SHARES),
        sees=rng.random(n) < 0.07,
    )


def share_habits(rng: np.random.Generator, clients: Clients, *, share: float = 1.0) -> None:
    """Let a share of the clients set the same parameters, as users of one program do."""
    uses = rng.random(len(clients)) < share
    clients.programs[uses] = 1
    pick = int(rng.integers(0, len(clients)))
    for name in _PARAMETERS:
        getattr(clients, name)[uses] = getattr(clients, name)[pick]


_PARAMETERS = (
    *("temperature", "top_p", "varies", "max_output_tokens", "stream", "choices"),
    *("logprobs", "reasoning", "output_type", "model", "end_user", "tool_set", "sees"),
)
