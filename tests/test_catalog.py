"""Plug-ins by name: the built-in ones, and those that other packages bring."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from iolaus import catalog
from iolaus.contracts import Engine, InnocentSignal, PoolSignal, Source, TieSignal
from iolaus.errors import ContractError
from iolaus.pipeline import scan

PAYER = '''
class Payer:
    """The same payer."""

    name = "payer"
    version = 1
    summary = "the same payer"
    family = "money"
    claim = "coordination"
    scope = "tie"
    controlled = True

    def ties(self):
        return "select account, payment as value, n_exchanges as n, first_at, last_at, " \\
               "cast(0 as tinyint) as phase from accounts where payment is not null"


class Nothing:
    """No plug-in of any kind."""
'''
PIPES = '''
import pyarrow as pa

from iolaus.arrow import EXCHANGE


class Pipes:
    """Lines of at|account|id."""

    name = "pipes"
    version = 1
    summary = "lines of at, account and id between bars"

    def sniff(self, head):
        return b"|" in head and b"{" not in head

    def read(self, location, rejects):
        rows = [line.rstrip("\\n").split("|") for line in open(location)]
        columns = {"id": [r[2] for r in rows], "account": [r[1] for r in rows]}
        n = len(rows)
        at = pa.array([int(r[0]) for r in rows], EXCHANGE.field("at").type)
        arrays = [
            at if f.name == "at" else pa.array(columns.get(f.name, [None] * n), f.type)
            for f in EXCHANGE
        ]
        yield pa.record_batch(arrays, schema=EXCHANGE)
'''


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that installs a package with entry points, for this test only."""

    def made(module: str, code: str, **entries: str) -> None:
        site = tmp_path / "site"
        info = site / f"{module}-1.0.dist-info"
        info.mkdir(parents=True)
        (site / f"{module}.py").write_text(code)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(
            "".join(
                f"[iolaus.{kind}]\n{module} = {module}:{name}\n" for kind, name in entries.items()
            )
        )
        monkeypatch.syspath_prepend(site)
        monkeypatch.delitem(sys.modules, module, raising=False)

    return made


def test_built_in_plugins_are_what_they_are_listed_as():
    """Each list holds plug-ins of its kind, with unlike names."""
    for found, kind in (
        (catalog.tie_signals(), TieSignal),
        (catalog.pool_signals(), PoolSignal),
        (catalog.innocent_signals(), InnocentSignal),
        (catalog.sources(), Source),
    ):
        assert found and all(isinstance(plugin, kind) for plugin in found)
    names = [signal.name for signal in catalog.signals()]
    assert len(names) == len(set(names))
    assert [engine.name for engine in catalog.engines()] == ["duckdb"]
    assert all(isinstance(engine, Engine) for engine in catalog.engines())


def test_nothing_is_added_where_nothing_is_installed():
    """Kinds that others may bring are empty, not missing."""
    assert catalog.added_sources() == catalog.safeguards() == catalog.providers() == ()


def test_signal_of_another_package_joins_the_built_in_ones(install):
    """Installed beside Iolaus, it stands last; uninstalled, it is gone."""
    install("payer_plugin", PAYER, ties="Payer")
    assert catalog.tie_signals()[-1].name == "payer"
    assert "payer" in [signal.name for signal in catalog.signals()]


def test_plugin_that_breaks_its_contract_is_named(install):
    """The entry point, its place and what it should have been."""
    install("payer_plugin", PAYER, ties="Nothing")
    with pytest.raises(ContractError, match=r"payer_plugin.*TieSignal"):
        catalog.tie_signals()


def test_format_of_another_package_is_read(install, tmp_path):
    """A log that no built-in source knows is scanned once a package that reads it is there."""
    install("pipes_plugin", PIPES, sources="Pipes")
    lines = [f"{1_772_409_600_000_000 + i}|account-{i % 3}|ex-{i}" for i in range(30)]
    (tmp_path / "march.log").write_text("\n".join(lines) + "\n")
    report = scan([tmp_path / "march.log"], key=b"0123456789abcdef")
    assert (report.summary.n_exchanges, report.summary.n_accounts) == (30, 3)
    row = {"id": "1", "at": "2026-03-01T00:00:00Z", "account": "a"}
    (tmp_path / "march.jsonl").write_text(json.dumps(row) + "\n")
    assert scan([tmp_path / "march.jsonl"], key=b"0123456789abcdef").summary.n_exchanges == 1
