"""A network -> whether a shared egress explains that its accounts meet."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from iolaus.contracts import Background, Pool
from iolaus.schema import Explanation, Scope

LEAST_HOLDERS = 5
PASSING = 0.2  # of an account's traffic: who sends less from a place does not live behind it
KINDS: Final = {
    "carrier": "carriers' shared addresses",
    "campus": "campuses",
    "office": "firms' offices",
    "proxy_exit": "exits that others only pass through (proxies, VPNs)",
}
"""What a place that many use may be, and how it is told of."""


class Egress:
    """
    A campus, a firm's proxy or a carrier's NAT that strangers share.

    Looks at: the share of the members' exchanges that leave through address prefixes which
        many accounts outside the network use as well, and what kind of place each is by its
        users outside: a campus, a firm's office, a carrier that serves anybody, or an exit
        that everybody only passes through.
    Means: that they share a place says nothing; but who meets at a proxy's exits chose them.
    Fooled by: a relay that rents exits inside a carrier's range.
    Innocent look-alikes: this is the innocent explanation. It takes away the place evidence
        and nothing else.
    Source: carrier NAT on abuse lists (ModernUO 2556); claude-code 51583.
    """

    name = "egress"
    version = 2
    summary = "a shared egress explains it"
    family = "innocent"
    scope: Scope = "pool"

    def explain(self, pool: Pool, background: Background) -> Explanation | None:
        """Return one bit when most traffic leaves through hubs that explain it, 0 through proxies."""
        mine = pool.fingerprints["network"].drop_null().to_numpy()
        hubs = _hubs(background)
        if not len(mine) or hubs is None:
            return None
        prefixes, kinds = hubs
        through = {kind: float(np.isin(mine, prefixes[kinds == kind]).mean()) for kind in KINDS}
        if sum(through.values()) < 0.5:
            return None
        told = [f"{share:.0%} through {KINDS[kind]}" for kind, share in through.items() if share]
        honest = sum(share for kind, share in through.items() if kind != "proxy_exit")
        return Explanation(
            name=self.name,
            gap_bits=1.0 if honest >= 0.5 else 0.0,
            says=f"of its traffic leave {', '.join(told)}; strangers use them too",
            facts=(
                ("hub_share", sum(through.values())),
                ("hubs", len(prefixes)),
                *((f"{kind}_share", share) for kind, share in through.items()),
            ),
        )


@lru_cache(maxsize=2)
def _hubs(background: Background) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the prefixes that five accounts outside use, and their kinds; None where none is known."""
    outside = background.fingerprints.select(["account", "network"]).drop_null()
    if not len(outside):
        return None
    uses = outside.group_by(["network", "account"]).aggregate([([], "count_all")])
    prefix, account = uses["network"].to_numpy(), uses["account"].to_numpy().astype(np.int64)
    n = uses["count_all"].to_numpy()
    at_home = n / np.bincount(account, weights=n)[account]
    order = np.lexsort((account, prefix))
    found, start = np.unique(prefix[order], return_index=True)
    parts = np.split(order, start[1:])
    large = [k for k, part in enumerate(parts) if len(part) >= LEAST_HOLDERS]
    known = _known(background)
    kinds = [_kind(at_home[parts[k]], account[parts[k]], known) for k in large]
    return found[large], np.array(kinds, dtype=str)


def _known(background: Background) -> dict[str, dict[int, object]]:
    """Return what is known of each account outside, by column."""
    rows = background.accounts.select(["account", "pathway", "organization", "email_domain"])
    columns = rows.to_pydict()
    ids = columns.pop("account")
    return {
        name: {a: v for a, v in zip(ids, values, strict=True) if v is not None}
        for name, values in columns.items()
    }


def _kind(at_home: np.ndarray, holders: np.ndarray, known: dict[str, dict[int, object]]) -> str:
    """Say what a prefix is by who uses it: passers-by, students, one firm, or anybody."""
    if float(np.median(at_home)) < PASSING:
        return "proxy_exit"
    pathways = [known["pathway"].get(int(a)) for a in holders]
    if pathways.count("education") >= 0.5 * len(holders):
        return "campus"
    for column in ("organization", "email_domain"):
        named = [known[column].get(int(a)) for a in holders]
        told = [name for name in named if name is not None]
        # A free-mail host is half of everybody's domain: a name counts where it is rare elsewhere.
        for name in sorted(set(told), key=lambda n: (-told.count(n), str(n)))[:1]:
            everywhere = sum(value == name for value in known[column].values())
            if 2 * told.count(name) >= len(holders) and everywhere <= 2 * len(holders):
                return "office"
    return "carrier"
