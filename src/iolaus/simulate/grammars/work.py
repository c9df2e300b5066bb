"""Recipes of honest bulk work: support, products, translation, judging, benchmarks, courses, coders."""

from __future__ import annotations

from iolaus.simulate.grammars import items
from iolaus.simulate.grammars import lexicon as lex
from iolaus.simulate.grammars.details import house_rules
from iolaus.simulate.grammars.harvest import Recipe, harvest_recipe
from iolaus.simulate.grammars.items import FILLERS
from iolaus.simulate.grammars.spin import Dice, Form, spin

_FIRM = "{our|the} {shop|clinic|agency|platform|practice|studio|depot|academy}"

# purpose: (system texts, openings); `@thing` and the like are drawn once for each recipe.
_TEXTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "support": (
        ("{You are|You act as} the {helpful|friendly|polite} assistant of " + _FIRM + ' for @thing. {Answer|Reply} only from the {context|passages}. {If it is not there, say so.|Say "I do not know" otherwise.}',),
        ("{Context|Passages|Knowledge base}:\n<document>\n\n{Customer|User|Visitor}: <question>", "{Use|Read} the {following|retrieved} {pieces of context|passages} {to answer|and answer}.\n<document>\n{Question|Query}: <question>\n{Helpful answer|Answer}:"),
    ),
    "product": (
        ("{You write|Write|You help with} {product descriptions|listing texts|lesson plans|meal plans|job adverts|property listings|press notes} for {the users of|customers of} @thing. {Tone|Voice}: {warm|crisp|playful|sober}. {Never|Do not} {invent|promise} {prices|dates|facts}.",),
        ("{Details|Input|Brief}: <subject>. {Extras|Notes}: <thing>.", "<subject>\n{Audience|For}: <name>"),
    ),
    "translation": (
        ("{You are a translator.|Professional translator.} {Translate|Render} {into|to} {German|French|Japanese|Spanish|Polish|Korean}. {Keep|Preserve} {names|numbers|formatting}.",),
        ("{Text|Source}:\n<document>", "{Segment|Paragraph} (@thing):\n<document>\n{Translation|Target}:"),
    ),
    "moderation": (
        ("{Classify|Label} the {comment|message} as {ok, spam, abuse|allowed or blocked|safe, unsure, unsafe}. {One word.|Return the label only.|Answer in JSON.}",),
        ("{Comment|Message|Post}: <question>", "<answer>\n---\n{Label|Verdict}:"),
    ),
    "labelling": (
        ("{Extract|Find} {the place, the people and the amount|topic, sentiment and urgency|entities and dates} {as JSON|as key: value lines}.",),
        ("{Record|Ticket|Note}: <document>", "{Input}: <document>\n{Output}:"),
    ),
    "benchmark": (
        (),
        ("{Solve|Answer} the {problem|task}. {Put|Give} the final {answer|result} {in \\boxed|after ####|on the last line}.\n\n<problem>", "{Complete|Write} the {function|code} so that the {tests|asserts} pass.\n\n<coding_task>", "Q: <problem>\nA: {Let's think step by step.|Reasoning:}"),
    ),
    "coder": (
        ("You are @name, {a|an open-source} {coding|terminal|pair-programming} agent. {Work|Act} in the user's repository with the tools given. {Read before you edit.|Make minimal edits.} {Run the tests|Check your work} {before you finish|at the end}.",),
        ("<issue>", "{Please fix|Look into|Can you handle} this: <issue>", "{Add|Write} {tests|types|docs} for `<function_name>`", "<coding_task>"),
    ),
    "ci": (
        ("{Review|Check} the {diff|change} for {bugs|regressions|style}. {Answer|Reply} with {approve or request changes|a list of findings|JSON}.",),
        ("{Diff|Change} of {@name|the nightly build}:\n<patch>", "<patch>\n{Findings|Review}:"),
    ),
    "surge": (
        (),
        ("{what happened with|any news on|is it true about} the @thing?", "the @thing: <question>", "{explain|summarise} the @thing {to me|for my kids|for {a friend|my class}}, {who is|why is} <name> {angry|involved|quiet}?", "{write|draft} {a post|a joke|a letter} about the @thing and <thing>", "@thing {today|tonight|live|result} <name>", "{will|does} the @thing {affect|change} my <thing>?"),
    ),
    "tool": (
        ("{I want you to act as|You are|Act as} {a|the famous} {prompt|study|career|travel|story} {coach|companion|wizard|guide} called @name, {version 2|made by the community|from the public prompt library}. {Ask|First ask} {me|one} {question|thing} at a time, {then|and} {answer|guide} in {five|three|seven} {steps|sections} {with emojis|with a table|with examples}.",),
        ("<question>", "<subject>", "{My topic|Topic|Today}: <subject>", "{start|begin}: <thing>"),
    ),
}  # fmt: skip
_FOLLOW_UPS = {
    "coder": ("Tool result (bash): {exit 0|exit 1}\n<snippet>", "{ok|fine}, {now|then} also <coding_task>", "Tool result (read_file):\n<patch>", "{that broke|tests fail in} `<function_name>`"),
    "tool": ("<thing>", "{next|go on|2|yes}, <thing>", "<question>"),
    "support": ("{Customer|User}: <question>",),
}  # fmt: skip
_CAPABILITY = {
    "coder": "agentic_coding",
    "ci": "agentic_coding",
    "benchmark": "math",
    "judge": "rubric_grading",
}
_TOOLS = {"coder": ("bash", "edit_file", "read_file", "search")}
_TURNS = {"coder": 6.0, "tool": 3.0, "support": 1.5}
PURPOSES = (*_TEXTS, "judge", "pipeline", "coursework")


