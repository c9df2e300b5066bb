"""Sentences of our own -> prompts of every kind, to train on beside the prompt families.

Some twenty lineages teach a classifier those lineages. The number of ways of asking that it has
seen is what counts, so a thousand sentences are put together here at random: who is spoken to,
what is asked, rules, the format of the answer, and the material, in layouts that harvests and
innocent uses share. Length, headings and JSON then tell nothing; what is asked does.

weights/authored.txt holds the sentences. `[synthesis.task]` opens a list; `whole` lists have
complete prompts in other languages. `{topic}` is filled from `[slot.topic]`, and the material is
ours too: with questions of the prompt families in it the held-out AUC was .01 lower.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt

from iolaus.fingerprint.content import KINDS
from iolaus.schema import ASKS

PROMPTS_A_KIND = 1000
"""Prompts composed of each kind; with fewer, figures depend on the seed."""

WHOLE_SHARE = {True: 0.1, False: 0.25}
"""Share of the prompts that are a whole one of another language, of an ask and of an innocent kind:
only two of the latter have any. A fifth of that taught nothing that survived the ridge."""

BLOCKS = (0, 0, 1, 1, 1, 2, 2, 3, 4, 6)
"""How many blocks of material a prompt has, equally likely."""

MOST_SENTENCES = 30
"""Of a block of material; few are as likely as many, on a log scale."""

TALK = ("chat", "maker", "course")
"""Kinds that come without a role, and with a rule and a block at most."""

LAYOUTS = (
    "### {label}\n{text}",
    "{label}: {text}",
    "{label}:\n{text}",
    "[{label}]\n{text}",
    "<{tag}>\n{text}\n</{tag}>",
    "**{label}**\n{text}",
    "#{label}#\n{text}",
    '{label}: """{text}"""',
    "[Start of {label}]\n{text}\n[End of {label}]",
    "{label}\n-----\n{text}",
)
HEADINGS = ("Rules", "Requirements", "Guidelines", "Constraints", "Important", "Notes")

_SLOT = re.compile(r"\{([a-z]+)\}")

Sentences = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authored:
    """Composed prompts, and the number in KINDS of each."""

    systems: list[str]
    texts: list[str]
    kind: npt.NDArray[np.int64]


def read_sentences() -> dict[str, list[str]]:
    """Read the lists of sentences in the package."""
    file = resources.files("iolaus.fingerprint") / "weights" / "authored.txt"
    lists: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"\[[a-z]+(\.[a-z]+)?\]", line):
            lists[line[1:-1]] = []
        elif line:
            lists[next(reversed(lists))].append(line)
    return lists


def compose(sentences: Sentences, *, rng: np.random.Generator) -> Authored:
    """Compose PROMPTS_A_KIND prompts of each kind."""
    writer = _Writer(sentences, rng)
    systems, texts, kinds = [], [], []
    for kind, name in enumerate(KINDS):
        for _ in range(PROMPTS_A_KIND):
            system, text = writer.prompt(name)
            systems.append(system)
            texts.append(text)
            kinds.append(kind)
    return Authored(systems=systems, texts=texts, kind=np.array(kinds))


class _Writer:
    """Writes prompts with the sentences that the dice choose."""

    def __init__(self, sentences: Sentences, rng: np.random.Generator) -> None:
        self._sentences = sentences
        self._rng = rng

    def prompt(self, kind: str) -> tuple[str, str]:
        """Return a system prompt, often empty, and a prompt."""
        if f"{kind}.whole" in self._sentences and self._often(WHOLE_SHARE[kind in ASKS]):
            _, form = self._pick(f"{kind}.whole").split(" ", 1)
            return "", self._filled(form.replace("\\n", "\n"))
        asked, contract, blocks = self._asked(kind), self._contract(kind), self._blocks(kind)
        if contract and self._often(0.5):
            asked, contract = f"{asked}\n{contract}", ""
        material = "\n\n".join(blocks)
        tail = ("\n\n" if self._often(0.6) else "\n") + contract if contract else ""
        if material and kind not in TALK and self._often(0.3):
            return asked, material + tail
        if material and self._often(0.15):
            return "", f"{material}\n\n{asked}{tail}"
        return "", asked + (f"\n\n{material}" if material else "") + tail

    def _asked(self, kind: str) -> str:
        """Return role, task and rules in one of five styles."""
        tasks = [self._pick(f"{kind}.task") for _ in range(2 if self._often(0.25) else 1)]
        most = 2 if kind in TALK else 6
        n_rules = int(self._rng.integers(0, most))
        lists = [f"{kind}.rule" if self._often(0.6) else "shared.rule" for _ in range(n_rules)]
        rules = list(dict.fromkeys(self._pick(name) for name in lists))
        body = _laid_out(" ".join(tasks), rules, int(self._rng.integers(5)), self._one(HEADINGS))
        if kind not in TALK and self._often(0.5):
            body = self._pick("role") + ("\n" if self._often(0.5) else " ") + body
        return self._filled(body)

    def _contract(self, kind: str) -> str:
        if not self._often(0.6):
            return ""
        own = f"{kind}.contract" in self._sentences and self._often(0.65)
        return self._filled(self._pick(f"{kind}.contract" if own else "shared.contract"))

    def _blocks(self, kind: str) -> list[str]:
        """Return blocks of material under labels in one layout; benchmarks often show examples."""
        layout = self._one(LAYOUTS)
        n = int(self._rng.choice(BLOCKS))
        if kind in TALK:
            n = int(n > 2)
        if kind == "bench" and self._often(0.6):
            label = self._pick("bench.label")
            shots = int(self._rng.integers(2, 6))
            return [
                _block(layout, label, self._question()) + "\n" + _block(layout, "A", self._text(1))
                for _ in range(shots)
            ] + [_block(layout, label, self._question())]
        return [_block(layout, self._pick(f"{kind}.label"), self._content()) for _ in range(n)]

    def _content(self) -> str:
        if self._often(0.06):
            return self._pick("slot.code").replace("\\n", "\n")
        return self._question() if self._often(0.55) else self._text(MOST_SENTENCES)

    def _question(self) -> str:
        return self._pick("slot.question")

    def _text(self, most: int) -> str:
        n = int(np.exp(self._rng.uniform(0, np.log(most + 1e-9))))
        return " ".join(self._pick("slot.text") for _ in range(max(n, 1)))

    def _filled(self, text: str) -> str:
        return _SLOT.sub(self._slot, text)

    def _slot(self, found: re.Match[str]) -> str:
        name = found.group(1)
        if name in {"n", "m"}:
            return str(int(self._rng.integers(2, 21)))
        if name == "question":
            return self._question()
        if name == "text":
            return self._text(4)
        held = self._sentences.get(f"slot.{name}")
        return self._one(held).replace("\\n", "\n") if held else found.group(0)

    def _pick(self, name: str) -> str:
        return self._one(self._sentences[name])

    def _one(self, options: Sequence[str]) -> str:
        return options[int(self._rng.integers(len(options)))]

    def _often(self, share: float) -> bool:
        return bool(self._rng.uniform() < share)


def _block(layout: str, label: str, text: str) -> str:
    tag = label.lower().replace(" ", "_")
    return layout.format(label=label, tag=tag, text=text)


def _laid_out(task: str, rules: Sequence[str], style: int, heading: str) -> str:
    """Return a task and its rules: as prose, numbered, with bullets, or under headings."""
    if style == 0 or not rules:
        return " ".join([task, *rules])
    if style == 1:
        return task + "\n" + "\n".join(f"{i}. {rule}" for i, rule in enumerate(rules, 1))
    if style == 2:
        return task + "\n" + "\n".join(f"- {rule}" for rule in rules)
    if style == 3:
        return f"{task}\n\n{heading}:\n" + "\n".join(f"* {rule}" for rule in rules)
    return f"## Task\n{task}\n\n## {heading}\n" + "\n".join(rules)
