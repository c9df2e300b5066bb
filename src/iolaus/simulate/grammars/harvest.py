"""Recipes of a harvest: a scaffold composed afresh for each campaign, by capability."""

from __future__ import annotations

from dataclasses import dataclass

from iolaus.simulate.grammars.details import house_rules
from iolaus.simulate.grammars.items import FILLERS
from iolaus.simulate.grammars.spin import Dice, Form, spin


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A script's forms: what opens a conversation, what follows, and the system text."""

    capability: str
    openings: tuple[Form, ...]
    follow_ups: tuple[Form, ...]
    systems: tuple[str, ...]
    tools: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ("text",)
    turns: float = 1.0
    output_scale: float = 1.0


_ROLES = (
    "{You are|Act as|Take the part of} {a|an exacting|a patient|a meticulous} {expert|tutor|specialist|examiner|analyst}",
    "{Below|In what follows} {is|you find} {one case|an entry|a record|material} from {our|the|a} {corpus|collection|bank}",
    "{For each|For every} {entry|record|case} {we need|produce|give} {full|complete|careful} {work|treatment}",
    "{Treat|Handle} the {following|next} {case|entry|input} {with care|thoroughly|as a professional would}",
)
_CLOSERS = (
    "{Do not|Never} {mention|refer to} {these instructions|this note}.",
    "{Finish|End|Close} with {the line|a line saying} {END|DONE|[eot]|---}.",
    "{Keep|Stay} {within|under} {300|500|700|900|1200} words.",
    "{Write|Answer} in {plain prose|markdown|numbered points|short paragraphs}.",
    "{Return|Emit} {only|nothing but} {valid JSON|the JSON object|a JSON array}.",
    "{Do not skip|Never skip} {any|a single} {step|stage|part}.",
    "{Language|Output language}: {English|the language of the input|Chinese|English first, then Chinese}.",
)
_MARKS = (
    "### {0}",
    "[{0}]",
    "## {0} ##",
    "{0}:",
    "== {0} ==",
    "**{0}**",
    "|{0}|",
    "--- {0} ---",
    "<<{0}>>",
)
_LABELS = {
    "question": ("Question", "Input", "Prompt", "Case", "Query", "Item", "Task", "Entry"),
    "answer": ("Response", "Completion", "Candidate", "Answer", "Output", "Draft", "Reply"),
}

