"""Names and numbers -> an SVG that reads in light and in dark, the same bytes for the same numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH = 720
COLOURS = ("#2f6fde", "#d9480f", "#2b8a3e", "#9c36b5", "#868e96", "#b08900")
"""Ours first; each keeps a contrast of 3 to 1 on white and on GitHub's dark grey."""

_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f; }
.quiet { fill: #57606a; font-size: 12px; }
.strong { font-weight: 600; }
.grid { stroke: #57606a; stroke-opacity: .25; }
.axis { stroke: #57606a; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.quiet { fill: #9da7b3; }
.grid, .axis { stroke: #9da7b3; }
}
"""


def dots(
    rows: Sequence[tuple[str, float, str]], *, title: str, unit: str, ours: Sequence[str] = ()
) -> str:
    """Draw one dot a row on a logarithmic scale, with its words; `ours` stand out."""
    left, right, top, step = 180, 150, 64, 28
    height = top + step * len(rows) + 40
    low = 10 ** math.floor(math.log10(min(value for _, value, _ in rows)))
    high = 10 ** math.ceil(math.log10(max(value for _, value, _ in rows)))
    span = math.log(high / low)
    parts = [_text(8, 22, title, "strong"), _text(8, 42, unit, "quiet")]
    bottom = top + step * len(rows)
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        x = left + (WIDTH - left - right) * math.log(10.0**power / low) / span
        parts += [
            _line(x, top - 8, x, bottom, "grid"),
            _text(x, bottom + 18, f"{10.0**power:g}", "quiet", "middle"),
        ]
    for number, (name, value, words) in enumerate(rows):
        x = left + (WIDTH - left - right) * math.log(value / low) / span
        y = top + step * number + step / 2
        colour = COLOURS[0] if name in ours else COLOURS[4]
        style = "strong" if name in ours else ""
        parts += [
            _text(left - 12, y + 4, name, style, "end"),
            f'<line x1="{left}" y1="{y:g}" x2="{x:.1f}" y2="{y:g}" stroke="{colour}" stroke-width="2"/>',
            f'<circle cx="{x:.1f}" cy="{y:g}" r="5" fill="{colour}"/>',
            _text(x + 12, y + 4, words, style),
        ]
    return _drawing(height, parts, title)


def lines(
    series: Mapping[str, Sequence[tuple[float, float]]],
    *,
    title: str,
    across: tuple[str, float, float],
    up: str,
    diagonal: bool = False,
) -> str:
    """
    Draw lines of points; both axes run to 1, the one across is logarithmic where it begins above 0.

    `across` is its words, its first value and its last. Names stand in a legend at the right.
    """
    left, right, top, bottom, height = 60, 190, 56, 330, 380
    words, low, high = across
    wide, tall = WIDTH - left - right, bottom - top

    def place(x: float, y: float) -> tuple[float, float]:
        share = math.log(x / low) / math.log(high / low) if low > 0 else x / high
        return left + wide * share, bottom - tall * y

    parts = [_text(8, 22, title, "strong"), _text(8, 42, up, "quiet")]
    for tick in _ticks(low, high):
        x, _ = place(tick, 0)
        parts += [
            _line(x, top, x, bottom, "grid"),
            _text(x, bottom + 18, f"{tick:g}", "quiet", "middle"),
        ]
    for tenth in range(0, 11, 2):
        _, y = place(high, tenth / 10)
        parts += [
            _line(left, y, left + wide, y, "grid"),
            _text(left - 8, y + 4, f"{tenth / 10:g}", "quiet", "end"),
        ]
    parts.append(_text(left + wide / 2, bottom + 40, words, "quiet", "middle"))
    if diagonal:
        start, end = place(0, 0), place(high, 1)
        parts.append(
            f'<line class="axis" stroke-dasharray="4 4" x1="{start[0]:g}" y1="{start[1]:g}" '
            f'x2="{end[0]:g}" y2="{end[1]:g}"/>'
        )
    for number, (name, points) in enumerate(series.items()):
        parts += _series(number, name, [place(x, y) for x, y in points])
    return _drawing(height, parts, title)


def _series(number: int, name: str, points: Sequence[tuple[float, float]]) -> list[str]:
    colour = COLOURS[number % len(COLOURS)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    wide = 3 if number == 0 else 1.8
    legend = 70 + 24 * number
    style = "strong" if number == 0 else ""
    marks = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{wide + 0.5}" fill="{colour}"/>' for x, y in points
    ]
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{wide}"/>',
        *marks,
        f'<line x1="{WIDTH - 176}" y1="{legend}" x2="{WIDTH - 152}" y2="{legend}" stroke="{colour}" stroke-width="{wide}"/>',
        _text(WIDTH - 144, legend + 4, name, style),
    ]


def _ticks(low: float, high: float) -> list[float]:
    if low <= 0:
        return [high * tenth / 10 for tenth in range(0, 11, 2)]
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    return [10.0**power for power in range(first, last + 1)]


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    named = f' class="{style}"' if style else ""
    return f'<text{named} x="{x:.1f}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line class="{style}" x1="{x1:.1f}" y1="{y1:g}" x2="{x2:.1f}" y2="{y2:g}"/>'


def _drawing(height: float, parts: Sequence[str], title: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img">'
    return "\n".join(
        [head, f"<title>{escape(title)}</title>", f"<style>{_STYLE}</style>", *parts, "</svg>", ""]
    )
