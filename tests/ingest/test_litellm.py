"""LiteLLM's StandardLoggingPayload -> exchanges, in every layout in which it is written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iolaus.ingest.litellm import Litellm

KEY_HASH = "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b"


def payload(number: int, **more: Any) -> dict[str, Any]:
    """Return a payload as LiteLLM 1.109 writes it, shortened."""
    base = {
        "id": f"chatcmpl-{number}",
        "litellm_call_id": f"call-{number}",
        "trace_id": f"trace-{number}",
        "session_id": "",
        "call_type": "acompletion",
        "stream": None,
        "status": "success",
        "custom_llm_provider": "openai",
        "startTime": 1772359200.25 + number,
        "endTime": 1772359201.5 + number,
        "model": "openai/gpt-4o",
        "model_group": "smart",
        "metadata": {
            "user_api_key_hash": KEY_HASH,
            "user_api_key_team_id": "team-7",
            "user_api_key_org_id": None,
            "user_api_key_user_id": "owner@example.org",
            "user_api_key_end_user_id": "u1",
            "usage_object": {
                "completion_tokens_details": {"reasoning_tokens": 64},
                "prompt_tokens_details": {"cached_tokens": 8},
            },
        },
        "prompt_tokens": 10,
        "completion_tokens": 90,
        "end_user": "u1",
        "requester_ip_address": "203.0.113.9",
        "user_agent": "OpenAI/Python 2.20",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "What is 2+2?"},
        ],
        "response": {"choices": [{"finish_reason": "stop", "index": 0}]},
        "model_parameters": {"temperature": 0.7, "n": 2, "logprobs": True, "max_tokens": 100},
        "model_map_information": {"model_map_key": "openai/gpt-4o"},
    }
    return {**base, **more}


@pytest.fixture
def one(tmp_path: Path, read: Callable) -> Callable[..., dict[str, Any]]:
    """Return a reader of one payload."""

    def read_one(entry: dict[str, Any]) -> dict[str, Any]:
        path = tmp_path / "one.json"
        path.write_text(json.dumps(entry), encoding="utf-8")
        table, rejects = read(path)
        assert rejects.n_rows == 0
        return table.to_pylist()[0]

    return read_one


def test_a_payload_fills_the_exchange(one: Callable) -> None:
    """Each field goes where the exchange schema says."""
    exchange = one(payload(1, session_id="s1", stream=True))
    expected = {
        "id": "call-1",
        "at": dt.datetime(2026, 3, 1, 10, 0, 1, 250000, tzinfo=dt.UTC),
        "account": "owner@example.org",
        "channel": "first_party",
        "organization": "team-7",
        "api_key": KEY_HASH,
        "end_user": "u1",
        "conversation": "s1",
        "turn": 0,
        "prefix": None,
        "address": "203.0.113.9",
        "agent": "OpenAI/Python 2.20",
        "operation": "chat",
        "model": "smart",
        "temperature": 0.7,
        "choices": 2,
        "logprobs": True,
        "max_output_tokens": 100,
        "stream": True,
        "system": "Be brief.",
        "prompt": "What is 2+2?",
        "input_modalities": ["text"],
        "input_tokens": 10,
        "output_tokens": 90,
        "reasoning_tokens": 64,
        "cached_tokens": 8,
        "status": 200,
        "finish": "stop",
    }
    assert {name: exchange[name] for name in expected} == expected


@pytest.mark.parametrize("layout", ["lines", "array", "pretty array", "one a file"])
def test_every_layout_gives_the_same_exchanges(tmp_path: Path, read: Callable, layout: str) -> None:
    """Loggers write lines, arrays, or one object a file; the exchanges are the same."""
    payloads = [payload(i) for i in range(3)]
    if layout == "lines":
        text = "\n".join(map(json.dumps, payloads))
    elif layout == "array":
        text = json.dumps(payloads)
    else:
        text = json.dumps(payloads, indent=1)
    if layout == "one a file":
        for i, entry in enumerate(payloads):
            (tmp_path / f"{i}.json").write_text(json.dumps(entry, indent=2), encoding="utf-8")
    else:
        (tmp_path / "log.json").write_text(text, encoding="utf-8")
    table, rejects = read(tmp_path)
    assert table["id"].to_pylist() == ["call-0", "call-1", "call-2"]
    assert table["prompt"].to_pylist() == ["What is 2+2?"] * 3
    assert rejects.n_rows == 0


def test_a_torn_array_counts_up_to_the_tear(tmp_path: Path, read: Callable) -> None:
    """An array that was cut off loses the object it was cut in, with its place."""
    text = json.dumps([payload(i) for i in range(3)], indent=1)
    (tmp_path / "log.json").write_text(text[:-100], encoding="utf-8")
    table, rejects = read(tmp_path)
    assert table["id"].to_pylist() == ["call-0", "call-1"]
    assert rejects.n_rows == 1


@pytest.mark.parametrize(
    ("metadata", "end_user", "account"),
    [
        ({"user_api_key_user_id": "default_user_id"}, "u1", KEY_HASH),
        ({"user_api_key_user_id": None}, "u1", KEY_HASH),
        (
            {"user_api_key_user_id": None, "user_api_key_hash": "litellm_proxy_master_key"},
            "u1",
            "u1",
        ),
        (
            {"user_api_key_user_id": None, "user_api_key_hash": "litellm_proxy_master_key"},
            None,
            "litellm_proxy_master_key",
        ),
    ],
)
def test_the_account_is_who_can_be_held_to_it(
    one: Callable, metadata: dict[str, Any], end_user: str | None, account: str
) -> None:
    """The owner, else the key, else, where all share the master key, the end user."""
    entry = payload(1, end_user=end_user)
    entry["metadata"] = {**entry["metadata"], **metadata, "user_api_key_end_user_id": end_user}
    assert one(entry)["account"] == account


def test_a_refused_call_carries_its_status(one: Callable) -> None:
    """A failure says which; one without a code is a plain 500."""
    refused = payload(1, status="failure", error_information={"error_code": "403"}, response={})
    assert one(refused)["status"] == 403
    unknown = payload(1, status="failure", error_information={"error_code": ""}, response={})
    assert one(unknown)["status"] == 500


def test_redacted_messages_are_no_text(one: Callable) -> None:
    """Everybody's prompt would be the same word."""
    entry = payload(1, messages=[{"role": "user", "content": "redacted-by-litellm"}])
    exchange = one(entry)
    assert (exchange["prompt"], exchange["system"], exchange["prefix"]) == (None, None, None)


