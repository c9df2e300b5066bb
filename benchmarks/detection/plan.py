"""Seeds and a size -> the jobs of a run, each one file of its own in the work folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from iolaus.simulate.adaptive import KNOBS

Kind = Literal["scan", "curve", "ablation", "artefact"]
Prompts = Literal["own", "half-0", "half-1"]

ATTACKS = ("relay", "graders", "mixed_paths", "trajectories", "demo")
OTHERS = ("patient_pool", "lone_harvester")
INNOCENT = "innocents"
ABLATED = (("demo", 1.0), ("everything", 0.5))
"""Worlds that every signal is left out of in turn, and their size beside the others'."""

ARTEFACTS = ("demo", "everything")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    One world and what is done with it.

    `what` is a scenario's name or, for a curve, a knob's, which then stands at `setting`.
    `prompts` says whose words the world speaks: our grammars', or one half of the families'.
    """

    kind: Kind
    what: str
    seed: int
    scale: float | None
    prompts: Prompts = "own"
    setting: float = 0.0
    peers: bool = False

    @property
    def name(self) -> str:
        """Return what the job's file is called."""
        parts = [self.kind, self.what, f"{self.setting:g}" if self.kind == "curve" else ""]
        return "-".join([p for p in parts if p] + [self.prompts, str(self.seed)])

    @property
    def weights(self) -> str | None:
        """Return the folder of the weights that know nothing of the world's words."""
        return None if self.prompts == "own" else f"weights-{self.prompts[-1]}"


def planned(seeds: Iterable[int], *, scale: float, held_out: bool) -> list[Job]:
    """
    Return all jobs, the most telling first.

    `held_out` adds worlds of real prompts, half by half, whose lineages the weights do not know.
    """
    seeds = list(seeds)
    sets = ("held out", "own") if held_out else ("own",)
    return [
        *(
            job
            for words in sets
            for job in _scenarios(_of_set(seeds, words, sets), scale=scale, words=words)
        ),
        *_ablations(seeds[:1], scale=scale),
        *_curves(seeds[:1], scale=scale),
        *_artefacts(seeds[:1], scale=scale),
        *_curves(seeds[1:2], scale=scale),
    ]


def _of_set(seeds: list[int], words: str, sets: tuple[str, ...]) -> list[int]:
    """Our own words get half of the seeds where there are others: they are not the headline."""
    return seeds if words == sets[0] else seeds[: max(2, len(seeds) // 2)]


def _scenarios(seeds: list[int], *, scale: float, words: str) -> Iterator[Job]:
    """Peers run on the first two seeds of each scenario; innocents on fewer, which are larger."""
    for number, seed in enumerate(seeds):
        for name in (*ATTACKS, *OTHERS, INNOCENT):
            few = name == INNOCENT or name in OTHERS
            if few and number >= max(2, len(seeds) // 2 - 1):
                continue
            half: Prompts = "half-1" if number % 2 else "half-0"
            yield Job(
                kind="scan",
                what=name,
                seed=seed,
                scale=scale,
                prompts="own" if words == "own" else half,
                peers=number < 2 and (words == "held out" or name == INNOCENT),
            )


def _ablations(seeds: list[int], *, scale: float) -> Iterator[Job]:
    for seed in seeds:
        for name, size in ABLATED:
            yield Job(kind="ablation", what=name, seed=seed, scale=scale * size)


def _curves(seeds: list[int], *, scale: float) -> Iterator[Job]:
    """Curves have the size that their knobs say; below a scale of .5 they shrink with it."""
    for seed in seeds:
        for knob in KNOBS:
            for setting in knob.settings:
                yield Job(
                    kind="curve", what=knob.name, setting=setting, seed=seed,
                    scale=min(1.0, 2 * scale),
                )  # fmt: skip


def _artefacts(seeds: list[int], *, scale: float) -> Iterator[Job]:
    for seed in seeds:
        for name in ARTEFACTS:
            yield Job(kind="artefact", what=name, seed=seed, scale=scale / 2)
