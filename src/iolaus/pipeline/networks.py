"""Ties -> networks under names that last, with each member's own standing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iolaus.campaign.lasting import settle
from iolaus.campaign.life import moment
from iolaus.campaign.records import Standing
from iolaus.catalog import ceiling_of, tie_signals
from iolaus.config import Settings
from iolaus.engines.duckdb import DuckDB
from iolaus.link.decoys import calibrate
from iolaus.link.judging import too_few
from iolaus.link.linked import Linked, LinkSettings
from iolaus.link.marks import holders_of, marks_of
from iolaus.link.networks import find_networks
from iolaus.link.records import network_of
from iolaus.link.strata import strata_of
from iolaus.link.views import Ints, View, view_of
from iolaus.pipeline.relations import Relations
from iolaus.schema import Life, Network, account_name

Progress = Callable[[str, float, float], None]
STRATA = ("country", "pathway", "channel")  # most telling first: the last is left out first


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """
    What linking found: networks with their members' standing, and what they rest on.

    `words` say how far that can be trusted: decoy scans, and a population too small to tell.
    """

    networks: list[tuple[Network, Standing]]
    linked: list[Linked]
    views: list[View]
    strata: Ints
    words: tuple[str, ...] = ()


def networks_of(
    engine: DuckDB,
    relations: Relations,
    *,
    lives: Sequence[Life],
    decoys: int,
    settings: Settings,
    tell: Progress,
) -> Linking:
    """Find networks, with each member's own standing, and name those as before that go on."""
    signals = tie_signals(settings.without)
    views = _views(engine, relations, settings=settings, tell=tell)
    tell("link", 0, 1)
    strata = strata_of([_codes(relations.accounts[name]) for name in STRATA])
    linked = find_networks(views, settings=link_settings(settings), strata=strata)
    tell("link", 1, 1)
    words = _trust_words(views, linked, decoys=decoys, settings=settings, tell=tell)
    summaries = {signal.name: signal.summary for signal in signals}
    found = [_network(one, views, relations, summaries) for one in linked]
    settled = settle(
        [network for network, _ in found],
        lives,
        holders=[
            holders_of(network.marks, standing.accounts, standing.names, views)
            for network, standing in found
        ],
    )
    standings = [standing for _, standing in found]
    return Linking(
        networks=list(zip(settled, standings, strict=True)),
        linked=linked,
        views=views,
        strata=strata,
        words=words,
    )


def _trust_words(
    views: list[View], linked: list[Linked], *, decoys: int, settings: Settings, tell: Progress
) -> tuple[str, ...]:
    """Say whether so few accounts can show anything, and what decoy scans found if any were asked."""
    asked = link_settings(settings)
    few = too_few(views, asked)
    words = [few] if few else []
    if decoys and views:
        tell("decoys", 0, 1)
        # One seed for all: the same log gives the same bytes.
        words.append(calibrate(views, linked, asked, runs=decoys, seed=decoys).says())
        tell("decoys", 1, 1)
    return tuple(words)


def _views(
    engine: DuckDB, relations: Relations, *, settings: Settings, tell: Progress
) -> list[View]:
    signals = tie_signals(settings.without)
    views: list[View] = []
    n_accounts = len(relations.accounts)
    for number, signal in enumerate(signals):
        engine.sql(f"ties_{signal.name}", signal.ties())
        ties = pa.Table.from_batches(engine.stream(f"ties_{signal.name}"))
        view = view_of(
            ties,
            n_accounts,
            name=signal.name,
            version=signal.version,
            family=signal.family,
            controlled=signal.controlled,
            ceiling_bits=ceiling_of(signal, settings),
        )
        if len(view.held):
            views.append(view)
        tell("ties", number + 1, len(signals))
    return views


def _codes(column: pa.ChunkedArray) -> Ints:
    """Return a code a row, -1 where it is not known."""
    codes = column.combine_chunks().dictionary_encode().indices
    return codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _network(
    one: Linked, views: list[View], relations: Relations, summaries: dict[str, str]
) -> tuple[Network, Standing]:
    rows = relations.accounts.take(pa.array(one.members))
    names = tuple(account_name(h) for h in rows["account_hash"].to_pylist())
    network = network_of(
        one,
        views,
        names,
        summaries=summaries,
        first_seen_at=moment(pc.min(rows["first_at"].cast(pa.int64())).as_py()),
        last_seen_at=moment(pc.max(rows["last_at"].cast(pa.int64())).as_py()),
        n_exchanges=int(pc.sum(rows["n_exchanges"]).as_py()),
    )
    standing = Standing(
        accounts=one.members,
        names=names,
        posterior_bits=one.totals + one.prior_bits,
        strongest=tuple(one.view_names[v] for v in one.bits.argmax(axis=1)),
        suspects=np.setdiff1d(one.suspects, one.members),
    )
    return dataclasses.replace(network, marks=marks_of(one.members, views)), standing


def link_settings(settings: Settings) -> LinkSettings:
    """Return what linking is told."""
    return LinkSettings(
        reach=settings.ring_reach,
        n_orders=settings.ring_orders,
        cap_share=settings.hot_share,
        floor_bits=settings.pair_floor_bits,
        cut_bits=settings.cut_bits,
        resolutions=settings.resolutions,
        seed_limit=settings.seed_limit,
        margin_bits=settings.member_margin_bits,
        alpha=settings.alpha,
        least_accounts=settings.least_accounts,
    )
