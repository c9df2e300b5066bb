"""A judged network -> its Campaign, or why it was cleared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iolaus.campaign.detection import Judged, JudgedFlow, attributed
from iolaus.campaign.life import (
    micros_of,
    moment,
    phases_of,
    pivots_of,
    targets_of,
    timeline_of,
)
from iolaus.campaign.targets import capability_of
from iolaus.campaign.traffic import Floats, Ints
from iolaus.schema import (
    Attribution,
    Campaign,
    Cleared,
    Flow,
    Member,
    Network,
    Role,
)

WATCH_BITS = -3.0  # one in eight: near enough to look again when more of it was seen
NOBODY = Attribution(actor="nobody known", bits=0.0, says="no indicators of any actor were given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    The members' standing in their network, in the order of `accounts`.

    `accounts` are dense ids, `names` their hashed names, `posterior_bits` their own
    leave-one-out sums with the prior, `strongest` the view that says most of each. `suspects`
    are accounts outside that linking found likelier than not to belong.
    """

    accounts: Ints
    names: tuple[str, ...]
    posterior_bits: Floats
    strongest: tuple[str, ...]
    suspects: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def flow_of(
    judged: Judged, flow: JudgedFlow, *, network: Network, number: int, others: pa.Table
) -> Flow:
    """Describe one flow; `others` is the population that its capability is told apart from."""
    table = judged.traffic.table.take(flow.rows)
    at = micros_of(table)
    family = table["family"].drop_null().to_numpy()
    main = None
    if len(family):
        values, counts = np.unique(family, return_counts=True)
        main = f"t{int(values[counts.argmax()]) & (2**64 - 1):016x}"
    return Flow(
        id=f"{network.id.replace('n-', 'f-', 1)}-{number}",
        template_family=main,
        capability=capability_of(table, others),
        n_exchanges=len(flow.rows),
        n_accounts=len(np.unique(table["account"].to_numpy())),
        first_at=moment(at.min()),
        last_at=moment(at.max()),
        extraction_bits=flow.weighing.bits,
        verdict=flow.verdict,
        evidence=flow.weighing.evidence,
        stranger_share=flow.stranger_share,
        says=flow.says,
    )


def main_flow(flows: tuple[JudgedFlow, ...]) -> JudgedFlow | None:
    """Return the flow with most exchanges: sums of flows are never added."""
    return max(flows, key=lambda flow: len(flow.rows)) if flows else None


def campaign_of(
    judged: Judged, network: Network, *, standing: Standing, others: pa.Table, releases: pa.Table
) -> Campaign:
    """Describe the campaign that a network's extracting flows make."""
    main = main_flow(judged.extracting)
    if main is None:
        raise ValueError("a campaign needs an extracting flow")
    weighing = main.weighing
    own = attributed(judged)
    table = judged.traffic.table.filter(pa.array(own))
    flows = tuple(
        flow_of(judged, flow, network=network, number=n, others=others)
        for n, flow in enumerate(judged.flows)
    )
    capability = _capability_by_row(judged, flows)[own]
    at = micros_of(table)
    members = members_of(judged, standing)
    digest = hashlib.blake2b(f"campaign of {network.id}".encode(), digest_size=6).hexdigest()
    return Campaign(
        id=f"c-{digest}",
        network=network.id,
        accounts=tuple(m.account for m in members if m.role in ("extractor", "mixed")),
        flows=flows,
        start_at=moment(at.min()),
        end_at=moment(at.max()),
        n_exchanges=len(at),
        targets=targets_of(capability),
        prior_bits=network.prior_bits,
        coordination_bits=network.coordination_bits,
        extraction_prior_bits=weighing.prior_bits,
        extraction_bits=weighing.bits,
        evidence=network.evidence + weighing.evidence,
        explanations=weighing.explanations,
        bystander_share=float(1.0 - own.mean()),
        members=members,
        phases=phases_of(table, capability),
        pivots=pivots_of(table, others, releases),
        attributions=(NOBODY,),
        timeline=timeline_of(table),
    )


def _capability_by_row(judged: Judged, flows: tuple[Flow, ...]) -> npt.NDArray[np.object_]:
    """Give every row the capability of its flow; rows of no flow have none."""
    out = np.full(judged.traffic.n_rows, None, dtype=object)
    for record, flow in zip(flows, judged.flows, strict=True):
        out[flow.rows] = record.capability
    return out


def members_of(judged: Judged, standing: Standing) -> tuple[Member, ...]:
    """Say of each account what it carries; 0 campaign exchanges makes a mere member."""
    own = attributed(judged)
    account = judged.traffic.account
    position = np.searchsorted(standing.accounts, account)
    n_all = np.bincount(position, minlength=len(standing.accounts))
    n_own = np.bincount(position[own], minlength=len(standing.accounts))
    best = np.full(len(standing.accounts), -np.inf)
    for flow in judged.extracting:
        np.maximum.at(best, position[flow.rows], flow.weighing.bits)
    prior = judged.flows[0].weighing.prior_bits if judged.flows else 0.0
    return tuple(
        Member(
            account=standing.names[i],
            role=role_of(int(n_own[i]), int(n_all[i])),
            coordination_bits=float(standing.posterior_bits[i]),
            extraction_bits=float(best[i]) if n_own[i] else prior,
            n_exchanges=int(n_own[i]),
            campaign_share=float(n_own[i] / max(n_all[i], 1)),
            strongest=standing.strongest[i],
        )
        for i in range(len(standing.accounts))
    )


def role_of(n_own: int, n_all: int) -> Role:
    """Return `extractor` when most of an account's traffic is the campaign's."""
    if n_own == 0:
        return "member"
    return "extractor" if 2 * n_own > n_all else "mixed"


def cleared_of(judged: Judged | None, network: Network) -> Cleared:
    """
    Say why a network that was weighed is in no campaign.

    The innocent causes told are those that were taken from its sum: the main flow's.
    """
    main = main_flow(judged.flows) if judged and network.together else None
    weighing = main.weighing if main else None
    reason, says = _why_cleared(network, main)
    return Cleared(
        network=network.id,
        n_accounts=len(network.accounts),
        n_exchanges=network.n_exchanges,
        reason=reason,
        says=says,
        coordination_bits=network.coordination_bits,
        extraction_bits=weighing.bits if weighing else None,
        evidence=network.evidence + (weighing.evidence if weighing else ()),
        explanations=weighing.explanations if weighing else network.explanations,
        watch=bool(weighing and weighing.bits > WATCH_BITS),
    )


def _why_cleared(network: Network, main: JudgedFlow | None) -> tuple[str, str]:
    if not network.together:
        return (
            "not shown to be together",
            (
                "the accounts share much, but for most of them nothing that one hand must "
                "control (a card, a device, a conversation handed on), or too few kinds of evidence"
            ),
        )
    if main is None:
        return (
            "no flow of its own",
            "the accounts are run together, and send nothing in common that others do not send",
        )
    best = main.weighing.explanations[0] if main.weighing.explanations else None
    if best is not None and best.gap_bits > 0:
        without_bits = main.weighing.bits + best.gap_bits
        return best.name, (
            f"{best.says}; without that, its main flow would stand at {without_bits:+.1f} bits"
            " for harvesting"
        )
    if main.verdict == "insufficient data":
        return "too little traffic", f"its main flow: {main.says}"
    return "does not harvest", f"its main flow: {main.says}"
