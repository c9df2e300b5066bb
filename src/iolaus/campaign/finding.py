"""Networks -> for each, its campaign or the reason why it was cleared."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.campaign.alone import busiest_alone, watched
from iolaus.campaign.coordination import with_pool_evidence
from iolaus.campaign.detection import ClaimSettings, Judged, judge
from iolaus.campaign.records import Standing, campaign_of, cleared_of
from iolaus.campaign.traffic import NO_ACCOUNTS, Ints, Traffic, traffic_of
from iolaus.campaign.weighing import explained, pool_of
from iolaus.contracts import Background, Engine, InnocentSignal, PoolSignal
from iolaus.schema import Campaign, Cleared, Network

SAMPLE_ROWS = 80_000  # exchanges of the population that a network is held against: seconds each
Progress = Callable[[str, float, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    One network and what became of it: exactly one of `campaign` and `cleared` is set.

    `judged` is kept with a campaign only.
    """

    network: Network
    standing: Standing
    judged: Judged | None
    campaign: Campaign | None
    cleared: Cleared | None


def find_campaigns(
    engine: Engine,
    networks: Sequence[tuple[Network, Standing]],
    *,
    accounts: pa.Table,
    releases: pa.Table,
    signals: Sequence[PoolSignal],
    innocents: Sequence[InnocentSignal],
    settings: ClaimSettings,
    has_text: bool,
    progress: Progress,
    vouched: Ints = NO_ACCOUNTS,
) -> list[Found]:
    """
    Judge every network on its own traffic, beside a sample of everybody else's.

    Only networks that are run together can make a campaign; the others are weighed so that
    the report can say why they are innocent. Accounts in `vouched` stay in their network and
    bring no exchange to a flow: what the operator answers for is attributed to nobody.
    """
    bench = _Bench(
        engine=engine,
        sample=traffic_of(_sample(engine, accounts), has_text=has_text),
        accounts=accounts,
        releases=releases,
        signals=signals,
        innocents=innocents,
        settings=settings,
        has_text=has_text,
        vouched=vouched,
    )
    found = []
    for number, (network, standing) in enumerate(networks):
        found.append(_weighed(bench, network, standing, suspects=_suspects(networks, number)))
        progress("campaigns", number + 1, len(networks))
    taken = np.concatenate([vouched, *(standing.accounts for _, standing in networks)])
    for alone in busiest_alone(accounts, taken.astype(np.int64)):
        found += _watched(bench, alone[None])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """What every network is weighed with."""

    engine: Engine
    sample: Traffic
    accounts: pa.Table
    releases: pa.Table
    signals: Sequence[PoolSignal]
    innocents: Sequence[InnocentSignal]
    settings: ClaimSettings
    has_text: bool
    vouched: Ints


def _suspects(networks: Sequence[tuple[Network, Standing]], number: int) -> Ints:
    """Return who is no sure stranger to a network: who was nearly in it, and who is in another."""
    _, mine = networks[number]
    others = [
        standing.accounts
        for other, (network, standing) in enumerate(networks)
        if other != number and network.together
    ]
    return np.unique(np.concatenate([mine.suspects, *others])).astype(np.int64)


def _weighed(bench: _Bench, network: Network, standing: Standing, *, suspects: Ints) -> Found:
    table = _rows_of(bench.engine, standing.accounts)
    others = bench.sample.without(standing.accounts)
    background = _background(others.table, bench.accounts, standing.accounts)
    pool = pool_of(table, bench.accounts.take(pa.array(standing.accounts)))
    network = dataclasses.replace(
        network, explanations=explained(pool, background, bench.innocents)
    )
    network = with_pool_evidence(network, pool, background, bench.signals)
    judged = None
    if network.together:
        members = np.setdiff1d(standing.accounts, bench.vouched)
        judged = judge(
            traffic_of(_without(table, bench.vouched), has_text=bench.has_text),
            others,
            members=bench.accounts.take(pa.array(members)),
            background=background,
            signals=bench.signals,
            innocents=bench.innocents,
            settings=bench.settings,
            suspects=suspects,
        )
    one = _found(network, standing, judged, others.table, bench.releases)
    return _answered_for(one) if np.isin(standing.accounts, bench.vouched).all() else one


def _watched(bench: _Bench, account: Ints) -> list[Found]:
    """Report an account to watch; it is in no network, so no result row is its."""
    pair = watched(
        _rows_of(bench.engine, account),
        bench.accounts.take(pa.array(account)),
        background=_background(bench.sample.without(account).table, bench.accounts, account),
        signals=bench.signals,
        innocents=bench.innocents,
        prior_bits=bench.settings.lone_prior_bits,
    )
    if pair is None:
        return []
    network, cleared = pair
    nobody = Standing(accounts=NO_ACCOUNTS, names=(), posterior_bits=np.empty(0), strongest=())
    return [Found(network=network, standing=nobody, judged=None, campaign=None, cleared=cleared)]


def _found(
    network: Network,
    standing: Standing,
    judged: Judged | None,
    outside: pa.Table,
    releases: pa.Table,
) -> Found:
    campaign = cleared = None
    if judged is not None and judged.extracting:
        campaign = campaign_of(
            judged, network, standing=standing, others=outside, releases=releases
        )
    else:
        cleared = cleared_of(judged, network)
    return Found(
        network=network,
        standing=standing,
        # The traffic of a hundred cleared networks would fill the memory for nothing.
        judged=judged if campaign is not None else None,
        campaign=campaign,
        cleared=cleared,
    )


def _answered_for(one: Found) -> Found:
    """Say of a cleared network whose every account is vouched for that this is the reason."""
    if one.cleared is None:
        return one
    cleared = dataclasses.replace(
        one.cleared,
        reason="vouched for",
        says="every account of it is on the operator's allow list",
        watch=False,
    )
    return dataclasses.replace(one, cleared=cleared)


def _sample(engine: Engine, accounts: pa.Table) -> pa.Table:
    """All exchanges of accounts drawn by their hash, about SAMPLE_ROWS of them."""
    n = accounts["n_exchanges"].to_numpy()
    order = np.argsort(accounts["account_hash"].to_numpy(), kind="stable")
    drawn = order[np.cumsum(n[order]) <= max(SAMPLE_ROWS, int(n.max()))]
    return _rows_of(engine, np.sort(drawn).astype(np.int64))


def _rows_of(engine: Engine, accounts: Ints) -> pa.Table:
    engine.put("chosen", pa.table({"account": pa.array(accounts.astype(np.int32))}))
    engine.sql(
        "chosen_rows",
        'select * from fingerprints where account in (select account from chosen) order by "at", id',
    )
    return pa.Table.from_batches(engine.stream("chosen_rows"))


def _without(sample: pa.Table, members: Ints) -> pa.Table:
    inside = pc.is_in(sample["account"], value_set=pa.array(members.astype(np.int32)))
    return sample.filter(pc.invert(inside))


def _background(outside: pa.Table, accounts: pa.Table, members: Ints) -> Background:
    drawn = np.unique(outside["account"].to_numpy())
    return Background(
        fingerprints=outside,
        accounts=accounts.take(pa.array(np.setdiff1d(np.arange(len(accounts)), members))),
        n_exchanges=outside.num_rows,
        n_accounts=len(drawn),
    )
