"""A condition and a rule in words -> nothing, or a ContractError that names the plug-in."""

from __future__ import annotations

from iolaus.errors import ContractError


def hold(holds: bool, plugin: object, rule: str) -> None:
    """Raise unless the rule holds."""
    if not holds:
        raise ContractError(rule, where=str(getattr(plugin, "name", type(plugin).__name__)))
