"""Identities of exchanges and accounts -> keyed int64 hashes, one kind unlinkable to another."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.arrow import ACCOUNT_TABLE, ACCOUNTS
from iolaus.fingerprint.keyed import combine, hash_ints, hash_strings
from iolaus.ingest.addresses import addresses_of
from iolaus.ingest.keys import load_key

__all__ = ["Pseudonyms", "load_key"]

SEPARATOR = "\x1f"
ACCOUNT_COLUMNS = pa.schema(
    [
        field
        for field in ACCOUNTS
        if field.name in {*ACCOUNT_TABLE.names, "account_hash"} - {"account"}
    ]
)
"""What an account table becomes: `account_hash`, and its own columns with identities hashed."""

_TEMPERATURE_STEPS = 10  # 0.7 and 0.72 are one habit
_TOP_P_STEPS = 20
_LIMIT_DIGITS = 2  # 4096 and 4100 are one habit; 4096 and 8192 are two
_PHONE = r"^[+\d\s().\-/]+$"


class Pseudonyms:
    """Hash identities with the operator's key; the same key gives the same hashes, for ever."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def pseudonymise(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        """Return the FINGERPRINT's identity columns of a batch of exchanges, and `account_hash`."""
        address, network = addresses_of(batch.column("address"))
        return {
            "id": self._hashed(batch.column("id"), "id"),
            "account_hash": self.accounts(batch.column("channel"), batch.column("account")),
            "organization": self._hashed(batch.column("organization"), "organization"),
            "api_key": self._hashed(batch.column("api_key"), "api_key"),
            "end_user": self._hashed(batch.column("end_user"), "end_user"),
            "conversation": self._hashed(batch.column("conversation"), "conversation"),
            "prefix": hash_ints(batch.column("prefix"), key=self._key, tag="prefix"),
            "address": self._hashed(address, "address"),
            "network": self._hashed(network, "network"),
            "client": self.clients(batch.column("agent"), batch.column("tls")),
            "parameters": self._parameters(batch),
            "tools": self._tools(batch.column("tools")),
        }

    def pseudonymise_accounts(self, table: pa.Table) -> pa.Table:
        """Return ACCOUNT_COLUMNS of an account table, in its order."""
        columns = {name: _joined(table[name]) for name in table.column_names}
        columns["account_hash"] = self.accounts(columns["channel"], columns["account"])
        columns["organization"] = self._hashed(columns["organization"], "organization")
        columns["payment"] = self._hashed(_trimmed(columns["payment"]), "payment")
        columns["email_domain"] = self._hashed(_domain(columns["email_domain"]), "email_domain")
        columns["phone"] = self._hashed(_phone(columns["phone"]), "phone")
        columns["device"] = self._hashed(_trimmed(columns["device"]), "device")
        return pa.table([columns[name] for name in ACCOUNT_COLUMNS.names], schema=ACCOUNT_COLUMNS)

    def accounts(self, channel: pa.Array, account: pa.Array) -> pa.Int64Array:
        """Hash accounts, each within its channel; a missing channel is the first party."""
        channel = pc.fill_null(channel, "first_party")
        return self._hashed(pc.binary_join_element_wise(channel, account, SEPARATOR), "account")

    def organizations(self, organization: pa.Array) -> pa.Int64Array:
        """Hash organisations as exchanges and account tables do."""
        return self._hashed(organization, "organization")

    def enrolments(self, column: str, values: pa.Array) -> pa.Int64Array:
        """Hash values of an account table's column as pseudonymise_accounts does."""
        cleaned = {"email_domain": _domain, "phone": _phone}.get(column, _trimmed)(values)
        return self._hashed(cleaned, column)

    def places(self, addresses: pa.Array) -> tuple[pa.Int64Array, pa.Int64Array]:
        """Hash addresses and prefixes as exchanges' are: (address, network), null where none."""
        address, network = addresses_of(addresses)
        return self._hashed(address, "address"), self._hashed(network, "network")

    def clients(self, agents: pa.Array, tls: pa.Array) -> pa.Int64Array:
        """Hash a client, its user agent with the fingerprint of its TLS, as exchanges' are."""
        return combine(self._hashed(agents, "agent"), self._hashed(tls, "tls"))

    def _hashed(self, array: pa.Array, tag: str) -> pa.Int64Array:
        return hash_strings(array, key=self._key, tag=tag)

    def _parameters(self, batch: pa.RecordBatch) -> pa.Int64Array:
        habit = {
            "temperature": _stepped(batch.column("temperature"), _TEMPERATURE_STEPS),
            "top_p": _stepped(batch.column("top_p"), _TOP_P_STEPS),
            "max_output_tokens": _two_digits(batch.column("max_output_tokens")),
            "choices": batch.column("choices"),
            "stream": batch.column("stream"),
            "logprobs": batch.column("logprobs"),
        }
        return combine(
            *(
                hash_ints(values.cast(pa.int64()), key=self._key, tag=f"parameters.{name}")
                for name, values in habit.items()
            )
        )

    def _tools(self, tools: pa.Array) -> pa.Int64Array:
        """Hash the set of tools offered, whatever their order; none offered is null."""
        row = pc.list_parent_indices(tools).to_numpy()
        names = pc.list_flatten(tools)
        hashed = pc.fill_null(self._hashed(names, "tool"), 0).to_numpy(zero_copy_only=False)
        order = np.lexsort((hashed, row))
        row, hashed = row[order], hashed[order]
        first = np.ones(row.size, dtype=np.bool_)
        first[1:] = (row[1:] != row[:-1]) | (hashed[1:] != hashed[:-1])
        sums = np.zeros(len(tools), dtype=np.int64)
        np.add.at(sums, row[first], hashed[first])
        none = np.ones(len(tools), dtype=np.bool_)
        none[row] = False
        return hash_ints(pa.array(sums, mask=none), key=self._key, tag="tools")


def _stepped(array: pa.Array, steps: int) -> pa.Array:
    kept = pc.if_else(pc.less(pc.abs(array), 1e6), array, None)
    return pc.round(pc.multiply(kept, float(steps))).cast(pa.int64())


def _two_digits(array: pa.Array) -> pa.Array:
    values = pc.fill_null(array, 0).to_numpy(zero_copy_only=False).astype(np.float64)
    exponent = np.floor(np.log10(np.maximum(np.abs(values), 1.0)))
    step = np.power(10.0, np.maximum(exponent - (_LIMIT_DIGITS - 1), 0.0))
    rounded = np.minimum(np.rint(values / step) * step, 2.0**62).astype(np.int64)
    return pa.array(rounded, mask=array.is_null().to_numpy(zero_copy_only=False))


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _trimmed(array: pa.Array) -> pa.Array:
    text = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.equal(text, ""), None, text)


def _domain(array: pa.Array) -> pa.Array:
    return _trimmed(pc.replace_substring_regex(pc.utf8_lower(array), r"^.*@", ""))


def _phone(array: pa.Array) -> pa.Array:
    """Leave the digits of a telephone number; a value that is hashed already stays as it is."""
    written = pc.fill_null(pc.match_substring_regex(array, _PHONE), False)
    digits = pc.replace_substring_regex(array, r"[^\d]", "")
    return _trimmed(pc.if_else(written, digits, array))
