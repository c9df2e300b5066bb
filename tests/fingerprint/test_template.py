"""One scaffold is one template, however its slots are filled; strangers share none."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from iolaus.arrow import TEMPLATES
from iolaus.fingerprint.fingerprinter import Fingerprinter

KEY = b"sixteen bytes ok"


def grouped(prompts: list[str | None], systems: list[str | None] | None = None) -> pa.RecordBatch:
    """Return the template columns of a log of prompts."""
    columns, _ = resolved(prompts, systems)
    return columns


def resolved(
    prompts: list[str | None], systems: list[str | None] | None = None, n_accounts: int = 3
) -> tuple[pa.RecordBatch, pa.Table]:
    """Run both passes; rows belong to accounts in turn."""
    batch = pa.record_batch(
        {
            "prompt": pa.array(prompts, pa.string()),
            "system": pa.array(systems or [None] * len(prompts), pa.string()),
        }
    )
    printer = Fingerprinter(KEY, threads=1)
    printer.observe(batch)
    printer.text_columns_of(batch)
    resolution = printer.resolve(np.arange(len(prompts), dtype=np.int32) % n_accounts)
    columns = resolution.columns_of(0, len(prompts))
    return columns, resolution.templates()


def top_share(values: list[int | None]) -> float:
    """Return the share of the commonest value that is not null."""
    counts = Counter(value for value in values if value is not None)
    return counts.most_common(1)[0][1] / len(values) if counts else 0.0


def test_slot_variants_share_a_template_and_strangers_have_none(writer) -> None:
    """60 fillings of one scaffold among 1,500 free texts: one template; free text is null."""
    variants = writer.fill(writer.scaffold(), 60)
    free = [writer.words(60) for _ in range(1500)]
    columns = grouped(free + variants)
    template = columns.column("template").to_pylist()
    family = columns.column("family").to_pylist()
    assert top_share(template[1500:]) >= 0.9
    assert top_share(family[1500:]) == 1.0
    assert sum(value is not None for value in template[:1500]) == 0
    assert set(family[1500:]).isdisjoint(set(family[:1500]) - {None})


def test_two_scaffolds_are_two_families(writer) -> None:
    """Two scaffolds whose slots are filled from one list of texts stay apart."""
    slots = [writer.words(40) for _ in range(60)]
    (a, b), (c, d) = writer.scaffold(), writer.scaffold()
    prompts = [f"{a} {s} {b}" for s in slots] + [f"{c} {s} {d}" for s in slots]
    family = grouped(prompts + [writer.words(60) for _ in range(500)]).column("family").to_pylist()
    assert top_share(family[:60]) >= 0.9
    assert top_share(family[60:120]) >= 0.9
    assert set(family[:60]).isdisjoint(family[60:120])


def test_rewordings_share_the_family(writer) -> None:
    """100 rewordings of 15 % of a prompt's words mostly share one family; unrelated ones do not."""
    base = writer.words(80)
    reworded = [writer.reword(base, 0.15) for _ in range(100)]
    free = [writer.words(80) for _ in range(500)]
    family = grouped(reworded + free).column("family").to_pylist()
    assert top_share(family[:100]) >= 0.9
    assert [value for value in family[100:] if value is not None] == []


def test_rewordings_with_other_slots_share_the_family(writer) -> None:
    """A fifth of the scaffold's words changed in each, and 60 others between: one family of nine
    in ten; two rewordings share a third of their pairs, and no template.
    """
    first, last = writer.scaffold(100)
    prompts = [
        f"{writer.reword(first, 0.2)}\n{writer.words(60)}\n{writer.reword(last, 0.2)}"
        for _ in range(60)
    ]
    free = [writer.words(160) for _ in range(1500)]
    columns = grouped(prompts + free)
    family = columns.column("family").to_pylist()
    assert top_share(family[:60]) >= 0.9
    assert top_share(columns.column("template").to_pylist()[:60]) < 0.5
    assert set(family[:60]).isdisjoint(set(family[60:]) - {None})
    assert top_share(family[60:]) <= 0.002


