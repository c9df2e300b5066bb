"""Views -> the same with a known network planted, and how much of it linking finds."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iolaus.link.linked import LinkSettings
from iolaus.link.networks import find_networks
from iolaus.link.views import Bools, Floats, Ints, View, view_from_ties

BATCH = 5  # accounts behind one instrument: disclosures speak of small batches
SIZES = (8, 30, 100)
STRENGTHS = (0.3, 0.6, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """
    One planted network and what became of it.

    `strength` is the chance that a member takes part in what the network shares, in each
    view; `found` are members in the network that holds most of them, `outsiders` that
    network's other accounts; `bits` are its bits above the price, None where none was found.
    """

    size: int
    strength: float
    found: int
    outsiders: int
    together: bool
    bits: float | None


def plant(
    views: Sequence[View], members: Ints, *, strength: float, rng: np.random.Generator
) -> list[View]:
    """
    Return views in which the members pay in batches and use one recipe; the rest is theirs.

    The first controlled view gets a fresh value for each BATCH members, the first view of text
    one for all. A member who takes part holds it in place of his own in a view of one value
    an account, beside his own otherwise.
    """
    out = list(views)
    paid = next((v for v, view in enumerate(views) if view.controlled), None)
    text = next((v for v, view in enumerate(views) if view.family == "text"), None)
    for v, group in ((paid, np.arange(len(members)) // BATCH), (text, np.zeros(len(members)))):
        if v is not None:
            joins = rng.random(len(members)) < strength
            out[v] = _with_values(out[v], members[joins], group.astype(np.int64)[joins])
    return out


def find_plants(
    views: Sequence[View],
    *,
    settings: LinkSettings,
    seed: int,
    free: Bools | None = None,
    sizes: Sequence[int] = SIZES,
    strengths: Sequence[float] = STRENGTHS,
) -> tuple[Plant, ...]:
    """
    Plant a network of each size and strength among `free` accounts, one at a time, and link.

    `free` are those in no accepted network; all where not given. Sizes over a fifth of them
    are left out. One whole linking a plant: minutes on a large log.
    """
    rng = np.random.default_rng(seed)
    candidates = np.arange(views[0].n_accounts) if free is None else np.flatnonzero(free)
    out = []
    for size in sizes:
        for strength in strengths:
            if size > len(candidates) / 5:
                continue
            members = np.sort(rng.choice(candidates, size, replace=False))
            planted = plant(views, members, strength=strength, rng=rng)
            out.append(_outcome(planted, members, strength=strength, settings=settings))
    return tuple(out)


def calibrated_share(plants: Sequence[float], decoys: Sequence[float]) -> tuple[Floats, Floats]:
    """
    Return bits, ascending, and the share of plants among what has them: never falling.

    An isotonic fit (pool adjacent violators) of plants against decoys; read off between its
    points, it turns bits into frequencies. Empty where there is nothing to fit.
    """
    bits = np.concatenate([np.asarray(plants, dtype=float), np.asarray(decoys, dtype=float)])
    is_plant = np.concatenate([np.ones(len(plants)), np.zeros(len(decoys))])
    # Of equal bits the decoys come last: they pool into one step whatever their order.
    order = np.lexsort((-is_plant, bits))
    blocks: list[list[float]] = []  # share and number, of a step
    for label in is_plant[order]:
        blocks.append([float(label), 1.0])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (before, n_before), (share, n) = blocks[-2:]
            pooled = (share * n + before * n_before) / (n + n_before)
            del blocks[-2:]
            blocks.append([pooled, n + n_before])
    fitted = np.repeat([share for share, _ in blocks], [int(n) for _, n in blocks])
    return bits[order], fitted


def _with_values(view: View, accounts: Ints, group: Ints) -> View:
    """Let accounts hold a fresh value of their group."""
    holder = np.repeat(np.arange(view.n_accounts), view.n_held)
    single = view.n_held.max(initial=0) <= 1
    kept = ~np.isin(holder, accounts) if single else np.ones(len(holder), dtype=np.bool_)
    fresh = int(view.values.max(initial=0)) + 1 + group
    return dataclasses.replace(
        view,
        **view_from_ties(
            np.concatenate([holder[kept], accounts]),
            np.concatenate([view.values[view.held[kept]], fresh]),
            view.n_accounts,
        ),
    )


def _outcome(
    views: Sequence[View], members: Ints, *, strength: float, settings: LinkSettings
) -> Plant:
    linked = find_networks(views, settings=settings)
    shared = [len(np.intersect1d(one.members, members)) for one in linked]
    best = int(np.argmax(shared)) if any(shared) else None
    one = linked[best] if best is not None else None
    found = shared[best] if best is not None else 0
    return Plant(
        size=len(members),
        strength=strength,
        found=found,
        outsiders=len(one.members) - found if one is not None else 0,
        together=one is not None and one.together,
        bits=one.block_bits - one.price_bits if one is not None else None,
    )
