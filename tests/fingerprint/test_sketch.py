"""What one log taught about scaffolds is there for the next, fades, and is nobody else's to read."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iolaus.fingerprint.fingerprinter import Fingerprinter
from iolaus.fingerprint.limits import TemplateLimits
from iolaus.fingerprint.sketch import (
    N_SLOTS,
    RunCounts,
    Sketch,
    check_of,
    remembered,
)
from iolaus.fingerprint.text import keys_of

KEY = b"sixteen bytes ok"
DAY_US = 86_400_000_000
NOON = 20_000 * DAY_US


def batch_of(prompts: list[str], *, day: int = 0) -> pa.RecordBatch:
    """Return a log of prompts that all came on one day."""
    at = pa.array([NOON + day * DAY_US] * len(prompts), pa.timestamp("us", tz="UTC"))
    return pa.record_batch({"at": at, "prompt": pa.array(prompts, pa.string())})


def read(
    prompts: list[str], *, prior: Sketch | None = None, day: int = 0, key: bytes = KEY
) -> tuple[list[int | None], Sketch]:
    """Return the template of each prompt, and what the log taught."""
    printer = Fingerprinter(key, prior=prior, threads=1)
    batch = batch_of(prompts, day=day)
    printer.observe(batch)
    columns = printer.text_columns_of(batch)
    template = printer.resolve().columns_of(0, len(columns)).column("template")
    sketch = printer.learned()
    assert sketch is not None
    return template.to_pylist(), sketch


def together(template: list[int | None]) -> int:
    """Return how many rows the largest template has."""
    known = [value for value in template if value is not None]
    return max((known.count(value) for value in set(known)), default=0)


def test_a_template_that_is_rare_today_is_known_from_last_week(writer) -> None:
    """Three fillings with long slots group because last week's sixty did; alone they do not."""
    scaffold = writer.scaffold(40)
    last_week = writer.fill(scaffold, 60) + [writer.words(60) for _ in range(1000)]
    today = writer.fill(scaffold, 3, slot_words=200) + [writer.words(120) for _ in range(600)]
    _, sketch = read(last_week)
    alone, _ = read(today, day=7)
    known, _ = read(today, day=7, prior=sketch)
    assert together(alone[:3]) == 0
    assert together(known[:3]) == 3
    assert together(known[3:]) == 0


def test_yesterdays_popular_phrases_glue_no_strangers(writer) -> None:
    """Half of yesterday's strangers said one of forty stock phrases; today's who do stay apart."""
    phrases = [writer.words(7) for _ in range(40)]
    luck = np.random.default_rng(5)

    def strangers(n: int) -> list[str]:
        return [f"{luck.choice(phrases)} {writer.words(60)}" for _ in range(n)]

    _, sketch = read(strangers(1000))
    assert len(sketch.slots) > 0
    today, _ = read(strangers(40), day=1, prior=sketch)
    assert together(today) == 0


def test_what_faded_is_scaffold_no_more(writer) -> None:
    """After a year the scaffold is as unknown as if it had never been seen."""
    scaffold = writer.scaffold(40)
    _, sketch = read(writer.fill(scaffold, 60) + [writer.words(60) for _ in range(1000)])
    today = writer.fill(scaffold, 3, slot_words=200) + [writer.words(120) for _ in range(600)]
    late, learned = read(today, day=365, prior=sketch)
    assert together(late[:3]) == 0
    assert set(sketch.slots.tolist()) - set(learned.slots.tolist())


def test_a_small_log_teaches_little(writer) -> None:
    """Five rows of ten are not half of what the next log holds: they fade within two months."""
    prompt = writer.words(40)
    _, sketch = read([prompt] * 5 + [writer.words(40) for _ in range(5)])
    assert len(sketch.slots) > 0
    assert float(sketch.share_log2.max()) < np.log2(0.001)
    _, later = read([writer.words(40)], day=60, prior=sketch)
    assert len(later.slots) == 0


def test_reading_a_log_again_changes_nothing(writer) -> None:
    """The same log, with what it taught as prior, gives the same templates and teaches the same."""
    prompts = writer.fill(writer.scaffold(), 40) + [writer.words(50) for _ in range(300)]
    first, sketch = read(prompts)
    again, learned = read(prompts, prior=sketch)
    assert first == again
    assert sketch.to_bytes() == learned.to_bytes()


