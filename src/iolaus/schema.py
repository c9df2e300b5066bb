"""Every record that is made after the columnar stages; standard library only.

The nouns in the order in which data meets them:

    Exchange -> Fingerprint -> Tie        columnar, see arrow.py
    Link -> Network -> Flow -> Campaign   records, here
    Evidence                              on every one of them
    Chapter -> Life                       a network from one scan to the next, in the store
    Decision, Verdict                     what is done about it, and what a person found
    Report                                all of it

No record holds a customer's text or an identity in clear: accounts are keyed hashes,
written `a` and sixteen hexadecimal digits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Claim = Literal["coordination", "extraction"]
Scope = Literal["tie", "pool"]
Fact = str | int | float | bool
Role = Literal["extractor", "mixed", "member", "none"]
Growth = Literal["merged", "split", "regrown"]
FlowVerdict = Literal["extraction", "bulk, not attributed", "insufficient data"]

TOGETHER = "run together"
SAME_RECIPE = "same recipe, not shown to be together"
"""What a Network's `words` are."""

CAPABILITIES = (
    "reasoning",
    "rubric_grading",
    "policy_rewrite",
    "agentic_coding",
    "tool_use",
    "data_analysis",
    "computer_use",
    "vision",
    "coding",
    "math",
    "general_chat",
    "other",
)
"""What a prompt makes the model do; the order of the int8 scores in a Fingerprint."""

ASKS = (
    "reasoning",
    "grading",
    "rewriting",
    "trajectory",
    "synthesis",
    "decomposition",
    "critique",
)
"""What a harvest asks for; the order of the int8 scores in a Fingerprint."""


