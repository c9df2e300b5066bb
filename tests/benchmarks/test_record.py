"""Results say where they came from."""

import subprocess
from pathlib import Path

from benchmarks.record import commit_of, committed_on, machine_in_words


def repository(folder: Path) -> str:
    """Make a repository with one commit; return its name."""
    (folder / "src").mkdir()
    (folder / "src" / "a.py").write_text("1\n")
    who = ["-c", "user.name=x", "-c", "user.email=x@y.z"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-C", folder, *words], check=True)
    asked = ["git", "-C", folder, "rev-parse", "HEAD"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def test_commit_is_named(tmp_path: Path) -> None:
    """A clean tree is its commit, and the day is the commit's."""
    head = repository(tmp_path)
    assert head == commit_of(tmp_path)
    assert committed_on(tmp_path).count("-") == 2


def test_changed_code_is_confessed(tmp_path: Path) -> None:
    """Figures of code that nobody can check out say so."""
    repository(tmp_path)
    (tmp_path / "src" / "a.py").write_text("2\n")
    assert commit_of(tmp_path).endswith(" and uncommitted changes")


def test_where_there_is_no_repository_nothing_is_made_up(tmp_path: Path) -> None:
    """An unpacked archive has no commit."""
    assert ("no commit", "unknown") == (commit_of(tmp_path), committed_on(tmp_path))


def test_machine_is_said_in_words() -> None:
    """Cores, load and the releases that ran."""
    said = machine_in_words("numpy")
    assert " cores of " in said and "load " in said and "numpy " in said
