# ruff: noqa: E501
"""What people type: short, long, in many languages, each message composed afresh."""

from __future__ import annotations

from iolaus.simulate.grammars import items, tongues
from iolaus.simulate.grammars import lexicon as lex
from iolaus.simulate.grammars.spin import Dice, spin

_OPENERS = (
    "", "", "", "hi, ", "Hello! ", "hey ", "quick one: ", "Sorry to bother you again, ", "ok so ", "Not sure who to ask. ",
    "Please help me, ", "For work: ", "random question, ", "My boss wants an answer today. ", "I am stuck. ",
    "Be honest with me: ", "I'm writing a blog post. ", "Second try, ", "Asking for {a friend|my sister|my dad}: ",
)  # fmt: skip
_TAILS = (
    "", "", "", "", " thanks", " Thank you in advance!", " Keep it short.", " In bullet points please.", " no jargon",
    " I have {ten|five|twenty} minutes.", " Use a table.", " be concise", " Explain it like I am {five|twelve|new here}.",
    " What would you do?", " Any sources?", " I'd like it {friendly|formal|funny}.", " pls", " Am I wrong?",
)  # fmt: skip
_REPLIES = (
    "{ok|right|hm} but what about the {T}?", "can you make that shorter", "And if it is {K}?", "why?", "are you sure? {F}",
    "I meant the {T}, not the other one", "give me {two|three|five} more", "{thanks|great}, now the same for the {T}",
    "that does not work. {F}", "rewrite it for {P}", "where did you get that from", "Now in a table",
    "what does the {T} have to do with it?", "No, {P} already tried that. {F}", "sounds good. what next?", "continue",
    "could {P} do it instead?", "Translate it into {Spanish|German|French|Hindi}", "explain the {second|last|third} point",
)  # fmt: skip


def _expanded(d: Dice, text: str) -> str:
    text = (
        text.replace("{T}", items.thing(d))
        .replace("{K}", d.of(lex.KINDS))
        .replace("{P}", d.of(lex.PEOPLE))
    )
    return spin(d, text.replace("{F}", d.of(lex.FACTS).replace("{n}", str(d.number(3, 99)))))


def _body(d: Dice) -> str:
    shape = d.below(14)
    if shape < 4:
        return items.question(d)
    if shape == 4:
        return (
            spin(d, "{write|draft|give me} {an email|a note|a letter|a text} to ")
            + f"{d.of(lex.PEOPLE)} about the {items.thing(d)}"
        )
    if shape == 5:
        return f"{d.of(lex.VERBS)} this for me: {items.document(d)}"
    if shape == 6:
        return f"what's wrong here?\n{items.snippet(d)}"
    if shape == 7:
        return items.coding_task(d)
    if shape == 8:
        return spin(d, "{ideas|names|titles|a slogan|a packing list} for a ") + items.subject(d)
    if shape == 9:
        return items.problem(d)
    if shape == 10:
        return f"I have a {items.subject(d)}. {_facts(d)} {items.question(d)}"
    if shape == 11:
        return (
            spin(d, "{difference between|which is better,} ")
            + f"{items.thing(d)} {d.of(('and', 'or', 'vs'))} {items.thing(d)}"
        )
    if shape == 12:
        return (
            spin(d, "{tell me a story|write a poem|a song} about ")
            + f"{d.of(lex.PEOPLE)} and a {items.thing(d)}"
        )
    return f"{items.thing(d)} {d.of(lex.PLACES)} {d.of(('cost', 'history', 'rules', 'how to', 'meaning', 'repair', 'near me'))}"


def _facts(d: Dice) -> str:
    return " ".join(
        d.of(lex.FACTS).replace("{n}", str(d.number(3, 99))) for _ in range(d.number(1, 3))
    )


def message(d: Dice, language: str = "en") -> str:
    """Return how a person begins a conversation."""
    if language != "en":
        return tongues.message(d, language)
    return (spin(d, d.of(_OPENERS)) + _body(d) + spin(d, d.of(_TAILS))).strip()


def reply(d: Dice, language: str = "en") -> str:
    """Return how a person goes on."""
    if language != "en" or d.below(3) == 0:
        return message(d, language)
    return _expanded(d, d.of(_REPLIES))
