"""The operator's own file of known actors -> Actors, their identities hashed with the operator's key.

[[actor]]
name = "the pool of March"
payments = ["wallet-77"]
asns = [64501]
addresses = ["198.51.100.0/24"]
working_hours = "01:00-10:00"
"""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from iolaus.contracts import Actor
from iolaus.errors import InputError
from iolaus.fingerprint.words import SCRIPTS
from iolaus.ingest.addresses import V4_BITS, V6_BITS
from iolaus.ingest.pseudonyms import Pseudonyms

Values = list[tuple[str, int | str]]

ENROLLED = {
    "payments": "payment",
    "devices": "device",
    "phones": "phone",
    "email_domains": "email_domain",
}
"""What of the account table an actor may be known by, and the column that holds it."""

_HOURS = re.compile(r"^([01]?\d|2[0-3]):00\s*-\s*([01]?\d|2[0-4]):00$")
_RECORD = re.compile(r"^[nc]-[0-9a-f]{4,}$")
_FAMILY = re.compile(r"^t?[0-9a-f]{16}$")


def read_actors(path: str | Path, *, pseudonyms: Pseudonyms) -> tuple[Actor, ...]:
    """
    Read TOML with [[actor]] tables, or JSON with a list of such objects (or {"actor": [...]}).

    Raises InputError, naming the actor and the entry, for whatever cannot be read: an indicator
    that is silently dropped would be one that never matches.
    """
    given = _entries(Path(path))
    names = [entry.get("name") for entry in given]
    for place, name in enumerate(names):
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                f"actor {place + 1} has no name", where=str(path), remedy='write name = "..."'
            )
        if name in names[:place]:
            raise InputError(
                f"the actor {name!r} stands there twice",
                where=str(path),
                remedy="put all it is known by into one entry",
            )
    return tuple(_actor(entry, pseudonyms, where=str(path)) for entry in given)


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        words = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the catalogue of actors cannot be read as UTF-8 text",
            where=str(path),
            remedy="check the path",
        ) from error
    content = _parsed(words, path)
    found = content.get("actor") if isinstance(content, dict) else content
    if (
        not isinstance(found, list)
        or not all(isinstance(entry, dict) for entry in found)
        or (isinstance(content, dict) and set(content) != {"actor"})
    ):
        raise InputError(
            "the catalogue of actors holds no list of actors, or something beside it",
            where=str(path),
            remedy="write [[actor]] tables, each with a name and what it is known by",
        )
    return found


def _parsed(words: str, path: Path) -> Any:
    """Read TOML; what is none, and begins as JSON does, as JSON."""
    try:
        return tomllib.loads(words)
    except tomllib.TOMLDecodeError as error:
        told: ValueError = error
    if words.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(words)
        except json.JSONDecodeError as error:
            told = error
    raise InputError(
        f"the catalogue of actors is neither TOML nor JSON ({told})",
        where=str(path),
        remedy="write [[actor]] tables in TOML",
    )


def _actor(entry: dict[str, Any], pseudonyms: Pseudonyms, *, where: str) -> Actor:
    name = entry["name"].strip()
    place = f"{where}, actor {name!r}"
    known = {key: given for key, given in entry.items() if key not in ("name", "note")}
    for key in known:
        if key not in READERS and key not in ("working_hours", "networks", "campaigns"):
            raise InputError(
                f"there is no indicator {key!r}",
                where=place,
                remedy=f"choose among {', '.join(INDICATORS)}",
            )
    values: Values = []
    for key, reader in READERS.items():
        if key in known:
            values += reader(_listed(known[key], key, place), pseudonyms, key, place)
    hours = _hours(known["working_hours"], place) if "working_hours" in known else None
    records = tuple(
        _record(one, key, place)
        for key in ("networks", "campaigns")
        for one in (_listed(known[key], key, place) if key in known else ())
    )
    if not values and hours is None and not records:
        raise InputError(
            "nothing is said of what it is known by",
            where=place,
            remedy=f"give one or more of {', '.join(INDICATORS)}",
        )
    return Actor(name=name, values=tuple(dict.fromkeys(values)), hours=hours, records=records)


def _listed(given: Any, key: str, place: str) -> list[Any]:
    if isinstance(given, list) and given:
        return given
    raise InputError(f"{key} must be a list with something in it", where=place)


def _bad(one: Any, key: str, place: str, *, remedy: str) -> InputError:
    return InputError(f"{key}: cannot use {one!r}", where=place, remedy=remedy)


def _words(given: list[Any], key: str, place: str) -> pa.Array:
    for one in given:
        if not isinstance(one, str) or not one.strip():
            raise _bad(one, key, place, remedy="write text in quotes, as the log has it")
    return pa.array(given, pa.string())


