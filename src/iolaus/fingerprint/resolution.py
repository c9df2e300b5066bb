"""Distinct texts of all batches -> template, family and system template of every row."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.arrow import FINGERPRINT, TEMPLATES
from iolaus.fingerprint.kernel import N_HASHES
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.template import Grouping, group_texts, representatives_of

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

TEMPLATE_COLUMNS = pa.schema(
    [FINGERPRINT.field(name) for name in ("template", "family", "system_template")]
)
"""What `Resolution.columns_of` returns."""


class DistinctTexts:
    """Each distinct text once, with its signature; each row as a number of one of them."""

    def __init__(self) -> None:
        self._known = numba.typed.Dict.empty(numba.int64, numba.int32)
        self._codes: list[I32] = []
        self._exact: list[I64] = []
        self._signatures: list[U8] = []
        self._eligible: list[Mask] = []

    def add(self, exact: pa.Int64Array, signature: U8, eligible: Mask) -> None:
        """Add the rows of a batch; a null hash is a row without text."""
        present = exact.is_valid().to_numpy(zero_copy_only=False)
        values = pc.fill_null(exact, 0).to_numpy(zero_copy_only=False)
        codes, fresh = _codes_of(self._known, values, present)
        self._codes.append(codes)
        self._exact.append(values[fresh])
        self._signatures.append(signature[fresh])
        self._eligible.append(eligible[fresh])

    def codes(self) -> I32:
        """Return each row's text number, -1 for none."""
        return np.concatenate(self._codes) if self._codes else np.zeros(0, np.int32)

    def exact(self) -> I64:
        """Return each distinct text's hash."""
        return np.concatenate(self._exact) if self._exact else np.zeros(0, np.int64)

    def signatures(self) -> U8:
        """Return each distinct text's signature."""
        if not self._signatures:
            return np.zeros((0, N_HASHES), np.uint8)
        return np.concatenate(self._signatures)

    def eligible(self) -> Mask:
        """Say of each distinct text whether it is long enough for a template."""
        return np.concatenate(self._eligible) if self._eligible else np.zeros(0, np.bool_)


class Resolution:
    """The templates of all rows, handed out in the order in which rows came."""

    def __init__(
        self,
        prompts: DistinctTexts,
        systems: DistinctTexts,
        *,
        accounts: I32 | None,
        limits: TemplateLimits,
    ) -> None:
        self._codes, self._exact = prompts.codes(), prompts.exact()
        self._signatures = prompts.signatures()
        self._grouping = _grouped(prompts, self._codes, limits)
        self._system_codes = systems.codes()
        self._systems = _grouped(systems, self._system_codes, limits)
        self._values, self._first, self._last = representatives_of(
            self._grouping.template, self._exact, self._grouping.has_template
        )
        self._accounts = accounts
        self._skeletons: dict[int, pa.Array] = {}
        self._wanted = np.zeros(self._exact.size, np.bool_)
        self._wanted[self._first] = True
        self._wanted[self._last] = True

    def columns_of(self, start: int, shingles: pa.Array) -> pa.RecordBatch:
        """Return TEMPLATE_COLUMNS for the rows from `start` on whose `shingles` are given.

        The shingles of each template's outermost texts are noted on the way: what both have
        in common is its skeleton.
        """
        rows = slice(start, start + len(shingles))
        codes, systems = self._codes[rows], self._system_codes[rows]
        for at in np.flatnonzero(_pick(self._wanted, codes)):
            code = int(codes[at])
            self._wanted[code] = False
            self._skeletons[code] = shingles[int(at)].values
        columns = [
            _taken(self._grouping.template, self._grouping.has_template, codes),
            _taken(self._grouping.family, self._grouping.has_family, codes),
            _taken(self._systems.template, self._systems.has_template, systems),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=TEMPLATE_COLUMNS)

    def templates(self) -> pa.Table:
        """Return the TEMPLATES table, by template; `n_accounts` is null without accounts."""
        has = _pick(self._grouping.has_template, self._codes)
        template = self._grouping.template[self._codes[has]]
        index = np.searchsorted(self._values, template)
        n = np.bincount(index, minlength=self._values.size).astype(np.int64)
        signatures = self._signatures[self._first]
        offsets = np.arange(len(signatures) + 1, dtype=np.int32) * N_HASHES
        columns = [
            pa.array(self._values),
            pa.array(self._grouping.family[self._first]),
            pa.array(n),
            self._holders(index, has),
            pa.ListArray.from_arrays(pa.array(offsets), pa.array(signatures.ravel())),
            pa.array([self._skeleton(i) for i in range(n.size)], pa.list_(pa.int32())),
        ]
        return pa.Table.from_arrays(columns, schema=TEMPLATES)

    def _holders(self, index: I64, has: Mask) -> pa.Array:
        """Count the accounts that hold each template."""
        if self._accounts is None:
            return pa.nulls(self._values.size, pa.int64())
        pairs = np.unique(index << 32 | self._accounts[has].astype(np.int64))
        counts = np.bincount(pairs >> 32, minlength=self._values.size)
        return pa.array(counts.astype(np.int64))

    def _skeleton(self, i: int) -> npt.NDArray[np.int32] | None:
        first = self._skeletons.get(int(self._first[i]))
        last = self._skeletons.get(int(self._last[i]))
        if first is None or last is None:
            return None
        return np.intersect1d(first.to_numpy(), last.to_numpy())


def _grouped(texts: DistinctTexts, codes: I32, limits: TemplateLimits) -> Grouping:
    exact = texts.exact()
    n_rows = np.bincount(codes[codes >= 0], minlength=exact.size).astype(np.int64)
    return group_texts(texts.signatures(), exact, n_rows, eligible=texts.eligible(), limits=limits)


def _pick(flags: Mask, codes: I32) -> Mask:
    """Return each row's flag; False for a row without text."""
    if flags.size == 0:
        return np.zeros(codes.size, np.bool_)
    return flags[codes] & (codes >= 0)


def _taken(values: I64, has: Mask, codes: I32) -> pa.Int64Array:
    if values.size == 0:
        return pa.nulls(codes.size, pa.int64())
    return pa.array(values[codes], mask=~_pick(has, codes))


@numba.njit(cache=True, nogil=True)
def _codes_of(known: dict[np.int64, np.int32], values: I64, present: Mask) -> tuple[I32, I64]:
    """Number the distinct values in order of arrival; return numbers and where new ones stand."""
    codes = np.empty(values.size, np.int32)
    fresh = np.empty(values.size, np.int64)
    n = 0
    for row in range(values.size):
        if not present[row]:
            codes[row] = -1
        elif values[row] in known:
            codes[row] = known[values[row]]
        else:
            known[values[row]] = np.int32(len(known))
            codes[row] = known[values[row]]
            fresh[n] = row
            n += 1
    return codes, fresh[:n]
