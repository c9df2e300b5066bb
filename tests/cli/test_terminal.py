"""Progress bars and tables: for eyes where there are eyes, plain where there are none."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from iolaus.cli.terminal import print_table, progress_bars


class Terminal(io.StringIO):
    """A stderr that somebody looks at."""

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True


def test_progress_is_drawn_on_stderr_where_somebody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One bar a stage; stdout stays free for results."""
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    with progress_bars() as progress:
        assert progress is not None
        progress("read", 0, 10)
        progress("read", 10, 10)
        progress("link", 1, 2)
    assert "read" in seen.getvalue()
    assert "link" in seen.getvalue()
    assert "" == capsys.readouterr().out


def test_no_progress_is_drawn_into_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A log of a nightly run is not full of bars."""
    seen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", seen)
    with progress_bars() as progress:
        assert progress is None
    assert "" == seen.getvalue()


def test_a_name_in_brackets_is_a_name() -> None:
    """Nothing that a log says is taken for markup of the terminal."""
    out = io.StringIO()
    console = Console(file=out, width=60)
    rows = [("[red]n-1[/red]", "[link=http://x]y[/link]")]
    print_table(console, "Title", columns=("id", "why"), rows=rows)
    assert "[red]n-1[/red]" in out.getvalue()
    assert "[link=http://x]y[/link]" in out.getvalue()


def test_an_id_is_never_broken() -> None:
    """It is there to be copied, however narrow the window."""
    out = io.StringIO()
    rows = [("c-0123456789ab", "a long reason " * 9)]
    print_table(Console(file=out, width=30), "Title", columns=("id", "why"), rows=rows)
    assert "c-0123456789ab" in out.getvalue()
