"""What people type: short, long, in many languages, each message composed afresh."""

from __future__ import annotations

from iolaus.simulate.grammars import items, tongues
from iolaus.simulate.grammars import lexicon as lex
from iolaus.simulate.grammars.details import house_rules
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


def _facts(d: Dice) -> str:
    return " ".join(
        d.of(lex.FACTS).replace("{n}", str(d.number(3, 99))) for _ in range(d.number(1, 3))
    )


def _errand(d: Dice) -> str:
    ask = spin(d, "{write|draft|give me} {an email|a note|a letter|a text} to ")
    return f"{ask}{d.of(lex.PEOPLE)} about the {items.thing(d)}"


def _pasted(d: Dice) -> str:
    text = "\n\n".join(items.document(d) for _ in range(1 + d.below(4) * d.below(3)))
    return f"{d.of(lex.VERBS)} this for me: {text}"


def _bug(d: Dice) -> str:
    return f"what's wrong here?\n{items.snippet(d)}"


def _review(d: Dice) -> str:
    code = "\n\n".join(items.snippet(d) for _ in range(1 + d.below(6)))
    return spin(d, "{review|speed up|tidy|port|add types to} this\n") + code


def _ideas(d: Dice) -> str:
    return spin(d, "{ideas|names|titles|a slogan|a packing list} for a ") + items.subject(d)


def _situation(d: Dice) -> str:
    return f"I have a {items.subject(d)}. {_facts(d)} {items.question(d)}"


def _versus(d: Dice) -> str:
    ask = spin(d, "{difference between|which is better,} ")
    return f"{ask}{items.thing(d)} {d.of(('and', 'or', 'vs'))} {items.thing(d)}"


def _story(d: Dice) -> str:
    ask = spin(d, "{tell me a story|write a poem|a song} about ")
    return f"{ask}{d.of(lex.PEOPLE)} and a {items.thing(d)}"


def _search(d: Dice) -> str:
    what = d.of(("cost", "history", "rules", "how to", "meaning", "repair", "near me"))
    return f"{items.thing(d)} {d.of(lex.PLACES)} {what}"


_BODIES = (
    *(items.question, items.question, items.question, items.question, items.coding_task),
    *(items.problem, _errand, _pasted, _bug, _review, _ideas, _situation, _versus, _story, _search),
)


def message(d: Dice, language: str = "en") -> str:
    """Return how a person begins a conversation."""
    if language != "en":
        return tongues.message(d, language)
    return (
        spin(d, d.of(_OPENERS)) + _BODIES[d.below(len(_BODIES))](d) + spin(d, d.of(_TAILS))
    ).strip()


def reply(d: Dice, language: str = "en") -> str:
    """Return how a person goes on."""
    if language != "en" or d.below(3) == 0:
        return message(d, language)
    return _expanded(d, d.of(_REPLIES))


_PERSONAS = (
    "{You are|Act as} {a|an experienced|my} {coach|editor|planner|tutor|adviser} for {P}. {Be brief.|Ask before you assume.|Use simple words.}",
    "{Answer|Reply} {in the tone of|like} {P}. {Never|Do not} {mention|bring up} the {T}. {F}",
    "{I run|We run|My family runs} a {T} {L}. {F} {Keep that in mind.|Refer to it where it helps.|Assume I know the basics.}",
    "{Context|About me}: {P}, {K} {hours|budget|taste}. {Prefer|Use} {metric units|short answers|British spelling|examples with numbers}.",
    "{Help|Assist} {P} with {T}, {T} and {T}. {If unsure, say so.|No small talk.|Give {two|three} options.} {F}",
)  # fmt: skip


def persona(d: Dice) -> str:
    """Return the system text that somebody wrote for himself."""
    text = d.of(_PERSONAS)
    while "{T}" in text:
        text = text.replace("{T}", items.thing(d), 1)
    text = _expanded(d, text.replace("{L}", d.of(lex.PLACES)))
    return " ".join([text, *house_rules(d, d.below(3) * d.below(2))])
