"""A Source -> nothing, or the rule that it breaks; on garbage, and on samples of its format."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from iolaus.arrow import EXCHANGE
from iolaus.contracts import Source
from iolaus.errors import ContractError, IolausError
from iolaus.testing.dice import SEED
from iolaus.testing.rule import hold

HEAD_BYTES = 65_536
CANARY = "canary-wren-quill"
"""A customer's words in the garbage; they must not come back in a reason or an error."""


@dataclass(slots=True)
class Rejects:
    """Keeps the reasons."""

    reasons: list[str] = field(default_factory=list)

    def add(self, file: str, *, line: int | None, offset: int | None, reason: str) -> None:
        """Count one rejected row."""
        del file, line, offset
        self.reasons.append(reason)


def garbage() -> dict[str, bytes]:
    """Return what a reader meets in the field, by name."""
    noise = np.random.default_rng(SEED).bytes(4096)
    whole = f'{{"id": "1", "at": "2026-03-01T00:00:00Z", "account": "a", "prompt": "{CANARY}"}}\n'
    return {
        "empty": b"",
        "noise": noise,
        "half a line of JSON": whole[:-8].encode(),
        "a line, then half a line": (whole + whole[:-8]).encode(),
        "a line, then noise": whole.encode() + noise,
        "invalid UTF-8": whole.encode().replace(b"canary", b"canary\xff\xfe"),
        "JSON that is no object": f'["{CANARY}"]\n"{CANARY}"\n17\n'.encode(),
        "Parquet cut short": b"PAR1" + noise,
    }


def check_garbage(plugin: Source) -> None:
    """A source answers garbage with rejects or an error of ours, and never repeats it."""
    with tempfile.TemporaryDirectory(prefix="iolaus-") as folder:
        for name, data in garbage().items():
            answer = plugin.sniff(data[:HEAD_BYTES])
            hold(isinstance(answer, bool), plugin, f"sniff() must say yes or no to {name}")
            path = Path(folder) / "garbage"
            path.write_bytes(data)
            _check_read(plugin, path, name)


def check_sample(plugin: Source, path: Path) -> None:
    """A source recognises a good file and reads at least one exchange from it."""
    with path.open("rb") as file:
        hold(plugin.sniff(file.read(HEAD_BYTES)), plugin, "sniff() must recognise its own format")
    n_read = _check_read(plugin, path, path.name)
    hold(n_read > 0, plugin, "read() must find exchanges in a good file")


def _check_read(plugin: Source, path: Path, what: str) -> int:
    rejects, n_read = Rejects(), 0
    words: list[str] = []
    try:
        for batch in plugin.read(str(path), rejects):
            hold(batch.schema.equals(EXCHANGE), plugin, "read() must yield the EXCHANGE schema")
            n_read += batch.num_rows
    except ContractError:
        raise
    except IolausError as error:
        words.append(str(error))
    except Exception as error:  # whatever a reader lets out is what this looks for
        raise ContractError(
            f"read() must survive {what}, and not end in {type(error).__name__}",
            where=plugin.name,
            remedy="count the row as a reject, or raise an InputError",
        ) from error
    words += rejects.reasons
    repeated = any(CANARY in said for said in words)
    hold(not repeated, plugin, "a reason or an error must not repeat the text of a row")
    return n_read