# capability: (asks, the slots in order, follow-ups, turns, output scale)
_ASKS: dict[str, tuple[str, ...]] = {
    "reasoning": (
        "{Walk|Take} {me|us|the reader} through {how|the way} {an answer|a conclusion} {forms|comes about}: {premises|what is given}, {doubts|false starts}, {turning points|corrections}, {outcome|result}",
        "{Before|Ahead of} the {answer|reply}, {fill|write} a {scratchpad|worksheet} of {at least|no fewer than} {eight|ten|twelve|fifteen} {lines|thoughts}, {each|every one} {built on|following from} the {last|previous}",
        "{Imagine|Reconstruct} and {articulate|spell out} the {internal|inner} {reasoning|deliberation} behind {a completed response|the final answer}, {step by step|stage by stage}",
        "{Think aloud|Reason in full} {before|until} you {commit|settle}: {list|write} every {hypothesis|thought}, {why you dropped it|what contradicts it}, and {what remains|the one that survives}",
        "{Write|Give} the {complete|entire|unabridged} chain of {thought|inference} between {markers|tags}, then the {conclusion|verdict} {apart|on its own line}",
    ),
    "rubric_grading": (
        "{Act as|Be} the {reward model|preference model|referee}: {return|emit} {one number|a probability} for <quality>, {one|another} for <quality>, and {the single|a one-line} {reason|ground}",
        "{Grade|Score|Rate} the {response|completion} on <quality> and <quality> from {1 to 5|1 to 10|0 to 100|A to F}, with a {short|two-sentence} {rationale|justification} {each|for both}",
        "{Judge|Assess} {strictly|without mercy} against the rubric: {5 = flawless, 1 = useless|10 = expert, 1 = harmful|A = publishable, F = reject}; {quote|cite} the {passage|phrase} behind every {point|mark} lost",
        "{Compare|Weigh} the {candidate|draft} with an {ideal|expert} one; {report|give} a {scalar|single} {reward|score} and the {critique|feedback} that would {raise|improve} it",
    ),
    "policy_rewrite": (
        "{List|Name} what {a cautious|a regulated} {service|publisher} could not {print|say} {there|in it}, {then|and} {recast|reword} the {reply|draft} {accordingly|within those bounds}",
        "{Rewrite|Rework} the {reply|draft} so that it {refuses|declines} {politely|without preaching} {yet|and still} {helps|offers a safe alternative}",
        "{Critique|Criticise} the {reply|draft} for {bias|harm|evasion}, then {give|write} a {policy-safe|compliant} {revision|version}",
        "{Produce|Write} the {version|answer} that {avoids|steers clear of} {sensitive|political|contested} {claims|topics} while {sounding natural|keeping the tone}",
    ),
    "agentic_coding": (
        "{Play|Be} the {shell|terminal} and the {agent|engineer} {both|at once}: {alternate|take turns}, {command|tool call} then {output|result}, {until|till} the {suite|build} is {green|clean}",
        "{Plan|Work out} and {carry out|simulate} the {fix|repair}: {files to read|what you open}, {commands|tool calls}, {observations|outputs}, {edits|the diff}, {tests|the final check}",
        "{Produce|Write} a full {trajectory|transcript} of an agent that {resolves|closes} the issue: thought, action, observation, until {tests pass|done}",
        "{Turn|Convert} the {patch|diff} into a {realistic|self-contained} {issue|task} with {hidden tests|a reference solution} and the {reasoning|notes} behind it",
    ),
    "tool_use": (
        "{Given|From} the {signature|specification}, {derive|list} {edge cases|failure modes}, {then|and for each} {the call|arguments} an assistant {should|must not} {send|make}",
        "{Invent|Create} {three|four|five} {user requests|instructions} for the {tool|API} with the {exact|full} calls and {expected|mock} {results|returns}",
        "{Write|Simulate} a {dialogue|session} in which an assistant {chains|combines} the {tool|API} with {two|three} others, {each call|every argument} {explained|as JSON}",
    ),
    "data_analysis": (
        "{Narrate|Record} an {audit|exploration} of the table: {query|cell}, {output|figure}, {reading|comment}, {six|eight|ten} {rounds|times}",
        "{Write|Produce} the {query|pandas code} and the {reasoning|narration} of an analyst who {explores|audits} the table, {then|and} {interprets|summarises} the {result|chart}",
        "{Pose|Invent} {three|five} {hard|non-trivial} {questions|hypotheses} about the table and {solve|answer} each with {SQL|code} and {a check|validation}",
    ),
    "computer_use": (
        "{Rank|Order} the {elements|controls} by {use|promise} for a {user|visitor} who wants <thing>, {then|and} {perform|simulate} the {best|first} {click|move}",
        "{Give|Predict} the next {action|click|step} with {coordinates|element number} and the {thought|rationale} behind it, as {an agent|a browser agent} would",
        "{Write|Continue} the {trajectory|episode}: observation, thought, action, until the {goal|task} is {reached|finished}",
    ),
    "vision": (
        "{Pretend|Act as if} the {boxes|captions} are {pixels|what you see}; {ask and answer|pose and solve} {four|six} {spatial|causal|counting} questions",
        "{Generate|Create} a {conversation|dialogue} of {three|four|five} {questions and answers|turns} about the {picture|image}, as if you {saw|were looking at} it",
        "{Write|Give} a {detailed|dense} {description|caption} and {two|three} {complex|multi-step} reasoning questions with answers about the {scene|image}",
    ),
    "coding": (
        "{Port|Rewrite} the {fragment|snippet} {for|to} {another language|a streaming setting|constant memory}, {prove|argue} {equivalence|correctness}, {measure|estimate} {cost|speed}",
        "{Draw|Take} {inspiration|ideas} from the {fragment|snippet} and {write|create} a {new|self-contained} {problem|exercise} with a {correct|tested} {solution|reference}",
        "{Solve|Implement} it {twice|in two ways}, {explain|compare} the {trade-offs|complexity}, and {add|give} {unit tests|edge cases}",
    ),
    "math": (
        "{Teach|Present} the {solution|derivation} {as|in the form of} a {dialogue|blackboard talk|proof tree}, {naming|citing} each {rule|lemma} {used|applied}",
        "{Rephrase|Vary} the problem in {three|two|four} ways and {solve|work out} each {in full|step by step}",
        "{Solve|Work} it {backwards|forwards and backwards}, {verify|check} every {line|step}, {box|mark} the {result|answer}",
    ),
}
_SLOTS: dict[str, tuple[tuple[str, str], ...]] = {
    "reasoning": (("question", "question"),),
    "rubric_grading": (("question", "question"), ("answer", "answer")),
    "policy_rewrite": (("question", "question"), ("answer", "answer")),
    "agentic_coding": (("question", "issue"), ("answer", "patch")),
    "tool_use": (("question", "api"),),
    "data_analysis": (("question", "dataset"),),
    "computer_use": (("question", "screen"),),
    "vision": (("question", "picture"),),
    "coding": (("question", "snippet"),),
    "math": (("question", "problem"),),
}
_FOLLOW_UPS: dict[str, tuple[str, ...]] = {
    "reasoning": (
        "{Only|Just} {the next|one more} {step|move}: what do you {check|derive} {now|after that}, and why?",
        "{What made you|Why did you} {rule out|drop} the {other|alternative} {reading|path} {at this point|here}?",
        "{And|Now} which {fact|assumption} carries {that|the last} step?",
    ),
    "agentic_coding": (
        "Observation: {exit code 0|exit code 1|3 failed, 41 passed} in src/<function_name>. {Next|Continue}: thought, then action.",
        "Tool result:\n<snippet>\n{Continue|Proceed} with the {next|following} {action|edit}.",
    ),
    "computer_use": ("Observation:\n<screen>\n{Next|Continue}: thought, then action.",),
    "tool_use": ("Result of <function_name>: {ok|empty|error 404}. {Next call|Continue}.",),
}
_TOOLS: dict[str, tuple[str, ...]] = {
    "agentic_coding": ("bash", "edit_file", "read_file", "search"),
    "computer_use": ("click", "type", "scroll", "screenshot"),
    "tool_use": ("call_api", "search"),
    "data_analysis": ("run_sql", "python"),
}
_OUTPUT = {
    "reasoning": 2.2,
    "agentic_coding": 1.8,
    "coding": 1.6,
    "math": 1.5,
    "rubric_grading": 0.7,
}
CAPABILITIES = tuple(_ASKS)