def _fixed(d: Dice, text: str) -> str:
    """Draw what stays the same for everybody who uses the recipe."""
    text = text.replace("@thing", items.thing(d)).replace(
        "@name", d.of(lex.NAMES) + spin(d, "{GPT|Pilot|Mate|Bot|Hand}")
    )
    return spin(d, text)


def _coursework(d: Dice) -> Recipe:
    """One assignment of four to nine problems, which students paste whole, in part, or retell."""
    sheet = [items.problem(d) for _ in range(d.number(2, 4))] + [
        items.question(d) for _ in range(d.number(2, 5))
    ]
    course = f"{d.of(('Assignment', 'Problem set', 'Exercise', 'Homework'))} {d.number(1, 12)}"
    forms = [Form(f"{course}.{k + 1}: {text}", FILLERS) for k, text in enumerate(sheet)]
    forms += [
        Form(spin(d, "{how do I start with|explain|hint for|is this right?} ") + text, FILLERS)
        for text in sheet
    ]
    forms += [
        Form(f"{text}\n\n" + spin(d, "{my attempt|what I have|so far}") + ": <answer>", FILLERS)
        for text in sheet
    ]
    return Recipe(
        capability="reasoning",
        openings=tuple(forms),
        follow_ups=(
            Form("<thing>?", FILLERS),
            Form("but why", FILLERS),
            Form("so for <name> it is the same?", FILLERS),
        ),
        systems=(),
        turns=2.2,
    )


def work_recipe(dice: Dice, purpose: str) -> Recipe:
    """Draw one firm's, lab's, course's or tool's recipe for a purpose."""
    if purpose == "judge":
        return harvest_recipe(dice, "rubric_grading", variants=dice.number(1, 2))
    if purpose == "pipeline":
        return harvest_recipe(
            dice, dice.of(("coding", "math", "reasoning")), variants=dice.number(1, 2)
        )
    if purpose == "coursework":
        return _coursework(dice)
    systems, openings = _TEXTS[purpose]
    n = len(openings) if purpose in {"coder", "tool", "surge"} else 1
    first = dice.below(len(openings))
    chosen = [openings[(first + k) % len(openings)] for k in range(n)]
    if purpose == "surge":
        topic = items.thing(dice)
        chosen = [text.replace("@thing", topic) for text in chosen]
    return Recipe(
        capability=_CAPABILITY.get(purpose, "other"),
        openings=tuple(Form(_fixed(dice, text), FILLERS) for text in chosen),
        follow_ups=tuple(
            Form(_fixed(dice, text), FILLERS) for text in _FOLLOW_UPS.get(purpose, ())
        ),
        systems=tuple(
            " ".join([_fixed(dice, text), *house_rules(dice, dice.below(4))]) for text in systems
        ),
        tools=_TOOLS.get(purpose, ()),
        turns=_TURNS.get(purpose, 1.0),
    )
