"""A folder of prompt families -> content.npz, card.json and flows.json in a folder."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from iolaus.errors import OutputError
from iolaus.fingerprint.card import card_of
from iolaus.fingerprint.flows import flows_of
from iolaus.fingerprint.sessions import shared_of
from iolaus.fingerprint.training import WEIGHT, quantised, train


def train_weights(
    folder: Path, *, out: Path, seed: int, baseline: bool, weight: float = WEIGHT
) -> dict[str, Any]:
    """Train, write the three files, and return the card. The same input gives the same bytes."""
    trained = train(folder, seed=seed, weight=weight)
    rng = np.random.default_rng(seed)
    shared = 1.0
    if "extraction" in trained.share:
        shared = shared_of(trained.prompts, trained.share["extraction"], rng=rng)
    card = card_of(trained, seed=seed, weight=weight, shared=shared, baseline=baseline, rng=rng)
    flows = flows_of(trained, rng=np.random.default_rng(seed))
    packed = io.BytesIO()
    arrays = quantised(trained) | {"shared": np.array(shared, np.float32)}
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "content.npz").write_bytes(packed.getvalue())
        (out / "card.json").write_text(json.dumps(card, indent=1) + "\n")
        (out / "flows.json").write_text(json.dumps(flows) + "\n")
    except OSError as error:
        raise OutputError(
            f"cannot write weights ({error.strerror})", where=str(out), remedy="name another --out"
        ) from error
    return card
