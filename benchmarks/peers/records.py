"""Accounts as records -> clusters of records that Splink takes for one person's."""

from __future__ import annotations

import contextlib
import logging

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.peers.shared import HUB, SMALLEST, Floats, Log, component_sizes

SURE = 0.95
LEAST = 0.5
EXACT = ("payment", "device", "phone")
FREQUENT = ("email_domain", "client", "country")
LISTS = ("addresses", "templates")


def splink(log: Log) -> dict[str, Floats]:
    """
    Link accounts by Fellegi-Sunter, u from random pairs, m by EM, and take components.

    Blocked on each instrument and on each address or template that is no hub; frequencies of
    common values are adjusted for, as the documentation advises.
    """
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    table = _records(log)
    rules = [block_on(name) for name in EXACT]
    rules += [block_on(name, arrays_to_explode=[name]) for name in LISTS]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(),
        blocking_rules_to_generate_predictions=rules,
        probability_two_random_records_match=1e-4,
        retain_matching_columns=False,
    )
    linker = Linker(DuckDBAPI().register(table), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("payment"), block_on("device")):
        # In a small log a level may come out at 0, which Splink refuses: it keeps what it had.
        with contextlib.suppress(ValueError):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    pairs = found.as_duckdbpyrelation().to_arrow_table()
    left = pairs["unique_id_l"].to_numpy()
    right = pairs["unique_id_r"].to_numpy()
    probability = pairs["match_probability"].to_numpy()
    most = np.zeros(log.n)
    np.maximum.at(most, left, probability)
    np.maximum.at(most, right, probability)
    sure = probability >= SURE
    edges = list(zip(left[sure].tolist(), right[sure].tolist(), strict=True))
    size = component_sizes(edges, log.n)
    return {"own": (size >= SMALLEST).astype(np.float64), "component": size, "probability": most}


def _comparisons() -> list[object]:
    from splink import comparison_library as cl

    return [
        *(cl.ExactMatch(name) for name in EXACT),
        *(cl.ExactMatch(name).configure(term_frequency_adjustments=True) for name in FREQUENT),
        *(cl.ArrayIntersectAtSizes(name, [3, 1]) for name in LISTS),
    ]


def _records(log: Log) -> pa.Table:
    """Return one row an account: its columns, and the values it holds that are no hub."""
    columns = {name: log.accounts[name] for name in (*EXACT, *FREQUENT)}
    columns["unique_id"] = pa.array(np.arange(log.n))
    for name, column in zip(LISTS, ("address", "template"), strict=True):
        columns[name] = _lists(log, column)
    return pa.table(columns)


def _lists(log: Log, column: str) -> pa.Array:
    rows = log.rows.filter(pc.is_valid(log.rows[column])).select(["account", column])
    pairs = rows.group_by(["account", column]).aggregate([])
    held = pairs.group_by(column).aggregate([("account", "count")])
    few = held.filter(pc.less_equal(held["account_count"], HUB))[column]
    pairs = pairs.filter(pc.is_in(pairs[column], value_set=few.combine_chunks()))
    lists: list[list[str]] = [[] for _ in range(log.n)]
    for account, value in zip(pairs["account"].to_pylist(), pairs[column].to_pylist(), strict=True):
        lists[account].append(value)
    return pa.array([sorted(held) or None for held in lists], type=pa.list_(pa.string()))
