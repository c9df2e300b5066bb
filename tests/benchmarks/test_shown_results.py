"""What the docs show of a benchmark is what its results.json says."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import tables
from benchmarks.markdown import percent, table, times
from benchmarks.picture import dots, lines

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", tables.measured())
def test_docs_agree_with_results(name: str) -> None:
    """`python -m benchmarks.tables` would change nothing, neither in a page nor in a picture."""
    stale = [p.name for p, text in tables.files_of(name).items() if p.read_text("utf-8") != text]
    assert [] == stale, "run `python -m benchmarks.tables`"


@pytest.mark.parametrize("name", tables.measured())
def test_other_results_would_be_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a page is not the same for every result."""
    read = json.loads
    monkeypatch.setattr(json, "loads", lambda text: read(text) | {"command": "make something"})
    page = next(iter(tables.files_of(name)))
    assert tables.files_of(name)[page] != page.read_text("utf-8")


def test_every_benchmark_has_its_page_and_target() -> None:
    """One page and one make target each."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in tables.BENCHMARKS:
        page = (ROOT / "docs" / "benchmarks" / f"{name}.md").read_text(encoding="utf-8")
        assert tables.BLOCK.search(page)
        assert f"\nbench-{name}:" in makefile


def test_peers_bring_no_torch() -> None:
    """Gigabytes of it stay out of the locks, the peers' own included."""
    for lock in ROOT.glob("benchmarks/peers/*.lock"):
        named = [line.partition("==")[0] for line in lock.read_text("utf-8").splitlines()]
        assert named and not {"torch", "sentence-transformers"} & set(named)


def test_pictures_are_wellformed_and_repeat() -> None:
    """Names are escaped, everybody is named, and the same numbers give the same bytes."""
    rows = [("a & <b>", 0.03, "0.03 us"), ("ours", 14.0, "14 us")]
    drawn = dots(rows, title="Cost", unit="us", ours=("ours",))
    assert drawn == dots(rows, title="Cost", unit="us", ours=("ours",))
    said = {part.text for part in ET.fromstring(drawn).iter() if part.text}
    assert {"a & <b>", "ours", "Cost", "14 us"} <= said


def test_lines_stay_inside_their_frame() -> None:
    """Both ends of both axes lie inside the picture, on a logarithmic scale too."""
    for low in (0.0, 0.001):
        drawn = lines(
            {"one": [(low, 0.0), (1.0, 1.0)]}, title="T", across=("rate", low, 1.0), up="found"
        )
        root = ET.fromstring(drawn)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for dot in root.iter("{http://www.w3.org/2000/svg}circle"):
            assert 0 <= float(dot.attrib["cx"]) <= width
            assert 0 <= float(dot.attrib["cy"]) <= height


def test_numbers_are_said_with_the_digits_they_deserve() -> None:
    """A ratio near one needs more digits than one of forty."""
    assert ["0.27x", "3.2x", "41x"] == [times(value) for value in (0.271, 3.21, 41.3)]
    assert "12.6 %" == percent(0.1262)
    assert "| a | b |\n| --- | ---: |\n| 1 | 2 |" == table(["a", "b"], [(1, 2)])
