"""report.json: canonical and lossless."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iolaus import schema
from iolaus.errors import ContractError, FormatError
from iolaus.report.as_json import report_from_json, report_to_json
from iolaus.schema import Report

PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    datetime: st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=8),
    bool: st.booleans(),
    type(None): st.none(),
}


def strategy_of(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of a type as the schema uses them: records, tuples, unions, literals."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of([strategy_of(argument) for argument in arguments])
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(strategy_of(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*(strategy_of(argument) for argument in arguments))
    hints = get_type_hints(hint)
    return st.builds(hint, **{name: strategy_of(hints[name]) for name in hints})


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategy_of(Report))
def test_any_report_comes_back_the_same(report: Report) -> None:
    """Writing and reading loses nothing, whatever the fields hold."""
    assert report == report_from_json(report_to_json(report))


def test_a_built_report_comes_back_the_same(built: ModuleType) -> None:
    """The types of facts survive too: 1 is not 1.0 and not true."""
    report = built.report()
    again = report_from_json(report_to_json(report))
    assert report == again
    kinds = [type(value) for _, value in again.campaigns[0].evidence[0].facts]
    assert [int, float, bool, str] == kinds


def test_the_same_report_is_the_same_bytes(built: ModuleType) -> None:
    """Two equal reports, made apart, are written alike, and a zone is no difference."""
    report = built.report()
    east = timezone(timedelta(hours=9))
    moved = replace(
        report, summary=replace(report.summary, first_at=report.summary.first_at.astimezone(east))
    )
    assert report_to_json(built.report()) == report_to_json(report)
    assert report_to_json(report) == report_to_json(moved)


def test_keys_are_sorted_and_moments_end_in_z(built: ModuleType) -> None:
    """A diff of two reports shows what changed, and any program reads the moments."""
    data = json.loads(report_to_json(built.report()))
    assert sorted(data) == list(data)
    assert "2026-03-01T00:00:00Z" == data["summary"]["first_at"]


@pytest.mark.parametrize("bits", [float("nan"), float("inf"), float("-inf")])
def test_a_figure_that_is_none_is_refused_by_name(built: ModuleType, bits: float) -> None:
    """JSON would turn it into null in silence."""
    report = built.report()
    broken = replace(report, campaigns=(replace(report.campaigns[0], extraction_bits=bits),))
    with pytest.raises(ContractError, match=r"report\.campaigns\[0\]\.extraction_bits"):
        report_to_json(broken)


def test_a_moment_without_zone_is_refused(built: ModuleType) -> None:
    """It would be read back as another moment."""
    report = built.report()
    naive = replace(report, summary=replace(report.summary, first_at=datetime(2026, 3, 1)))
    with pytest.raises(ContractError, match="has no zone"):
        report_to_json(naive)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"version": 1}'])
def test_what_is_no_report_is_refused_with_the_file_named(data: Any) -> None:
    """A truncated or foreign file is an error that says where."""
    with pytest.raises(FormatError, match=r"out/report\.json"):
        report_from_json(data, where="out/report.json")


def test_every_record_of_a_report_is_built_here(built: ModuleType) -> None:
    """A record that is added to the schema must join the example, or these tests see half."""
    text = report_to_json(built.report()).decode()
    inside = (schema.Campaign, schema.Cleared, schema.Network, schema.Flow, schema.Pivot)
    fields = {name for record in inside for name in record.__dataclass_fields__}
    assert set() == {name for name in fields if f'"{name}"' not in text}
