"""Networks found now and the lives of earlier ones -> the same networks under names that last."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from iolaus.schema import Chapter, Growth, Life, Mark, Network, Origin

LEAST_SHARED = 2  # one account in common may have been sold, stolen or shared
RARE = 8  # accounts outside that may hold a mark; of more it is no mark of anybody


Holders = Mapping[tuple[str, str], frozenset[str]]


def settle(
    found: Sequence[Network], lives: Sequence[Life], *, holders: Sequence[Holders]
) -> tuple[Network, ...]:
    """
    Return the networks, each under the id of the earlier one that it continues.

    It continues the one with which it shares at least half of the smaller of the two (and two
    accounts); pairs are taken in order of Jaccard overlap, so that of a merger the larger
    network's id lives on and of a split the larger part keeps it, ties going to the older. Other
    networks more than half of which it took in are `merged`; a part that keeps no id came off by
    `split`. A network whose new accounts hold controlled values of an earlier one has `regrown`;
    `holders` says, a network, which of its accounts hold each mark, for whoever was in the
    earlier one says nothing by still having a card. All of it is told in `origins`; no verdict depends on it.

    Deterministic. Accounts are keyed hashes: under another key nothing is known again.
    """
    told = _Told(found, lives, holders)
    kept = told.continued()
    taken = {lives[e].network for e in kept.values()}
    out = []
    for f, network in enumerate(found):
        if f in kept:
            life = lives[kept[f]]
            origins = (*_earlier_origins(life), *told.merged(f, kept))
            out.append(_named(network, life.network, origins))
            continue
        name = _free_id(network, taken)
        taken.add(name)
        out.append(_named(network, name, told.split(f) or told.regrown(f)))
    return tuple(out)


def accounts_of(life: Life) -> frozenset[str]:
    """Return every account that the network ever had."""
    return frozenset(account for chapter in life.chapters for account in chapter.accounts)


def marks_in(life: Life) -> dict[tuple[str, str], Mark]:
    """Return the network's marks by view and value, each as last seen."""
    return {(m.view, m.value): m for chapter in life.chapters for m in chapter.marks}


def tale_of(network: str, lives: Sequence[Life]) -> tuple[str, ...]:
    """
    Return a network's life in sentences, the oldest first; none where it has no life.

    Chapters, then what it grew from, then what others took from it.
    """
    own = next((life for life in lives if life.network == network), None)
    if own is None:
        return ()
    words = []
    before: set[str] = set()
    for chapter in own.chapters:
        words.append(_chapter_words(chapter, before))
        before |= set(chapter.accounts)
    words += [f"{_GREW[o.how]} {o.network}: {o.says}" for o in _earlier_origins(own)]
    for life in lives:
        words += [
            f"{life.network} {_GREW[o.how]} it: {o.says}"
            for o in _earlier_origins(life)
            if o.network == network
        ]
    return tuple(words)


def _chapter_words(chapter: Chapter, before: set[str]) -> str:
    n = len(chapter.accounts)
    new = n - len(before & set(chapter.accounts))
    changed = f", {new:,} of them new and {len(before) - (n - new):,} not seen" if before else ""
    campaign = f"; campaign {chapter.campaign}" if chapter.campaign else ""
    return (
        f"{'seen again' if before else 'first seen'} {chapter.first_seen_at:%Y-%m-%d} to"
        f" {chapter.last_seen_at:%Y-%m-%d}: {n:,} accounts{changed}, {chapter.n_exchanges:,}"
        f" exchanges{campaign}"
    )


_GREW: dict[Growth, str] = {"merged": "took in", "split": "came off", "regrown": "grew back from"}


