"""Prompt families -> what simpler means reach on the same split by lineage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp

from iolaus.fingerprint.capability import balance
from iolaus.fingerprint.promptset import F64, PromptSet


def baselines_of(prompts: PromptSet) -> dict[str, F64]:
    """Return held-out scores of extraction by TF-IDF, by length alone and by layout alone."""
    length = np.log1p(np.array([len(text) for text in prompts.texts], np.float64))
    return {
        "tfidf": _out_of_lineage(prompts, _tfidf(prompts.texts)),
        "length": _out_of_lineage(prompts, sp.csr_matrix(length[:, None])),
        "layout": _out_of_lineage(prompts, sp.csr_matrix(prompts.bits)),
    }


def _tfidf(texts: list[str]) -> sp.csr_matrix:
    """Weigh words and pairs of words; the vocabulary has seen all rows."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorise: Callable[[list[str]], Any] = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, max_features=200_000, sublinear_tf=True
    ).fit_transform
    return vectorise(texts)


def _out_of_lineage(prompts: PromptSet, features: sp.csr_matrix) -> F64:
    """Score every row by a logistic regression that saw nothing of its lineage."""
    from sklearn.linear_model import LogisticRegression

    truth = prompts.truth_of("extraction")
    logits = np.zeros(truth.size)
    for lineage in np.unique(prompts.lineage):
        out = prompts.lineage == lineage
        taught = np.flatnonzero(~out)
        if len(np.unique(truth[taught])) == 2:
            model = LogisticRegression(max_iter=200, tol=1e-3)
            weight = balance(prompts.family[taught], truth[taught])
            model.fit(features[taught], truth[taught], sample_weight=weight)
            logits[out] = model.decision_function(features[out])
    return logits
