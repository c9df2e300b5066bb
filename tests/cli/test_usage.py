"""Help that teaches, and mistakes that are answered with the way out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from iolaus.cli.app import VERBS
from iolaus.errors import IolausError

HEAVY = ("pyarrow", "numba", "duckdb", "sklearn", "scipy", "numpy")


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_shows_an_example(type_in, verb: str) -> None:
    """A line that can be copied, and every option with a sentence."""
    typed = type_in(verb, "--help")
    assert 0 == typed.status
    assert f"iolaus {verb}" in typed.out.split("Usage:")[1].split("\n", 1)[1]


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_names_every_verb(type_in, arguments: tuple[str, ...]) -> None:
    """With the first sentence of each, and where to start."""
    typed = type_in(*arguments)
    assert 0 == typed.status
    for verb in VERBS:
        assert f"│ {verb} " in typed.out
    assert "iolaus demo" in typed.out


def test_help_of_verbs_loads_nothing_heavy() -> None:
    """Asking costs milliseconds, not the seconds of a compiler."""
    lines = "".join(f"run(['{verb}', '--help']);" for verb in VERBS)
    look = f"print([m for m in {HEAVY} if m in sys.modules])"
    code = f"import sys; from iolaus.cli.app import run; {lines} {look}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.splitlines()[-1]


def test_version_is_printed(type_in) -> None:
    """For reports of bugs."""
    assert "0." in type_in("--version").out


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("scan", ".", "--acounts", "x"), "Did you mean --accounts?"),
        (("scna", "."), 'Did you mean "scan"?'),
        (("scan", ".", "--max-rejected", "many"), "--max-rejected"),
        (("scan", ".", "--max-rejected", "3"), "give 0 to 1"),
        (("scan", ".", "--engine", "spark"), "comes with a later release"),
        (("scan", ".", "--engine", "oracle"), "duckdb"),
        (("scan",), "no log was named"),
        (("scan", "gone.jsonl"), "gone.jsonl: there is no such file or folder"),
        (("scan", ".", "--accounts", "gone.csv"), "gone.csv: there is no such file"),
        (("scan", ".", "--config", "gone.toml"), "gone.toml"),
        (("scan", ".", "--out", "a-file"), "a-file: this is a file"),
        (("scan", ".", "--out", "a-file/deeper"), "a-file: this is a file"),
        (("scan", ".", "--store", "mysql://db"), "sqlite:///PATH"),
        (("scan", ".", "--store", "sqlite:///."), "the store cannot be used"),
        (("show",), "run `iolaus scan` first"),
        (("explain", "c-1"), "run `iolaus scan` first"),
        (("explain",), "Try `iolaus explain --help`"),
        (("show", "--store", "postgresql://db"), "sqlite:///PATH"),
    ],
)
def test_a_mistake_is_answered_with_the_way_out(
    type_in, tmp_path: Path, arguments: tuple[str, ...], answer: str
) -> None:
    """Exit status 2, the answer on stderr, nothing on stdout, nothing written."""
    (tmp_path / "a-file").write_text("")
    typed = type_in(*arguments)
    assert 2 == typed.status
    assert answer in typed.err
    assert "" == typed.out
    assert ["a-file"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("[detection]\nmemroy = '1GB'\n", "has no setting 'memroy'"),
        ("[detektion]\n", "there is no section [detektion]"),
        ("[ingest]\nmapp = 1\n", "[ingest] has no setting 'mapp'"),
        ("[detection\n", "cannot read the settings"),
    ],
)
def test_a_mistake_in_the_settings_is_named(type_in, log: Path, text: str, answer: str) -> None:
    """A setting that is silently ignored is worse than an error."""
    log.with_name("iolaus.toml").write_text(text)
    typed = type_in("scan", log)
    assert 2 == typed.status
    assert "iolaus.toml" in typed.err
    assert answer in typed.err


def fail(*_arguments: object, **_options: object) -> None:
    """Fail as only a bug does, with a customer's words in the message."""
    raise RuntimeError("CONFIDENTIAL WORDS")


def test_an_unexpected_error_is_one_line_without_a_customers_words(
    type_in, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 1, and how to report it; the traceback only where it is asked for."""
    monkeypatch.setattr("iolaus.pipeline.scan", fail)
    typed = type_in("scan", log)
    assert 1 == typed.status
    assert "unexpected RuntimeError" in typed.err
    assert "--debug" in typed.err
    assert "CONFIDENTIAL" not in typed.err
    assert "Traceback" in type_in("scan", log, "--debug").err


def test_an_interrupt_ends_with_130(type_in, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As shells expect, and without a traceback."""

    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("iolaus.pipeline.scan", interrupt)
    typed = type_in("scan", log)
    assert 130 == typed.status
    assert "Traceback" not in typed.err


def _in_compiled_code() -> None:
    raise SystemError("a result with an exception set") from KeyboardInterrupt()


def _in_a_query() -> None:
    try:
        raise duckdb.InterruptException
    except duckdb.Error as error:
        raise IolausError("the query of a stage failed") from error


@pytest.mark.parametrize("strike", [_in_compiled_code, _in_a_query])
def test_an_interrupt_in_other_peoples_code_ends_with_130_too(
    type_in, log: Path, monkeypatch: pytest.MonkeyPatch, strike: Callable[[], None]
) -> None:
    """Compiled code and queries dress Ctrl-C up as an error; a real one is still an error."""
    monkeypatch.setattr("iolaus.pipeline.scan", lambda *_a, **_o: strike())
    typed = type_in("scan", log)
    assert 130 == typed.status
    assert typed.err.endswith("iolaus: interrupted\n")


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """`iolaus plugins | head -1` ends in silence."""
    command = f"'{sys.executable}' -c 'from iolaus.cli import main; main()' plugins --json"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -c 1"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert "{" == done.stdout
    assert "" == done.stderr
