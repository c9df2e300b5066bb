"""A key file or an environment -> the operator's secret key, or the demo key."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path

from iolaus.errors import UsageError

VARIABLE = "IOLAUS_KEY"
LEAST_BYTES = 16
DEMO_KEY = b"iolaus demo key, known to everyone"
_REMEDY = "make one with: head -c 32 /dev/urandom | base64 > iolaus.key"

_HEX = re.compile(rb"(?:[0-9a-fA-F]{2})+")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{22,}={0,2}")


def load_key(key_file: str | Path | None, environ: Mapping[str, str]) -> tuple[bytes, bool]:
    """
    Return the key and whether it is the demo key, whose hashes anybody can repeat.

    The file comes before the variable. Hexadecimal and base64 are decoded; anything else is
    taken as it is, without the newline at its end.
    """
    if key_file is not None:
        try:
            raw = Path(key_file).read_bytes()
        except OSError as error:
            raise UsageError(
                f"the key file cannot be read: {error.strerror}",
                where=str(key_file),
                remedy=_REMEDY,
            ) from error
        return _checked(raw, where=str(key_file)), False
    if environ.get(VARIABLE):
        return _checked(environ[VARIABLE].encode(), where=VARIABLE), False
    return DEMO_KEY, True


def _checked(raw: bytes, *, where: str) -> bytes:
    key = _decoded(raw)
    if len(key) < LEAST_BYTES:
        raise UsageError(
            f"the key has {len(key)} bytes and needs at least {LEAST_BYTES}",
            where=where,
            remedy=_REMEDY,
        )
    return key


def _decoded(raw: bytes) -> bytes:
    stripped = raw.strip()
    if _HEX.fullmatch(stripped):
        return bytes.fromhex(stripped.decode())
    if _BASE64.fullmatch(stripped) and len(stripped.rstrip(b"=")) % 4 != 1:
        padded = stripped.rstrip(b"=") + b"=" * (-len(stripped.rstrip(b"=")) % 4)
        try:
            return base64.b64decode(padded, altchars=b"-_" if set(b"-_") & set(padded) else None)
        except binascii.Error:
            return stripped
    return raw.rstrip(b"\r\n")
