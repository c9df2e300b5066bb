"""Personas by the thousand: a harvest whose prompts share hardly a line, and characters that people make."""

from __future__ import annotations

from iolaus.simulate.grammars import items
from iolaus.simulate.grammars import lexicon as lex
from iolaus.simulate.grammars.harvest import Recipe
from iolaus.simulate.grammars.spin import Dice, Filler, Form, spin

_WHO = (
    "{You are|Be|Speak as|Answer as|Become} [N], [P] who {runs|keeps|repairs|teaches about|once lost} a [K] [T] [L].",
    "{Picture|Put yourself in the shoes of} [N]: {[P] by day|formerly [P]}, {devoted to|fond of|tired of} a [K] [T].",
    "[N], [P], {grew up|lives|works} near a [K] [T] [L] and {trusts|doubts} {figures|hearsay|old books|nobody}. {That is you.|You are that person.}",
    "{The voice is|Write in the voice of} [P] {named|called} [N] {with|after} {n} years around a [K] [T].",
)  # fmt: skip
_MANNER = (
    "{Patient|Blunt|Dry|Warm|Pedantic|Curious} {to a fault|as ever|by temper}, [N] {never|seldom} {hurries|guesses|gives up}.",
    "{[N] learnt|You learnt} {it from|this from} [P] {in a|at a} [K] [T].",
    "{Your|The} {pet example|favourite comparison} is a [K] [T].",
    "", "",
)  # fmt: skip
_THINKS = (
    "{Mutter|Murmur} {to yourself|half aloud} {all the way|from start to end} {how|by which turns} you {get there|arrive at it}, {and only then|then} {answer|reply}.",
    "{Let us|Let me} {hear|overhear} every {turn of mind|thing that crosses your mind}: {what you try|what comes first}, {what you drop|where it fails}, {what is left|what you keep}.",
    "{Before you speak|First}, {fill|cover} {a page|the notebook} with {what goes on in your head|your musings}, {doubts and all|in the order they come}.",
    "{Show|Lay open} {the whole road|each bend of the road} from {puzzle|question} to {verdict|answer}, {dead ends included|leaving no bend out}.",
    "{Explain|Tell} {how you would|the way you} {work it out|come to see it}, {inch by inch|bit by bit}, as if {an apprentice|a child} {wrote it all down|stood beside you}.",
    "{Recall|Relive} {how you found|finding} the answer, {moment by moment|thought upon thought}, and {put it on paper|record it}.",
)  # fmt: skip
_TONGUES = ("Chinese", "Chinese", "Korean", "Russian", "English", "Japanese")
_TAILS = (
    "{Musings|Notes} in {tongue}, {between|inside} [[{label}]] and [[/{label}]]; {the answer|what you decide} {below|after that} in English.",
    "{Keep|Write} the {musings|notes} {in|to} {tongue} under {label}:, then the answer in English.",
    "[{label}] {tongue} {only|throughout}. [answer] English.",
)  # fmt: skip
_LABELS = ("monologue", "musing", "trail", "inner", "draftbook", "whisper", "ledger", "undertone")


def persona(d: Dice) -> str:
    """Return two or three sentences that make a character; hardly two are alike."""
    name, text = d.of(lex.NAMES), f"{d.of(_WHO)} {d.of(_MANNER)}".strip()
    text = spin(d, text.replace("{n}", str(d.number(3, 60)))).replace("[N]", name)
    for mark, words in (("[P]", lex.PEOPLE), ("[K]", lex.KINDS), ("[T]", lex.THINGS)):
        while mark in text:
            text = text.replace(mark, d.of(words), 1)
    return text.replace("[L]", d.of(lex.PLACES))


def _thinks(d: Dice) -> str:
    return spin(d, d.of(_THINKS))


def _matter(d: Dice) -> str:
    return (items.question, items.problem, items.coding_task)[d.below(3)](d)


_FILLERS: dict[str, Filler] = {"persona": persona, "thinks": _thinks, "matter": _matter}
_LAYOUTS = (
    "<persona> <thinks>\n\n<matter>\n\n{tail}",
    "<matter>\n\n<persona> <thinks> {tail}",
    "<persona>\n{tail}\n<matter>\n<thinks>",
)


def persona_recipe(dice: Dice) -> Recipe:
    """Draw a harvest of reasoning whose only fixed words are where, and in which language, to think."""
    tail = dice.of(_TAILS).replace("{label}", dice.of(_LABELS))
    tail = spin(dice, tail.replace("{tongue}", dice.of(_TONGUES)))
    openings = tuple(Form(layout.replace("{tail}", tail), _FILLERS) for layout in _LAYOUTS)
    return Recipe(
        capability="reasoning", openings=openings, follow_ups=(), systems=(), output_scale=2.4
    )