def _scaffold(dice: Dice, capability: str, *, rules: list[str]) -> str:
    """Compose one scaffold: role, ask, rules, marked slots and closers, in a drawn order."""
    mark = dice.of(_MARKS)
    role = spin(dice, dice.of(_ROLES)) + "."
    ask = spin(dice, dice.of(_ASKS[capability])) + "."
    closers = [spin(dice, dice.of(_CLOSERS)) for _ in range(dice.number(1, 3))]
    slots = [
        f"{mark.replace('{0}', dice.of(_LABELS[label]))}\n<{slot}>"
        for label, slot in _SLOTS[capability]
    ]
    tail = [*rules, *closers]
    head = [role, ask, *tail] if dice.below(2) else [ask, *tail, role]
    if dice.below(3) == 0:
        return "\n\n".join([*slots, " ".join(head)])
    return "\n\n".join([" ".join(head), *slots])


def _some(dice: Dice, rules: list[str], *, variants: int) -> list[str]:
    return [rule for rule in rules if variants <= 4 or dice.below(3)]


def harvest_recipe(dice: Dice, capability: str, *, variants: int = 1, turns: float = 1.0) -> Recipe:
    """
    Draw a campaign's recipe.

    Its `variants` are paraphrases: another role, ask and layout each, with the same few
    house rules, of which many variants keep only some.
    """
    rules = house_rules(dice, dice.number(2, 6))
    openings = tuple(
        Form(_scaffold(dice, capability, rules=_some(dice, rules, variants=variants)), FILLERS)
        for _ in range(variants)
    )
    asks = _FOLLOW_UPS.get(capability, _FOLLOW_UPS["reasoning"])
    follow_ups = tuple(
        Form(spin(dice, text), FILLERS) for text in asks for _ in range(min(variants, 4))
    )
    system = " ".join([spin(dice, dice.of(_ROLES)) + ".", *house_rules(dice, dice.below(3))])
    return Recipe(
        capability=capability,
        openings=openings,
        follow_ups=follow_ups,
        systems=(system,) if dice.below(2) else (),
        tools=_TOOLS.get(capability, ()),
        modalities=("text", "image") if capability in {"vision", "computer_use"} else ("text",),
        turns=turns,
        output_scale=_OUTPUT.get(capability, 1.0),
    )
