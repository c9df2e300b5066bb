"""Iolaus: from a log of model traffic to explained campaigns."""

from importlib import import_module as _import_module
from typing import Any as _Any

__version__ = "0.1.0"
__all__ = [
    "Attribution",
    "Beat",
    "Campaign",
    "Chapter",
    "Cleared",
    "ColumnError",
    "ContractError",
    "Decision",
    "EmptyError",
    "Evidence",
    "Explanation",
    "Flow",
    "FormatError",
    "Indicator",
    "InputError",
    "InputSummary",
    "IolausError",
    "Life",
    "Link",
    "Mark",
    "Member",
    "Network",
    "NotFoundError",
    "Origin",
    "OutputError",
    "Phase",
    "Pivot",
    "Report",
    "Settings",
    "Step",
    "Tally",
    "Target",
    "UsageError",
    "Verdict",
    "__version__",
    "explain",
    "scan",
    "settings_from",
    "testing",
]

_DOOR = {
    "scan": "pipeline",
    "explain": "campaign.explanation",
    "Step": "campaign.explanation",
    "Settings": "config",
    "settings_from": "config",
    **dict.fromkeys(
        (
            "Attribution",
            "Beat",
            "Campaign",
            "Chapter",
            "Cleared",
            "Decision",
            "Evidence",
            "Explanation",
            "Flow",
            "Indicator",
            "InputSummary",
            "Life",
            "Link",
            "Mark",
            "Member",
            "Network",
            "Origin",
            "Phase",
            "Pivot",
            "Report",
            "Tally",
            "Target",
            "Verdict",
        ),
        "schema",
    ),
    **dict.fromkeys(
        (
            "ColumnError",
            "ContractError",
            "EmptyError",
            "FormatError",
            "InputError",
            "IolausError",
            "NotFoundError",
            "OutputError",
            "UsageError",
        ),
        "errors",
    ),
}
"""Which module each public name is from; loaded when first used, so that importing stays light."""

_ROOMS = ("testing",)
"""Modules that are public as a whole."""


def __getattr__(name: str) -> _Any:
    if name in _ROOMS:
        return _import_module(f"iolaus.{name}")
    if name not in _DOOR:
        raise AttributeError(f"module 'iolaus' has no attribute {name!r}")
    return getattr(_import_module(f"iolaus.{_DOOR[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_DOOR, *_ROOMS})
