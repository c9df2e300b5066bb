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
HARD = (
    "bulk_relay",
    "shared_relay",
    "two_relays",
    "stolen_keys",
    "framed_firm",
    "front_firm",
    "slow_ramp",
    "device_farm",
    "decoys",
    "personas",
    "flood",
    "look_alikes",
)
"""Other hydras, victims and twins: one seed, and a second one if there is time."""

ABLATED = (("demo", 1.0), ("everything", 0.25))
"""Worlds that every signal is left out of in turn, and their size beside the others'."""

ARTEFACTS = ("demo", "everything")
CURVE_SIZE = 1.5
"""Curves have the size that their knobs say at a scale of two thirds, and shrink below."""


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


def planned(seeds: Iterable[int], *, scale: float, held_out: bool) -> list[list[Job]]:
    """
    Return all jobs in stages, the most telling stage first, as a run may be cut short.

    `held_out` adds worlds of real prompts, half by half, whose lineages the weights do not know.
    Only the first two seeds of attacks, and the first of the others, are shown to the peers.
    """
    every = list(seeds)
    few = every[: max(1, len(every) // 3)]
    first, second = every[:1], every[1:2]
    stages = [
        [*_worlds(ATTACKS, every, scale, held_out, peers=2)],
        [*_worlds((*OTHERS, INNOCENT), few, scale, held_out, peers=1)],
        [*_worlds(HARD, first, scale, held_out, peers=1)],
        [*_ablations(first, scale=scale), *_artefacts(first, scale=scale)],
        [*_curves(first, scale=scale)],
        [*_worlds((*ATTACKS, *OTHERS, INNOCENT), few, scale, False)] if held_out else [],
        [*_worlds(HARD, second, scale, held_out)],
        [*_curves(second, scale=scale)],
    ]
    # Jobs of one half stand together: a worker knows one set of weights.
    return [sorted(stage, key=lambda job: job.prompts) for stage in stages if stage]


def _worlds(
    names: tuple[str, ...], seeds: list[int], scale: float, held_out: bool, peers: int = 0
) -> Iterator[Job]:
    """Deal the seeds to the two halves in turn."""
    for number, seed in enumerate(seeds):
        half: Prompts = "half-1" if seed % 2 else "half-0"
        for name in names:
            yield Job(
                kind="scan",
                what=name,
                seed=seed,
                scale=scale,
                prompts=half if held_out else "own",
                peers=number < peers,
            )


def _ablations(seeds: list[int], *, scale: float) -> Iterator[Job]:
    for seed in seeds:
        for name, size in ABLATED:
            yield Job(kind="ablation", what=name, seed=seed, scale=scale * size)


def _curves(seeds: list[int], *, scale: float) -> Iterator[Job]:
    for seed in seeds:
        for knob in KNOBS:
            for setting in knob.settings:
                yield Job(
                    kind="curve",
                    what=knob.name,
                    setting=setting,
                    seed=seed,
                    scale=min(1.0, CURVE_SIZE * scale),
                )


def _artefacts(seeds: list[int], *, scale: float) -> Iterator[Job]:
    for seed in seeds:
        for name in ARTEFACTS:
            yield Job(kind="artefact", what=name, seed=seed, scale=scale / 2)
