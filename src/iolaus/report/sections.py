"""A Report -> what each section of the page shows, cut to what a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iolaus.report.case import Case, case_of_campaign, case_of_cleared
from iolaus.report.limits import PageLimits
from iolaus.report.picture import Picture, picture_of
from iolaus.report.timeline import Timeline, timeline_of
from iolaus.report.waterfall import (
    Step,
    Waterfall,
    best_cause,
    campaign_waterfall,
    cleared_waterfalls,
)
from iolaus.report.wording import bits_words, size_words
from iolaus.schema import (
    Campaign,
    Cleared,
    Explanation,
    Flow,
    InputSummary,
    Member,
    Network,
    Report,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A step and where its bar stands on the track, in per cent of the width."""

    step: Step
    left: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The waterfall of one claim with its bars, the zero line and the line to reach."""

    fall: Waterfall
    title: str
    claimed: str
    bars: tuple[Bar, ...]
    zero: float
    threshold: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """An innocent cause and what it does to the claim of harvesting."""

    cause: Explanation
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSection:
    """One campaign."""

    campaign: Campaign
    network: Network | None
    tracks: tuple[Track, ...]
    timeline: Timeline | None
    picture: Picture | None
    members: tuple[Member, ...]
    flows: tuple[Flow, ...]
    weighed: tuple[Weighed, ...]
    told: Case
    n_by_role: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedSection:
    """One network that was weighed and is in no campaign."""

    case: Cleared
    tracks: tuple[Track, ...]
    weighed: tuple[Weighed, ...]
    told: Case
    network: Network | None
    is_short_of_control: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The page in four figures."""

    n_campaigns: int
    n_accounts: int
    n_exchanges: int
    n_watched: int


TITLES = {"coordination": "Run together?", "extraction": "Harvesting?"}
CLAIMED = {
    "coordination": "that these accounts are run together, by whomever",
    "extraction": "that the traffic is gathered to train another model",
}
ROLES = ("extractor", "mixed", "member", "none")


def headline_of(report: Report) -> Headline:
    """Return the sums over all campaigns; an account in two campaigns counts once."""
    accounts = {account for campaign in report.campaigns for account in campaign.accounts}
    return Headline(
        n_campaigns=len(report.campaigns),
        n_accounts=len(accounts),
        n_exchanges=sum(campaign.n_exchanges for campaign in report.campaigns),
        n_watched=sum(case.watch for case in report.cleared),
    )


def blind_words(summary: InputSummary) -> tuple[str, ...]:
    """
    Return what could not be seen, one sentence each.

    The warnings of the run come last; what they say already is not said twice.
    """
    told = " ".join(summary.warnings)
    words = []
    if not summary.has_text and "prompts" not in told:
        words.append(
            "The log holds no text, so what prompts ask for was not weighed: templates,"
            " elicitation and targets are unknown, and harvesting can only show in use."
        )
    if not summary.has_account_table and "account table" not in told:
        words.append(
            "No account table was given (--accounts): payment, device, phone and the dates of"
            " opening and closing could not link anything."
        )
    return (*words, *summary.warnings)


def campaign_sections(
    report: Report, limits: PageLimits, names: Mapping[str, str]
) -> list[CampaignSection]:
    """Return the sections of the campaigns that are drawn in full, in the report's order."""
    networks = {network.id: network for network in report.networks}
    return [
        _section(report, campaign, networks.get(campaign.network), limits=limits, names=names)
        for campaign in report.campaigns[: limits.n_campaigns]
    ]


def cleared_sections(report: Report, limits: PageLimits) -> list[ClearedSection]:
    """Return the networks cleared, those on watch first, then the largest."""
    networks = {network.id: network for network in report.networks}
    ordered = sorted(report.cleared, key=lambda c: (not c.watch, -c.n_accounts, c.network))
    return [
        _cleared_section(report, case, networks.get(case.network))
        for case in ordered[: limits.n_cleared]
    ]


def _cleared_section(report: Report, case: Cleared, network: Network | None) -> ClearedSection:
    falls = cleared_waterfalls(case, network, report)
    needed = falls[0].threshold_bits
    past = needed is not None and case.coordination_bits > needed
    return ClearedSection(
        case=case,
        tracks=tuple(track_of(fall) for fall in falls),
        weighed=weighed_of(case.explanations, harvest_weighed=case.extraction_bits is not None),
        told=case_of_cleared(case, network, report),
        network=network,
        is_short_of_control=network is not None and not network.together and past,
    )


def weighed_of(
    explanations: tuple[Explanation, ...], *, harvest_weighed: bool
) -> tuple[Weighed, ...]:
    """Return the innocent causes, best first; only one that is ahead is said to change anything."""
    best = best_cause(explanations)
    return tuple(
        Weighed(cause=cause, effect=_effect(cause, best, harvest_weighed=harvest_weighed))
        for cause in sorted(explanations, key=lambda e: (-e.gap_bits, e.name))
    )


def _effect(cause: Explanation, best: Explanation | None, *, harvest_weighed: bool) -> str:
    if cause.gap_bits <= 0:
        return f"does not explain it ({bits_words(cause.gap_bits)} bits) and changes nothing"
    if not harvest_weighed:
        return f"explains it better than a hidden operator, by {size_words(cause.gap_bits)} bits"
    if cause is best:
        return f"takes {size_words(cause.gap_bits)} bits from the claim of harvesting"
    return f"is {size_words(cause.gap_bits)} bits ahead as well; only the best is taken off"


def _section(
    report: Report,
    campaign: Campaign,
    network: Network | None,
    *,
    limits: PageLimits,
    names: Mapping[str, str],
) -> CampaignSection:
    members = sorted(
        campaign.members, key=lambda m: (ROLES.index(m.role), -m.campaign_share, m.account)
    )
    n_by_role = [(role, sum(m.role == role for m in members)) for role in ROLES]
    return CampaignSection(
        campaign=campaign,
        network=network,
        tracks=(
            track_of(campaign_waterfall(campaign, "coordination", report)),
            track_of(campaign_waterfall(campaign, "extraction", report)),
        ),
        timeline=timeline_of(campaign, limits),
        picture=picture_of(campaign.members, limits, names),
        members=tuple(members[: limits.n_members]),
        flows=campaign.flows[: limits.n_flows],
        weighed=weighed_of(campaign.explanations, harvest_weighed=True),
        told=case_of_campaign(campaign, network, report),
        n_by_role=tuple((role, n) for role, n in n_by_role if n),
    )


def track_of(fall: Waterfall) -> Track:
    """Return the waterfall laid out on one scale that holds zero, every step and the threshold."""
    steps = (*fall.steps, *fall.uncounted)
    ends = [0.0, *(step.start_bits for step in steps), *(step.end_bits for step in steps)]
    if fall.threshold_bits is not None:
        ends.append(fall.threshold_bits)
    low, high = min(ends), max(ends)
    scale = 100 / max(high - low, 1e-9)

    def place(bits: float) -> float:
        return round((bits - low) * scale, 2)

    bars = tuple(
        Bar(
            step=step,
            # A step of no length is still a line to be seen, within the track.
            left=min(place(min(step.start_bits, step.end_bits)), 99.5),
            width=round(abs(step.bits) * scale, 2),
        )
        for step in steps
    )
    return Track(
        fall=fall,
        title=TITLES[fall.claim],
        claimed=CLAIMED[fall.claim],
        bars=bars,
        zero=place(0.0),
        threshold=None if fall.threshold_bits is None else place(fall.threshold_bits),
    )
