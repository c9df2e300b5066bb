"""What fills a slot: questions, problems, code, documents; each a function of a Dice.

The pools are combinatorial (10^6 to 10^15 items), so a harvest that sweeps them never
returns to an item, while support desks draw their Dice from a small, uneven set of seeds.
"""

from __future__ import annotations

from iolaus.simulate.grammars import lexicon as lex
from iolaus.simulate.grammars.spin import Dice, Filler, Form, spin


def subject(d: Dice) -> str:
    """Return a noun phrase, one of a million."""
    return f"{d.of(lex.KINDS)} {d.of(lex.THINGS)} {d.of(lex.PLACES)}"


def thing(d: Dice) -> str:
    """Return a short noun phrase."""
    return f"{d.of(lex.KINDS)} {d.of(lex.THINGS)}"


_QUESTION_FILLERS: dict[str, Filler] = {
    "a": subject,
    "b": thing,
    "who": lambda d: d.of(lex.PEOPLE),
    "name": lambda d: d.of(lex.NAMES),
    "kind": lambda d: d.of(lex.KINDS),
    "verb": lambda d: d.of(lex.VERBS),
    "n": lambda d: str(d.number(2, 90)),
}
_QUESTIONS = tuple(
    Form(text, _QUESTION_FILLERS)
    for text in (
        "Why would <who> prefer a <b> over a <a>?",
        "What happens to a <a> when <who> turns it into a <b>?",
        "How should <who> <verb> a <a>?",
        "Is a <a> more like a <b> or like a <b>?",
        "Which risks does a <a> carry if only <n> percent of it is <kind>?",
        "With <n> days left for a <a>, what should <who> do first?",
        "Under which conditions does a <a> stop being <kind>?",
        "What did <name> overlook about the <a>, given the <b>?",
        "How do <who> and <who> differ in how they see a <a>?",
    )
)


def question(d: Dice) -> str:
    """Return an open question."""
    return _QUESTIONS[d.below(len(_QUESTIONS))].fill(d)


def problem(d: Dice) -> str:
    """Return a word problem with numbers."""
    who, other = d.of(lex.NAMES), d.of(lex.NAMES)
    goods, more = d.of(lex.GOODS), d.of(lex.GOODS)
    a, b, c = d.number(3, 97), d.number(2, 48), d.number(2, 19)
    shape = d.below(6)
    if shape == 0:
        return (
            f"{who} sells {a} {goods} and {b} {more} every day. After {c} days {other} returns half of the "
            f"{more}. How many remain sold?"
        )
    if shape == 1:
        return (
            f"A {thing(d)} needs {a} {goods} an hour for {c} hours, and loses {b} percent. How many must "
            f"{who} bring?"
        )
    if shape == 2:
        return (
            f"{who} walks {a} minutes to a {thing(d)}, {other} takes {b} minutes more. They meet {c} times a "
            f"week. How long do they walk in {c} weeks?"
        )
    if shape == 3:
        return (
            f"Of {a * b} {goods} {who} keeps every {c}th and gives the rest to {other}, who splits them "
            f"into {b} piles. How large is a pile?"
        )
    if shape == 4:
        return f"Find the smallest n > {a} such that n leaves {c - 1} when divided by {c} and {b - 1} by {b}."
    return (
        f"A {thing(d)} doubles every {c} days from {a} to {a * 8} {goods}; how long does it take?"
    )


def function_name(d: Dice) -> str:
    """Return a plausible function name."""
    return f"{d.of(lex.ACTIONS)}_{d.of(lex.IDENTIFIERS)}_{d.of(lex.IDENTIFIERS)}"


def snippet(d: Dice) -> str:
    """Return some lines of Python."""
    name, x, y = function_name(d), d.of(lex.IDENTIFIERS), d.of(lex.IDENTIFIERS)
    k = d.number(2, 512)
    body = d.below(4)
    if body == 0:
        inner = f"    for {x} in {y}s:\n        if {x}.size > {k}:\n            yield {x}.{d.of(lex.ACTIONS)}()"
    elif body == 1:
        inner = f"    {x} = {{}}\n    for row in {y}s:\n        {x}[row.{d.of(lex.IDENTIFIERS)}] = {k}\n    return {x}"
    elif body == 2:
        inner = (
            f"    while len({y}s) > {k}:\n        {y}s.pop()\n    return {d.of(lex.ACTIONS)}({y}s)"
        )
    else:
        inner = f"    return sorted({y}s, key=lambda {x}: {x}.{d.of(lex.IDENTIFIERS)})[:{k}]"
    return f"def {name}({y}s):\n{inner}"


