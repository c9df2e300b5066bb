"""Spin text: `{a|b|c}` picks one, nested or not; `<slot>` is left for the items."""

from __future__ import annotations

import re
from collections.abc import Callable

_INNERMOST = re.compile(r"\{([^{}]*)\}")


class Dice:
    """A fast source of small choices: a splitmix stream from one integer."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed & 0xFFFFFFFFFFFFFFFF

    def below(self, n: int) -> int:
        """Return a number in [0, n)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return (z ^ (z >> 31)) % n

    def of(self, options: tuple[str, ...]) -> str:
        """Return one of the options."""
        return options[self.below(len(options))]

    def number(self, low: int, high: int) -> int:
        """Return a number in [low, high]."""
        return low + self.below(high - low + 1)


def spin(dice: Dice, text: str) -> str:
    """Return `text` with every choice made."""

    def pick(found: re.Match[str]) -> str:
        options = found.group(1).split("|")
        return options[dice.below(len(options))]

    while "{" in text:
        text, n = _INNERMOST.subn(pick, text)
        if n == 0:
            break
    return text


_SLOT = re.compile(r"<([a-z_]+)>")

Filler = Callable[[Dice], str]


class Form:
    """A scaffold with slots, cut once so that filling it is a join."""

    __slots__ = ("_fillers", "_fixed")

    def __init__(self, text: str, fillers: dict[str, Filler]) -> None:
        parts = _SLOT.split(text)
        self._fixed = parts[0::2]
        self._fillers = [fillers[name] for name in parts[1::2]]

    def fill(self, dice: Dice) -> str:
        """Return the text with every slot filled from `dice`."""
        out = [self._fixed[0]]
        for filler, fixed in zip(self._fillers, self._fixed[1:], strict=True):
            out.append(filler(dice))
            out.append(fixed)
        return "".join(out)
