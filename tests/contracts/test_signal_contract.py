"""A signal that breaks a rule is told which; one that keeps them passes."""

import math
from dataclasses import replace
from typing import ClassVar

import pytest

from iolaus.contracts import Background, Pool
from iolaus.errors import ContractError
from iolaus.schema import Evidence, Explanation
from iolaus.testing import check


class Wallet:
    """
    The same wallet.

    Looks at: `payment`.
    Means: one purse.
    Fooled by: many purses.
    Innocent look-alikes: a family.
    Source: made up for this test.
    """

    name = "wallet"
    version = 1
    summary = "the same wallet"
    family = "money"
    claim = "coordination"
    scope = "tie"
    controlled = True
    sql: ClassVar[str] = (
        "select account, payment as value, n_exchanges as n, first_at, last_at,"
        " cast(0 as tinyint) as phase from accounts where payment is not null"
    )

    def ties(self) -> str:
        """Return the SQL."""
        return self.sql


class Burst:
    """
    Many exchanges.

    Looks at: rows.
    Means: haste.
    Fooled by: patience.
    Innocent look-alikes: people in haste.
    Source: made up for this test.
    """

    name = "burst"
    version = 1
    summary = "many exchanges"
    family = "time"
    claim = "extraction"
    scope = "pool"

    def weigh(self, pool: Pool, background: Background) -> Evidence | None:
        """Return a bit for any pool that is not empty."""
        if not pool.n_exchanges:
            return None
        return Evidence(
            signal=self.name,
            version=self.version,
            claim=self.claim,
            family=self.family,
            bits=1.0,
            says="it is much",
        )


class Holiday:
    """
    A day off.

    Looks at: the calendar.
    Means: leisure.
    Fooled by: work.
    Innocent look-alikes: this is the innocent explanation.
    Source: made up for this test.
    """

    name = "holiday"
    version = 1
    summary = "a day off explains it"
    family = "innocent"
    scope = "pool"

    def explain(self, pool: Pool, background: Background) -> Explanation | None:
        """Return a bit for any pool that is not empty."""
        if not pool.n_exchanges:
            return None
        return Explanation(name=self.name, gap_bits=1.0, says="nobody was at work")


def changed(plugin: type, **attributes: object) -> type:
    """Return the plug-in with something about it changed."""
    return type(plugin.__name__, (plugin,), {"__doc__": plugin.__doc__, **attributes})


@pytest.mark.parametrize("plugin", [Wallet, Burst, Holiday])
def test_good_signal_passes(plugin: type) -> None:
    """A class or an instance that keeps every rule raises nothing."""
    check(plugin)
    check(plugin())


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        ({"name": ""}, "name must be a word"),
        ({"version": 0}, "version must be"),
        ({"version": True}, "version must be"),
        ({"summary": "two\nlines"}, "summary must be one line"),
        ({"claim": "guilt"}, "claim must be"),
        ({"scope": "pool"}, "scope must be"),
        ({"family": "innocent"}, "family innocent"),
        ({"__doc__": "No confession."}, "the docstring has no line"),
        ({"__doc__": Wallet.__doc__.replace("Fooled by: many purses.", "")}, "Fooled by"),
        ({"sql": "drop table accounts"}, "must be one select"),
        ({"sql": "select 1; select 2"}, "must be one select"),
        ({"sql": "select from where ("}, "is no SQL"),
        ({"sql": "select * from secrets"}, "may read"),
        ({"sql": Wallet.sql.replace("payment as value", "hash(payment) as value")}, "hash"),
        ({"sql": Wallet.sql.replace("0 as tinyint", "random() as tinyint")}, "rand"),
        ({"sql": Wallet.sql.replace("as value", "as worth")}, "must yield the columns"),
        ({"sql": Wallet.sql.replace("payment as value", "channel as value")}, "types of TIE"),
        ({"sql": Wallet.sql.replace("payment as value", "nothing as value")}, "fails"),
        ({"sql": Wallet.sql.replace("cast(0", "cast(2")}, "phase must be"),
        ({"sql": Wallet.sql.split(" where ")[0]}, "null value"),
    ],
)
def test_broken_tie_signal_is_told_its_rule(attributes: dict[str, object], rule: str) -> None:
    """Each rule is broken once, and named."""
    with pytest.raises(ContractError, match=rule):
        check(changed(Wallet, **attributes))


def weigh_first_row(self: Burst, pool: Pool, background: Background) -> Evidence | None:
    """Weigh by whichever row comes first."""
    evidence = Burst.weigh(self, pool, background)
    return evidence and replace(evidence, bits=float(pool.fingerprints["id"][0].as_py() % 97))


def weigh_as(**fields: object) -> object:
    """Return a weigh() whose evidence has other fields."""

    def weigh(self: Burst, pool: Pool, background: Background) -> Evidence | None:
        evidence = Burst.weigh(self, pool, background)
        return evidence and replace(evidence, **fields)

    return weigh


@pytest.mark.parametrize(
    ("weigh", "rule"),
    [
        (weigh_as(bits=math.nan), "bits must be finite"),
        (weigh_as(bits=1e6), "within 100 of 0"),
        (weigh_as(signal="another"), "name its own signal"),
        (weigh_as(says=" "), "say a sentence"),
        (weigh_first_row, "order of rows"),
        (lambda *_: 1.0, "must return Evidence or None"),
        (lambda self, pool, background: Burst.weigh(self, background, background), "empty pool"),
    ],
)
def test_broken_pool_signal_is_told_its_rule(weigh: object, rule: str) -> None:
    """Bits out of bounds, somebody else's name, an opinion on nothing."""
    with pytest.raises(ContractError, match=rule):
        check(changed(Burst, weigh=weigh))


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        ({"family": "text"}, "family must be"),
        ({"explain": lambda *_: "because"}, "must return Explanation or None"),
        (
            {"explain": lambda *_: Explanation(name="x", gap_bits=math.inf, says="always")},
            "bits must be finite",
        ),
        (
            {"explain": lambda *_: Explanation(name="x", gap_bits=1.0, says="always")},
            "empty pool",
        ),
    ],
)
def test_broken_innocent_cause_is_told_its_rule(attributes: dict[str, object], rule: str) -> None:
    """An innocent cause is held to the same standard as a suspicion."""
    with pytest.raises(ContractError, match=rule):
        check(changed(Holiday, **attributes))


def test_what_is_no_plugin_is_refused() -> None:
    """Anything else is told what it lacks."""
    with pytest.raises(ContractError, match="neither Source"):
        check(object())