class _Told:
    """The overlaps of what was found with what was known, counted once."""

    def __init__(
        self, found: Sequence[Network], lives: Sequence[Life], holders: Sequence[Holders]
    ) -> None:
        self.found = found
        self.holders = holders
        self.lives = lives
        self.members = [accounts_of(life) for life in lives]
        known: dict[str, list[int]] = {}
        for e, accounts in enumerate(self.members):
            for account in accounts:
                known.setdefault(account, []).append(e)
        self.shared = [
            Counter(e for account in network.accounts for e in known.get(account, ()))
            for network in found
        ]

    def continued(self) -> dict[int, int]:
        """Return found -> life, one to one, the greatest overlap first."""
        pairs = sorted(
            (-self._jaccard(f, e), self._age(e), self.lives[e].network, f, e)
            for f, counts in enumerate(self.shared)
            for e, n in counts.items()
            if n >= max(LEAST_SHARED, self._smaller(f, e) / 2)
        )
        kept: dict[int, int] = {}
        gone: set[int] = set()
        for *_, f, e in pairs:
            if f not in kept and e not in gone:
                kept[f] = e
                gone.add(e)
        return kept

    def merged(self, f: int, kept: dict[int, int]) -> tuple[Origin, ...]:
        """Tell which other networks' greater part is in this one, and which name lives on nowhere."""
        known = {o.network for o in _earlier_origins(self.lives[kept[f]])}
        return tuple(
            Origin(
                network=self.lives[e].network,
                how="merged",
                says=f"{n:,} of its {len(self.members[e]):,} accounts are in this one now",
            )
            for e, n in sorted(self.shared[f].items(), key=lambda pair: self.lives[pair[0]].network)
            if e not in kept.values()
            and n >= LEAST_SHARED
            and 2 * n > len(self.members[e])
            and self.lives[e].network not in known
        )

    def split(self, f: int) -> tuple[Origin, ...]:
        """Tell which network half of this one's accounts came from, where its id went elsewhere."""
        from_here = [
            (-n, self.lives[e].network)
            for e, n in self.shared[f].items()
            if n >= max(LEAST_SHARED, len(self.found[f].accounts) / 2)
        ]
        if not from_here:
            return ()
        n, name = min(from_here)
        says = f"{-n:,} of the {len(self.found[f].accounts):,} accounts here were in it"
        return (Origin(network=name, how="split", says=says),)

    def regrown(self, f: int) -> tuple[Origin, ...]:
        """Tell whose controlled values new accounts hold: half of them, or two and the recipe."""
        mine = {(m.view, m.value): m for m in self.found[f].marks if m.n_outside <= RARE}
        origins = []
        for e, life in enumerate(self.lives):
            theirs = marks_in(life)
            both = [m for key, m in mine.items() if key in theirs and theirs[key].n_outside <= RARE]
            held = [m for m in both if m.controlled and self._new_holders(f, e, [m])]
            n_new = len(self._new_holders(f, e, held))
            recipe = [m for m in both if not m.controlled]
            n_least = 0 if recipe else (len(self.found[f].accounts) - self.shared[f][e]) / 2
            if n_new >= max(LEAST_SHARED, n_least):
                origins.append((-n_new, _regrown(life.network, (*held, *recipe), n_new)))
        return tuple(origin for _, origin in sorted(origins, key=lambda o: (o[0], o[1].network)))

    def _new_holders(self, f: int, e: int, marks: Iterable[Mark]) -> set[str]:
        """Return the accounts that hold any of the marks and were not in the earlier network."""
        held = (self.holders[f][mark.view, mark.value] for mark in marks)
        return set().union(*held) - self.members[e]

    def _smaller(self, f: int, e: int) -> int:
        return min(len(self.found[f].accounts), len(self.members[e]))

    def _jaccard(self, f: int, e: int) -> float:
        n = self.shared[f][e]
        return n / (len(self.found[f].accounts) + len(self.members[e]) - n)

    def _age(self, e: int) -> int:
        return min(chapter.scan for chapter in self.lives[e].chapters)


def _regrown(name: str, shared: Iterable[Mark], n_new: int) -> Origin:
    by_view = Counter(m.view.replace("_", " ") for m in shared)
    words = ", ".join(f"{n:,} of {view}" for view, n in sorted(by_view.items()))
    return Origin(
        network=name,
        how="regrown",
        says=f"{n_new:,} new account{'s' * (n_new > 1)} hold what was its own: {words}",
    )


def _earlier_origins(life: Life) -> tuple[Origin, ...]:
    """Return what was told of the network's origins before, each once."""
    return tuple({o.network: o for chapter in life.chapters for o in chapter.origins}.values())


def _named(network: Network, name: str, origins: tuple[Origin, ...]) -> Network:
    return dataclasses.replace(
        network,
        id=name,
        origins=origins,
        grew_from=tuple(origin.network for origin in origins),
    )


def _free_id(network: Network, taken: set[str]) -> str:
    """Return the founders' own id; where an earlier network of theirs goes on without them, another."""
    name, again = network.id, 0
    while name in taken:
        again += 1
        text = f"{network.id} {again}".encode()
        name = "n-" + hashlib.blake2b(text, digest_size=6).hexdigest()
    return name
