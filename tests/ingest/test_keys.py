"""Where the operator's key comes from."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from iolaus.errors import UsageError
from iolaus.ingest.keys import load_key

SECRET = bytes(range(200, 232))


@pytest.mark.parametrize(
    "written",
    [
        SECRET.hex().encode() + b"\n",
        base64.b64encode(SECRET) + b"\n",
        base64.urlsafe_b64encode(SECRET),
        base64.b64encode(SECRET).rstrip(b"="),
        SECRET,
    ],
)
def test_a_key_file_may_be_hexadecimal_base64_or_raw(tmp_path: Path, written: bytes) -> None:
    """The same key, however a person wrote it down."""
    (tmp_path / "key").write_bytes(written)
    assert load_key(tmp_path / "key", {"IOLAUS_KEY": "not looked at, but long enough"}) == (
        SECRET,
        False,
    )


def test_a_pass_phrase_is_taken_as_it_is(tmp_path: Path) -> None:
    """Words are no base64."""
    (tmp_path / "key").write_text("correct horse battery staple\n", encoding="utf-8")
    assert load_key(tmp_path / "key", {}) == (b"correct horse battery staple", False)


def test_the_variable_serves_where_no_file_is_named() -> None:
    """For containers."""
    assert load_key(None, {"IOLAUS_KEY": SECRET.hex()}) == (SECRET, False)


@pytest.mark.parametrize("environ", [{}, {"IOLAUS_KEY": ""}])
def test_without_a_key_the_demo_key_is_told_to_be_one(environ: dict[str, str]) -> None:
    """Whoever uses it can warn."""
    key, is_demo = load_key(None, environ)
    assert is_demo
    assert len(key) >= 16


@pytest.mark.parametrize("short", ["short", "00" * 15, ""])
def test_a_short_key_is_an_error(tmp_path: Path, short: str) -> None:
    """Sixteen bytes after decoding are the least."""
    (tmp_path / "key").write_text(short, encoding="utf-8")
    with pytest.raises(UsageError, match=r"needs at least 16.*urandom"):
        load_key(tmp_path / "key", {})


def test_a_key_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Falling back on the demo key would be worse."""
    with pytest.raises(UsageError, match="cannot be read"):
        load_key(tmp_path / "key", {"IOLAUS_KEY": SECRET.hex()})
