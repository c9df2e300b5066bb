"""Result tables, the truth and where accounts come from -> false alarms of each kind of people."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.wronged import innocents_of
from iolaus.simulate.places import COUNTRIES, LANGUAGES

TRAITS = ("country", "language", "pathway", "script")
LOOKED_AT = 200
"""Characters of an account's first prompt that its script is read from."""

LANGUAGE_OF = dict(zip(COUNTRIES.tolist(), LANGUAGES.tolist(), strict=True))
"""What is spoken in the simulator's countries; elsewhere the language is unknown."""

BY_NAME = {
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Chinese or Japanese",
    "KATAKANA": "Chinese or Japanese",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """Innocent accounts with one trait: named in a campaign, and in any network."""

    trait: str
    value: str
    named: Rate
    networked: Rate


def alarms_of(
    accounts: pa.Table,
    *,
    truth_accounts: pa.Table,
    account_table: pa.Table,
    log: pa.Table,
) -> tuple[Alarms, ...]:
    """
    Count innocents that were named, by country, its language, pathway and script.

    `log` has account and prompt; the script is that of the account's first prompt. Accounts of
    an operator with a campaign are left out, as in `innocents_of`.
    """
    innocent = _innocent(accounts, truth_accounts)
    traits = {
        name: dict(
            zip(account_table["account"].to_pylist(), account_table[name].to_pylist(), strict=True)
        )
        for name in ("country", "pathway")
    }
    traits["language"] = {a: LANGUAGE_OF.get(c) for a, c in traits["country"].items()}
    traits["script"] = _scripts(log)
    found = []
    for trait in TRAITS:
        counts: dict[str, list[int]] = {}
        for account, (named, networked) in innocent.items():
            count = counts.setdefault(traits[trait].get(account) or "unknown", [0, 0, 0])
            count[0] += 1
            count[1] += named
            count[2] += networked
        found += [
            Alarms(trait=trait, value=value, named=Rate(n=named, of=n), networked=Rate(n=net, of=n))
            for value, (n, named, net) in sorted(counts.items())
        ]
    return tuple(found)


def script_of(text: str) -> str:
    """Return the script that most of a text's letters are of: Latin, Cyrillic, Hangul ..."""
    letters = Counter(
        unicodedata.name(letter, "?").split(" ")[0].split("-")[0]
        for letter in text[:LOOKED_AT]
        if letter.isalpha()
    )
    if not letters:
        return "no letters"
    name = min(letters, key=lambda script: (-letters[script], script))
    return BY_NAME.get(name, name.capitalize())


def _innocent(accounts: pa.Table, truth: pa.Table) -> dict[str, tuple[bool, bool]]:
    """Return for each innocent account of the log whether it is named, and in a network."""
    held = innocents_of(accounts, truth)
    inside = accounts.filter(pc.is_valid(accounts["network"]))
    networked = set(inside["account"].to_pylist())
    pairs = zip(held.account.tolist(), held.flagged.tolist(), strict=True)
    return {account: (named, account in networked) for account, named in pairs}


def _scripts(log: pa.Table) -> dict[str, str]:
    """Return the script of each account's first prompt that has any letters."""
    first: dict[str, str] = {}
    known = log.filter(pc.is_valid(log["prompt"]))
    for account, prompt in zip(
        known["account"].to_pylist(), known["prompt"].to_pylist(), strict=True
    ):
        if account not in first:
            first[account] = script_of(prompt)
    return first
