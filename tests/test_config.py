"""Settings come from a file, in the right type, or are refused by name."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from iolaus.config import Settings, settings_from
from iolaus.errors import UsageError


def written(folder: Path, text: str) -> Path:
    """Write a settings file."""
    path = folder / "iolaus.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path):
    """No file, and a file about other things, are the same as nothing said."""
    assert settings_from(None) == Settings()
    assert settings_from(written(tmp_path, '[ingest.map]\nmodel = "engine"\n')) == Settings()


def test_settings_are_read_in_their_own_types(tmp_path):
    """A whole number is fine for a fraction, a list for a tuple; the rest stays as it was."""
    path = written(
        tmp_path,
        '[detection]\nmember_margin_bits = 12\ncut_bits = [5.0, 9.0]\nring_reach = 3\nmemory = "1GB"\n',
    )
    assert settings_from(path) == Settings(
        member_margin_bits=12.0, cut_bits=(5.0, 9.0), ring_reach=3, memory="1GB"
    )
    assert isinstance(settings_from(path).member_margin_bits, float)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("member_margin = 12", "no setting 'member_margin'"),
        ('member_margin_bits = "12"', "member_margin_bits must be like"),
        ("ring_reach = 2.5", "ring_reach must be like"),
        ("ring_reach = true", "ring_reach must be like"),
        ("cut_bits = 5.0", "cut_bits must be like"),
        ("accept_bits = false", "accept_bits must be like"),
    ],
)
def test_unknown_or_ill_typed_setting_is_named(tmp_path, line, says):
    """The name, the file, and what would be right."""
    path = written(tmp_path, f"[detection]\n{line}\n")
    with pytest.raises(UsageError, match=says) as caught:
        settings_from(path)
    assert caught.value.where == str(path)


def test_unknown_setting_offers_those_there_are(tmp_path):
    """A slip of the pen is answered with the list."""
    with pytest.raises(UsageError) as caught:
        settings_from(written(tmp_path, "[detection]\nalhpa = 0.01\n"))
    assert caught.value.remedy is not None and "alpha" in caught.value.remedy


@pytest.mark.parametrize("content", [b"[detection\n", b"\xff\xfe[detection]"])
def test_file_that_is_no_toml_is_refused(tmp_path, content):
    """A broken file stops the scan before it starts; so does one that is not there."""
    path = tmp_path / "iolaus.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="cannot read the settings"):
        settings_from(path)
    with pytest.raises(UsageError, match="cannot read the settings"):
        settings_from(tmp_path / "absent.toml")


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda field: field.name)
def test_digest_changes_with_any_setting(field):
    """Two reports with one digest were made with the same numbers."""
    default = getattr(Settings(), field.name)
    if isinstance(default, tuple):
        other = (*default, default[-1] + 1) if default else ("payment",)
    else:
        other = f"{default}B" if isinstance(default, str) else default + 1
    assert dataclasses.replace(Settings(), **{field.name: other}).digest() != Settings().digest()
    assert Settings(**{field.name: default}).digest() == Settings().digest()
    assert len(Settings().digest()) == 16
