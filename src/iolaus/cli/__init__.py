"""What a person types -> a verb's exit status; nothing heavy is imported before a verb runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    from iolaus.cli.app import run

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
