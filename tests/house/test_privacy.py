"""Customers' words stop at the fingerprint."""

import ast
import dataclasses
import typing

import pyarrow as pa

from iolaus import arrow, schema

TEXTS = {"prompt", "system", "text", "content", "message", "completion", "instructions", "body"}
OUR_OWN_WORDS = {"has_text", "system_template"}
"""A yes or no, and a keyed hash."""
BEFORE = {"EXCHANGE", "STRINGS"}
RESULTS = {"ACCOUNT_RESULT", "EXCHANGE_RESULT", "IDENTITY", "TRUTH_ACCOUNT", "TRUTH_EXCHANGE"}
GIVEN = {"ACCOUNT_TABLE"}
VOCABULARY = {"channel", "country", "model", "operation", "finish", "closed_reason", "pathway"}
"""The operator's own words, from lists, never a customer's."""


def schemas() -> dict[str, pa.Schema]:
    """Return the Arrow schemas after EXCHANGE."""
    everything = vars(arrow).items()
    return {k: v for k, v in everything if isinstance(v, pa.Schema) and k not in BEFORE}


def records() -> list[type]:
    """Return the records of schema.py."""
    return [c for c in vars(schema).values() if isinstance(c, type) and dataclasses.is_dataclass(c)]


def test_no_field_is_named_for_text() -> None:
    """No later column or field is called prompt, system, content or the like."""
    columns = {name for table in schemas().values() for name in table.names}
    fields = {name for record in records() for name in typing.get_type_hints(record)}
    named = {n for n in columns | fields if TEXTS & set(n.split("_"))}
    assert named == OUR_OWN_WORDS


def test_kept_tables_hold_hashes() -> None:
    """A string column between ingest and result is the operator's vocabulary, nothing else."""
    kept = [t for k, t in schemas().items() if k not in RESULTS | GIVEN]
    strings = {f.name for t in kept for f in t if pa.types.is_string(f.type)}
    assert strings <= VOCABULARY


def test_later_stages_do_not_ask_for_text(library: dict[str, ast.Module]) -> None:
    """No stage after the fingerprint names the column `prompt` or `system`."""
    stages = ("signals/", "link/", "campaign/", "engines/")
    constants = [
        (path, node.value)
        for path, tree in library.items()
        for node in ast.walk(tree)
        if path.startswith(stages) and isinstance(node, ast.Constant)
    ]
    assert [] == [(p, v) for p, v in constants if v in {"prompt", "system"}]