def test_a_variant_that_misses_the_key_goes_where_its_kin_went(writer) -> None:
    """Slots of 300 common words hold runs that others have too; each variant is grouped still."""
    variants = writer.fill(writer.scaffold(60), 80, slot_words=300)
    free = [writer.words(300) for _ in range(400)]
    template = grouped(variants + free).column("template").to_pylist()
    assert top_share(template[:80]) == 1.0
    assert [value for value in template[80:] if value is not None] == []


def test_common_short_prompts_link_nobody(writer) -> None:
    """Greetings and short everyday requests, however often, have neither template nor family."""
    short = [
        "hi",
        "hello there",
        "Write a poem about the sea",
        "thanks!",
        "continue",
        "",
        "讲个笑话",
    ]
    columns = grouped(short * 40 + [writer.words(50) for _ in range(200)])
    for name in ("template", "family"):
        assert [v for v in columns.column(name).to_pylist() if v is not None] == []


def test_one_opening_does_not_join_long_free_texts(writer) -> None:
    """Ten shared words before sixty of one's own are no scaffold."""
    polite = writer.words(8)
    prompts = [f"{polite} {writer.words(60)}" for _ in range(300)]
    assert top_share(grouped(prompts).column("family").to_pylist()) < 0.05


def test_repeated_long_prompt_is_a_template(writer) -> None:
    """The same text from many accounts is a template; the same text once is not."""
    often, once = writer.words(40), writer.words(40)
    template = grouped([often] * 5 + [once]).column("template").to_pylist()
    assert top_share(template[:5]) == 1.0
    assert template[5] is None


def test_row_order_and_batches_change_nothing(writer) -> None:
    """Templates are the same for any order of rows and any cut into batches."""
    prompts = writer.fill(writer.scaffold(), 40) + writer.fill(writer.scaffold(), 40)
    prompts += [writer.words(50) for _ in range(200)]
    expected, _ = resolved(prompts)
    order = np.random.default_rng(3).permutation(len(prompts))
    shuffled, _ = resolved([prompts[i] for i in order])
    assert expected.take(pa.array(order)).equals(shuffled)
    printer = Fingerprinter(KEY, threads=2)
    table = pa.table({"prompt": pa.array(prompts)})
    for batch in table.to_batches(max_chunksize=37):
        printer.observe(batch)
    parts = [printer.text_columns_of(b) for b in table.to_batches(max_chunksize=50)]
    resolution = printer.resolve()
    starts = np.cumsum([0] + [part.num_rows for part in parts])
    columns = [
        resolution.columns_of(int(start), part.num_rows)
        for start, part in zip(starts, parts, strict=False)
    ]
    assert pa.Table.from_batches([expected]).equals(pa.Table.from_batches(columns).combine_chunks())


def test_templates_table_counts_rows_and_accounts(writer) -> None:
    """One row a template; the skeleton holds what its texts have in common."""
    prompts = writer.fill(writer.scaffold(60), 30, slot_words=60)
    columns, templates = resolved(prompts + [writer.words(60) for _ in range(300)], n_accounts=2)
    assert templates.schema.equals(TEMPLATES)
    template = [v for v in columns.column("template").to_pylist() if v is not None]
    assert dict(Counter(template)) == dict(
        zip(templates["template"].to_pylist(), templates["n"].to_pylist(), strict=True)
    )
    biggest = max(templates.to_pylist(), key=lambda row: row["n"])
    assert biggest["n_accounts"] == 2
    assert len(biggest["signature"]) == 128
    # 58 pairs of words stand in both halves of the scaffold, some of them twice.
    assert 40 <= len(biggest["skeleton"]) <= 62


def test_system_prompts_have_templates_of_their_own(writer) -> None:
    """Rows under one system prompt share it, whatever they ask; another or none is apart."""
    one, two = writer.words(40), writer.words(40)
    systems = [one] * 5 + [two] * 5 + [None] * 5
    columns = grouped([writer.words(40) for _ in systems], systems)
    values = columns.column("system_template").to_pylist()
    assert len(set(values[:5])) == 1
    assert len(set(values[5:10])) == 1
    assert values[0] != values[5]
    assert values[10:] == [None] * 5
