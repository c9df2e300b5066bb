"""House rules that anybody adds to a prompt that is used often; honest and dishonest alike."""

from __future__ import annotations

from iolaus.simulate.grammars import lexicon as lex
from iolaus.simulate.grammars.spin import Dice, spin

# Capitals in brackets are drawn words: thing, kind, person, identifier, action, quality, name.
_RULES = (
    "{Imagine|Suppose|Assume} the reader is [P] who {has never seen|knows little about|once owned} a [K] [T].",
    "{Name|Call|Title} the {sections|parts|blocks} [I], [I] and [I], {in that order|each on a line of its own}.",
    "{Number|Mark|Label} {points|steps|items} with {roman numerals|capital letters|[I]-1, [I]-2 and so on}.",
    "Where the {input|text|material} {mentions|touches on} a [T], {leave that out|say so in one line|replace it by a [K] one}.",
    "{Prefer|Choose|Use} [K] {wording|examples|comparisons} {over|rather than} [K] ones, {unless|except where} [P] would {object|be lost}.",
    "{Wrap|Put|Enclose} the {result|outcome|gist} in <[I]_[A]> {tags|markers}, {nothing|no word} {after|outside} them.",
    "{Mind|Weigh|Watch} [Q] {before|more than} [Q]; [Q] {comes last|hardly matters|is a bonus}.",
    "{This|It} {belongs to|is part of} the [N]-[I] {project|series|batch}, {revision|edition|round} {two|three|four|nine|eleven}.",
    "{Take|Use} the [K] [T] {example|case} as {a model|a pattern} for {tone|length|layout}, {not for content|never for facts}.",
    "{A good|An acceptable|A failed} {entry|piece} {reads like|sounds like|looks like} [P] {explaining|defending|describing} a [T].",
    "{Give|Add|Append} a field `[I]_[I]` {with|holding} {a number from 1 to 7|yes or no|one word|the time spent}.",
    "{Should|If} [Q] and [Q] {conflict|clash}, {ask [N]'s question|take the [K] side|keep both} {first|and say why}.",
    "{Avoid|Shun|Drop} the {words|terms} [I], [I] and [A]; {say|write} [K] {instead|in their place}.",
    "{Begin|Open|Start} with {one|a single} {line|sentence} {on|about} what makes {it|this} [K], {then|and only then} go on.",
    "{Units|Amounts|Dates} {as in|follow} the [K] [T] {handbook|manual|notes}, {rounded|to the nearest ten|spelled out}.",
    "{Our|The} {editors|reviewers|clients} {are|include} [P] and [P], {so|hence} {no slang|plain words|short paragraphs}.",
)
_WORDS: dict[str, tuple[str, ...]] = {
    "[P]": lex.PEOPLE,
    "[K]": lex.KINDS,
    "[T]": lex.THINGS,
    "[I]": lex.IDENTIFIERS,
    "[A]": lex.ACTIONS,
    "[Q]": lex.QUALITIES,
    "[N]": lex.NAMES,
}


def house_rules(dice: Dice, n: int) -> list[str]:
    """Return `n` different rules (16 at most) with their words drawn."""
    first, step = dice.below(len(_RULES)), 1 + 2 * dice.below(len(_RULES) // 2)
    return [_rule(dice, _RULES[(first + k * step) % len(_RULES)]) for k in range(n)]


def _rule(dice: Dice, text: str) -> str:
    text = spin(dice, text)
    for mark, words in _WORDS.items():
        while mark in text:
            text = text.replace(mark, dice.of(words), 1)
    # Angle brackets are slots to a Form; a drawn tag is a word like any other.
    return text.replace("<", "[").replace(">", "]")
