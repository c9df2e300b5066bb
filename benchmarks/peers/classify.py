"""Rows with lineages -> each peer's out-of-fold scores, on the split that ours is measured on.

    python -m benchmarks.peers.classify PEER ROWS.parquet SCORES.npz [threads]

Runs in the peers' environment. Each peer learns twice: from the families' rows alone, and from the
prompts as well that we compose of our own sentences, which then weigh what they weigh in ours.
fastText cannot weigh, so its rows are drawn by their weights. Every setting of a small grid is
scored; the driver reports the best by AUC, which favours the peer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import scipy.sparse as sp

from benchmarks.content.folds import Fit, Score, out_of_lineage
from benchmarks.content.measures import F32, F64, I64, Mask
from benchmarks.peers.taught import fasttext_model

STRENGTHS = (0.01, 0.1, 1.0, 10.0)
"""C of the logistic regressions."""

TAUGHT = "taught on "
"""So begin the names of the columns of weights."""

LEAST_TEXTS = 2
MOST_WORDS = 200_000
MINILM_EVERY = 4
"""One composed prompt in four is embedded: a text costs 0.03 s."""

FASTTEXT_LINES = 16_000
FASTTEXT_CHARS = 4000
LEARNING_RATES = (0.1, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """
    What a peer is given: the texts, what is true of them, and what each weighs in training.

    The first `n_scored` rows are the families'; the others are composed, and only learned from.
    """

    name: str
    texts: list[str]
    truth: Mask
    lineage: I64
    taught: F64
    n_scored: int

    def scores(self, fit: Fit) -> F64:
        """Score the families' rows out of lineage."""
        scored = np.arange(self.truth.size) < self.n_scored
        return out_of_lineage(self.lineage, self.taught, fit=fit, scored=scored)[: self.n_scored]

    def used(self) -> Mask:
        """Return which rows are learned from or scored."""
        return (self.taught > 0) | (np.arange(self.truth.size) < self.n_scored)

    def thinned(self, every: int) -> Lesson:
        """Return the lesson with one in so many of the composed prompts."""
        at = np.arange(self.truth.size) - self.n_scored
        return replace(self, taught=np.where((at < 0) | (at % every == 0), self.taught, 0.0))


def tfidf(lessons: list[Lesson], threads: int) -> dict[str, F64]:
    """TF-IDF of 1 and 2 words with logistic regression; words and their rarity of training rows."""
    from sklearn.feature_extraction.text import CountVectorizer

    del threads
    vectoriser = CountVectorizer(ngram_range=(1, 2), min_df=LEAST_TEXTS)
    counts = vectoriser.fit_transform(lessons[0].texts).astype(np.float32)
    counts.data = 1 + np.log(counts.data)
    return {
        f"{lesson.name}, C={strength:g}": lesson.scores(
            partial(_fit_tfidf, counts, lesson, strength)
        )
        for lesson in lessons
        for strength in STRENGTHS
    }


def _fit_tfidf(counts: sp.csr_matrix, lesson: Lesson, strength: float, rows: I64) -> Score:
    from sklearn.preprocessing import normalize

    n_texts = np.bincount(counts[rows].indices, minlength=counts.shape[1])
    used = np.argsort(-n_texts, kind="stable")[:MOST_WORDS]
    used = np.sort(used[n_texts[used] >= LEAST_TEXTS])
    rarity = sp.diags(1 + np.log((1 + rows.size) / (1 + n_texts[used])))

    def features_of(at: I64) -> sp.csr_matrix:
        return normalize(counts[at][:, used] @ rarity)

    score = _regression(features_of(rows), lesson, rows, strength)
    return lambda out: score(features_of(out))


def minilm(lessons: list[Lesson], threads: int) -> dict[str, F64]:
    """MiniLM embeddings with logistic regression."""
    from benchmarks.peers.minilm import WIDTH, embeddings_of

    lessons = [lesson.thinned(MINILM_EVERY) for lesson in lessons]
    looked_at = np.flatnonzero(np.any([lesson.used() for lesson in lessons], axis=0))
    texts = [lessons[0].texts[row] for row in looked_at]
    vectors = np.zeros((len(lessons[0].texts), WIDTH), np.float32)
    vectors[looked_at] = embeddings_of(texts, threads=threads)
    return {
        f"{lesson.name}, C={strength:g}": lesson.scores(
            partial(_fit_minilm, vectors, lesson, strength)
        )
        for lesson in lessons
        for strength in STRENGTHS
    }


def _fit_minilm(vectors: F32, lesson: Lesson, strength: float, rows: I64) -> Score:
    score = _regression(vectors[rows], lesson, rows, strength)
    return lambda out: score(vectors[out])


def _regression(
    features: object, lesson: Lesson, rows: I64, strength: float
) -> Callable[[object], F64]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=300, tol=1e-3)
    weight = lesson.taught[rows] * rows.size / lesson.taught[rows].sum()
    model.fit(features, lesson.truth[rows], sample_weight=weight)
    score: Callable[[object], F64] = model.decision_function
    return score


def fasttext(lessons: list[Lesson], threads: int) -> dict[str, F64]:
    """FastText supervised, dim 16, pairs of words, on lines drawn by their weight."""
    del threads
    lines = [" ".join(text.split())[:FASTTEXT_CHARS] for text in lessons[0].texts]
    return {
        f"{lesson.name}, lr={rate:g}": lesson.scores(partial(_fit_fasttext, lines, lesson, rate))
        for lesson in lessons
        for rate in LEARNING_RATES
    }


def _fit_fasttext(lines: list[str], lesson: Lesson, rate: float, rows: I64) -> Score:
    weight = lesson.taught[rows] / lesson.taught[rows].sum()
    drawn = np.random.default_rng(0).choice(rows, FASTTEXT_LINES, p=weight)
    labelled = [f"__label__{int(lesson.truth[row])} {lines[row]}\n" for row in drawn]
    model = fasttext_model(labelled, lr=rate, epoch=3, bucket=2**18)

    def score(out: I64) -> F64:
        labels, shares = model.predict([lines[row] for row in out], k=2)
        found = [
            dict(zip(label, share, strict=True))["__label__1"]
            for label, share in zip(labels, shares, strict=True)
        ]
        return np.array(found, np.float64)

    return score


PEERS = {"tfidf": tfidf, "fasttext": fasttext, "minilm": minilm}


def lessons_of(rows: str) -> list[Lesson]:
    """Read what the driver wrote: each column of weights is a lesson of its own."""
    table = pq.read_table(rows)
    texts = table["text"].to_pylist()
    truth, lineage, scored = (table[name].to_numpy() for name in ("truth", "lineage", "scored"))
    return [
        Lesson(
            name=name.removeprefix(TAUGHT),
            texts=texts,
            truth=truth,
            lineage=lineage,
            taught=table[name].to_numpy(),
            n_scored=int(scored.sum()),
        )
        for name in table.column_names
        if name.startswith(TAUGHT)
    ]


def main() -> None:
    """Score all rows by one peer, once per setting."""
    name, rows, out, threads = sys.argv[1:5]
    scores: dict[str, Any] = PEERS[name](lessons_of(rows), int(threads))
    np.savez(Path(out), **scores)


if __name__ == "__main__":
    main()
