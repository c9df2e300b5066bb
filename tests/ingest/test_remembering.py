"""What logs taught is kept beside the store, for its owner only, and never in another's place."""

from __future__ import annotations

import stat

import numpy as np
import pytest

from iolaus.fingerprint.sketch import Remembered, Sketch, check_of
from iolaus.fingerprint.text import keys_of
from iolaus.ingest.remembering import keep, recall

KEY = b"sixteen bytes ok"


@pytest.fixture
def sketch() -> Sketch:
    """One run that a tenth of a log's rows held."""
    return Sketch(
        slots=np.array([7], np.int32),
        share_log2=np.array([-3.25], np.float32),
        at_us=0,
        check=check_of(keys_of(KEY)),
    )


def test_what_is_kept_comes_back(sketch, tmp_path) -> None:
    """Kept and recalled it is the same; only its owner may read it."""
    path = tmp_path / "new folder" / "iolaus.db.sketch"
    keep(path, sketch, known=Remembered())
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    got = recall(path, key=KEY)
    assert got.sketch is not None and got.words() == ()
    assert sketch.to_bytes() == got.sketch.to_bytes()
    assert [path] == list(path.parent.iterdir())


def test_another_keys_file_is_not_written_over(sketch, tmp_path) -> None:
    """A scan with the wrong key says so and leaves what the right one learned."""
    path = tmp_path / "sketch"
    keep(path, sketch, known=Remembered())
    wrong = recall(path, key=b"another key, as long")
    assert 1 == len(wrong.words())
    before = path.read_bytes()
    keep(path, sketch, known=wrong)
    assert before == path.read_bytes()


def test_a_damaged_file_is_replaced(sketch, tmp_path) -> None:
    """What nobody can read again is worth nothing."""
    path = tmp_path / "sketch"
    path.write_bytes(b"damaged")
    keep(path, sketch, known=recall(path, key=KEY))
    assert recall(path, key=KEY).sketch is not None


def test_a_log_without_text_leaves_what_is_known(sketch, tmp_path) -> None:
    """Nothing learned, nothing written; and where no file is named there is none."""
    path = tmp_path / "sketch"
    keep(path, None, known=Remembered())
    keep(None, sketch, known=recall(None, key=KEY))
    assert [] == list(tmp_path.iterdir())
