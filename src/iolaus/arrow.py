"""The Arrow schemas that stand between the stages; the records after them are in schema.py."""

from __future__ import annotations

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())

EXCHANGE = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("at", INSTANT, nullable=False),
        pa.field("account", pa.string(), nullable=False),
        ("channel", pa.string()),
        ("organization", pa.string()),
        ("api_key", pa.string()),
        ("end_user", pa.string()),
        ("conversation", pa.string()),
        ("turn", pa.int32()),
        ("prefix", pa.int64()),
        ("address", pa.string()),
        ("asn", pa.int64()),
        ("country", pa.string()),
        ("agent", pa.string()),
        ("tls", pa.string()),
        ("operation", pa.string()),
        ("model", pa.string()),
        ("temperature", pa.float64()),
        ("top_p", pa.float64()),
        ("max_output_tokens", pa.int64()),
        ("choices", pa.int32()),
        ("seed", pa.int64()),
        ("stream", pa.bool_()),
        ("logprobs", pa.bool_()),
        ("reasoning", pa.string()),
        ("tools", STRINGS),
        ("input_modalities", STRINGS),
        ("output_type", pa.string()),
        ("system", pa.string()),
        ("prompt", pa.string()),
        ("input_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("reasoning_tokens", pa.int64()),
        ("cached_tokens", pa.int64()),
        ("status", pa.int32()),
        ("finish", pa.string()),
        ("sample_rate", pa.float64()),
    ]
)
"""What a log is read into; only id, at and account are required. The only schema with text."""

ACCOUNT_TABLE = pa.schema(
    [
        pa.field("account", pa.string(), nullable=False),
        ("channel", pa.string()),
        ("organization", pa.string()),
        ("opened_at", INSTANT),
        ("closed_at", INSTANT),
        ("closed_reason", pa.string()),
        ("pathway", pa.string()),
        ("vetted", pa.bool_()),
        ("payment", pa.string()),
        ("email_domain", pa.string()),
        ("phone", pa.string()),
        ("device", pa.string()),
        ("country", pa.string()),
    ]
)
"""The operator's own account table, as the operator gives it."""

FINGERPRINT = pa.schema(
    [
        ("id", pa.int64()),
        ("at", INSTANT),
        ("account", pa.int32()),
        ("channel", pa.string()),
        ("organization", pa.int64()),
        ("api_key", pa.int64()),
        ("end_user", pa.int64()),
        ("conversation", pa.int64()),
        ("turn", pa.int32()),
        ("prefix", pa.int64()),
        ("address", pa.int64()),
        ("network", pa.int64()),
        ("asn", pa.int64()),
        ("country", pa.string()),
        ("client", pa.int64()),
        ("parameters", pa.int64()),
        ("model", pa.string()),
        ("operation", pa.string()),
        ("tools", pa.int64()),
        ("template", pa.int64()),
        ("family", pa.int64()),
        ("system_template", pa.int64()),
        ("exact", pa.int64()),
        ("shingles", pa.list_(pa.int32())),
        ("novelty", pa.list_(pa.int32())),
        ("capabilities", pa.list_(pa.int8())),
        ("asks", pa.list_(pa.int8())),
        ("extraction", pa.int8()),
        ("script", pa.int8()),
        ("n_bytes", pa.int32()),
        ("n_words", pa.int32()),
        ("structure", pa.int32()),
        ("max_output_tokens", pa.int64()),
        ("choices", pa.int32()),
        ("logprobs", pa.bool_()),
        ("reasoning", pa.bool_()),
        ("input_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("reasoning_tokens", pa.int64()),
        ("cached_tokens", pa.int64()),
        ("status", pa.int32()),
        ("finish", pa.string()),
        ("sample_rate", pa.float32()),
    ]
)
"""What is kept of an exchange. Identities and values are keyed int64 hashes; no text.

`channel`, `country`, `model`, `operation` and `finish` are the operator's own vocabulary.
`shingles` is a consistent 1-in-2 sample of keyed 2-word-shingle hashes, the 24 smallest
at most: a short prompt keeps half of what it says. `novelty` is such a sample, of 16, of what
stands outside the scaffold; null where there is none.
`structure` is a bit set, see fingerprint/shape.py.
"""

TEMPLATES = pa.schema(
    [
        ("template", pa.int64()),
        ("family", pa.int64()),
        ("n", pa.int64()),
        ("n_accounts", pa.int64()),
        ("signature", pa.list_(pa.uint8())),
        ("skeleton", pa.list_(pa.int64())),
    ]
)
"""One row per template; `skeleton` holds keyed shingle hashes, ascending as unsigned numbers, that
`fingerprint/skeleton.py` makes fit to be shared; null where too few texts were sampled."""

ACCOUNTS = pa.schema(
    [
        ("account", pa.int32()),
        ("account_hash", pa.int64()),
        ("channel", pa.string()),
        ("organization", pa.int64()),
        ("opened_at", INSTANT),
        ("closed_at", INSTANT),
        ("closed_reason", pa.string()),
        ("pathway", pa.string()),
        ("vetted", pa.bool_()),
        ("payment", pa.int64()),
        ("email_domain", pa.int64()),
        ("phone", pa.int64()),
        ("device", pa.int64()),
        ("country", pa.string()),
        ("n_exchanges", pa.int64()),
        ("first_at", INSTANT),
        ("last_at", INSTANT),
    ]
)
"""One row per account in the log, in order of its dense id; null where no table was given."""

RELEASES = pa.schema([("model", pa.string()), ("at", INSTANT)])

TIE = pa.schema(
    [
        ("account", pa.int32()),
        ("value", pa.int64()),
        ("n", pa.int64()),
        ("first_at", INSTANT),
        ("last_at", INSTANT),
        ("phase", pa.int8()),
    ]
)
"""What a tie signal's SQL yields: who holds which value, how often, between when."""

ACCOUNT_RESULT = pa.schema(
    [
        ("channel", pa.string()),
        ("account", pa.string()),
        ("network", pa.string()),
        ("campaign", pa.string()),
        ("role", pa.string()),
        ("campaign_share", pa.float64()),
        ("coordination_bits", pa.float64()),
        ("extraction_bits", pa.float64()),
    ]
)
EXCHANGE_RESULT = pa.schema([("id", pa.string()), ("campaign", pa.string()), ("flow", pa.string())])
IDENTITY = pa.schema([("hash", pa.int64()), ("kind", pa.string()), ("value", pa.string())])

TRUTH_ACCOUNT = pa.schema(
    [
        ("account", pa.string()),
        ("group", pa.string()),
        ("operator", pa.string()),
        ("campaign", pa.string()),
        ("is_innocent", pa.bool_()),
    ]
)
TRUTH_EXCHANGE = pa.schema(
    [
        ("id", pa.string()),
        ("campaign", pa.string()),
        ("flow", pa.string()),
        ("is_extraction", pa.bool_()),
    ]
)