def test_a_continued_conversation_shares_its_prefix_and_a_new_one_does_not(
    tmp_path: Path, read: Callable
) -> None:
    """The prefix is a hash of all that was said before, whoever says the next word."""
    start = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    other = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hullo"}]
    payloads = [
        payload(1, messages=[*start, {"role": "user", "content": "one"}]),
        payload(2, messages=[*start, {"role": "user", "content": "two"}]),
        payload(3, messages=[*other, {"role": "user", "content": "one"}]),
        payload(4, messages=[{"role": "user", "content": "one"}]),
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, payloads)), encoding="utf-8")
    table, _ = read(tmp_path)
    first, second, third, fourth = table["prefix"].to_pylist()
    assert first == second != third
    assert fourth is None
    assert table["turn"].to_pylist() == [1, 1, 1, 0]


def test_tools_are_their_names_in_both_dialects(tmp_path: Path, read: Callable) -> None:
    """OpenAI nests the name, Anthropic does not."""
    tools = [
        [{"type": "function", "function": {"name": "search", "parameters": {}}}],
        [{"name": "search", "input_schema": {"type": "object"}}],
    ]
    payloads = [payload(i, model_parameters={"tools": t}) for i, t in enumerate(tools)]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, payloads)), encoding="utf-8")
    table, _ = read(tmp_path)
    assert table["tools"].to_pylist() == [["search"], ["search"]]


@pytest.mark.parametrize(
    ("asked", "reasoning", "output_type"),
    [
        ({"reasoning_effort": "high"}, "high", None),
        ({"reasoning": {"effort": "low"}}, "low", None),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "enabled", None),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, None, "json"),
        ({}, None, None),
    ],
)
def test_what_was_asked_for_is_read_in_every_dialect(
    one: Callable, asked: dict[str, Any], reasoning: str | None, output_type: str | None
) -> None:
    """Reasoning and output type have a name in each API."""
    exchange = one(payload(1, model_parameters=asked))
    assert (exchange["reasoning"], exchange["output_type"]) == (reasoning, output_type)


def test_other_json_is_not_taken_for_litellm(key: bytes) -> None:
    """A prompt that quotes a payload is no payload: inside a text, quotes are escaped."""
    source = Litellm(key=key)
    quoted = json.dumps({"id": "1", "prompt": json.dumps(payload(1))})
    assert source.sniff(json.dumps(payload(1)).encode())
    assert not source.sniff(quoted.encode())
