"""A signal -> nothing, or the rule that it breaks; on traffic made of dice."""

from __future__ import annotations

import inspect
import math
from typing import cast

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from iolaus.arrow import TIE
from iolaus.contracts import InnocentSignal, PoolSignal, TieSignal
from iolaus.errors import ContractError
from iolaus.schema import Evidence, Explanation
from iolaus.testing.dice import (
    N_ROWS,
    background_of,
    backwards,
    pool_of,
    relations_of,
    rows_of,
    shuffled,
)
from iolaus.testing.rule import hold

CONFESSIONS = ("Looks at:", "Means:", "Fooled by:", "Innocent look-alikes:", "Source:")
"""The lines that every signal's docstring has (design/style.md, rule 10)."""

RELATIONS = ("fingerprints", "templates", "accounts", "releases")

FUNCTIONS = frozenset(
    [
        "abs",
        "and",
        "array_size",
        "avg",
        "between",
        "case",
        "cast",
        "ceil",
        "coalesce",
        "count",
        "date_diff",
        "dense_rank",
        "exists",
        "explode",
        "first",
        "floor",
        "greatest",
        "if",
        "in",
        "is_nan",
        "lag",
        "lead",
        "least",
        "ln",
        "log",
        "max",
        "min",
        "mod",
        "not",
        "nullif",
        "or",
        "power",
        "rank",
        "round",
        "row_number",
        "sign",
        "sqrt",
        "sum",
        "time_to_unix",
        "timestamp_trunc",
        "unnest",
        "unix_to_time",
        "xor",
    ]
)
"""sqlglot's names of what DuckDB and Spark count alike; no `hash`, which differs, and no `random`."""

SANE_BITS = 100.0
"""2^100 to one is more than any log can prove; a number beyond it is a bug."""

ORDER = "what is weighed must not depend on the order of rows"


def check_confession(plugin: object) -> None:
    """Every signal says what fools it, and who looks like it and is innocent."""
    lines = [line.strip() for line in (inspect.getdoc(type(plugin)) or "").splitlines()]
    for head in CONFESSIONS:
        said = any(line.startswith(head) and line != head for line in lines)
        hold(said, plugin, f'the docstring has no line "{head} ..."')


def check_signal(plugin: TieSignal | PoolSignal) -> None:
    """Claim, scope and family are what the arithmetic expects."""
    hold(plugin.claim in {"coordination", "extraction"}, plugin, "claim must be one of the two")
    wanted = "tie" if isinstance(plugin, TieSignal) else "pool"
    hold(plugin.scope == wanted, plugin, f'scope must be "{wanted}"')
    hold(bool(plugin.family), plugin, "family must name the kind of evidence")
    hold(plugin.family != "innocent", plugin, "family innocent is for explanations")


def check_dialect(plugin: TieSignal) -> None:
    """The SQL reads our relations, with functions on which engines agree."""
    try:
        trees = sqlglot.parse(plugin.ties(), read="duckdb")
    except sqlglot.errors.ParseError as error:
        raise ContractError("ties() is no SQL", where=plugin.name) from error
    query = trees[0]
    hold(len(trees) == 1 and isinstance(query, exp.Query), plugin, "ties() must be one select")
    query = cast("exp.Query", query)
    own = {cte.alias for cte in query.find_all(exp.CTE)}
    read = {table.name for table in query.find_all(exp.Table)} - own
    hold(read <= set(RELATIONS), plugin, f"ties() may read {RELATIONS} only, not {read}")
    used = {_function_name(function) for function in query.find_all(exp.Func)}
    strange = ", ".join(sorted(used - FUNCTIONS))
    hold(not strange, plugin, f"ties() uses functions that engines need not agree on: {strange}")


def _function_name(function: exp.Func) -> str:
    name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
    return name.lower()


def check_ties(plugin: TieSignal) -> None:
    """The SQL runs, yields the TIE schema, and does not mind the order of rows."""
    relations = relations_of(N_ROWS)
    ties = _query(plugin, relations)
    hold(ties.schema.names == TIE.names, plugin, f"ties() must yield the columns {TIE.names}")
    try:
        ties = ties.cast(TIE)
    # Arrow says "not implemented" of types that no cast joins: the plug-in's types, not ours.
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise ContractError("ties() must yield the types of TIE", where=plugin.name) from error
    for column in ("account", "value", "n", "phase"):
        hold(ties[column].null_count == 0, plugin, f"ties() must not yield a null {column}")
    phases = set(ties["phase"].to_pylist())
    hold(phases <= {-1, 0, 1}, plugin, "phase must be -1, 0 or 1")
    hold(_query(plugin, relations_of(0)).num_rows == 0, plugin, "nothing must yield no tie")
    mirrored = {name: backwards(table) for name, table in relations.items()}
    again = _query(plugin, mirrored).cast(TIE)
    hold(rows_of(again) == rows_of(ties), plugin, "ties() must not depend on the order of rows")


def _query(plugin: TieSignal, relations: dict[str, pa.Table]) -> pa.Table:
    with duckdb.connect(":memory:") as connection:
        connection.execute("set timezone = 'UTC'")
        for name, table in relations.items():
            connection.register(name, table)
        try:
            return connection.sql(plugin.ties()).to_arrow_table()
        except duckdb.Error as error:
            raise ContractError(f"ties() fails: {error}", where=plugin.name) from error


def check_weighing(plugin: PoolSignal) -> None:
    """A pool is weighed in sane bits, the same in any order; an empty one not at all."""
    pool, background = pool_of(N_ROWS), background_of()
    evidence = plugin.weigh(pool, background)
    again = plugin.weigh(shuffled(pool), background)
    hold(
        evidence is None or isinstance(evidence, Evidence),
        plugin,
        "weigh() must return Evidence or None",
    )
    hold((evidence is None) == (again is None), plugin, ORDER)
    if evidence is not None and again is not None:
        _check_bits(plugin, evidence.bits)
        hold(math.isclose(evidence.bits, again.bits, abs_tol=1e-6), plugin, ORDER)
        said = (evidence.signal, evidence.version, evidence.claim, evidence.family)
        own = (plugin.name, plugin.version, plugin.claim, plugin.family)
        hold(said == own, plugin, "evidence must name its own signal, version, claim and family")
        hold(evidence.says.strip() != "", plugin, "evidence must say a sentence")
    hold(plugin.weigh(pool_of(0), background) is None, plugin, "an empty pool is no opinion")


def check_explaining(plugin: InnocentSignal) -> None:
    """A cause is weighed in sane bits, the same in any order; none for an empty pool."""
    hold(plugin.scope == "pool", plugin, 'scope must be "pool"')
    hold(plugin.family == "innocent", plugin, 'family must be "innocent"')
    pool, background = pool_of(N_ROWS), background_of()
    said = plugin.explain(pool, background)
    again = plugin.explain(shuffled(pool), background)
    hold(
        said is None or isinstance(said, Explanation),
        plugin,
        "explain() must return Explanation or None",
    )
    hold((said is None) == (again is None), plugin, ORDER)
    if said is not None and again is not None:
        _check_bits(plugin, said.gap_bits)
        hold(math.isclose(said.gap_bits, again.gap_bits, abs_tol=1e-6), plugin, ORDER)
        hold(said.says.strip() != "", plugin, "an explanation must say a sentence")
    hold(plugin.explain(pool_of(0), background) is None, plugin, "an empty pool needs no cause")


def _check_bits(plugin: object, bits: float) -> None:
    hold(math.isfinite(bits), plugin, "bits must be finite")
    hold(abs(bits) <= SANE_BITS, plugin, f"bits must lie within {SANE_BITS:g} of 0")
