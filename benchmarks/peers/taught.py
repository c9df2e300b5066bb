"""Labelled lines -> a fastText model, tried again where it stumbles over its own memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import Any

THREADS = 10
"""With one thread 18 of 40 trainings ended in "Encountered NaN", and none where the allocator
hands out zeros (MALLOC_PERTURB_=255): it reads what it never wrote. With ten it is rare. Threads
write over one another, so a third decimal may change from run to run."""

TRIES = 5


def fasttext_model(lines: Iterable[str], **settings: Any) -> Any:
    """Return a supervised model of dimension 16 on words and pairs of words."""
    import fasttext

    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(lines)
        file.flush()
        for tries_left in reversed(range(TRIES)):
            try:
                return fasttext.train_supervised(
                    file.name, dim=16, wordNgrams=2, thread=THREADS, verbose=0, **settings
                )
            except RuntimeError as error:
                if "NaN" not in str(error) or tries_left == 0:
                    raise
    raise AssertionError("the last try returns or raises")
