"""A file is there whole or not at all, and as private as it was asked to be."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from iolaus.errors import OutputError
from iolaus.ingest.whole_files import OWNER_ONLY, whole_file


def names_in(folder: Path) -> list[str]:
    """Return what a folder holds."""
    return sorted(path.name for path in folder.iterdir())


def write_half(path: Path, failure: Exception) -> None:
    """Fail after the first words."""
    with whole_file(path, "w") as out:
        out.write("half")
        raise failure


def test_it_takes_its_place_at_the_end(tmp_path: Path) -> None:
    """Until then whoever reads sees the one that was there before."""
    path = tmp_path / "names"
    path.write_text("old")
    with whole_file(path, "w") as out:
        out.write("név")
        out.flush()
        assert "old" == path.read_text()
    assert "név" == path.read_text("utf-8")
    assert ["names"] == names_in(tmp_path)


def test_what_fails_midway_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    """Whatever it was that failed."""
    path = tmp_path / "names"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):
        write_half(path, ZeroDivisionError())
    with pytest.raises(OutputError, match="No space left"):
        write_half(path, OSError(28, "No space left on device"))
    assert "old" == path.read_text()
    assert ["names"] == names_in(tmp_path)


def test_a_private_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    """Also where an earlier run left half a file that everybody could read."""
    left = tmp_path / ".names.partial"
    left.write_text("half")
    left.chmod(0o644)
    with whole_file(tmp_path / "names", "wb", permissions=OWNER_ONLY) as out:
        out.write(b"whole")
        assert OWNER_ONLY == stat.S_IMODE(left.stat().st_mode)
    assert OWNER_ONLY == stat.S_IMODE((tmp_path / "names").stat().st_mode)
    assert ["names"] == names_in(tmp_path)


@pytest.mark.parametrize("folder", ["none", "file"])
def test_a_folder_that_is_none_is_named(tmp_path: Path, folder: str) -> None:
    """Missing, or a file: the error says where and what to do."""
    (tmp_path / "file").write_text("")
    path = tmp_path / folder / "names"
    with pytest.raises(OutputError, match="choose another --out") as caught, whole_file(path, "w"):
        pass
    assert str(path) in str(caught.value)
    assert ["file"] == names_in(tmp_path)
