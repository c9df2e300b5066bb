"""A Report -> report.html: one file that needs nothing else and asks for nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from iolaus.report import wording
from iolaus.report.limits import PageLimits
from iolaus.report.sections import (
    CampaignSection,
    blind_words,
    campaign_sections,
    cleared_sections,
    headline_of,
)
from iolaus.schema import CAPABILITIES, Report

CHARTS = "vendor/echarts.min.js"


def render_page(
    report: Report,
    *,
    names: Mapping[str, str] | None = None,
    limits: PageLimits = PageLimits(),  # noqa: B008 (frozen)
) -> str:
    """
    Return the page.

    Accounts are keyed hashes; `names` (hash to value) gives back those that the reader may
    see. The policy in its head lets no script run but the two that are written here, and no
    request leave it.
    """
    names = names or {}
    sections = campaign_sections(report, limits, names)
    scripts = [_part(CHARTS), _part("templates/report.js")] if sections else []
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            headline=headline_of(report),
            sections=sections,
            blind=blind_words(report.summary),
            cleared=cleared_sections(report, limits),
            names=names,
            limits=limits,
            style=_trusted(_part("templates/report.css")),
            scripts=[_trusted(script) for script in scripts],
            policy=_policy(scripts),
            data=_island([_charts(section) for section in sections]),
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("iolaus.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": wording.count_words,
        "bits": wording.bits_words,
        "size": wording.size_words,
        "share": wording.share_words,
        "odds": wording.odds_words,
        "moment": wording.moment_words,
        "sentence": wording.sentence_words,
        "plain": wording.plain_words,
    }
    environment.globals |= {
        "capabilities": CAPABILITIES,
        "grew": wording.GREW,
        "things": wording.things,
        "span": wording.span_words,
        "fact": wording.fact_words,
    }
    return environment


def _part(path: str) -> str:
    return files("iolaus.report").joinpath(path).read_text(encoding="utf-8")


def _trusted(text: str) -> Markup:
    """Let text of our own, or text that was made harmless, through the escaping."""
    return Markup(text)  # noqa: S704 - see above; the policy in the page's head is the net below


def _policy(scripts: list[str]) -> str:
    """Return the content security policy: these scripts by their hash, and no network at all."""
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    allowed = " ".join(f"'sha256-{base64.b64encode(d).decode()}'" for d in digests) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _charts(section: CampaignSection) -> dict[str, object]:
    """Return what the two charts of a campaign draw."""
    return {
        "id": section.campaign.id,
        "timeline": section.timeline,
        "picture": section.picture,
    }


def _island(charts: list[dict[str, object]]) -> Markup:
    """Return JSON that cannot end the script element it stands in."""
    text = msgspec.json.encode(charts).decode()
    return _trusted(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
