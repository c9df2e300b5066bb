"""benchmarks/NAME/results.json -> its tables in docs/benchmarks/NAME.md, and its pictures beside it.

    python -m benchmarks.tables [NAME...]

Only what stands between `<!-- results -->` and `<!-- /results -->` of a page is written.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.content import pages as content
from benchmarks.detection import pages as detection
from benchmarks.fingerprint import pages as fingerprint

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(<!-- results -->\n).*?(<!-- /results -->)", re.DOTALL)
Results = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How one benchmark is shown."""

    tables: Callable[[Results], str]
    pictures: Callable[[Results], dict[str, str]]


BENCHMARKS = {
    "content": Shown(tables=content.tables_of, pictures=content.pictures_of),
    "detection": Shown(tables=detection.tables_of, pictures=detection.pictures_of),
    "fingerprint": Shown(tables=fingerprint.tables_of, pictures=fingerprint.pictures_of),
}


def files_of(name: str) -> dict[Path, str]:
    """Return every file that a benchmark's results determine, and what stands in it."""
    results = json.loads((ROOT / "benchmarks" / name / "results.json").read_text("utf-8"))
    page = ROOT / "docs" / "benchmarks" / f"{name}.md"
    shown = BENCHMARKS[name]
    text = BLOCK.sub(
        lambda found: f"{found[1]}\n{_origin_of(results)}\n\n{shown.tables(results)}\n{found[2]}",
        page.read_text("utf-8"),
    )
    pictures = shown.pictures(results)
    drawn = {ROOT / "benchmarks" / name / file: svg for file, svg in pictures.items()}
    return {page: text} | drawn


def measured(names: Iterable[str] = BENCHMARKS) -> list[str]:
    """Return the benchmarks that have results."""
    return [name for name in names if (ROOT / "benchmarks" / name / "results.json").is_file()]


def main() -> None:
    """Write the pages and pictures of the named benchmarks, or of all."""
    for name in measured(sys.argv[1:] or BENCHMARKS):
        for path, text in files_of(name).items():
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))


def _origin_of(results: Results) -> str:
    return (
        f"`{results['command']}` at commit `{results['commit'][:12]}` of "
        f"{results['committed_on']}, on {results['machine']}."
    )


if __name__ == "__main__":
    main()
