"""Tie tables -> Views: who holds what, both ways, in compressed rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    One tie signal's relation between accounts and values.

    `held[start_of_account[i]:start_of_account[i+1]]` are the dense values of account i,
    ascending; `holders[start_of_value[x]:start_of_value[x+1]]` the accounts of value x.
    A `fixed` view says something about an account that does not share (it has one value and
    could have shared it); `mean_held` is the mean number of values among accounts that hold
    any; `ceiling_bits` bounds a view that another one mostly explains.
    """

    name: str
    version: int
    family: str
    controlled: bool
    fixed: bool
    ceiling_bits: float
    start_of_account: Ints
    held: Ints
    start_of_value: Ints
    holders: Ints
    values: Ints
    mean_held: float

    @property
    def n_accounts(self) -> int:
        """Accounts in the population."""
        return len(self.start_of_account) - 1

    @property
    def n_values(self) -> int:
        """Distinct values."""
        return len(self.values)

    @property
    def n_holders(self) -> Ints:
        """Accounts that hold each value."""
        return np.diff(self.start_of_value)

    @property
    def n_held(self) -> Ints:
        """Values that each account holds."""
        return np.diff(self.start_of_account)


def view_of(
    ties: pa.Table,
    n_accounts: int,
    *,
    name: str,
    version: int,
    family: str,
    controlled: bool,
    fixed: bool = False,
    ceiling_bits: float = math.inf,
) -> View:
    """Index a TIE table both ways. Duplicate (account, value) rows count once."""
    return View(
        name=name,
        version=version,
        family=family,
        controlled=controlled,
        fixed=fixed,
        ceiling_bits=ceiling_bits,
        **view_from_ties(
            ties["account"].to_numpy().astype(np.int64), ties["value"].to_numpy(), n_accounts
        ),
    )


def view_from_ties(account: Ints, value_of: Ints, n_accounts: int) -> dict[str, Any]:
    """Return the fields of a View that hold its relation, from a row a tie."""
    values, value = np.unique(value_of, return_inverse=True)
    key = np.unique(account * max(len(values), 1) + value)
    account, value = key // max(len(values), 1), key % max(len(values), 1)
    order = np.argsort(value, kind="stable")
    n_holding = len(np.unique(account))
    return {
        "start_of_account": np.searchsorted(account, np.arange(n_accounts + 1)).astype(np.int64),
        "held": value.astype(np.int64),
        "start_of_value": np.searchsorted(value[order], np.arange(len(values) + 1)).astype(
            np.int64
        ),
        "holders": account[order].astype(np.int64),
        "values": values.astype(np.int64),
        "mean_held": len(account) / n_holding if n_holding else 1.0,
    }


def held_by(view: View, accounts: Ints) -> tuple[Ints, Ints]:
    """Return a row a tie of these accounts: the account's place among them, and the value."""
    start = view.start_of_account
    lengths = start[accounts + 1] - start[accounts]
    rows = np.repeat(np.arange(len(accounts)), lengths)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return rows, view.held[np.repeat(start[accounts], lengths) + offsets]