def _hashes(kind: str, hashes: pa.Array) -> Values:
    return [(kind, value) for value in hashes.to_pylist() if value is not None]


def _enrolled(given: list[Any], pseudonyms: Pseudonyms, key: str, place: str) -> Values:
    return _hashes(key, pseudonyms.enrolments(ENROLLED[key], _words(given, key, place)))


def _organizations(given: list[Any], pseudonyms: Pseudonyms, key: str, place: str) -> Values:
    return _hashes(key, pseudonyms.organizations(_words(given, key, place)))


def _addresses(given: list[Any], pseudonyms: Pseudonyms, key: str, place: str) -> Values:
    """Return addresses and prefixes; of a wide prefix, which no fingerprint keeps, say so."""
    words = _words(given, key, place)
    for one in given:
        try:
            network = ipaddress.ip_network(one, strict=False)
        except ValueError as error:
            raise _bad(one, key, place, remedy="write 198.51.100.7 or 198.51.100.0/24") from error
        kept = V4_BITS if network.version == 4 else V6_BITS
        if network.prefixlen not in (kept, network.max_prefixlen):
            raise _bad(
                one,
                key,
                place,
                remedy=f"of addresses a /{kept} is kept: write every /{kept}, or single addresses",
            )
    address, prefix = pseudonyms.places(words)
    single = [("/" not in one) or one.endswith(("/32", "/128")) for one in given]
    found: Values = []
    for is_single, a, p in zip(single, address.to_pylist(), prefix.to_pylist(), strict=True):
        found.append(("addresses", a) if is_single else ("prefixes", p))
    return found


def _asns(given: list[Any], _: Pseudonyms, key: str, place: str) -> Values:
    for one in given:
        if not isinstance(one, int) or isinstance(one, bool) or not 0 < one < 2**32:
            raise _bad(one, key, place, remedy="write the number of the network, as in 64501")
    return [(key, one) for one in given]


def _countries(given: list[Any], _: Pseudonyms, key: str, place: str) -> Values:
    return [(key, one.strip().upper()) for one in _words(given, key, place).to_pylist()]


def _agents(given: list[Any], pseudonyms: Pseudonyms, key: str, place: str) -> Values:
    """Return clients: {agent = "...", tls = "..."}, or an agent alone for logs without TLS."""
    pairs = []
    for one in given:
        pair = {"agent": one} if isinstance(one, str) else one
        good = isinstance(pair, dict) and pair and set(pair) <= {"agent", "tls"}
        if not good or not all(isinstance(word, str) and word for word in pair.values()):
            raise _bad(one, key, place, remedy='write "name/1.0" or {agent = "...", tls = "..."}')
        pairs.append(pair)
    agents, tls = (pa.array([pair.get(name) for pair in pairs], pa.string()) for name in _CLIENT)
    return _hashes(key, pseudonyms.clients(agents, tls))


_CLIENT = ("agent", "tls")


def _scripts(given: list[Any], _: Pseudonyms, key: str, place: str) -> Values:
    for one in given:
        if one not in SCRIPTS:
            raise _bad(one, key, place, remedy=f"choose among {', '.join(SCRIPTS)}")
    return [(key, SCRIPTS.index(one)) for one in given]


def _templates(given: list[Any], _: Pseudonyms, key: str, place: str) -> Values:
    """Return template families by the id that a report of the same key gives them."""
    found: Values = []
    for one in given:
        if not isinstance(one, str) or not _FAMILY.match(one):
            raise _bad(one, key, place, remedy="write a flow's template_family, t and 16 digits")
        number = int(one.removeprefix("t"), 16)
        found.append((key, number - 2**64 if number >= 2**63 else number))
    return found


def _hours(given: Any, place: str) -> tuple[int, int]:
    match = _HOURS.match(given.strip()) if isinstance(given, str) else None
    if match is None or int(match[1]) == int(match[2]) % 24:
        raise _bad(given, "working_hours", place, remedy='write whole hours of UTC, "01:00-10:00"')
    return int(match[1]), int(match[2]) % 24


def _record(given: Any, key: str, place: str) -> str:
    if not isinstance(given, str) or not _RECORD.match(given) or given[0] != key[0]:
        raise _bad(given, key, place, remedy=f"write an id as `iolaus show` gives it, {key[0]}-...")
    return given


READERS: dict[str, Callable[[list[Any], Pseudonyms, str, str], Values]] = {
    **dict.fromkeys(ENROLLED, _enrolled),
    "organizations": _organizations,
    "addresses": _addresses,
    "asns": _asns,
    "countries": _countries,
    "agents": _agents,
    "scripts": _scripts,
    "templates": _templates,
}
INDICATORS = (*READERS, "working_hours", "networks", "campaigns")
"""Everything that an actor may be known by."""
