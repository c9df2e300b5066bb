"""The verbs, and the one place where an error becomes a message and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

from cyclopts import App, CycloptsError

from iolaus import __version__
from iolaus.cli.terminal import say
from iolaus.errors import IolausError

BAD_USAGE = 2
UNEXPECTED = 1
INTERRUPTED = 130

HELP = """
Find who harvests a language model through many accounts, say why in bits, and clear the innocent.

Start here:

```
iolaus demo                        # simulate a week, scan it, look at the report
iolaus scan logs/ --explain-input  # what of your logs is understood?
iolaus scan logs/                  # scan them
```
"""

EPILOGUE = (
    "Exit status: 0 done, 2 bad usage or unreadable input, 3 too many rows rejected.\n\n"
    "`--debug` shows the traceback of an unexpected error."
)

VERBS = ("scan", "show", "explain", "plugins", "demo", "simulate", "evaluate", "train")
"""Each is a function in the module of its name, in the order in which help lists them."""


def build_app() -> App:
    """Return the app with every verb registered."""
    app = App(
        name="iolaus",
        help=HELP,
        help_epilogue=EPILOGUE,
        help_format="markdown",
        version=__version__,
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for place, verb in enumerate(VERBS):
        # Imported, not registered by path: the list of verbs shows each docstring's first line.
        # The modules are light; what is heavy they import when they run.
        module = import_module(f"iolaus.cli.{verb}")
        app.command(getattr(module, verb), sort_key=place)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command line; return its exit status and never raise."""
    debug = "--debug" in arguments
    tokens = [word for word in arguments if word != "--debug"]
    try:
        status = build_app()(tokens, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        say(f"iolaus: {error}\nTry `iolaus {_verb_of(tokens)}--help`.")
        return BAD_USAGE
    except IolausError as error:
        return _interrupted() if _was_interrupted(error) else _told(error, debug=debug)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001 - so that no person meets a traceback
        return _interrupted() if _was_interrupted(error) else _unexpected(error, debug=debug)
    return status if isinstance(status, int) else 0


def _verb_of(tokens: Sequence[str]) -> str:
    return f"{tokens[0]} " if tokens and tokens[0] in VERBS else ""


def _interrupted() -> int:
    say("iolaus: interrupted")
    return INTERRUPTED


def _was_interrupted(error: BaseException) -> bool:
    """
    Say whether Ctrl-C is what lies behind an error.

    It may strike inside compiled code, which turns it into an error of its own: numba into a
    SystemError that it caused, DuckDB into an InterruptException.
    """
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, KeyboardInterrupt) or type(behind).__name__ == "InterruptException":
            return True
        behind = behind.__cause__ or behind.__context__
    return False


def _told(error: IolausError, *, debug: bool) -> int:
    say(f"iolaus: {error}")
    if debug:
        traceback.print_exc()
    return error.exit_status


def _unexpected(error: Exception, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    # The message is left out: it may quote a row, and a row may hold a customer's words.
    say(
        f"iolaus: unexpected {type(error).__name__}; run it again with --debug and report"
        f" the traceback, after reading it for names and words of customers (version {__version__})"
    )
    return UNEXPECTED


def _reader_left() -> int:
    """Whoever read our output (`| head`) has gone; that is no error worth a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
