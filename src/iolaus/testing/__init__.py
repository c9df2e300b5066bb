"""Any plug-in, or any results file -> nothing, or a ContractError that says which rule it breaks."""

from __future__ import annotations

from iolaus.testing.plugins import check
from iolaus.testing.results import check_results

__all__ = ["check", "check_results"]
