"""Every error that Iolaus raises: what, where, and what to do.

IolausError
|-- UsageError          bad argument, bad setting            exit 2
|-- InputError          a log or a table cannot be read      exit 2
|   |-- FormatError     no source recognises it, or the wrong one was named
|   |-- ColumnError     a required column is missing
|   `-- EmptyError      nothing was there to read
|-- OutputError         the result could not be written      exit 2
|-- NotFoundError       no such campaign, network, plug-in   exit 2
`-- ContractError       a plug-in breaks its contract        exit 2
"""

from __future__ import annotations


class IolausError(Exception):
    """Say what went wrong, where, and what to do about it."""

    exit_status = 2

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        place = f"{where}: " if where else ""
        advice = f"; {remedy}" if remedy else ""
        super().__init__(f"{place}{what}{advice}")


class UsageError(IolausError):
    """A bad argument or a bad setting."""


class InputError(IolausError):
    """A log or a table that cannot be read."""


class FormatError(InputError):
    """No source recognises the file, or the named one does not fit."""


class ColumnError(InputError):
    """A required column is missing."""


class EmptyError(InputError):
    """Nothing was there to read."""


class OutputError(IolausError):
    """A result could not be written."""


class NotFoundError(IolausError):
    """No such campaign, network, scenario or plug-in."""


class ContractError(IolausError):
    """A plug-in breaks its contract."""
