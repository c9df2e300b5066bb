"""Networks -> campaigns, and who may be behind them."""

from __future__ import annotations

from collections.abc import Callable

from iolaus.campaign.detection import ClaimSettings
from iolaus.campaign.finding import NOBODY, Found, find_campaigns
from iolaus.campaign.records import Standing
from iolaus.catalog import innocent_signals, pool_signals
from iolaus.config import Settings
from iolaus.engines.duckdb import DuckDB
from iolaus.pipeline.relations import Relations
from iolaus.schema import Network

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
    networks: list[tuple[Network, Standing]],
    *,
    relations: Relations,
    settings: Settings,
    tell: Progress,
) -> list[Found]:
    """Judge every network; see campaign/finding.py."""
    return find_campaigns(
        engine,
        networks,
        accounts=relations.accounts,
        releases=relations.releases,
        signals=pool_signals(),
        innocents=innocent_signals(),
        settings=claim_settings(settings),
        has_text=relations.has_text,
        progress=tell,
        vouched=relations.vouched.accounts if relations.vouched else NOBODY,
    )
