"""The peers of the fingerprint, each by its own documented way to take many texts at once.

Runs in the peers' environment. What a peer may do once per model or log (fit, seed permutations)
is not timed, nor is the clean-up that fastText asks for; what it does for each text is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from benchmarks.peers.taught import fasttext_model
from benchmarks.turns import Pass, Prepare, serve

N_HASHES = 128
N_OUTPUTS = 19
"""Columns of the linear models, as many as ours has."""

N_BUCKETS = 2**18
FASTTEXT_BUCKETS = 2_000_000
"""fastText's default; `fasttext_small` has as many as we have, which its caches like better."""

FASTTEXT_ROWS = 4000
"""Rows it is taught on: speed is asked for, not accuracy."""


def texts_of(path: Path) -> list[str]:
    """Read the column of prompts."""
    texts: list[str] = pq.read_table(path)["prompt"].to_pylist()
    return texts


def shingled(text: str) -> list[str]:
    """Return the pairs of words, as our kernel has them, made in the cheapest way Python has."""
    words = text.split()
    return [f"{a} {b}" for a, b in itertools.pairwise(words)] or words


def sklearn(path: Path) -> Callable[[], Pass]:
    """HashingVectorizer of 1 and 2 words in 2^18 buckets, times a dense linear model."""
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = texts_of(path)
    vectoriser = HashingVectorizer(ngram_range=(1, 2), n_features=N_BUCKETS)
    weights = np.random.default_rng(0).normal(size=(N_BUCKETS, N_OUTPUTS)).astype(np.float32)
    return lambda: lambda: vectoriser.transform(texts) @ weights


def fasttext_with(n_buckets: int) -> Prepare:
    """Return fastText supervised: dim 16, pairs of words, as many labels as we have outputs."""

    def prepare(path: Path) -> Callable[[], Pass]:
        texts = [" ".join(text.split()) for text in texts_of(path)]
        labelled = [
            f"__label__{row % N_OUTPUTS} {text}\n" for row, text in enumerate(texts[:FASTTEXT_ROWS])
        ]
        model = fasttext_model(labelled, bucket=n_buckets, epoch=2)
        return lambda: lambda: model.predict(texts, k=N_OUTPUTS)

    return prepare


def datasketch_with(hashfunc: str) -> Prepare:
    """Return bulk MinHash from raw text: sha1 is its default, xxhash what its docs name as faster."""

    def prepare(path: Path) -> Callable[[], Pass]:
        from datasketch import MinHash, sha1_hash32

        texts = texts_of(path)
        function = sha1_hash32 if hashfunc == "sha1" else xxhash.xxh32_intdigest

        def run() -> object:
            shingles = [[s.encode() for s in shingled(text)] for text in texts]
            return MinHash.bulk(shingles, num_perm=N_HASHES, hashfunc=function)

        return lambda: run

    return prepare


def rensa_from_text(path: Path) -> Callable[[], Pass]:
    """Rensa's R-MinHash from raw text, its matrix for bulk work; shingles are made in Python."""
    from rensa import RMinHash

    texts = texts_of(path)
    return lambda: (
        lambda: RMinHash.digest_matrix_from_token_sets(
            [shingled(text) for text in texts], N_HASHES, 1
        )
    )


def rensa_same_words(path: Path) -> Callable[[], Pass]:
    """As from raw text, with the words that we take: lower case, no digits, no punctuation."""
    from rensa import RMinHash

    texts = texts_of(path)
    found = re.compile(r"[^\W\d_]+").findall

    def run() -> object:
        words = [found(text.lower()) for text in texts]
        pairs = [[f"{a} {b}" for a, b in itertools.pairwise(w)] or w for w in words]
        return RMinHash.digest_matrix_from_token_sets(pairs, N_HASHES, 1)

    return lambda: run


def rensa_preshingled(path: Path) -> Callable[[], Pass]:
    """Rensa's R-MinHash from lists of shingles that stand ready: no tokenising at all."""
    from rensa import RMinHash

    shingles = [shingled(text) for text in texts_of(path)]
    return lambda: lambda: RMinHash.digest_matrix_from_token_sets(shingles, N_HASHES, 1)


def python_shingling(path: Path) -> Callable[[], Pass]:
    """The shingling alone, which every peer of raw text pays in Python."""
    texts = texts_of(path)
    return lambda: lambda: [shingled(text) for text in texts]


def memory_read(path: Path) -> Callable[[], Pass]:
    """xxh3 over all bytes: about what reading them from memory costs."""
    column = pq.read_table(path)["prompt"].combine_chunks()
    data = memoryview(column.buffers()[2])
    return lambda: lambda: xxhash.xxh3_64_intdigest(data)


def decode(path: Path) -> Callable[[], Pass]:
    """Zstd Parquet in memory -> one Arrow text column, on one thread."""
    data = path.read_bytes()

    def run() -> pa.Table:
        return pq.read_table(pa.BufferReader(data), use_threads=False, columns=["prompt"])

    return lambda: run


CONTESTANTS: dict[str, Prepare] = {
    "sklearn": sklearn,
    "fasttext": fasttext_with(FASTTEXT_BUCKETS),
    "fasttext_small": fasttext_with(N_BUCKETS),
    "datasketch_sha1": datasketch_with("sha1"),
    "datasketch_xxh32": datasketch_with("xxh32"),
    "rensa_from_text": rensa_from_text,
    "rensa_same_words": rensa_same_words,
    "rensa_preshingled": rensa_preshingled,
    "python_shingling": python_shingling,
    "memory_read": memory_read,
    "decode": decode,
}

if __name__ == "__main__":
    serve(CONTESTANTS)
