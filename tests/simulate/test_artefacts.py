"""No column, alone or simply derived, gives a simulation's answer away.

A depth-2 tree on each column and its simple derivatives must not tell campaign accounts
from innocent ones, nor extraction from other exchanges. Bounds are areas under the curve,
cross-validated; half is chance. Where behaviour honestly differs the bound is wider, and
`BEHAVIOUR` says which columns those are and why.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

ROWS_AN_ACCOUNT = 12
BOUND = 0.75
TABLE_BOUND = 0.70
BEHAVIOUR_BOUND = 0.88
DIVERSITY_BOUND = 0.85

BEHAVIOUR = {
    "prompt": "a harvest asks for other and longer things than most people do",
    "system": "so do its instructions",
    "input_tokens": "the length of what is asked",
    "output_tokens": "the length of what is answered",
    "reasoning_tokens": "the same",
    "cached_tokens": "long conversations repeat their beginning",
    "turn": "trajectories are long conversations",
    "prefix": "only later turns have one",
    "at": "machines know less night and weekend",
    "tools": "agent harvests offer agents' tools",
    "input_modalities": "vision and computer use show pictures",
    "finish": "tool calls and cut answers follow from the tools and limits",
    "model": "a harvest pivots on release day",
}
"""Columns whose content is the harvest itself."""

DIVERSITY = {"address", "asn", "country", "agent", "tls", "end_user", "conversation", "api_key"}
"""A pool rotates exits and serves many: more distinct values an account, in some innocents too."""


def _derivatives(name: str, column: pa.Array) -> dict[str, np.ndarray]:
    values = column.to_pylist()
    out = {f"{name}:null": np.array([v is None for v in values], float)}
    if pa.types.is_timestamp(column.type):
        us = np.array(column.cast("int64").fill_null(0).to_numpy(zero_copy_only=False), float)
        for part, size, wrap in (
            ("value", 1, 1e18),
            ("millisecond", 1, 1e3),
            ("subsecond", 1, 1e6),
            ("second", 1e6, 60),
            ("minute", 6e7, 60),
            ("hour", 3.6e9, 24),
            ("weekday", 8.64e10, 7),
        ):
            out[f"{name}:{part}"] = us // size % wrap
    elif pa.types.is_string(column.type) or pa.types.is_list(column.type):
        words = [str(v) for v in values]
        _, codes = np.unique(words, return_inverse=True)
        out[f"{name}:code"] = codes.astype(float)
        out[f"{name}:length"] = np.array([len(v or ()) for v in values], float)
        out[f"{name}:last"] = np.array([ord(w[-1]) if w else 0 for w in words], float)
    else:
        out[f"{name}:value"] = np.array([-1.0 if v is None else float(v) for v in values])
    return out


def _auc(feature: np.ndarray, guilty: np.ndarray) -> float:
    if np.ptp(feature) == 0:
        return 0.5
    tree = DecisionTreeClassifier(
        max_depth=2, class_weight="balanced", min_samples_leaf=10, random_state=0
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    told = cross_val_predict(tree, feature.reshape(-1, 1), guilty, cv=folds, method="predict_proba")
    return float(roc_auc_score(guilty, told[:, 1]))


def _bound(name: str) -> float:
    column, _, derived = name.partition(":")
    if column in BEHAVIOUR:
        return BEHAVIOUR_BOUND
    if column in DIVERSITY or derived.endswith(("distinct", "spread")):
        return DIVERSITY_BOUND
    return BOUND


def _too_telling(features: dict[str, np.ndarray], guilty: np.ndarray) -> dict[str, float]:
    told = {name: _auc(values, guilty) for name, values in features.items()}
    return {name: round(auc, 3) for name, auc in told.items() if auc >= _bound(name)}


def _guilt_of(made, accounts: list[str]) -> np.ndarray:
    innocent = dict(
        zip(
            made.truth_accounts["account"].to_pylist(),
            made.truth_accounts["is_innocent"].to_pylist(),
            strict=True,
        )
    )
    return np.array([not innocent[a] for a in accounts], int)


TWINS = (
    "bulk_relay", "shared_relay", "two_relays", "device_farm", "decoys", "stolen_keys", "personas",
    "framed_firm", "slow_ramp", "front_firm", "look_alikes",
)  # fmt: skip


@pytest.fixture(
    scope="module", params=["everything", pytest.param("twins", marks=pytest.mark.slow)]
)
def worlds(simulated, request):
    """Return several worlds as one: a single harvest's one draw of habits would be no rule."""
    if request.param == "everything":
        made = [simulated("everything", scale=0.25, seed=seed) for seed in (5, 6, 7)]
    else:
        made = [simulated(name, scale=0.08, seed=seed) for seed in (8, 9, 10, 11) for name in TWINS]
    return replace(
        made[0],
        log=pa.concat_tables([m.log for m in made]).sort_by("id"),
        accounts=pa.concat_tables([m.accounts for m in made]).sort_by("account"),
        truth_accounts=pa.concat_tables([m.truth_accounts for m in made]),
        truth_exchanges=pa.concat_tables([m.truth_exchanges for m in made]),
    )


