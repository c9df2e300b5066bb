"""The ring of linking beside the plain self-join in DuckDB, on the same ties, in turns.

    python benchmarks/linking/measure.py --accounts 5000 20000 --rounds 3

Ties are drawn: a popular client, exits, cards in batches of five, one template of many users.
Prints one JSON object: seconds of each round, the ratio of the medians, pairs of each, and the
share of the planted networks' accounts that have a candidate pair with a fellow member.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from iolaus.config import Settings
from iolaus.link.candidates import candidate_pairs
from iolaus.link.views import View, view_of

FAMILIES = {"payment": "money", "client": "client", "infrastructure": "place", "template": "text"}
Ties = dict[str, pa.Table]

# Two accounts, every value that both hold: what the ring replaces.
JOIN = """
    select a.account * {n} + b.account as pair, min(h.n) as rarest
    from {view} a join {view} b on a.value = b.value and a.account < b.account
    join (select value, count(*) as n from {view} group by value) h on h.value = a.value
    where h.n <= {cap}
    group by pair
"""


def drawn(n_accounts: int, *, seed: int) -> tuple[Ties, np.ndarray]:
    """Return ties by view, and the accounts of twenty networks of 25 planted among them."""
    rng = np.random.default_rng(seed)
    everyone = np.arange(n_accounts)
    planted = rng.permutation(n_accounts)[:500].reshape(20, 25)
    card = 10**9 + everyone
    card[planted] = 2 * 10**9 + np.arange(500).reshape(20, 25) // 5
    recipe = popular(rng, n_accounts, n_values=n_accounts // 20)
    recipe[planted] = 10**7 + np.arange(20)[:, None]
    exits = popular(rng, 3 * n_accounts, n_values=n_accounts // 5)
    columns = {
        "payment": (everyone, card),
        "client": (everyone, popular(rng, n_accounts, n_values=300)),
        "infrastructure": (np.tile(everyone, 3), exits),
        "template": (everyone, recipe),
    }
    return {name: table(*both) for name, both in columns.items()}, planted


def popular(rng: np.random.Generator, n: int, *, n_values: int) -> np.ndarray:
    """Draw values of which the first is held by most."""
    weight = 1 / np.arange(1, n_values + 1)
    return rng.choice(n_values, n, p=weight / weight.sum())


def table(account: np.ndarray, value: np.ndarray) -> pa.Table:
    """Return one row an account and value."""
    both = np.unique(np.stack([account, value], axis=1), axis=0)
    return pa.table({"account": both[:, 0].astype(np.int32), "value": both[:, 1]})


def by_ring(ties: Ties, n_accounts: int) -> np.ndarray:
    """Return pair codes that the ring proposes and verification keeps."""
    settings = Settings()
    views: list[View] = [
        view_of(t, n_accounts, name=v, version=1, family=FAMILIES[v], controlled=v == "payment")
        for v, t in ties.items()
    ]
    pairs, _ = candidate_pairs(
        views,
        reach=settings.ring_reach,
        n_orders=settings.ring_orders,
        cap_share=settings.hot_share,
        floor_bits=settings.pair_floor_bits,
    )
    return pairs[:, 0] * n_accounts + pairs[:, 1]


def by_join(ties: Ties, n_accounts: int) -> np.ndarray:
    """Return pair codes of the self-join, at the same cap and the same floor of bits a value."""
    settings = Settings()
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        parts = []
        for name, ties_of in ties.items():
            connection.register(name, ties_of)
            query = JOIN.format(n=n_accounts, view=name, cap=settings.hot_share * n_accounts)
            parts.append(f"select pair, log2({n_accounts} / rarest) as bits from ({query})")
        whole = (
            f"select pair from ({' union all '.join(parts)}) group by pair"
            f" having sum(bits) >= {settings.pair_floor_bits}"
        )
        return connection.execute(whole).fetchnumpy()["pair"].astype(np.int64)


def covered(pairs: np.ndarray, planted: np.ndarray, n_accounts: int) -> float:
    """Return the share of planted accounts that have a pair inside their network."""
    network = np.full(n_accounts, -1)
    network[planted] = np.arange(len(planted))[:, None]
    a, b = pairs // n_accounts, pairs % n_accounts
    inside = (network[a] >= 0) & (network[a] == network[b])
    return len(np.unique(np.concatenate([a[inside], b[inside]]))) / planted.size


def measured(n_accounts: int, *, rounds: int, seed: int) -> dict[str, Any]:
    """Run both in turns; the first round warms compiled code up and is not counted."""
    ties, planted = drawn(n_accounts, seed=seed)
    out: dict[str, Any] = {"accounts": n_accounts, "ties": sum(t.num_rows for t in ties.values())}
    seconds: dict[str, list[float]] = {"ring": [], "join": []}
    for number in range(rounds + 1):
        for name, found in (("ring", by_ring), ("join", by_join)):
            start = time.perf_counter()
            pairs = found(ties, n_accounts)
            if number:
                seconds[name].append(round(time.perf_counter() - start, 4))
            out[f"{name}_pairs"] = len(pairs)
            out[f"{name}_covered_share"] = covered(pairs, planted, n_accounts)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {**out, "seconds": seconds, "join_over_ring": medians["join"] / medians["ring"]}


def main() -> None:
    """Measure each size and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[5000, 20000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rows = [measured(n, rounds=asked.rounds, seed=asked.seed) for n in asked.accounts]
    sys.stdout.write(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
