"""Counts -> shares that own up to how little a small count proves."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv

CONFIDENCE = 0.95
"""One-sided; a zero out of n is then at most 1 - .05^(1/n), as detection.md asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`n` out of `of`; a share of nothing is None, never 0 or 1."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        """Return n / of, or None where there was nothing to count."""
        return self.n / self.of if self.of else None

    @property
    def upper(self) -> float | None:
        """Return the one-sided 95 % Clopper-Pearson upper bound; for n = 0, 1 - .05^(1/of)."""
        if not self.of:
            return None
        if self.n >= self.of:
            return 1.0
        return float(betaincinv(self.n + 1, self.of - self.n, CONFIDENCE))

    def __str__(self) -> str:
        """Write the share with its count, and a zero with its bound."""
        if self.share is None:
            return "none to count"
        if self.n == 0:
            return f"0 of {self.of:,} (at most {_percent(self.upper or 0.0)})"
        return f"{_percent(self.share)} ({self.n:,} of {self.of:,})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighted:
    """Account precision if campaign accounts were as rare as `prevalence`.

    `at_least` puts the 95 % upper bound of the false-positive rate in the place of the
    rate: with no false alarm among 1,000 innocents it is what has really been shown.
    """

    prevalence: float
    precision: float | None
    at_least: float | None


def reweigh(recall: Rate, false_alarms: Rate, *, prevalence: float) -> Reweighted:
    """Return the precision at `prevalence`; None where a rate is missing or nothing is flagged."""
    return Reweighted(
        prevalence=prevalence,
        precision=_precision_at(recall.share, false_alarms.share, prevalence),
        at_least=_precision_at(recall.share, false_alarms.upper, prevalence),
    )


def _precision_at(
    recall: float | None, false_share: float | None, prevalence: float
) -> float | None:
    if recall is None or false_share is None:
        return None
    right = recall * prevalence
    flagged = right + false_share * (1.0 - prevalence)
    return right / flagged if flagged > 0.0 else None


def _percent(share: float) -> str:
    # A bound of 0.001 % must not be printed as 0.0 %.
    digits = 1 if share == 0.0 or share >= 0.01 else 2 if share >= 0.001 else 4
    return f"{100.0 * share:.{digits}f} %"
