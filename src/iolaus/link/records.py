"""Accepted sets -> Network records, in words and bits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from iolaus.link.networks import Linked
from iolaus.link.views import View
from iolaus.schema import Evidence, Network

TOGETHER = "run together"
SAME_RECIPE = "same recipe, not shown to be together"


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
    )


def _evidence(linked: Linked, v: int, view: View, summary: str) -> Evidence:
    medians = np.median(linked.bits, axis=0)
    f = linked.families.index(view.family)
    rivals = linked.family_views[f]
    best = max(rivals, key=lambda r: (medians[r], -r))
    counted = best == v and float(np.median(linked.by_family[:, f])) != 0.0
    reason = None
    if best != v:
        reason = f"{linked.view_names[best]} says it better"
    elif not counted:
        reason = "the median member shares nothing here"
    share, outside = float(linked.shared_shares[v]), float(linked.outside_shares[v])
    return Evidence(
        signal=view.name,
        version=view.version,
        claim="coordination",
        family=view.family,
        bits=float(np.median(linked.by_family[:, f])) if best == v else float(medians[v]),
        says=(
            f"{summary}: {share:.0%} of the accounts share it with another member, "
            f"{_share(outside)} of all others share any of it"
        ),
        facts=(
            ("share_inside", share),
            ("share_outside", outside),
            ("strongest", linked.strongest_view == view.name),
        ),
        counted=counted,
        why_not_counted=reason,
        controlled=view.controlled,
    )


def _share(share: float) -> str:
    return f"{share:.2%}" if share >= 0.0001 else "none"
