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
from iolaus.fingerprint.skeleton import Skeletons
from iolaus.fingerprint.template import Grouping, Signed, group_texts, representatives_of
from iolaus.fingerprint.text import TextFeatures

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

TEMPLATE_COLUMNS = pa.schema(
    [FINGERPRINT.field(name) for name in ("template", "family", "system_template")]
)
"""What `Resolution.columns_of` returns."""


_NO_TEXTS = Signed(
    exact=np.zeros(0, np.int64),
    signature=np.zeros((0, N_HASHES), np.uint8),
    n_signed=np.zeros(0, np.int64),
    eligible=np.zeros(0, np.bool_),
    has_scaffold=np.zeros(0, np.bool_),
)


class DistinctTexts:
    """Each distinct text once, with its signature; each row as a number of one of them."""

    def __init__(self, limits: TemplateLimits) -> None:
        self._limits = limits
        self._known = numba.typed.Dict.empty(numba.int64, numba.int32)
        self._codes: list[I32] = []
        self._exact: list[I64] = []
        self._signatures: list[U8] = []
        self._sizes: list[tuple[I32, I32, I32]] = []

    def add(self, exact: pa.Int64Array, features: TextFeatures, *, at: I64 | None = None) -> None:
        """Add the rows of a batch; a null hash is a row without text.

        `at` says which row of `features` is whose, where that is not one for each.
        """
        present = exact.is_valid().to_numpy(zero_copy_only=False)
        values = pc.fill_null(exact, 0).to_numpy(zero_copy_only=False)
        codes, fresh = _codes_of(self._known, values, present)
        self._codes.append(codes)
        self._exact.append(values[fresh])
        whose = fresh if at is None else at[fresh]
        self._signatures.append(features.signature[whose])
        sizes = (features.n_words, features.n_shingles, features.n_kept)
        self._sizes.append((sizes[0][whose], sizes[1][whose], sizes[2][whose]))

    def codes(self) -> I32:
        """Return each row's text number, -1 for none."""
        return np.concatenate(self._codes) if self._codes else np.zeros(0, np.int32)

    def signed(self) -> Signed:
        """Return the distinct texts as grouping wants them."""
        if not self._exact:
            return _NO_TEXTS
        n_words, n_shingles, n_kept = (np.concatenate(n) for n in zip(*self._sizes, strict=True))
        has_scaffold = n_kept >= self._limits.min_kept
        return Signed(
            exact=np.concatenate(self._exact),
            signature=np.concatenate(self._signatures),
            n_signed=np.where(has_scaffold, n_kept, n_words).astype(np.int64),
            eligible=n_shingles >= self._limits.min_shingles,
            has_scaffold=has_scaffold,
        )


class Resolution:
    """The templates of all rows, handed out in the order in which rows came."""

    def __init__(
        self,
        prompts: DistinctTexts,
        systems: DistinctTexts,
        *,
        accounts: I32 | None,
        limits: TemplateLimits,
        skeletons: Skeletons,
    ) -> None:
        signed = prompts.signed()
        self._codes, self._exact, self._signatures = prompts.codes(), signed.exact, signed.signature
        self._grouping = _grouped(signed, self._codes, limits)
        self._system_codes = systems.codes()
        self._systems = _grouped(systems.signed(), self._system_codes, limits)
        self._values, self._first = representatives_of(
            self._grouping.template, self._exact, self._grouping.has_template
        )
        self._accounts = accounts
        self._skeletons = skeletons.by_template(
            self._exact, self._grouping.template, self._grouping.has_template
        )

    def columns_of(self, start: int, n_rows: int) -> pa.RecordBatch:
        """Return TEMPLATE_COLUMNS for so many rows from `start` on."""
        rows = slice(start, start + n_rows)
        codes, systems = self._codes[rows], self._system_codes[rows]
        columns = [
            _taken(self._grouping.template, self._grouping.has_template, codes),
            _taken(self._grouping.family, self._grouping.has_family, codes),
            _taken(self._systems.template, self._systems.has_template, systems),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=TEMPLATE_COLUMNS)

    def templates(self) -> pa.Table:
        """Return the TEMPLATES table, by template; `n_accounts` is null without accounts.

        `skeleton` is null where too few distinct texts were sampled.
        """
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
            pa.array([self._skeletons.get(v) for v in self._values.tolist()], pa.list_(pa.int64())),
        ]
        return pa.Table.from_arrays(columns, schema=TEMPLATES)

    def _holders(self, index: I64, has: Mask) -> pa.Array:
        """Count the accounts that hold each template."""
        if self._accounts is None:
            return pa.nulls(self._values.size, pa.int64())
        pairs = np.unique(index << 32 | self._accounts[has].astype(np.int64))
        counts = np.bincount(pairs >> 32, minlength=self._values.size)
        return pa.array(counts.astype(np.int64))


def _grouped(texts: Signed, codes: I32, limits: TemplateLimits) -> Grouping:
    n_rows = np.bincount(codes[codes >= 0], minlength=texts.exact.size).astype(np.int64)
    return group_texts(texts, n_rows, limits=limits)


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
