"""What earlier logs taught about templates <-> a file beside the store, whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from iolaus.fingerprint.sketch import Remembered, Sketch, remembered
from iolaus.fingerprint.text import keys_of
from iolaus.ingest.whole_files import OWNER_ONLY, whole_file


def recall(path: Path | None, *, key: bytes) -> Remembered:
    """Read what earlier logs taught; nothing where no file is named."""
    return Remembered() if path is None else remembered(path, keys=keys_of(key))


def keep(path: Path | None, learned: Sketch | None, *, known: Remembered) -> None:
    """Keep what a log taught, unless that would take the place of what another key learned."""
    if path is None or learned is None or not known.may_replace:
        return
    with suppress(OSError):  # where no folder can be made, writing says why
        path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path, "wb", permissions=OWNER_ONLY) as out:
        out.write(learned.to_bytes())
