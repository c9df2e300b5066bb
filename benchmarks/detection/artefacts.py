"""A simulated world -> whether ids, order or clock ticks matter, and what one column alone tells.

A scan must find the same when ids are drawn anew, rows are shuffled and the sub-second parts of
times are random; and no column, through a tree of depth two, may do a detector's work.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from iolaus.evaluate.matching import codes_of, distinct
from iolaus.evaluate.peers import best_threshold
from iolaus.evaluate.scenario import scan_world, truth_beside

Floats = npt.NDArray[np.float64]
SECOND_US = 1_000_000
DEPTH = 2
LEAST_ROWS = 10
SHOWN = 5


def checked(world: Path, place: Path, *, others: list[Path]) -> dict[str, Any]:
    """
    Scan the world as it is and disturbed, and let trees look at each column.

    The trees see `others` too: one world's harvest has one draw of habits, and that is no rule.
    """
    before = place / "before"
    scan_world(world, out=before)
    other = place / "disturbed"
    renamed = disturb(world, other, rng=np.random.default_rng(7))
    after = place / "after"
    scan_world(other, out=after)
    return {
        "disturbed": _compared(before, after, renamed),
        "columns": columns_alone([world, *others]),
    }


def disturb(world: Path, out: Path, *, rng: np.random.Generator) -> dict[str, str]:
    """Write the world with new ids, shuffled rows, random ticks; return old id -> new id."""
    (out / "log").mkdir(parents=True)
    log = pq.read_table(world / "log")
    log = log.take(pa.array(rng.permutation(log.num_rows)))
    ids = [f"req_{value:016x}" for value in rng.integers(0, 2**63, log.num_rows).tolist()]
    renamed = dict(zip(log["id"].to_pylist(), ids, strict=True))
    stamp = log.schema.field("at").type
    seconds = log["at"].cast(pa.int64()).to_numpy() // SECOND_US * SECOND_US
    ticks = pa.array(seconds + rng.integers(0, SECOND_US, log.num_rows)).cast(stamp)
    log = log.set_column(log.schema.get_field_index("id"), "id", pa.array(ids))
    log = log.set_column(log.schema.get_field_index("at"), "at", ticks)
    pq.write_table(log, out / "log" / "part-0000.parquet")
    table = pq.read_table(world / "account_table.parquet")
    table = table.take(pa.array(rng.permutation(table.num_rows)))
    pq.write_table(table, out / "account_table.parquet")
    (out / "releases.json").write_bytes((world / "releases.json").read_bytes())
    return renamed


def _compared(before: Path, after: Path, renamed: dict[str, str]) -> dict[str, Any]:
    named = [_named(folder) for folder in (before, after)]
    old = pq.read_table(before / "exchanges.parquet")["id"].to_pylist()
    exchanges = {renamed[name] for name in old}
    others = set(pq.read_table(after / "exchanges.parquet")["id"].to_pylist())
    return {
        "accounts_before": len(named[0]),
        "accounts_after": len(named[1]),
        "accounts_alike": _alike(*named),
        "exchanges_before": len(exchanges),
        "exchanges_after": len(others),
        "exchanges_alike": _alike(exchanges, others),
    }


def _named(folder: Path) -> set[str]:
    accounts = pq.read_table(folder / "accounts.parquet")
    return set(accounts.filter(pc.is_valid(accounts["campaign"]))["account"].to_pylist())


def _alike(one: set[str], other: set[str]) -> float:
    """Return Jaccard's measure; two empty sets are alike."""
    return len(one & other) / len(one | other) if one | other else 1.0


