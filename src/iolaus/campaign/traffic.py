"""Fingerprint batches of one network or one sample -> arrays that separation works on."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NO_ACCOUNTS: Ints = np.empty(0, dtype=np.int64)

COLUMNS = (
    "id",
    "at",
    "account",
    "conversation",
    "model",
    "family",
    "exact",
    "shingles",
    "parameters",
    "tools",
    "system_template",
    "operation",
    "input_tokens",
    "output_tokens",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """How often each mark is used: in all, by how many accounts, and by each row's account."""

    marks: Ints
    n_uses: Ints
    n_accounts: Ints
    code: Ints
    n_own: Ints
    n_rows: int
    n_rows_own: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """
    Rows of fingerprints, with each row's marks in compressed form.

    Marks are the sampled shingles of the prompt, or, where no text was logged, hashes of
    habit, model and token sizes. `contexts` counts one more mark a row: system template,
    parameters and tools together, `wordings` the prompt's template family or, without one, the
    whole of it, `systems` the template of the system prompt (0 where there is none). `session` is dense; rows of one conversation share it.
    """

    table: pa.Table
    account: Ints
    session: Ints
    start: Ints
    marks: Ints
    uses: Uses
    contexts: Uses
    wordings: Uses
    systems: Uses

    @property
    def n_rows(self) -> int:
        """Exchanges."""
        return len(self.account)

    @property
    def row_of_mark(self) -> Ints:
        """The row that each mark belongs to."""
        return np.repeat(np.arange(self.n_rows), np.diff(self.start))

    def without(self, accounts: Ints) -> Traffic:
        """Leave out the rows of some accounts."""
        kept = ~np.isin(self.account, accounts)
        kept_marks = kept[self.row_of_mark]
        lengths = np.diff(self.start)[kept]
        return Traffic(
            table=self.table.filter(pa.array(kept)),
            account=self.account[kept],
            session=self.session[kept],
            start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            marks=self.marks[kept_marks],
            uses=_uses_among(self.uses, kept_marks, n_rows=int(kept.sum())),
            contexts=_uses_among(self.contexts, kept, n_rows=int(kept.sum())),
            wordings=_uses_among(self.wordings, kept, n_rows=int(kept.sum())),
            systems=_uses_among(self.systems, kept, n_rows=int(kept.sum())),
        )


def traffic_of(table: pa.Table, *, has_text: bool) -> Traffic:
    """Lay out a fingerprint table; without text, marks come from habits and sizes."""
    account = table["account"].to_numpy().astype(np.int64)
    start, marks = _shingles(table) if has_text else _habit_marks(table)
    row_of_mark = np.repeat(np.arange(len(account)), np.diff(start))
    return Traffic(
        table=table,
        account=account,
        session=_sessions(table, account),
        start=start,
        marks=marks,
        uses=_uses_of(marks, row_of_mark, account),
        contexts=_uses_of(_contexts(table), np.arange(len(account)), account),
        wordings=_uses_of(_wordings(table), np.arange(len(account)), account),
        systems=_uses_of(_codes(table, "system_template"), np.arange(len(account)), account),
    )


def _contexts(table: pa.Table) -> Ints:
    parameters = _joined(7, _codes(table, "parameters"), _codes(table, "tools"))
    return _joined(8, _codes(table, "system_template"), parameters)


def _wordings(table: pa.Table) -> Ints:
    return pc.coalesce(table["family"], table["exact"]).fill_null(0).to_numpy().astype(np.int64)


def _uses_among(uses: Uses, kept: Bools, *, n_rows: int) -> Uses:
    """Leave out the uses of whole accounts."""
    gone = np.bincount(uses.code[~kept], minlength=len(uses.marks))
    # Counting anew would sort millions of marks for every network; an account goes whole, so
    # that only totals change. How many accounts use a mark is asked of members only.
    return dataclasses.replace(
        uses,
        n_uses=uses.n_uses - gone,
        code=uses.code[kept],
        n_own=uses.n_own[kept],
        n_rows=n_rows,
        n_rows_own=uses.n_rows_own[kept],
    )