def coding_task(d: Dice) -> str:
    """Return a programming task in words."""
    what = f"{d.of(lex.ACTIONS)} a list of {d.of(lex.IDENTIFIERS)}s by {d.of(lex.IDENTIFIERS)}"
    shape = d.below(4)
    if shape == 0:
        return f"Write a function {function_name(d)} that can {what} and stops after {d.number(2, 99)} items."
    if shape == 1:
        return f"Implement a class for a {d.of(lex.KINDS)} {d.of(lex.IDENTIFIERS)} store that can {what}."
    if shape == 2:
        return f"Given a stream of {d.of(lex.IDENTIFIERS)} events, {what} within {d.number(5, 900)} ms."
    return f"Make `{function_name(d)}` thread-safe when it has to {what}, {d.number(2, 64)} workers at most."


def document(d: Dice) -> str:
    """Return a paragraph of four to eight sentences."""
    lines = [f"The {subject(d)} concerns {d.of(lex.PEOPLE)}."]
    for _ in range(d.number(3, 7)):
        if d.below(3):
            lines.append(d.of(lex.FACTS).replace("{n}", str(d.number(3, 99))))
        else:
            lines.append(f"{d.of(lex.PEOPLE).capitalize()} calls it a {thing(d)}.")
    return " ".join(lines)


def answer(d: Dice) -> str:
    """Return something that reads like a model's answer."""
    lines = [
        spin(d, "{Sure, |In short, |Good question. ||To begin, }")
        + f"the {subject(d)} depends on three things."
    ]
    lines += [
        f"{ordinal}, {d.of(lex.PEOPLE)} should {d.of(lex.VERBS)} the {thing(d)}."
        for ordinal in ("First", "Second", "Finally")[: d.number(1, 3)]
    ]
    lines.append(d.of(lex.FACTS).replace("{n}", str(d.number(3, 99))))
    return " ".join(lines)


def patch(d: Dice) -> str:
    """Return a small diff."""
    a, b = d.of(lex.IDENTIFIERS), d.of(lex.IDENTIFIERS)
    k = d.number(1, 400)
    return (
        f"--- a/src/{a}/{b}.py\n+++ b/src/{a}/{b}.py\n@@ -{k},6 +{k},7 @@ def {function_name(d)}({b}s):\n"
        f"-    return {d.of(lex.ACTIONS)}({b})\n+    if not {b}s:\n+        raise ValueError('{thing(d)}')\n"
        f"+    return {d.of(lex.ACTIONS)}({b}s, limit={d.number(1, 900)})"
    )


def issue(d: Dice) -> str:
    """Return a bug report."""
    return (
        f"`{function_name(d)}` fails with {d.of(('KeyError', 'TimeoutError', 'IndexError', 'AssertionError'))} "
        f"when the {d.of(lex.IDENTIFIERS)} has more than {d.number(2, 900)} {d.of(lex.IDENTIFIERS)}s "
        f"(file src/{d.of(lex.IDENTIFIERS)}/{d.of(lex.IDENTIFIERS)}.py, line {d.number(9, 800)})."
    )


def dataset(d: Dice) -> str:
    """Return a table's description."""
    columns = ", ".join(
        f"{d.of(lex.IDENTIFIERS)}_{d.of(('id', 'at', 'n', 'eur', 'share'))}" for _ in range(5)
    )
    return f"table {d.of(lex.IDENTIFIERS)}_{d.of(lex.ACTIONS)}s({columns}), {d.number(200, 90_000)} rows"


def api(d: Dice) -> str:
    """Return a tool's signature."""
    a, b = d.of(lex.IDENTIFIERS), d.of(lex.IDENTIFIERS)
    return f"{function_name(d)}({a}: str, {b}_limit: int = {d.number(1, 99)}) -> list[{d.of(lex.IDENTIFIERS)}]"


def screen(d: Dice) -> str:
    """Return an accessibility tree."""
    rows = [
        f"[{i}] {d.of(('button', 'link', 'textbox', 'menuitem', 'checkbox'))} '{thing(d)}'"
        for i in range(1, d.number(4, 8))
    ]
    return "\n".join(rows)


def picture(d: Dice) -> str:
    """Return captions and boxes of a picture."""
    box = ", ".join(f"0.{d.number(10, 99)}" for _ in range(4))
    return f"A {thing(d)} next to {d.of(lex.PEOPLE)} and a {thing(d)}. {d.of(lex.THINGS)}: [{box}]"


def quality(d: Dice) -> str:
    """Return a quality to be judged."""
    return d.of(lex.QUALITIES)


def name(d: Dice) -> str:
    """Return a first name."""
    return d.of(lex.NAMES)


FILLERS: dict[str, Filler] = {
    f.__name__: f
    for f in (
        *(subject, thing, question, problem, snippet, coding_task, document, answer, patch),
        *(issue, dataset, api, screen, picture, quality, name, function_name),
    )
}
