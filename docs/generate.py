"""Docstrings of the code -> the pages of docs/reference that nobody writes by hand."""  # noqa: INP001

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
from pathlib import Path
from typing import Any

from iolaus import catalog, errors
from iolaus.cli.app import build_app
from iolaus.config import Settings
from iolaus.errors import IolausError
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.ingest.limits import ReadLimits
from iolaus.report.limits import PageLimits
from iolaus.testing.signals import CONFESSIONS

REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Made by `make docs` from the code; change the docstring there, not this page. -->\n"
CITED = (
    "A source named `design/...`, `reference/...`, `performance.md` or `detection-anchors.md` is a\n"
    "page of the project's working notes, which are not part of this repository; all others are\n"
    "public.\n"
)

ABOUT_SIGNALS = """\
Each signal says what it looks at, what that means, what fools it, and who looks the same and
is innocent. Of the signals of one family only the best counts.
[Add a signal](../how-to/add-a-signal.md) tells how to write one.
"""
ABOUT_SETTINGS = """\
What stands under `[detection]` in `iolaus.toml` (or the file named with `--config`). An unknown
name is an error. [Tune a threshold](../how-to/tune-a-threshold.md) tells how to change one and
see what it does.
"""
ABOUT_LIMITS = """\
## Limits that are not settings

Constants of the code, listed so that nobody need read it to find out why a row was rejected or
where a table ends.
"""


def pages() -> dict[str, str]:
    """Return file name -> content of every generated page."""
    return {
        "signals.md": signals_page(),
        "settings.md": settings_page(),
        "cli.md": cli_page(),
        "errors.md": errors_page(),
    }


def signals_page() -> str:
    """Return every signal with its confession, as its docstring makes it."""
    kinds = (
        ("Ties: what two accounts can share", catalog.TIES, catalog.tie_signals()),
        ("Pools: what only a flow's traffic can show", catalog.POOLS, catalog.pool_signals()),
        ("Innocent causes: they may only subtract", catalog.INNOCENTS, catalog.innocent_signals()),
    )
    parts = [
        f"# Signals\n\n{MADE}",
        ABOUT_SIGNALS,
        CITED,
    ]
    for title, entries, plugins in kinds:
        parts.append(f"## {title}\n")
        parts += [_signal(plugin) for plugin in plugins[: len(entries)]]
    return "\n".join(parts)


def _signal(plugin: Any) -> str:
    paragraphs = inspect.cleandoc(inspect.getdoc(type(plugin)) or "").split("\n\n")
    lines = [f"### {plugin.name}", "", f"*{_standing(plugin)}*", "", paragraphs[0], ""]
    for line in "\n".join(paragraphs[1:]).splitlines():
        head = next((head for head in CONFESSIONS if line.startswith(head)), None)
        if head is not None:
            lines.append(f"- **{head}**{line.removeprefix(head)}")
        elif line.strip():
            lines.append(f"  {line.strip()}")
    if doc := inspect.getdoc(getattr(plugin, "weigh", getattr(plugin, "explain", None))):
        lines.append(f"- **Bits:** {doc.splitlines()[0]}")
    return "\n".join(lines) + "\n"


def _standing(plugin: Any) -> str:
    words = [f"family {plugin.family}", f"version {plugin.version}"]
    if claim := getattr(plugin, "claim", None):
        words.insert(0, f"claim {claim}")
    if hasattr(plugin, "controlled"):
        words.append("controlled" if plugin.controlled else "adoptable")
    return ", ".join(words)


def settings_page() -> str:
    """Return every number that can be turned, and the fixed limits beside them."""
    return "\n".join(
        [
            f"# Settings\n\n{MADE}",
            ABOUT_SETTINGS,
            CITED,
            _table(Settings),
            ABOUT_LIMITS,
            f"### Reading a log\n\n{_table(ReadLimits)}",
            f"### Templates\n\n{_table(TemplateLimits)}",
            f"### The page\n\n{_table(PageLimits)}",
        ]
    )


def _table(record: type) -> str:
    rows = ["| name | default | what it means, and where it comes from |", "|---|---|---|"]
    says = field_docs(record)
    for field in dataclasses.fields(record):
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        shown = f'"{default}"' if isinstance(default, str) else default
        rows.append(f"| `{field.name}` | `{shown}` | {says[field.name]} |")
    return "\n".join(rows) + "\n"


def field_docs(record: type) -> dict[str, str]:
    """Return what the string below each field of a dataclass says, in one line."""
    body = ast.parse(inspect.getsource(record)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - it was read from a class
    found: dict[str, str] = {}
    for this, following in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(this, ast.AnnAssign)
            and isinstance(this.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            words = " ".join(str(following.value.value).split())
            found[this.target.id] = words.replace("|", "\\|")
    return found


def cli_page() -> str:
    """Return the command line's own help, as Markdown."""
    body = build_app().generate_docs()
    # cyclopts puts the running program's `-m pytest` behind every verb.
    body = re.sub(r"^(iolaus \w+) -m [\w.]+", r"\1", body, flags=re.MULTILINE)
    return body.replace("# iolaus\n", f"# Command line\n\n{MADE}", 1).rstrip() + "\n"


def errors_page() -> str:
    """Return every error, what it means, and the exit status it ends with."""
    rows = ["| error | is a kind of | means | exit status |", "|---|---|---|---|"]
    for error in _errors(IolausError):
        parent = "" if error is IolausError else f"`{error.__bases__[0].__name__}`"
        says = (inspect.getdoc(error) or "").splitlines()[0]
        rows.append(f"| `{error.__name__}` | {parent} | {says} | {error.exit_status} |")
    return (
        f"# Errors\n\n{MADE}\n"
        "Every error says what is wrong, where, and what to do about it. In Python catch\n"
        "`iolaus.errors.IolausError`; on the command line it becomes one line on stderr.\n\n"
        + "\n".join(rows)
        + "\n\nBeside these, `scan` ends with 3 when more rows were rejected than `--max-rejected`\n"
        "allows: its results are written all the same. 1 is a bug of ours, 130 an interruption.\n"
    )


def _errors(top: type[IolausError]) -> list[type[IolausError]]:
    below = [error for child in top.__subclasses__() for error in _errors(child)]
    return [error for error in [top, *below] if error.__module__ == errors.__name__]


def main() -> None:
    """Write the pages and name those that changed."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        path = REFERENCE / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(REFERENCE.parent.parent)}\n")


if __name__ == "__main__":
    main()
