"""Written logs -> what an operator may really hand over: sampled, skewed, renamed, half of it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.simulate.tokens import mix, tokens

MINUTE_US = 60_000_000


def without(log: pa.Table, *columns: str) -> pa.Table:
    """Return the log without some columns."""
    return log.drop_columns(list(columns))


def sampled(log: pa.Table, *, rate: float, seed: int) -> pa.Table:
    """Return a share `rate` of the rows, drawn one by one, and that rate as `sample_rate`."""
    kept = log.filter(pa.array(np.random.default_rng(seed).random(len(log)) < rate))
    place = kept.schema.get_field_index("sample_rate")
    return kept.set_column(place, "sample_rate", pa.array(np.full(len(kept), rate)))


def skewed(log: pa.Table, *, minutes: float, seed: int) -> pa.Table:
    """Return the log as machines with wrong clocks would write it: eight of them, each off by up to `minutes`."""
    off = np.random.default_rng(seed).uniform(-minutes, minutes, 8) * MINUTE_US
    machine = (mix(np.arange(len(log)) + seed) % np.uint64(8)).astype(np.int64)
    at = log["at"].cast(pa.int64()).to_numpy() + off[machine].astype(np.int64)
    field = log.schema.field("at")
    place = log.schema.get_field_index("at")
    return log.set_column(place, field, pa.array(at).cast(field.type)).sort_by("at")


def on_channel(log: pa.Table, channel: str) -> pa.Table:
    """Return what one channel saw."""
    return log.filter(pc.equal(log["channel"], channel))


def renamed(
    log: pa.Table, accounts: pa.Table, *, share: float, seed: int
) -> tuple[pa.Table, pa.Table, dict[str, str]]:
    """
    Return log and account table after a share of all accounts got a new id in the middle.

    Up to the middle of the log the old id signs, from then on the new one; the account table
    knows both, with the same data. The map leads from new ids to old ones.
    """
    rng = np.random.default_rng(seed)
    names = accounts["account"].to_numpy(zero_copy_only=False)
    picked = rng.random(len(names)) < share
    fresh = tokens(rng, int(picked.sum()), prefix="acct_", n_bytes=8)
    new_of = dict(zip(names[picked].tolist(), fresh.tolist(), strict=True))
    at = log["at"].cast(pa.int64()).to_numpy()
    middle = (int(at.min()) + int(at.max())) // 2
    later = at >= middle
    signed = [
        new_of.get(name, name) if moved else name
        for name, moved in zip(log["account"].to_pylist(), later.tolist(), strict=True)
    ]
    place = log.schema.get_field_index("account")
    log = log.set_column(place, log.schema.field("account"), pa.array(signed))
    known = accounts.filter(pa.array(picked))
    known = known.set_column(
        known.schema.get_field_index("account"), known.schema.field("account"), pa.array(fresh)
    )
    return log, pa.concat_tables([accounts, known]), {new: old for old, new in new_of.items()}
