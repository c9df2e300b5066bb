"""Every CPU gives the same fingerprints: vector instructions change the speed alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import hashlib
import numpy as np
import pyarrow as pa
from iolaus.fingerprint.fingerprinter import Fingerprinter

luck = np.random.default_rng(11)
words = ["plain", "Wörter", "слово", "日本語", "한국어", "ไทย", "{slot}", "1.", "- ", "|a|", "\\n", "unbroken" * 5]
texts = [" ".join(luck.choice(words, n)) for n in luck.integers(0, 400, 300)] * 2
raw = [luck.integers(0, 256, n, dtype=np.uint8).tobytes() for n in luck.integers(0, 500, 100)]
digest = hashlib.sha256()
for column in (pa.array(texts), pa.array(raw, pa.large_binary())):
    printer = Fingerprinter(b"key", threads=1)
    batch = pa.record_batch({"prompt": column})
    printer.observe(batch)
    digest.update(str(printer.text_columns_of(batch).to_pydict()).encode())
    digest.update(str(printer.resolve().templates().to_pydict()).encode())
print(digest.hexdigest())
"""


@pytest.mark.story
def test_a_cpu_without_wide_vectors_gives_the_same_fingerprints(tmp_path: Path) -> None:
    """Code for the plainest CPU of this architecture and code for this one agree in every bit."""
    plainest = {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(tmp_path),
    }
    digests = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, **extra},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for extra in ({}, plainest)
    ]
    assert len(digests[0]) == 65
    assert digests[0] == digests[1]