def account_name(account_hash: int) -> str:
    """Return how records write an account: `a` and its keyed hash in hexadecimal."""
    return f"a{account_hash & (2**64 - 1):016x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One signal's word on one claim; `bits` is a log2 likelihood ratio, negative welcome."""

    signal: str
    version: int
    claim: Claim
    family: str
    bits: float
    says: str
    facts: tuple[tuple[str, Fact], ...] = ()
    example_ids: tuple[str, ...] = ()
    counted: bool = True
    why_not_counted: str | None = None
    controlled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """
    An innocent cause that was weighed; `gap_bits` > 0 when it explains better than one operator.

    `explains` names families of evidence that those whom the cause speaks of show just as a
    harvest does, and how likely an account of the pool is one of them.
    """

    name: str
    gap_bits: float
    says: str
    facts: tuple[tuple[str, Fact], ...] = ()
    explains: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two accounts and why they may be run together."""

    a: str
    b: str
    bits: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A value, as its keyed hash, that members hold and hardly anybody else: known again by it."""

    view: str
    value: str
    n_accounts: int
    n_outside: int
    controlled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An earlier network that this one took in, came off, or grew back from, and what shows it."""

    network: str
    how: Growth
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """
    Accounts that are run together, or that at least use the same recipe.

    `sweep`: how many accounts each margin in bits would leave. `members` are told one by one
    where the network is in no campaign.
    """

    id: str
    accounts: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    n_exchanges: int
    prior_bits: float
    coordination_bits: float
    together: bool
    words: str
    evidence: tuple[Evidence, ...]
    explanations: tuple[Explanation, ...] = ()
    stability_share: float | None = None
    sweep: tuple[tuple[float, int], ...] = ()
    grew_from: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
    marks: tuple[Mark, ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The part of a network's traffic that belongs together."""

    id: str
    template_family: str | None
    capability: str
    n_exchanges: int
    n_accounts: int
    first_at: datetime
    last_at: datetime
    extraction_bits: float
    verdict: FlowVerdict
    evidence: tuple[Evidence, ...] = ()
    stranger_share: float | None = None
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A capability that a campaign harvests."""

    capability: str
    n_exchanges: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of a campaign with one main target."""

    name: str
    start_at: datetime
    end_at: datetime
    n_exchanges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """A move to another model, with the population's own move subtracted."""

    model: str
    at: datetime
    share_before: float
    share_after: float
    population_share_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What one kind of trait says of who is behind a campaign; 0 bits where it only describes."""

    kind: str
    bits: float
    says: str
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """
    Who may be behind it; always beside "nobody known".

    `bits` are log2 odds against "nobody known", which stands at 0: prior plus what its
    indicators say, those that anybody can copy bounded together.
    """

    actor: str
    bits: float
    says: str
    prior_bits: float = 0.0
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One bar of a timeline: the campaign's exchanges in `hours` from `at`."""

    at: datetime
    n_exchanges: int
    n_accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """
    One member's own sum for being run with the others, itself left out, and what doubt leaves.

    `families` are the terms counted beside the prior, each with the view that speaks for it; `views`
    is what each view says alone; `line_bits` must be passed. `without_value_bits` is the sum without the one value that says
    most, `controlled_bits` with nothing but views that one hand must control. `n_stays` says in
    how many of `n_resamples` draws of the other members it is above the line. The last four are
    None where nobody is accused.
    """

    prior_bits: float
    line_bits: float
    families: tuple[tuple[str, str, float], ...]
    views: tuple[tuple[str, float], ...]
    controlled_bits: float
    by_recipe: bool = False
    without_value_bits: float | None = None
    value_holders: int | None = None
    n_stays: int | None = None
    n_resamples: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One account of a network, as the accused may read it; `tally` where it was told apart."""

    account: str
    role: Role
    coordination_bits: float
    extraction_bits: float
    n_exchanges: int
    campaign_share: float
    strongest: str
    tally: Tally | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A network, what it harvests, and why we say both."""

    id: str
    network: str
    accounts: tuple[str, ...]
    flows: tuple[Flow, ...]
    start_at: datetime
    end_at: datetime
    n_exchanges: int
    targets: tuple[Target, ...]
    prior_bits: float
    coordination_bits: float
    extraction_prior_bits: float
    extraction_bits: float
    evidence: tuple[Evidence, ...]
    explanations: tuple[Explanation, ...]
    bystander_share: float
    members: tuple[Member, ...] = ()
    phases: tuple[Phase, ...] = ()
    pivots: tuple[Pivot, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    timeline: tuple[Beat, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """A network that was weighed and is in no campaign, and the reason."""

    network: str
    n_accounts: int
    n_exchanges: int
    reason: str
    says: str
    coordination_bits: float
    extraction_bits: float | None
    evidence: tuple[Evidence, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    watch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One stretch of a network's life: what one log showed of it."""

    network: str
    scan: int
    first_seen_at: datetime
    last_seen_at: datetime
    accounts: tuple[str, ...]
    n_exchanges: int
    together: bool
    campaign: str | None = None
    origins: tuple[Origin, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A network from its first log to its last; at least one chapter, in order of scans."""

    network: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What may be done about an account or a flow; a dry run until an operator applies it."""

    id: str
    account: str
    flow: str | None
    safeguard: str
    obligations: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime
    campaign: str
    reason: str
    policy_version: str
    dry_run: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an analyst found."""

    campaign: str
    finding: Literal["confirmed", "benign", "unsure"]
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSummary:
    """What was read, what was not, and what that costs."""

    n_exchanges: int
    n_accounts: int
    n_rejected: int
    rejected_by_reason: tuple[tuple[str, int], ...]
    skipped_files: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None
    missing_columns: tuple[str, ...]
    warnings: tuple[str, ...]
    has_account_table: bool
    has_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it, with the settings' digest and the version that made it."""

    version: str
    settings_digest: str
    summary: InputSummary
    networks: tuple[Network, ...]
    campaigns: tuple[Campaign, ...]
    cleared: tuple[Cleared, ...]
    thresholds: tuple[tuple[str, float], ...] = ()
    limits: tuple[str, ...] = field(default=())
