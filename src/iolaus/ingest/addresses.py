"""Client addresses as logs write them -> the address, and the network it lies in."""

from __future__ import annotations

import ipaddress
import re

import pyarrow as pa
import pyarrow.compute as pc

V4_BITS, V6_BITS = 24, 48
"""A /24 is the least that is routed and what Azure leaves of an address; a /48 is one site."""

_PLAIN_V4 = r"^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$"
_MASKED_V4 = re.compile(r"^(\d{1,3}\.\d{1,3}\.\d{1,3})\.(?:\*+|x+)$", re.IGNORECASE)
_V4_PORT = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){3}):\d+$")
_V6_PORT = re.compile(r"^\[([0-9a-fA-F:.%\w]+)\](?::\d+)?$")

_OWN = tuple(
    ipaddress.ip_network(prefix)
    for prefix in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
    + ("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)
"""Where proxies stand: private, shared, loopback and link-local space."""

Parsed = ipaddress.IPv4Address | ipaddress.IPv6Address


def addresses_of(array: pa.Array) -> tuple[pa.Array, pa.Array]:
    """
    Return the normal form of each address, and its /24 (IPv4) or /48 (IPv6).

    A prefix has no address, only a network. What is no address at all, such as one that was
    hashed by the gateway, is kept as it is and lies in no network.
    """
    values = array.dictionary_encode()
    words = values.dictionary
    plain = pc.match_substring_regex(words, _PLAIN_V4)
    v4_network = pc.replace_substring_regex(words, r"\.\d+$", f".0/{V4_BITS}")
    odd = pc.if_else(plain, None, words).to_pylist()
    read = [(None, None) if word is None else normal_form(word) for word in odd]
    address = pc.if_else(plain, words, pa.array([a for a, _ in read], pa.string()))
    network = pc.if_else(plain, v4_network, pa.array([n for _, n in read], pa.string()))
    return address.take(values.indices), network.take(values.indices)


def normal_form(word: str) -> tuple[str | None, str | None]:
    """Return (address, network) of one value: with a port, a prefix, masked, or a list of hops."""
    word = word.strip()
    if not word:
        return None, None
    if "," in word:
        return normal_form(_client_of(word.split(",")))
    masked = _MASKED_V4.match(word)
    if masked:
        return normal_form(f"{masked[1]}.0/{V4_BITS}")
    if "/" in word:
        return _of_prefix(word)
    parsed = _parsed(word)
    if parsed is None:
        return word, None
    return str(parsed), _network_of(parsed)


def _client_of(hops: list[str]) -> str:
    """
    Return the last hop of an X-Forwarded-For that is no machine of the operator's own.

    Whoever sends a request can write the first hops himself, so they prove nothing.
    """
    known = [hop.strip() for hop in hops if hop.strip()]
    for hop in reversed(known):
        parsed = _parsed(hop)
        if parsed is not None and not any(parsed in own for own in _OWN):
            return hop
    return known[0] if known else ""


def _parsed(word: str) -> Parsed | None:
    match = _V4_PORT.match(word) or _V6_PORT.match(word)
    try:
        parsed = ipaddress.ip_address((match[1] if match else word).partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed


def _of_prefix(word: str) -> tuple[str | None, str | None]:
    try:
        prefix = ipaddress.ip_network(word, strict=False)
    except ValueError:
        return word, None
    first = prefix.network_address
    if prefix.prefixlen == first.max_prefixlen:
        return str(first), _network_of(first)
    fine = prefix.prefixlen >= (V4_BITS if first.version == 4 else V6_BITS)
    return None, _network_of(first) if fine else None


def _network_of(address: Parsed) -> str:
    bits = V4_BITS if address.version == 4 else V6_BITS
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
