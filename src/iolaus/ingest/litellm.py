"""LiteLLM's StandardLoggingPayload, in lines, an array or one a file -> exchanges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.contracts import RejectSink
from iolaus.ingest.casting import plain
from iolaus.ingest.columns import Plan, Reading, exchanges_of
from iolaus.ingest.json_records import read_records
from iolaus.ingest.jsonl import NOT_JSON, array_of, decode_object, strings_of
from iolaus.ingest.limits import LIMITS, ReadLimits
from iolaus.ingest.message_columns import columns_said
from iolaus.ingest.places import Placed
from iolaus.ingest.sniffing import is_text

AccountOf = Literal["auto", "user", "key", "team", "end_user"]

_MARK = re.compile(rb'"litellm_call_id"\s*:|"custom_llm_provider"\s*:')
_MASTER_KEY = "litellm_proxy_master_key"
_DEFAULT_USER = "default_user_id"
_OPERATIONS = {
    "completion": "chat",
    "anthropic_messages": "chat",
    "responses": "chat",
    "generate_content": "chat",
    "text_completion": "text_completion",
    "embedding": "embeddings",
}
_SUCCESS, _UNKNOWN_FAILURE = 200, 500


class _Metadata(msgspec.Struct, frozen=True):
    user_api_key_hash: Any = None
    user_api_key_user_id: Any = None
    user_api_key_team_id: Any = None
    user_api_key_org_id: Any = None
    user_api_key_end_user_id: Any = None
    requester_ip_address: Any = None
    user_agent: Any = None
    usage_object: Any = None


class _Error(msgspec.Struct, frozen=True):
    error_code: Any = None


class Payload(msgspec.Struct, frozen=True):
    """The part of a StandardLoggingPayload that is read; the rest is passed over undecoded."""

    litellm_call_id: Any = None
    id: Any = None
    session_id: Any = None
    call_type: Any = None
    stream: Any = None
    status: Any = None
    startTime: Any = None  # noqa: N815 - LiteLLM's own name
    model: Any = None
    model_group: Any = None
    metadata: _Metadata | None = None
    prompt_tokens: Any = None
    completion_tokens: Any = None
    end_user: Any = None
    requester_ip_address: Any = None
    user_agent: Any = None
    messages: Any = None
    response: Any = None
    model_parameters: Any = None
    error_information: _Error | None = None


_DECODER = msgspec.json.Decoder(Payload)
_NO_METADATA, _NO_ERROR = _Metadata(), _Error()


class Litellm:
    """
    What LiteLLM's generic_api, S3, GCS, SQS and callback loggers write (seen: 1.109.1).

    An exchange's id is `litellm_call_id`, which a plug-in sees before the call too.

    The account is the unit of enforcement. `auto` takes the internal user who owns the key;
    without one (or with the gateway's placeholder) the hash of the key, which /key/block
    accepts; and where everybody shares the master key, the end user, which /customer/block
    accepts. The organisation is the org, else the team.

    Known gaps of the format: for /v1/messages it holds neither system prompt nor parameters;
    the address is the socket's peer, or a raw X-Forwarded-For; redacted messages are no text.
    """

    name = "litellm"
    version = 1
    summary = "LiteLLM's StandardLoggingPayload as JSON lines, a JSON array or one object a file"

    def __init__(
        self, *, key: bytes, account_of: AccountOf = "auto", limits: ReadLimits = LIMITS
    ) -> None:
        self._key = key
        self._account_of = account_of
        self._limits = limits

    def sniff(self, head: bytes) -> bool:
        """Look for a key that LiteLLM alone writes; inside a text its quotes would be escaped."""
        return is_text(head) and head.lstrip()[:1] in (b"{", b"[") and bool(_MARK.search(head))

    def columns_of(self, location: str) -> list[str]:
        """Return the names that are looked for: the payload is the same for every file."""
        return [reading.theirs for reading in self.plan_of(location)]

    def plan_of(self, location: str) -> Plan:
        """Return what becomes of the payload's fields."""
        return _PLAN

    def place(self, location: str, rejects: RejectSink) -> Iterator[Placed]:
        """Yield batches and where their rows stand."""
        for block in read_records(location, decode=_decoded, sink=rejects, limits=self._limits):
            columns = self._columns(block.records)
            batch = exchanges_of(columns, len(block.records), plan=_PLAN, sink=rejects)
            yield Placed(batch=batch, places=block.places, bytes_done=block.bytes_done)

    def read(self, location: str, rejects: RejectSink) -> Iterator[pa.RecordBatch]:
        """Yield batches of the EXCHANGE schema; rows that fail go to `rejects`."""
        for placed in self.place(location, rejects):
            yield placed.batch

    def _columns(self, payloads: Sequence[Payload]) -> dict[str, pa.Array]:
        rows = [_row(payload, self._account_of) for payload in payloads]
        columns = {name: array_of([row[name] for row in rows]) for name in _ROW}
        said = columns_said([payload.messages for payload in payloads], key=self._key)
        own = plain(said["system"])
        said["system"] = pc.coalesce(own, plain(strings_of([row["system"] for row in rows])))
        return columns | said


def _decoded(raw: bytes) -> tuple[Payload | None, str | None]:
    try:
        return _DECODER.decode(raw), None
    except msgspec.ValidationError:
        return None, "not a StandardLoggingPayload"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _mended(raw)


def _mended(raw: bytes) -> tuple[Payload | None, str | None]:
    record, reason = decode_object(raw)
    if record is None:
        return None, reason
    try:
        return msgspec.convert(record, Payload), None
    except msgspec.ValidationError:
        return None, NOT_JSON


def _row(payload: Payload, account_of: AccountOf) -> dict[str, Any]:
    metadata = payload.metadata or _NO_METADATA
    asked = _dict(payload.model_parameters)
    usage = _dict(metadata.usage_object)
    end_user = payload.end_user or metadata.user_api_key_end_user_id
    return {
        "id": payload.litellm_call_id or payload.id,
        "at": payload.startTime,
        "account": _account(metadata, end_user, account_of),
        "organization": metadata.user_api_key_org_id or metadata.user_api_key_team_id,
        "api_key": metadata.user_api_key_hash,
        "end_user": end_user,
        "conversation": payload.session_id or None,
        "address": payload.requester_ip_address or metadata.requester_ip_address,
        "agent": payload.user_agent or metadata.user_agent,
        "operation": _operation(payload.call_type),
        "model": payload.model_group or payload.model,
        **_asked_for(asked, payload.stream),
        "system": _text(asked.get("system") or asked.get("instructions")),
        "input_tokens": payload.prompt_tokens,
        "output_tokens": payload.completion_tokens,
        "reasoning_tokens": _dict(usage.get("completion_tokens_details")).get("reasoning_tokens"),
        "cached_tokens": _first(
            _dict(usage.get("prompt_tokens_details")).get("cached_tokens"),
            usage.get("cache_read_input_tokens"),
        ),
        "status": _status(payload),
        "finish": _finish(_dict(payload.response)),
    }


def _account(metadata: _Metadata, end_user: Any, account_of: AccountOf) -> Any:
    user, key = metadata.user_api_key_user_id, metadata.user_api_key_hash
    if account_of != "auto":
        chosen = {
            "user": user,
            "key": key,
            "team": metadata.user_api_key_team_id,
            "end_user": end_user,
        }
        return chosen[account_of]
    if user and user != _DEFAULT_USER:
        return user
    if key and key != _MASTER_KEY:
        return key
    return end_user or key


def _asked_for(asked: dict[str, Any], stream: Any) -> dict[str, Any]:
    tops = asked.get("top_logprobs")
    logprobs = asked.get("logprobs")
    if logprobs is None and isinstance(tops, int):
        logprobs = tops > 0
    return {
        "temperature": asked.get("temperature"),
        "top_p": asked.get("top_p"),
        "max_output_tokens": _first(
            asked.get("max_completion_tokens"),
            asked.get("max_tokens"),
            asked.get("max_output_tokens"),
        ),
        "choices": asked.get("n"),
        "seed": asked.get("seed"),
        "stream": _first(stream, asked.get("stream")),
        "logprobs": logprobs,
        "reasoning": _reasoning(asked),
        "tools": asked.get("tools") or asked.get("functions"),
        "output_type": _output_type(asked),
    }


def _reasoning(asked: dict[str, Any]) -> Any:
    return _first(
        asked.get("reasoning_effort"),
        _dict(asked.get("reasoning")).get("effort"),
        _dict(asked.get("output_config")).get("effort"),
        _dict(asked.get("thinking")).get("type"),
    )


def _output_type(asked: dict[str, Any]) -> str | None:
    form = asked.get("response_format") or _dict(asked.get("text")).get("format")
    kind = _dict(form).get("type") if isinstance(form, dict) else None
    if form is not None and kind is None:
        return "json"  # a schema class, written out by name
    return "json" if str(kind).startswith("json") else kind


def _operation(call_type: Any) -> Any:
    if not isinstance(call_type, str):
        return None
    return _OPERATIONS.get(call_type, _OPERATIONS.get(call_type.removeprefix("a"), call_type))


def _status(payload: Payload) -> Any:
    code = (payload.error_information or _NO_ERROR).error_code
    if payload.status == "success":
        return _SUCCESS
    if payload.status == "failure":
        return int(code) if str(code).isdigit() else _UNKNOWN_FAILURE
    return None


def _finish(response: dict[str, Any]) -> Any:
    choices = response.get("choices")
    if isinstance(choices, list) and choices:
        return _dict(choices[0]).get("finish_reason")
    return _first(response.get("stop_reason"), response.get("status"))


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return "\n".join(str(_dict(part).get("text") or "") for part in value) or None
    return value if isinstance(value, str) else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


_FROM = {
    "id": "litellm_call_id",
    "at": "startTime",
    "account": "metadata.user_api_key_user_id",
    "organization": "metadata.user_api_key_org_id",
    "api_key": "metadata.user_api_key_hash",
    "end_user": "end_user",
    "conversation": "session_id",
    "turn": "messages",
    "prefix": "messages",
    "address": "requester_ip_address",
    "agent": "user_agent",
    "operation": "call_type",
    "model": "model_group",
    "temperature": "model_parameters.temperature",
    "top_p": "model_parameters.top_p",
    "max_output_tokens": "model_parameters.max_tokens",
    "choices": "model_parameters.n",
    "seed": "model_parameters.seed",
    "stream": "stream",
    "logprobs": "model_parameters.logprobs",
    "reasoning": "model_parameters.reasoning_effort",
    "tools": "model_parameters.tools",
    "input_modalities": "messages",
    "output_type": "model_parameters.response_format",
    "system": "messages",
    "prompt": "messages",
    "input_tokens": "prompt_tokens",
    "output_tokens": "completion_tokens",
    "reasoning_tokens": "metadata.usage_object.completion_tokens_details.reasoning_tokens",
    "cached_tokens": "metadata.usage_object.prompt_tokens_details.cached_tokens",
    "status": "error_information.error_code",
    "finish": "response.choices",
}
_PLAN: Plan = tuple(
    Reading(name=name, path=tuple(path.split(".")), unit="s" if name == "at" else None)
    for name, path in _FROM.items()
)
_ROW = [name for name, path in _FROM.items() if path != "messages"]
"""The columns that `_row` fills; the others come from the messages."""
