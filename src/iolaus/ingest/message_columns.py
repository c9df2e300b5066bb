"""Messages, one list a row -> the exchange's columns that they fill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from iolaus.fingerprint.keyed import hash_strings
from iolaus.ingest.jsonl import strings_of
from iolaus.ingest.messages import said_in

PREFIX_TAG = "messages"


def columns_said(messages: Sequence[Any], *, key: bytes) -> dict[str, pa.Array]:
    """Return system, prompt, prefix (keyed hash of all earlier messages), turn and modalities."""
    said = [said_in(value) for value in messages]
    earlier = strings_of([one.earlier for one in said])
    return {
        "system": strings_of([one.system for one in said]),
        "prompt": strings_of([one.prompt for one in said]),
        "prefix": hash_strings(earlier, key=key, tag=PREFIX_TAG),
        "turn": pa.array([one.turn for one in said], pa.int32()),
        "input_modalities": pa.array([one.modalities for one in said], pa.list_(pa.string())),
    }
