"""Words, tables and progress bars -> a terminal; plain text where it is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 160
"""Columns where there is no terminal to ask: wide enough that no id or reason is cut."""

Progress = Callable[[str, float, float], None]


def say(words: str) -> None:
    """Write to stderr, where results never go."""
    print(words, file=sys.stderr)


def results() -> Console:
    """Return the console that results are printed on: stdout."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console(highlight=False)
    # Whoever sets COLUMNS has said how wide; rich reads it where no width is given.
    width = None if os.environ.get("COLUMNS", "").isdigit() else PIPED_WIDTH
    return Console(highlight=False, width=width, no_color=True)


def print_bytes(data: bytes) -> None:
    """Write bytes to stdout as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def print_table(
    console: Console,
    title: str,
    *,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: frozenset[str] = frozenset(),
) -> None:
    """Print a table with a title; columns named in `right` hold numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for place, name in enumerate(columns):
        if place == 0:
            # An id is copied: one that is broken over two lines is no id.
            table.add_column(name, no_wrap=True, overflow="ignore")
        elif name in right:
            table.add_column(name, justify="right", no_wrap=True)
        elif all(" " not in row[place] for row in rows):
            # Words that could only be broken in their middle are left whole.
            table.add_column(name, no_wrap=True)
        else:
            table.add_column(name, overflow="fold")
    for row in rows:
        # Text, not markup: a name in square brackets is a name.
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


@contextmanager
def progress_bars() -> Iterator[Progress | None]:
    """Yield a progress callable that draws one bar a stage on stderr; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, int] = {}

        def progress(stage: str, done: float, total: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield progress
