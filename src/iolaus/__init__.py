"""Iolaus: from a log of model traffic to explained campaigns."""

from importlib import import_module as _import_module

__version__ = "0.1.0"
__all__ = ["__version__", "explain", "scan", "testing"]

_DOOR = {
    "explain": "iolaus.campaign.explanation:explain",
    "scan": "iolaus.pipeline:scan",
    "testing": "iolaus.testing:",
}
"""Where each public name lives; loaded when first used, so that importing iolaus stays light."""


def __getattr__(name: str) -> object:
    if name not in _DOOR:
        raise AttributeError(f"module 'iolaus' has no attribute {name!r}")
    module, _, attribute = _DOOR[name].partition(":")
    found = _import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return [*globals(), *_DOOR]
