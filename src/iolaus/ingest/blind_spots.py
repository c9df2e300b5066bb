"""Columns that a log lacks -> what detection cannot see without them, in plain words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindSpot:
    """What is lost when every one of `columns` is missing."""

    columns: tuple[str, ...]
    says: str


EXCHANGE_SPOTS = (
    BlindSpot(
        columns=("prompt",),
        says="no template is recognised and no content is scored: what is asked for stays unknown, "
        "and harvests are seen by volume, limits, tokens and timing alone",
    ),
    BlindSpot(
        columns=("system",),
        says="a shared system prompt, often the plainest mark of one operator, links nobody",
    ),
    BlindSpot(
        columns=("address",),
        says="shared addresses and networks link nobody, and a company's exit or a carrier's NAT "
        "cannot be told as the innocent cause",
    ),
    BlindSpot(
        columns=("asn", "country"),
        says="hosting networks and unlikely places are not seen",
    ),
    BlindSpot(
        columns=("agent", "tls"),
        says="a shared client (user agent, JA4) links nobody",
    ),
    BlindSpot(
        columns=("organization",),
        says="accounts of one declared organisation cannot be cleared as what they are; expect "
        "enterprises among the networks unless --allow names them",
    ),
    BlindSpot(
        columns=("api_key",),
        says="a key that several accounts use links nobody",
    ),
    BlindSpot(
        columns=("end_user",),
        says="a gateway that serves many customers looks like one busy account",
    ),
    BlindSpot(
        columns=("conversation", "turn", "prefix"),
        says="conversations that are continued from another account, and trajectories of many "
        "turns, are not seen",
    ),
    BlindSpot(
        columns=("model",),
        says="pivots to a new model and round-robin over models are not seen",
    ),
    BlindSpot(
        columns=("temperature", "top_p", "max_output_tokens", "choices"),
        says="habits of sampling parameters link nobody, and many answers to one prompt go unseen",
    ),
    BlindSpot(
        columns=("logprobs",),
        says="asking for log probabilities, a cheap way to distil, goes unseen",
    ),
    BlindSpot(
        columns=("reasoning", "reasoning_tokens"),
        says="harvests of reasoning are told from the prompt's words alone",
    ),
    BlindSpot(
        columns=("tools",),
        says="shared tool sets link nobody and agentic harvests look like chat",
    ),
    BlindSpot(
        columns=("input_tokens", "output_tokens"),
        says="the volume that was taken, and rides at the output limit, are not measured",
    ),
    BlindSpot(
        columns=("status",),
        says="retries after a refusal or a rate limit, a mark of machines, are not seen",
    ),
)

ACCOUNT_SPOTS = (
    BlindSpot(columns=("payment",), says="a shared card or payer links nobody"),
    BlindSpot(
        columns=("phone", "device", "email_domain"),
        says="enrolment in one sitting (phone, device, mail domain) links nobody",
    ),
    BlindSpot(
        columns=("opened_at",),
        says="accounts that were opened in a burst are not seen",
    ),
    BlindSpot(
        columns=("closed_at",),
        says="accounts that take over from closed ones cannot be told",
    ),
    BlindSpot(
        columns=("pathway", "vetted"),
        says="classes, researchers and vetted enterprises cannot be cleared by how they came",
    ),
)


def spots_without(present: Collection[str], spots: tuple[BlindSpot, ...]) -> tuple[BlindSpot, ...]:
    """Return the blind spots of which no column is present."""
    return tuple(spot for spot in spots if not set(spot.columns) & set(present))