def test_a_sketch_survives_its_file(writer, tmp_path) -> None:
    """Written and read, it is the same to the byte, and small."""
    _, sketch = read(writer.fill(writer.scaffold(), 60) + [writer.words(60) for _ in range(500)])
    path = tmp_path / "iolaus.db.sketch"
    path.write_bytes(sketch.to_bytes())
    got = remembered(path, keys=keys_of(KEY))
    assert got.warning is None and got.sketch is not None
    assert sketch.to_bytes() == got.sketch.to_bytes()
    assert path.stat().st_size < 4000 + 8 * len(sketch.slots)


def test_no_file_is_no_prior(tmp_path) -> None:
    """A first run has nothing to remember, and nothing to say about it."""
    got = remembered(tmp_path / "none", keys=keys_of(KEY))
    assert (got.sketch, got.warning, got.may_replace) == (None, None, True)


def test_anothers_sketch_is_left_alone(writer, tmp_path) -> None:
    """Learned with another key it is not used, the operator is told, and it is not written over."""
    _, sketch = read(writer.fill(writer.scaffold(), 60))
    path = tmp_path / "sketch"
    path.write_bytes(sketch.to_bytes())
    got = remembered(path, keys=keys_of(b"another key, as long"))
    assert got.sketch is None and not got.may_replace
    assert got.warning is not None and "another key" in got.warning


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "parquet", "unordered"])
def test_a_damaged_sketch_is_no_crash(writer, tmp_path, damage) -> None:
    """Whatever stands in the file, the run goes on without it and says so."""
    _, sketch = read(writer.fill(writer.scaffold(), 60))
    content = bytearray(sketch.to_bytes())
    if damage == "flipped":
        content[60] ^= 0xFF
    path = tmp_path / "sketch"
    path.write_bytes(
        {"cut": bytes(content[:-40]), "empty": b"", "text": b"hello"}.get(damage, bytes(content))
    )
    if damage == "parquet":
        pa.parquet.write_table(pa.table({"slot": [1]}), path)
    if damage == "unordered":
        turned = Sketch(
            slots=sketch.slots[::-1].copy(),
            share_log2=sketch.share_log2,
            at_us=sketch.at_us,
            check=sketch.check,
        )
        path.write_bytes(turned.to_bytes())
    got = remembered(path, keys=keys_of(KEY))
    assert got.sketch is None and got.may_replace
    assert got.warning is not None and "cannot be read" in got.warning


def test_the_check_tells_keys_apart_and_is_stable() -> None:
    """One key, one check; and it is not the key."""
    assert check_of(keys_of(KEY)) == check_of(keys_of(KEY))
    assert check_of(keys_of(KEY)) != check_of(keys_of(b"another key, as long"))


def test_without_a_prior_the_limits_alone_decide(writer) -> None:
    """Four rows of one text are slot content, five are scaffold."""
    limits = TemplateLimits()
    for n, expected in ((4, 0), (5, 1)):
        counts = RunCounts(limits, keys=keys_of(KEY))
        counts.add(pa.array([writer.words(30)] * n))
        assert (counts.levels().max() > 0) == bool(expected)


slots = st.lists(st.integers(0, N_SLOTS - 1), unique=True, max_size=20).map(sorted)


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    """Return a sketch of some day."""
    at = draw(slots)
    share = draw(st.lists(st.floats(-12, 0, width=32), min_size=len(at), max_size=len(at)))
    return Sketch(
        slots=np.array(at, np.int32),
        share_log2=np.array(share, np.float32),
        at_us=NOON + draw(st.integers(0, 30)) * DAY_US,
        check=check_of(keys_of(KEY)),
    )


@settings(max_examples=25, deadline=None)
@given(sketches(), st.integers(0, 60), st.integers(0, 60))
def test_ageing_in_two_steps_is_ageing_in_one(sketch: Sketch, first: int, second: int) -> None:
    """What is left depends on the moment, not on how often somebody looked."""
    late = NOON + (40 + first + second) * DAY_US
    once = sketch.aged(late, half_life_days=14)
    twice = sketch.aged(NOON + (40 + first) * DAY_US, half_life_days=14).aged(
        late, half_life_days=14
    )
    assert once.at_us == twice.at_us
    np.testing.assert_allclose(once.share_log2, twice.share_log2, atol=1e-4)
