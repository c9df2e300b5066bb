"""Texts -> how long they are, and how they are laid out; not a word of what they say."""

from __future__ import annotations

import re

import numpy as np

from benchmarks.content.measures import F64

_COUNTED = {
    "headings": re.compile(r"^#{1,6} ", re.MULTILINE),
    "bullets": re.compile(r"^\s*[-*•] ", re.MULTILINE),
    "numbered": re.compile(r"^\s*\d+[.)] ", re.MULTILINE),
    "labels": re.compile(r"^[^\W\d_][\w ]{0,30}:", re.MULTILINE),
    "fences": re.compile(r"```"),
    "brackets": re.compile(r"[\[\]]"),
    "braces": re.compile(r"[{}]"),
    "tags": re.compile(r"</?\w+>"),
    "bold": re.compile(r"\*\*"),
    "rules": re.compile(r"^(?:-{3,}|={3,}|#{3,}\s*$)", re.MULTILINE),
    "blank": re.compile(r"\n\s*\n"),
    "lines": re.compile(r"\n"),
    "digits": re.compile(r"\d"),
    "capitals": re.compile(r"[A-Z]"),
    "colons": re.compile(r":"),
    "questions": re.compile(r"\?"),
    "quotes": re.compile(r"[\"']"),
    "stops": re.compile(r"[.!]"),
    "commas": re.compile(r","),
}


def lengths_of(texts: list[str]) -> F64:
    """Return logarithms of characters and words, and characters a word."""
    chars = np.array([len(text) for text in texts], np.float64)
    words = np.array([len(text.split()) for text in texts], np.float64)
    return np.column_stack([np.log1p(chars), np.log1p(words), chars / (words + 1)])


def layout_of(texts: list[str]) -> F64:
    """Return for each mark whether it is there and how many a thousand characters; no length."""
    counts = np.array(
        [[len(mark.findall(text)) for mark in _COUNTED.values()] for text in texts], np.float64
    ).reshape(len(texts), len(_COUNTED))
    chars = np.array([max(len(text), 1) for text in texts], np.float64)
    return np.hstack([counts > 0, np.log1p(1000 * counts / chars[:, None])])
