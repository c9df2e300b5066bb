"""Countries, networks and addresses that accounts connect from; all addresses are made up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# code, share of accounts, hours from UTC, language; shares are a guess, wide on purpose.
_COUNTRIES: tuple[tuple[str, float, float, str], ...] = (
    ("US", 0.26, -6, "en"),
    ("IN", 0.10, 5.5, "en"),
    ("GB", 0.06, 0, "en"),
    ("DE", 0.06, 1, "de"),
    ("FR", 0.05, 1, "fr"),
    ("BR", 0.05, -3, "pt"),
    ("JP", 0.05, 9, "ja"),
    ("CA", 0.04, -5, "en"),
    ("ES", 0.03, 1, "es"),
    ("MX", 0.03, -6, "es"),
    ("KR", 0.03, 9, "ko"),
    ("SG", 0.03, 8, "zh"),
    ("TW", 0.03, 8, "zh"),
    ("HK", 0.03, 8, "zh"),
    ("AU", 0.03, 10, "en"),
    ("ID", 0.03, 7, "id"),
    ("TR", 0.02, 3, "tr"),
    ("PL", 0.02, 1, "pl"),
    ("NL", 0.02, 1, "en"),
    ("EG", 0.01, 2, "ar"),
    ("AE", 0.01, 4, "ar"),
    ("NG", 0.01, 1, "en"),
)
COUNTRIES = np.array([c[0] for c in _COUNTRIES], dtype=object)
SHARES = np.array([c[1] for c in _COUNTRIES]) / sum(c[1] for c in _COUNTRIES)
HOURS_FROM_UTC = np.array([c[2] for c in _COUNTRIES])
LANGUAGES = np.array([c[3] for c in _COUNTRIES], dtype=object)
INDEX = {code: i for i, code in enumerate(COUNTRIES.tolist())}

_ISPS_A_COUNTRY = 6
_HOSTS = (16509, 396982, 8075, 16276, 24940, 14061, 63949, 20473)
_BLOCKS = 65536
_FIRST_ISP_BLOCK = 11 << 8
_BLOCKS_AN_ISP = 8
_FIRST_HOST_BLOCK = 140 << 8
_BLOCKS_A_HOST = 24
_FIRST_NAT_BLOCK = 100 << 8
_NAT_ADDRESSES = 12


def _block_tables() -> tuple[Array, Array]:
    asn = np.zeros(_BLOCKS, dtype=np.int64)
    country = np.zeros(_BLOCKS, dtype=np.int32)
    for c in range(len(COUNTRIES)):
        for isp in range(_ISPS_A_COUNTRY):
            first = _FIRST_ISP_BLOCK + (c * _ISPS_A_COUNTRY + isp) * _BLOCKS_AN_ISP
            asn[first : first + _BLOCKS_AN_ISP] = 3200 + c * 311 + isp * 17
            country[first : first + _BLOCKS_AN_ISP] = c
        nat = _FIRST_NAT_BLOCK + c
        asn[nat], country[nat] = 3200 + c * 311 + 5 * 17, c
    for h, number in enumerate(_HOSTS):
        first = _FIRST_HOST_BLOCK + h * _BLOCKS_A_HOST
        asn[first : first + _BLOCKS_A_HOST] = number
        country[first : first + _BLOCKS_A_HOST] = np.arange(_BLOCKS_A_HOST) % len(COUNTRIES)
    return asn, country


_ASN_OF_BLOCK, _COUNTRY_OF_BLOCK = _block_tables()


def asn_of(address: Array) -> Array:
    """Return the AS number that announces each address."""
    found: Array = _ASN_OF_BLOCK[address >> 16]
    return found


def country_of(address: Array) -> Array:
    """Return each address's country as an index into COUNTRIES."""
    found: Array = _COUNTRY_OF_BLOCK[address >> 16]
    return found


def home_addresses(rng: np.random.Generator, country: Array) -> Array:
    """Return one address of a home or an office line for each account."""
    n = len(country)
    isp = np.minimum(rng.geometric(0.4, n) - 1, _ISPS_A_COUNTRY - 1)
    block = _FIRST_ISP_BLOCK + (country * _ISPS_A_COUNTRY + isp) * _BLOCKS_AN_ISP
    block = block + rng.integers(0, _BLOCKS_AN_ISP, n)
    return ((block << 16) | rng.integers(256, 65536, n)).astype(np.uint32)


def mobile_addresses(rng: np.random.Generator, country: Array) -> Array:
    """Return one address behind carrier NAT: a dozen addresses serve a country's phones."""
    block = _FIRST_NAT_BLOCK + country
    host = np.minimum(rng.geometric(0.15, len(country)), _NAT_ADDRESSES)
    behind: Array = ((block << 16) | (host + 256)).astype(np.uint32)
    return behind


def leased(address: Array, *, key: Array) -> Array:
    """Return the address that a line has in one lease: another of its block, or of its carrier's few."""
    block = address >> 16
    nat = (block >= _FIRST_NAT_BLOCK) & (block < _FIRST_NAT_BLOCK + len(COUNTRIES))
    hosted = block >= _FIRST_HOST_BLOCK
    low = np.where(nat, 257 + key % _NAT_ADDRESSES, 256 + key % 65_280)
    moved: Array = np.where(hosted, address, (block << 16) | low).astype(np.uint32)
    return moved


def host_addresses(rng: np.random.Generator, n: int) -> Array:
    """Return one data-centre address each."""
    host = np.minimum(rng.geometric(0.35, n) - 1, len(_HOSTS) - 1)
    block = _FIRST_HOST_BLOCK + host * _BLOCKS_A_HOST + rng.integers(0, _BLOCKS_A_HOST, n)
    return ((block << 16) | rng.integers(256, 65536, n)).astype(np.uint32)


def address_words(address: Array) -> Array:
    """Write addresses as text, each distinct one once."""
    values, where = np.unique(address, return_inverse=True)
    words = [f"{v >> 24}.{v >> 16 & 255}.{v >> 8 & 255}.{v & 255}" for v in values.tolist()]
    return np.array(words, dtype=object)[where]
