"""What to type next is what works."""

from __future__ import annotations

import io
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from iolaus.cli.defaults import OUT, store_url
from iolaus.cli.summary import print_summary


@pytest.mark.parametrize(
    ("out", "store", "ends"),
    [
        (OUT, store_url(OUT), ""),
        (Path("demo-out"), store_url(Path("demo-out")), " --store sqlite:///demo-out/iolaus.db"),
        (OUT, "sqlite:///kept.db", " --store sqlite:///kept.db"),
    ],
    ids=["default", "another folder", "another store"],
)
def test_the_store_is_named_where_it_is_not_the_usual(
    built: ModuleType, out: Path, store: str, ends: str
) -> None:
    """`iolaus explain ID` alone looks into the default store, and nowhere else."""
    page, report = io.StringIO(), built.report()
    print_summary(Console(file=page, width=160), report, out=out, store=store)
    assert f"Why:    iolaus explain {report.campaigns[0].id}{ends}\n" in page.getvalue()
