"""The URL of a store -> the store, where a scan has made one; a verb that reads makes none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iolaus.errors import NotFoundError
from iolaus.store import open_store, path_of

if TYPE_CHECKING:
    from iolaus.store import Store


def opened(url: str) -> Store:
    """Open a store that is there; say how to get one where it is not."""
    path = path_of(url)
    if not path.is_file():
        raise NotFoundError(
            "there is no store here yet",
            where=str(path),
            remedy="run `iolaus scan` first, or name its store with --store sqlite:///PATH",
        )
    return open_store(url)