def columns_alone(worlds: list[Path]) -> dict[str, Any]:
    """
    Let a tree of depth two judge accounts by each column, cross-fitted, and return the best.

    `recall` is at a precision of .99, at the threshold that the truth would pick.
    """
    log = pa.concat_tables([pq.read_table(world / "log") for world in worlds])
    names = distinct(log["account"])
    row = codes_of(log["account"], names)
    truth = pa.concat_tables(
        [pq.read_table(truth_beside(world) / "accounts.parquet") for world in worlds]
    )
    guilty = truth.filter(pc.is_valid(truth["campaign"]))["account"].combine_chunks()
    is_guilty = np.asarray(pc.is_in(names, value_set=guilty), dtype=np.bool_)
    table = pa.concat_tables([pq.read_table(world / "account_table.parquet") for world in worlds])
    told = {
        name: _judged(features, is_guilty)
        for name, features in _features(log, row, table, names).items()
    }
    best = sorted(told, key=lambda name: (-told[name][1], -told[name][0], name))[:SHOWN]
    clearest = max(told, key=lambda name: told[name][0])
    return {
        "n_columns": len(told),
        "best": {name: told[name] for name in best},
        "clearest": [clearest, told[clearest][0]],
    }


def _features(log: pa.Table, row: Any, table: pa.Table, names: pa.Array) -> dict[str, Floats]:
    """Return what each column of log and account table says of an account, in several ways."""
    found: dict[str, Floats] = {}
    for field in log.schema:
        if field.name in ("account", "id"):
            continue
        for name, values in _derived(log[field.name].combine_chunks()).items():
            found[f"{field.name}, {name}"] = _of_accounts(values, row, len(names))
    own = pc.index_in(names, value_set=table["account"].combine_chunks())
    for field in table.schema:
        if field.name != "account":
            column = table[field.name].combine_chunks().take(own)
            for name, values in _derived(column).items():
                found[f"{field.name} of the table, {name}"] = values[:, None]
    return found


def _derived(column: pa.Array) -> dict[str, Floats]:
    """Return a column and what is easily made of it: nulls, codes, lengths, parts of times."""
    found = {"is null": np.asarray(pc.is_null(column), dtype=np.float64)}
    if pa.types.is_timestamp(column.type):
        us = pc.fill_null(column.cast(pa.int64()), 0).to_numpy().astype(np.float64)
        found |= {
            "value": us,
            "tick": us % SECOND_US,
            "second": us // SECOND_US % 60,
            "hour": us // 3.6e9 % 24,
        }
    elif pa.types.is_string(column.type) or pa.types.is_list(column.type):
        words = np.array([str(value) for value in column.to_pylist()])
        found["code"] = np.unique(words, return_inverse=True)[1].astype(np.float64)
        found["length"] = np.char.str_len(words).astype(np.float64)
    else:
        values = np.array(column.to_numpy(zero_copy_only=False), dtype=np.float64)
        found["value"] = np.nan_to_num(values, nan=-1.0)
    return found


def _of_accounts(values: Floats, row: Any, n: int) -> Floats:
    """Return each account's mean, spread and number of distinct values."""
    count = np.maximum(1, np.bincount(row, minlength=n))
    mean = np.bincount(row, weights=values, minlength=n) / count
    square = np.bincount(row, weights=(values - mean[row]) ** 2, minlength=n) / count
    pairs = np.unique(np.stack([row, values], axis=1), axis=0)
    distinct = np.bincount(pairs[:, 0].astype(np.int64), minlength=n)
    return np.stack([mean, np.sqrt(square), distinct, distinct / count], axis=1)


def _judged(features: Floats, is_guilty: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return the area under the curve, and recall at a precision of .99 or 0."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(
        max_depth=DEPTH, class_weight="balanced", min_samples_leaf=LEAST_ROWS, random_state=0
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    told = cross_val_predict(tree, features, is_guilty, cv=folds, method="predict_proba")[:, 1]
    precision, recall = best_threshold(told, is_guilty=is_guilty, n_guilty=int(is_guilty.sum()))
    solved = recall if precision is not None and precision >= 0.99 else 0.0
    return round(float(roc_auc_score(is_guilty, told)), 3), round(float(solved or 0.0), 3)
