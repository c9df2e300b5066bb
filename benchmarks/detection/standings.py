"""What peers found on the same logs -> the tables that hold them against us."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from benchmarks.markdown import table

Results = dict[str, Any]

WANTED = 0.99

WORDS = {
    "iolaus": "Iolaus",
    "volume": "volume per key",
    "shared_addresses": "shared addresses",
    "shared_payment": "shared payment",
    "evilcohort": "EvilCohort-like",
    "fraudar_addresses": "FRAUDAR, addresses",
    "fraudar_templates": "FRAUDAR, our templates",
    "mmd_accounts": "MMD per account",
    "mmd_networks": "MMD per network of ours",
    "qut_texts_600s": "QUT, texts, 600 s",
    "qut_templates_60s": "QUT, our templates, 60 s",
    "qut_templates_600s": "QUT, our templates, 600 s",
    "splink": "Splink 5",
    "synchrotrap_addresses": "SynchroTrap-like, addresses",
    "synchrotrap_templates": "SynchroTrap-like, our templates",
}


def equal(results: Results) -> str:
    """Recall at an account precision of .99, or at the best precision that was reached."""
    recall, reached = results["recall_at_equal_precision"], results["precision_reached"]
    scenarios = list(dict.fromkeys(name for told in recall.values() for name in told))
    rows = []
    for peer, words in WORDS.items():
        if peer in recall:
            cells = [_cell(recall[peer].get(s), reached[peer].get(s)) for s in scenarios]
            rows.append((words, *cells))
    beaten = _beaten(recall, reached, scenarios)
    note = (
        "Recall of campaign accounts at an account precision of .99. Peers are given the threshold "
        "that the truth would pick, over every score they have; Iolaus has its own, or a stricter "
        "one. In brackets the precision of whoever never reaches .99, on the worst seed.\n\n"
        + beaten
    )
    return table(["", *(f"`{s}`" for s in scenarios)], rows) + "\n\n" + note


def _cell(recall: float | None, precision: float | None) -> str:
    if recall is None:
        return ""
    if recall > 0 and precision is not None and precision < WANTED:
        return f"{recall:.2f} (at {precision:.2f})"
    return f"{recall:.2f}"


def _beaten(recall: Results, reached: Results, scenarios: list[str]) -> str:
    """Say where a peer finds more at equal precision."""
    said = []
    for scenario in scenarios:
        ours = recall["iolaus"].get(scenario) or 0.0
        reaches = (reached["iolaus"].get(scenario) or 0.0) >= WANTED
        better = [
            f"{WORDS[peer]} ({recall[peer][scenario]:.2f})"
            for peer in WORDS
            if peer != "iolaus"
            and peer in recall
            and reached[peer].get(scenario, 0.0) >= WANTED
            and (recall[peer].get(scenario, 0.0) > ours or not reaches)
        ]
        if better:
            said.append(
                f"**`{scenario}`: {', '.join(better)} beat{'s' if len(better) == 1 else ''} Iolaus ({ours:.2f}).**"
            )
    return " ".join(said) or "No peer finds more than Iolaus in any scenario at equal precision."


def own_settings(results: Results) -> str:
    """Each peer as it would be run: at its own setting."""
    rows = []
    for peer, words in WORDS.items():
        told = results["peers"].get(peer)
        if told is None:
            continue
        attacks = [one for one in told.values() if one["recall"] is not None]
        wronged: dict[str, int] = defaultdict(int)
        for one in told.values():
            for group, n in one["innocents_flagged"].items():
                wronged[group] += n
        ordinary = wronged.pop("ordinary", 0)
        seconds = [one["seconds"] for one in told.values() if one["seconds"] is not None]
        unfinished = {words for one in told.values() for words in one["not_finished"]}
        rows.append(
            (
                words,
                mean_of([one["precision"] for one in attacks]),
                mean_of([one["recall"] for one in attacks]),
                sum(wronged.values()),
                ordinary,
                f"{max(seconds):.0f}" if seconds else "",
                "; ".join(sorted(unfinished)),
            )
        )
    head = [
        "at its own setting",
        "precision",
        "recall",
        "innocent groups flagged",
        "ordinary accounts",
        "s, at most",
        "",
    ]
    note = "Means over the same worlds; groups and accounts are sums, worlds without a campaign included."
    return table(head, rows) + "\n\n" + note


def mean_of(values: list[float | None]) -> str:
    """Return the mean of what is known, with two decimals, or nothing."""
    known = [value for value in values if value is not None]
    return f"{np.mean(known):.2f}" if known else ""
