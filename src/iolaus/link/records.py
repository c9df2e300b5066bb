"""Accepted sets -> Network records, in words and bits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from iolaus.link.linked import Linked
from iolaus.link.pieces import RECIPE
from iolaus.link.views import View
from iolaus.schema import SAME_RECIPE, TOGETHER, Evidence, Network


def network_id(names: Sequence[str]) -> str:
    """Derive an id from the founding members, whatever their order."""
    return "n-" + hashlib.blake2b("\n".join(sorted(names)).encode(), digest_size=6).hexdigest()


def network_of(
    linked: Linked,
    views: Sequence[View],
    names: Sequence[str],
    *,
    summaries: dict[str, str],
    first_seen_at: datetime,
    last_seen_at: datetime,
    n_exchanges: int,
) -> Network:
    """
    Describe a set by its median member.

    `names` are the members' hashed names, in order of `linked.members`. The sum is prior
    plus the median member's best view of each family.
    """
    evidence = tuple(
        _evidence(linked, v, view, summaries[view.name]) for v, view in enumerate(views)
    )
    counted = sum(e.bits for e in evidence if e.counted)
    return Network(
        id=network_id(names),
        accounts=tuple(names),
        first_seen_at=first_seen_at,
        last_seen_at=last_seen_at,
        n_exchanges=n_exchanges,
        prior_bits=linked.prior_bits,
        coordination_bits=linked.prior_bits + counted,
        together=linked.together,
        words=TOGETHER if linked.together else SAME_RECIPE,
        evidence=evidence,
        stability_share=linked.stability_share,
        sweep=linked.sweep,
    )


def _evidence(linked: Linked, v: int, view: View, summary: str) -> Evidence:
    medians = np.median(linked.bits, axis=0)
    f = linked.families.index(view.family)
    rivals = linked.family_views[f]
    best = max(rivals, key=lambda r: (medians[r], -r))
    bits = float(np.median(linked.by_family[:, f])) if best == v else float(medians[v])
    counted = best == v and bits != 0.0
    return Evidence(
        signal=view.name,
        version=view.version,
        claim="coordination",
        family=view.family,
        bits=bits,
        says=f"{summary}: {_shared(linked, v)}",
        facts=(
            ("share_inside", float(linked.shared_shares[v])),
            ("share_outside", float(linked.outside_shares[v])),
            ("holders_outside", int(linked.typical_holders[v])),
            ("strongest", linked.strongest_view == view.name),
            *_adherents(linked, view),
        ),
        counted=counted,
        why_not_counted=None if counted else _why_not(linked, best, bits, family=view.family),
        controlled=view.controlled,
    )


def _adherents(linked: Linked, view: View) -> tuple[tuple[str, int], ...]:
    """Say beside the recipe how many are members by nothing else."""
    n = int(linked.by_recipe.sum())
    return (("members_by_recipe_alone", n),) if n and view.family == RECIPE else ()


def _why_not(linked: Linked, best: int, bits: float, *, family: str) -> str:
    if bits == 0.0:
        return "it says nothing of a typical account"
    name = linked.view_names[best].replace("_", " ")
    return f"one term a family counts, and of {family} that is {name}"


def _shared(linked: Linked, v: int) -> str:
    """Say how many share it, and how many outside share anything as rare: like beside like."""
    share, outside = float(linked.shared_shares[v]), float(linked.outside_shares[v])
    if not share:
        return "no account shares it with another member"
    others = f"{_percent(outside)} of all others share" if outside else "no account outside shares"
    return (
        f"{_percent(share)} of the accounts share it with another member; {others} anything as"
        " rare with a member"
    )


def _percent(share: float) -> str:
    """Return a share in per cent that is all only where it is, and never none."""
    percent = 100 * share
    if percent == 100:
        return "100%"
    if percent < 1:
        return f"{max(percent, 0.01):.2g}%"
    return f"{min(percent, 99.0):.0f}%"
