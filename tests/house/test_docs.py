"""The docs name what is there, and nothing that is gone."""

import dataclasses
import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from iolaus import arrow, catalog, errors
from iolaus.cli.app import VERBS
from iolaus.config import Settings
from iolaus.report.files import OURS

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
PATHLIKE = re.compile(r"`((?:[a-z_-]+/)+[\w.-]+\.py)`")
PLACES = ("", "src/iolaus")
"""Where the docs' paths begin: at the root, or at the package."""
SHELL = frozenset({"(umask", ".venv/bin/python"})
"""Commands that are neither ours nor make's."""


def blocks(language: str) -> list[tuple[Path, str]]:
    """Return every block of a language with its page."""
    return [
        (page, code)
        for page in PAGES
        for name, code in BLOCK.findall(page.read_text(encoding="utf-8"))
        if name == language
    ]


def commands() -> list[tuple[str, list[str]]]:
    """Return the words of every line of every shell block, with the page's name."""
    return [
        (page.name, shlex.split(line, comments=True))
        for page, code in blocks("sh")
        for line in code.splitlines()
        if line.strip()
    ]


def generator() -> ModuleType:
    """Load docs/generate.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference(name: str) -> str:
    """Return one page of docs/reference."""
    return (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


def slug(heading: str) -> str:
    """Return the anchor that a heading has."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_generated_pages_are_fresh() -> None:
    """What `make docs` would write is what stands there, so nothing in it is gone or missing."""
    stale = [name for name, text in generator().pages().items() if text != reference(name)]
    assert [] == stale, "run `make docs`"


def test_every_setting_is_explained() -> None:
    """A setting without a line in the reference cannot be turned by anybody."""
    page = reference("settings.md")
    assert [] == [f.name for f in dataclasses.fields(Settings) if f"| `{f.name}` |" not in page]
    assert set(generator().field_docs(Settings)) == {f.name for f in dataclasses.fields(Settings)}


def test_every_verb_is_explained() -> None:
    """Every verb of the command line has its part."""
    assert [] == [verb for verb in VERBS if f"\n## iolaus {verb}\n" not in reference("cli.md")]


def test_every_signal_confesses_in_the_docs() -> None:
    """Every built-in signal has its heading, and every part of its confession."""
    page = reference("signals.md")
    built_in = [s for s in catalog.signals() if type(s).__module__.startswith("iolaus.")]
    assert [] == [s.name for s in built_in if f"\n### {s.name}\n" not in page]
    assert len(built_in) == page.count("**Looks at:**") == page.count("**Innocent look-alikes:**")


def test_every_error_is_explained() -> None:
    """Every class of the tree has its row."""
    named = [n for n, e in vars(errors).items() if isinstance(e, type)]
    assert [] == [name for name in named if f"| `{name}` |" not in reference("errors.md")]


def test_every_output_file_and_column_is_explained() -> None:
    """The files of a scan and of a simulation, column by column."""
    page = reference("output.md")
    assert [] == [name for name in OURS if f"| `{name}` |" not in page]
    tables = (arrow.ACCOUNT_RESULT, arrow.EXCHANGE_RESULT, arrow.IDENTITY)
    columns = {name for table in tables for name in table.names}
    assert set() == {name for name in columns if f"| `{name}` |" not in page}
    truth = {*arrow.TRUTH_ACCOUNT.names, *arrow.TRUTH_EXCHANGE.names}
    assert set() == {name for name in truth if f"`{name}`" not in page}
    assert set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE)) <= columns


def test_every_command_exists() -> None:
    """What the docs tell people to type is a make target, or a verb with options it knows."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    options = set(re.findall(r"--[a-z-]+", reference("cli.md")))
    strange = []
    for page, words in commands():
        first, *rest = words
        known = (
            {w for w in rest if "=" not in w} <= targets
            if first == "make"
            else rest[0] in VERBS and {w for w in rest if w.startswith("--")} <= options
            if first == "iolaus"
            else first in SHELL
        )
        strange += [] if known else [f"{page}: {' '.join(words)}"]
    assert [] == strange
    assert {"demo", "test"} <= {word for _, words in commands() for word in words}


def test_links_resolve() -> None:
    """Every link leads to a file that is there, and every anchor to a heading."""
    broken = []
    for page in PAGES:
        for link in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
            if link.startswith(("https://", "mailto:")):
                continue
            name, _, anchor = link.partition("#")
            target = page if not name else (page.parent / name).resolve()
            headings = HEADING.findall(target.read_text()) if target.is_file() else []
            if not target.exists() or (anchor and anchor not in map(slug, headings)):
                broken.append(f"{page.name}: {link}")
    assert [] == broken


def test_paths_exist() -> None:
    """A file that the docs name is still there."""
    named = {(page.name, path) for page in PAGES for path in PATHLIKE.findall(page.read_text())}
    assert named
    gone = {n for n in named if not any((ROOT / place / n[1]).is_file() for place in PLACES)}
    assert gone == set()


def test_how_tos_and_decisions_are_found() -> None:
    """Every page of docs is linked from some other page; the folder of decisions lists its own."""
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
    }
    pages = [p for p in PAGES if p.is_relative_to(ROOT / "docs") and p.parent.name != "decisions"]
    assert [] == [p.name for p in pages if p not in linked]


@pytest.mark.parametrize(
    "page", sorted({page for page, _ in blocks("python")}), ids=lambda p: p.name
)
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python of a page runs from top to bottom as one program."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example"}
    for here, code in blocks("python"):
        if here == page:
            exec(compile(code, str(page), "exec"), names)


def test_examples_of_settings_are_read(tmp_path: Path) -> None:
    """Every TOML of the docs is a configuration, or a catalogue of actors, that is taken."""
    from iolaus.cli.configuration import read_configuration
    from iolaus.ingest.actor_catalogue import read_actors
    from iolaus.ingest.columns import plan_of_map
    from iolaus.ingest.pseudonyms import Pseudonyms

    found = blocks("toml")
    assert found
    for _, code in found:
        path = tmp_path / "iolaus.toml"
        path.write_text(code, encoding="utf-8")
        if "[[actor]]" in code:
            assert read_actors(path, pseudonyms=Pseudonyms(b"sixteen bytes at least"))
            continue
        read = read_configuration(path)
        assert read.mapping is None or plan_of_map(read.mapping)
        assert read.mapping is not None or read.settings != Settings()