def test_account_table_tells_nothing(worlds) -> None:
    """Openings, closures, pathways, names and nulls of the guilty look like anybody's."""
    made = worlds
    features: dict[str, np.ndarray] = {}
    for field in made.accounts.schema:
        features |= _derivatives(field.name, made.accounts[field.name].combine_chunks())
    guilty = _guilt_of(made, made.accounts["account"].to_pylist())
    assert guilty.sum() >= 100
    told = {name: round(_auc(values, guilty), 3) for name, values in features.items()}
    assert {name: auc for name, auc in told.items() if auc >= TABLE_BOUND} == {}


def test_exchanges_tell_nothing_outside_what_is_asked(worlds) -> None:
    """One row's ids, times, clients and parameters do not say whether it is extraction."""
    made = worlds
    some = made.log.take(np.arange(0, made.log.num_rows, max(1, made.log.num_rows // 8_000)))
    features: dict[str, np.ndarray] = {}
    for field in some.schema:
        features |= _derivatives(field.name, some[field.name].combine_chunks())
    told = dict(
        zip(
            made.truth_exchanges["id"].to_pylist(),
            made.truth_exchanges["is_extraction"].to_pylist(),
            strict=True,
        )
    )
    extraction = np.array([told[i] for i in some["id"].to_pylist()], int)
    assert _too_telling(features, extraction) == {}


def _by_account(made) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return means, spreads and distinct counts over a dozen rows of each busier account."""
    names = np.array(made.log["account"].to_pylist())
    shuffled = np.random.default_rng(0).permutation(len(names))
    order = shuffled[np.argsort(names[shuffled], kind="stable")]
    accounts, start, count = np.unique(names[order], return_index=True, return_counts=True)
    busy = count >= ROWS_AN_ACCOUNT
    rows = order[start[busy][:, None] + np.arange(ROWS_AN_ACCOUNT)]
    features: dict[str, np.ndarray] = {}
    for field in made.log.schema:
        if field.name in ({"account", "id"} | BEHAVIOUR.keys()) - {"at"}:
            continue  # behaviour is held to its bound exchange by exchange
        column = made.log[field.name].combine_chunks()
        for name, values in _derivatives(field.name, column).items():
            few = np.sort(values[rows], axis=1)
            features[f"{name}:mean"] = few.mean(axis=1)
            features[f"{name}:spread"] = few.std(axis=1)
            features[f"{name}:distinct"] = (np.diff(few, axis=1) != 0).sum(axis=1) + 1.0
    return features, _guilt_of(made, accounts[busy].tolist())


def test_an_accounts_habits_tell_little(worlds) -> None:
    """What an account's rows have in common does not give its guilt away."""
    features, guilty = _by_account(worlds)
    assert guilty.sum() >= 80
    assert _too_telling(features, guilty) == {}


def test_row_order_tells_nothing(simulated) -> None:
    """Where a row stands in its file says no more than its time does."""
    made = simulated("everything", scale=0.25)
    accounts = made.accounts["account"].to_pylist()
    assert accounts == sorted(accounts)
    moments = made.log["at"].cast("int64").to_numpy()
    assert (np.diff(moments) >= 0).all()
    ids = made.truth_exchanges["id"].to_pylist()
    assert ids == sorted(ids)


def test_the_check_catches_an_artefact(worlds) -> None:
    """Dates floored to the day for the guilty only would be found at once."""
    made = worlds
    guilty = _guilt_of(made, made.accounts["account"].to_pylist())
    opened = made.accounts["opened_at"].combine_chunks().cast("int64").to_numpy().copy()
    opened[guilty == 1] -= opened[guilty == 1] % 1_000_000
    features = _derivatives(
        "opened_at", pa.array(opened).cast(made.accounts.schema.field("opened_at").type)
    )
    assert _too_telling(features, guilty)["opened_at:subsecond"] == pytest.approx(1.0, abs=0.02)
