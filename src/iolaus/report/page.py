"""A Report -> one self-contained HTML page."""

from __future__ import annotations

from iolaus.schema import Report


def render_page(report: Report) -> str:
    """Return the page."""
    return f"<!doctype html><title>Iolaus {report.version}</title>"
