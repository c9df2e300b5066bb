"""Networks -> campaigns, and who may be behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from iolaus.campaign.accused import Doubts, Sums, tallied, unaccused
from iolaus.campaign.attribution import Shown, attributions_of, earlier_campaigns
from iolaus.campaign.detection import ClaimSettings, attributed
from iolaus.campaign.finding import Found, find_campaigns
from iolaus.campaign.population import population_of
from iolaus.campaign.traffic import NO_ACCOUNTS
from iolaus.catalog import innocent_signals, pool_signals
from iolaus.config import Settings
from iolaus.engines.duckdb import DuckDB
from iolaus.link.doubt import doubt, line_of
from iolaus.link.linked import Linked
from iolaus.link.views import View
from iolaus.link.weights import Weigher
from iolaus.pipeline.networks import Linking
from iolaus.pipeline.relations import Relations
from iolaus.schema import Life

Progress = Callable[[str, float, float], None]


def claim_settings(settings: Settings) -> ClaimSettings:
    """Return what the extraction claim is told."""
    return ClaimSettings(
        lift_bits=settings.lift_bits,
        lift_support=settings.lift_support,
        formation_share=settings.formation_share,
        stranger_share=settings.stranger_share,
        least_exchanges=settings.least_exchanges,
        flow_prior_bits=settings.flow_prior_bits,
        lone_prior_bits=settings.lone_prior_bits,
        accept_bits=settings.accept_bits,
    )


def campaigns_of(
    engine: DuckDB,
    linking: Linking,
    *,
    relations: Relations,
    lives: Sequence[Life],
    settings: Settings,
    tell: Progress,
) -> list[Found]:
    """Judge every network, tell its members what speaks for and against them, and ask who it is."""
    found = find_campaigns(
        engine,
        linking.networks,
        accounts=relations.accounts,
        releases=relations.releases,
        signals=pool_signals(settings.without),
        innocents=innocent_signals(settings.without),
        settings=claim_settings(settings),
        has_text=relations.has_text,
        progress=tell,
        vouched=relations.vouched.accounts if relations.vouched else NO_ACCOUNTS,
    )
    found = _told_apart(found, linking, settings)
    return _attributed(found, engine, relations=relations, lives=lives)


def _attributed(
    found: list[Found], engine: DuckDB, *, relations: Relations, lives: Sequence[Life]
) -> list[Found]:
    """Hold every campaign against the catalogue, against each other and against earlier ones."""
    campaigns = [one.campaign for one in found if one.campaign is not None]
    if not campaigns:
        return found
    accounts = relations.accounts
    population = population_of(engine, relations.actors, n_accounts=len(accounts))
    earlier = earlier_campaigns([one.network for one in found], campaigns, lives)
    out = []
    for one in found:
        if one.campaign is None or one.judged is None:
            out.append(one)
            continue
        rows = one.judged.traffic.table.filter(pa.array(attributed(one.judged)))
        carriers = accounts.take(pa.array(np.unique(rows["account"].to_numpy())))
        attributions = attributions_of(
            one.campaign,
            one.network,
            shown=Shown(rows=rows, carriers=carriers, members=one.standing.accounts),
            actors=relations.actors,
            population=population,
            earlier=[other for key, other in earlier.items() if key != one.network.id],
        )
        campaign = dataclasses.replace(one.campaign, attributions=attributions)
        out.append(dataclasses.replace(one, campaign=campaign))
    return out


def _told_apart(found: list[Found], linking: Linking, settings: Settings) -> list[Found]:
    """
    Add the members' own tallies; what is watched alone comes last and has no network.

    Doubt costs a hundred weighings, so it is cast where somebody is accused.
    """
    weigher = Weigher(linking.views, linking.strata)
    n = len(linking.linked)
    told = [
        _with_tallies(one, linked, weigher, settings)
        for one, linked in zip(found[:n], linking.linked, strict=True)
    ]
    return told + found[n:]


def _with_tallies(one: Found, linked: Linked, weigher: Weigher, settings: Settings) -> Found:
    sums = _sums_of(linked, weigher.views)
    if one.campaign is None:
        members = unaccused(one.standing, sums, extraction_prior_bits=settings.flow_prior_bits)
        return dataclasses.replace(one, network=dataclasses.replace(one.network, members=members))
    doubted = doubt(weigher, linked, seed=len(linked.members))
    members = tallied(
        one.campaign.members,
        sums,
        doubts=Doubts(
            without_value_bits=doubted.without_value_bits,
            value_holders=doubted.value_holders,
            n_stays=doubted.n_stays,
            n_resamples=doubted.n_resamples,
        ),
    )
    return dataclasses.replace(one, campaign=dataclasses.replace(one.campaign, members=members))


def _sums_of(linked: Linked, views: Sequence[View]) -> Sums:
    families = linked.families
    return Sums(
        prior_bits=linked.prior_bits,
        line_bits=line_of(linked) + linked.prior_bits,
        by_recipe=linked.by_recipe,
        view_names=linked.view_names,
        views=linked.bits,
        controlled=np.array([view.controlled for view in views]),
        family_names=families,
        families=linked.by_family,
        family_of_view=np.array([families.index(view.family) for view in views]),
    )