def _uses_of(marks: Ints, row_of_mark: Ints, account_of_row: Ints) -> Uses:
    account = account_of_row[row_of_mark]
    n_rows = len(account_of_row)
    rows_of = np.bincount(account_of_row) if n_rows else np.zeros(1, dtype=np.int64)
    if not len(marks):
        none = np.empty(0, dtype=np.int64)
        return Uses(
            marks=none,
            n_uses=none,
            n_accounts=none,
            code=none,
            n_own=none,
            n_rows=n_rows,
            n_rows_own=none,
        )
    distinct, code, n_uses = np.unique(marks, return_inverse=True, return_counts=True)
    width = int(account.max()) + 1
    pair, of_pair, n_pair = np.unique(
        code.astype(np.int64) * width + account, return_inverse=True, return_counts=True
    )
    return Uses(
        marks=distinct,
        n_uses=n_uses.astype(np.int64),
        n_accounts=np.bincount(pair // width, minlength=len(distinct)).astype(np.int64),
        code=code.astype(np.int64),
        n_own=n_pair[of_pair].astype(np.int64),
        n_rows=n_rows,
        n_rows_own=rows_of[account].astype(np.int64),
    )


def _sessions(table: pa.Table, account: Ints) -> Ints:
    """One session a conversation; an exchange without one stands alone."""
    conversation = table["conversation"]
    known = np.asarray(conversation.is_valid())
    value = conversation.fill_null(0).to_numpy().astype(np.int64)
    key = np.where(known, value, np.arange(len(account)))
    _, session = np.unique(np.stack([known.astype(np.int64), key]), axis=1, return_inverse=True)
    return session.reshape(-1).astype(np.int64)


def _shingles(table: pa.Table) -> tuple[Ints, Ints]:
    column = table["shingles"].combine_chunks()
    lengths = np.asarray(column.value_lengths().fill_null(0)).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return start, np.asarray(column.flatten()).astype(np.int64)


def _habit_marks(table: pa.Table) -> tuple[Ints, Ints]:
    """Give each row six marks: habits and sizes, alone and together, so that lift can see them."""
    parameters = _codes(table, "parameters")
    tools = _codes(table, "tools")
    model = _codes_of_strings(table, "model")
    size_in = _octave(table, "input_tokens")
    size_out = _octave(table, "output_tokens")
    columns = [
        (1, parameters, tools),
        (2, parameters, model),
        (3, parameters, size_in),
        (4, parameters, size_out),
        (5, tools, size_in),
        (6, model, size_in * 64 + size_out),
    ]
    marks = np.stack([_joined(tag, a, b) for tag, a, b in columns], axis=1)
    n = len(marks)
    return np.arange(n + 1, dtype=np.int64) * len(columns), marks.reshape(-1)


def _joined(tag: int, a: Ints, b: Ints) -> Ints:
    mixed = a.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + b.astype(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(tag)
    return (mixed >> np.uint64(1)).astype(np.int64)


def _codes(table: pa.Table, name: str) -> Ints:
    return table[name].fill_null(0).to_numpy().astype(np.int64)


def _codes_of_strings(table: pa.Table, name: str) -> Ints:
    # The code must mean the same in every table, so it is made of the word, not of its rank.
    words = table[name].fill_null("").dictionary_encode().combine_chunks()
    values = np.array(
        [
            int.from_bytes(word.encode()[:7].ljust(7, b"\0"), "big")
            for word in words.dictionary.to_pylist()
        ],
        dtype=np.int64,
    )
    return values[np.asarray(words.indices)] if len(values) else np.zeros(len(table), np.int64)


def _octave(table: pa.Table, name: str) -> Ints:
    value = table[name].fill_null(0).to_numpy().astype(np.float64)
    return np.floor(2 * np.log2(np.maximum(value, 0.0) + 1.0)).astype(np.int64)
