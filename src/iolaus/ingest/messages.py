"""The messages of a chat, in either big dialect -> system, prompt, what was said before, turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

REDACTED = frozenset({"redacted-by-litellm", "[REDACTED]", "REDACTED"})
"""What gateways write in place of text; everybody would share it."""

_SYSTEM = frozenset({"system", "developer"})
_USER = frozenset({"user", "human"})
_MODALITIES = {
    "image": "image",
    "image_url": "image",
    "input_image": "image",
    "input_audio": "audio",
    "audio": "audio",
    "video": "video",
    "video_url": "video",
    "file": "file",
    "input_file": "file",
    "document": "file",
    "blob": "file",
}
_END_OF_MESSAGE, _END_OF_PART = "\x1e", "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one request carries; `earlier` is all before the last user message, to be hashed."""

    system: str | None = None
    prompt: str | None = None
    earlier: str | None = None
    turn: int | None = None
    modalities: list[str] | None = None


NOTHING = Said()


def said_in(messages: Any) -> Said:
    """
    Read messages: a list of them, their JSON, or one string.

    The prompt is the last user message with words of its own; an answer from a tool, which
    one dialect sends in the user's name, has none. `turn` counts the user's words before it.
    """
    if isinstance(messages, str):
        if messages.lstrip()[:1] not in ("[", "{"):
            return NOTHING if not messages else Said(prompt=_kept(messages), turn=0)
        try:
            messages = msgspec.json.decode(messages)
        except (msgspec.DecodeError, RecursionError):
            return Said(prompt=messages, turn=0)
    if isinstance(messages, dict):
        messages = messages.get("messages", [messages])
    if not isinstance(messages, list) or not messages:
        return NOTHING
    if all(isinstance(item, str) for item in messages):
        return Said(prompt=_kept("\n".join(messages)), turn=0)
    return _said(_turns_of(messages))


Turn = tuple[str, str, tuple[str, ...]]
"""Role, text, and what other kinds of content there are."""


def _turns_of(messages: Sequence[Any]) -> list[Turn]:
    turns = []
    for message in messages:
        if not isinstance(message, dict):
            continue
        role = str(message.get("role") or message.get("type") or "user").lower()
        parts = list(_parts(message.get("content", message.get("parts"))))
        text = "\n".join(text for kind, text in parts if kind == "text" and text)
        others = tuple(kind for kind, _ in parts if kind != "text")
        turns.append((role, text, others))
    return turns


def _parts(content: Any) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of each part; text inside an answer from a tool is nobody's words."""
    if isinstance(content, str):
        yield "text", content
        return
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            yield "text", part
        elif isinstance(part, dict):
            kind = str(part.get("type") or "text")
            text = part.get("text", part.get("content"))
            if kind in ("text", "input_text") and isinstance(text, str):
                yield "text", text
            elif kind in _MODALITIES:
                modality = str(part.get("modality") or _MODALITIES[kind])
                yield modality, ""
            else:
                yield kind, ""


def _said(turns: list[Turn]) -> Said:
    spoken = [i for i, (role, text, _) in enumerate(turns) if role in _USER and text]
    system = "\n".join(text for role, text, _ in turns if role in _SYSTEM and text)
    last = spoken[-1] if spoken else len(turns)
    before = [turn for turn in turns[:last] if turn[0] not in _SYSTEM]
    kinds = {kind for role, _, others in turns if role in _USER for kind in others}
    modalities = sorted(kinds & set(_MODALITIES.values()))
    prompt = turns[last][1] if spoken else None
    if prompt in REDACTED:
        return Said(turn=len(spoken) - 1)
    return Said(
        system=_kept(system),
        prompt=prompt,
        earlier=_written(before) if before else None,
        turn=len(spoken) - 1 if spoken else None,
        modalities=(["text"] if spoken else []) + modalities,
    )


def _kept(text: str) -> str | None:
    return text if text and text not in REDACTED else None


def _written(turns: list[Turn]) -> str:
    return _END_OF_MESSAGE.join(
        _END_OF_PART.join((role, text, *others)) for role, text, others in turns
    )
