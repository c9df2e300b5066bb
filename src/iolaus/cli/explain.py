"""The store -> the waterfall of bits of one campaign or network: `iolaus explain ID`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iolaus.cli.defaults import OUT, store_url
from iolaus.cli.stored import opened
from iolaus.cli.summary import print_causes
from iolaus.cli.terminal import print_table, results
from iolaus.report.waterfall import campaign_waterfall, cleared_waterfalls, network_waterfall
from iolaus.schema import Campaign, Cleared

if TYPE_CHECKING:
    from rich.console import Console

    from iolaus.report.waterfall import Step, Waterfall
    from iolaus.schema import Network
    from iolaus.store import Store

BAR_CELLS = 20
"""Characters of a bar on the terminal: beside the figure and the sentence in 80 columns."""

TITLES = {"coordination": "Run together?", "extraction": "Harvesting?"}


def explain(id: str, /, *, store: str = store_url(OUT)) -> int:
    """
    Explain a campaign or network: every term of both sums, in bits.

    ```
    iolaus explain c-3f9a
    ```

    A bit doubles the odds: +10 bits make a thing a thousand times likelier than before.

    Parameters
    ----------
    id
        A campaign's or network's id, or as much of its beginning as only it has.
    store
        Where the scan kept it.
    """
    with opened(store) as kept:
        found = kept.find(id)
        falls = _waterfalls(found, kept)
    console = results()
    for fall in falls:
        print_waterfall(console, fall)
    print_causes(console, found.explanations)
    return 0


def _waterfalls(found: Campaign | Network | Cleared, kept: Store) -> list[Waterfall]:
    report = kept.latest()
    if isinstance(found, Campaign):
        return [
            campaign_waterfall(found, "coordination", report),
            campaign_waterfall(found, "extraction", report),
        ]
    if isinstance(found, Cleared):
        return list(cleared_waterfalls(found, kept.network(found.network), report))
    return [network_waterfall(found, report)]


def print_waterfall(console: Console, fall: Waterfall) -> None:
    """Print one claim's terms from the prior to the total, then those that do not count."""
    low, high = _range(fall)
    rows = [
        (_bar(step, low, high), f"{step.bits:+.1f}", f"{_named(step)}\n{step.says}")
        for step in (*fall.steps, *fall.uncounted)
    ]
    columns = ("", "bits", "term, and why")
    print_table(console, _title(fall), columns=columns, rows=rows, right=frozenset({"bits"}))


def _title(fall: Waterfall) -> str:
    title = f"{TITLES[fall.claim]}  {fall.total_bits:+.1f} bits"
    if fall.threshold_bits is None:
        return title
    verdict = "passed" if fall.total_bits > fall.threshold_bits else "not passed"
    return f"{title}, more than {fall.threshold_bits:+.1f} needed: {verdict}"


def _named(step: Step) -> str:
    about = [step.family, *["controlled"] * step.controlled, *["not counted"] * _left_out(step)]
    return f"{step.label.upper()}  {', '.join(word for word in about if word)}".rstrip()


def _left_out(step: Step) -> bool:
    return step.kind == "uncounted"


def _range(fall: Waterfall) -> tuple[float, float]:
    ends = [0.0]
    for step in (*fall.steps, *fall.uncounted):
        ends += [step.start_bits, step.end_bits]
    return min(ends), max(ends)


def _bar(step: Step, low: float, high: float) -> str:
    """Draw where the step begins and ends; dotted where it does not count."""
    scale = (BAR_CELLS - 1) / max(high - low, 1e-9)
    first, last = sorted(round((x - low) * scale) for x in (step.start_bits, step.end_bits))
    sign = {"uncounted": "·", "total": "█"}.get(step.kind, "▓" if step.bits >= 0 else "▒")
    return " " * first + sign * max(1, last - first)
