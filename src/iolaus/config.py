"""Every number that can be turned, its default, what it means and where it came from.

Read from `[detection]` in iolaus.toml; unknown names are errors.
"""

from __future__ import annotations

import dataclasses
import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iolaus.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a scan."""

    memory: str = "2GB"
    """What DuckDB may hold before it spills; with the kernel beside it a scan stays in 4 GiB."""
    without: tuple[str, ...] = ()
    """Signals that are left out, by name; docs/decisions/0013 shows what each is worth."""

    # Linking
    ring_reach: int = 2
    """Neighbours along each value's ring; r = 2 with 2 orders found all accounts at a seventh
    of the self-join's cost (reference/performance.md, C)."""
    ring_orders: int = 2
    """Orders of the ring; see ring_reach."""
    hot_share: float = 0.05
    """A value held by more than this share of all accounts brings no candidates."""
    pair_floor_bits: float = 4.0
    """Pairs below are not kept: sixteen times likelier than chance is a lead, no more."""
    cut_bits: tuple[float, ...] = (6.0, 10.0, 16.0, 24.0)
    """Levels at which components are read off; one level either chains or shatters."""
    resolutions: tuple[float, ...] = (1.0, 4.0)
    """Louvain resolutions inside large components."""
    seed_limit: int = 4000
    """Sets that are grown at most; growing costs about a millisecond each."""
    member_margin_bits: float = 8.0
    """A member must be 256 times likelier than not. design/detection.md says 10 bits; nobody is
    named in a campaign without carrying its flow as well, which pays the rest: at most 0.5 %
    strangers there are another 7.6 bits (docs/decisions/0001)."""
    alpha: float = 0.001
    """False blocks accepted a scan, by the union bound over all sets of that size."""
    least_accounts: int = 3
    """Smallest network; two accounts that share a card are a household."""
    synchrony_ceiling_bits: float = 3.0
    """Synchrony beyond the shared template; a class is as synchronous as a scheduler."""

    # Separation and flows
    lift_bits: float = 3.0
    """A shingle belongs to the network when its share inside is 8 times that outside
    (reference/arithmetic.md, 3: recall .985 at .3 to .7 % strangers)."""
    lift_support: int = 5
    """Accounts, the exchange's own left out, that must use the shingle too."""
    formation_share: float = 0.1
    """Largest share of strangers among the sessions in which flows are looked for; each
    flow's own share is then held to stranger_share."""
    stranger_share: float = 0.005
    """Largest mean share of strangers in what is attributed (design/detection.md)."""
    least_exchanges: int = 20
    """Flows below are "insufficient data" (design/detection.md)."""

    # The extraction claim
    flow_prior_bits: float = -6.0
    """One flow in 64 of networks run together harvests; no public figure exists, so the
    prior is printed and this line is the one to argue with."""
    lone_prior_bits: float = -17.0
    """One account in 131,072: "<= 1 in 100,000 ordinary accounts" of design/README.md."""
    accept_bits: float = 0.0
    """A campaign's extraction posterior must exceed this."""

    def digest(self) -> str:
        """Return sixteen hexadecimal digits that change when any setting does."""
        text = repr(sorted(dataclasses.asdict(self).items()))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def settings_from(path: Path | None) -> Settings:
    """
    Read `[detection]` of a TOML file; `None` gives the defaults.

    Raises UsageError for an unknown name, a value of another type, or a file that is no TOML.
    """
    if path is None:
        return Settings()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read the settings: {error}", where=str(path)) from error
    return Settings(**_checked(content.get("detection", {}), where=str(path)))


def _checked(section: dict[str, Any], *, where: str) -> dict[str, Any]:
    known = {field.name: getattr(Settings(), field.name) for field in dataclasses.fields(Settings)}
    out: dict[str, Any] = {}
    for name, value in section.items():
        if name not in known:
            raise UsageError(
                f"[detection] has no setting {name!r}",
                where=where,
                remedy=f"choose among {', '.join(sorted(known))}",
            )
        default = known[name]
        given = tuple(value) if isinstance(value, list) else value
        if isinstance(default, float) and isinstance(given, int) and not isinstance(given, bool):
            given = float(given)
        if type(given) is not type(default):
            raise UsageError(
                f"[detection] {name} must be like {default!r}, not {value!r}", where=where
            )
        out[name] = given
    return out
