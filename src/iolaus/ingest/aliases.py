"""The names that other logs give our columns, in the order in which they are believed."""

from __future__ import annotations

import re
from collections.abc import Sequence

ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("request_id", "req_id", "call_id", "completion_id", "message_id", "event_id", "uuid")
    + ("x_request_id", "gen_ai.response.id"),
    "at": ("timestamp", "ts", "time", "created_at", "created", "request_time", "start_time")
    + ("started_at", "datetime", "date_time", "event_time", "request_created_at", "logged_at"),
    "account": ("account_id", "customer_id", "customer", "tenant_id", "tenant", "client_id")
    + ("user_id", "user", "uid", "user.id", "username"),
    "channel": ("reseller", "sales_channel"),
    "organization": ("organisation", "organization_id", "organisation_id", "org_id", "org")
    + ("team_id", "workspace_id", "company"),
    "api_key": ("api_key_id", "api_key_hash", "key_id", "key_hash", "auth_hash", "token_id"),
    "end_user": ("end_user_id", "enduser.id", "enduser.pseudo.id", "user.id", "user_id", "user"),
    "conversation": ("conversation_id", "gen_ai.conversation.id", "session_id", "session")
    + ("thread_id", "chat_id"),
    "turn": ("turn_index", "turn_number", "turn_id"),
    "address": ("ip", "ip_address", "client_ip", "client.address", "remote_addr", "remote_ip")
    + ("source_ip", "requester_ip_address", "x_forwarded_for"),
    "asn": ("as_number", "client_asn"),
    "country": ("country_code", "geo_country", "geo.country.iso_code"),
    "agent": ("user_agent", "ua", "http_user_agent", "user_agent.original"),
    "tls": ("ja4", "tls.client.ja4", "ja3", "tls.client.ja3", "tls_fingerprint"),
    "operation": ("gen_ai.operation.name", "operation_name", "call_type", "endpoint"),
    "model": ("gen_ai.request.model", "model_name", "request_model", "model_id", "engine"),
    "temperature": ("gen_ai.request.temperature", "temp"),
    "top_p": ("gen_ai.request.top_p",),
    "max_output_tokens": ("max_tokens", "max_completion_tokens", "max_new_tokens")
    + ("gen_ai.request.max_tokens",),
    "choices": ("n", "num_choices", "gen_ai.request.choice.count"),
    "seed": ("gen_ai.request.seed",),
    "stream": ("streaming", "is_stream", "gen_ai.request.stream"),
    "logprobs": ("log_probs", "return_logprobs"),
    "reasoning": ("reasoning_effort", "reasoning_level", "gen_ai.request.reasoning.level"),
    "tools": ("tool_names", "functions"),
    "input_modalities": ("modalities",),
    "output_type": ("gen_ai.output.type",),
    "system": ("system_prompt", "system_message", "system_instructions", "instructions")
    + ("gen_ai.system_instructions",),
    "prompt": ("user_prompt", "prompt_text", "user_message", "request_text", "input", "query")
    + ("question", "text", "content"),
    "messages": ("messages", "input_messages", "gen_ai.input.messages"),
    "input_tokens": ("prompt_tokens", "tokens_in", "input_token_count", "n_input_tokens")
    + ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    "output_tokens": ("completion_tokens", "tokens_out", "output_token_count")
    + ("n_output_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
    "reasoning_tokens": ("thinking_tokens", "gen_ai.usage.reasoning.output_tokens"),
    "cached_tokens": ("cache_read_input_tokens", "cached_input_tokens")
    + ("gen_ai.usage.cache_read.input_tokens",),
    "status": ("status_code", "http_status", "response_code", "http.response.status_code"),
    "finish": ("finish_reason", "stop_reason", "gen_ai.response.finish_reasons"),
    "sample_rate": ("sampling_rate",),
}
"""`user_id` is the account where nothing better is, and the end user beside an account."""

_ODD = re.compile(r"[^a-z0-9]+")


def plainly(name: str) -> str:
    """Write a name without case and punctuation: userId, user_id and User-ID are one."""
    return _ODD.sub("", name.lower())


def matched(paths: Sequence[tuple[str, ...]], taken: dict[str, tuple[str, ...]]) -> None:
    """Add to `taken` (ours -> their path) what the aliases find; each of theirs serves once."""
    known = {plainly(".".join(path)): path for path in reversed(paths)}
    for name, aliases in ALIASES.items():
        for alias in (name, *aliases):
            path = known.get(plainly(alias))
            if name not in taken and path is not None and path not in taken.values():
                taken[name] = path
