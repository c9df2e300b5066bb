"""The texts that speed is measured on are the same for a seed, and about as long as prompts are."""

from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.fingerprint.corpus import described, generated, real, write_texts


def test_seed_decides_the_texts() -> None:
    """Same seed, same bytes; another seed, other texts."""
    assert generated(50, seed=1) == generated(50, seed=1)
    assert generated(50, seed=1) != generated(50, seed=2)


def test_texts_are_prompts_of_a_kilobyte() -> None:
    """They differ in length by a factor of five and more, and no two are the same."""
    said = described(generated(800, seed=1))
    assert 800 <= said["mean_bytes"] <= 1300
    assert said["quantiles_bytes"]["95"] > 5 * said["quantiles_bytes"]["5"]
    assert 800 == said["n"] == said["distinct"]


def test_real_prompts_come_from_a_folder(tmp_path: Path) -> None:
    """Any Parquet file with a column of texts is taken; empty ones are left out."""
    import pyarrow as pa

    pq.write_table(pa.table({"text": ["one", None, "", "two"]}), tmp_path / "a.parquet")
    assert {"one", "two"} == set(real(tmp_path, 10, seed=0))
    assert 1 == len(real(tmp_path, 1, seed=0))


def test_written_texts_are_one_column(tmp_path: Path) -> None:
    """A log's column of prompts, whole."""
    write_texts(["a", "é\n"], tmp_path / "t.parquet")
    assert ["a", "é\n"] == pq.read_table(tmp_path / "t.parquet")["prompt"].to_pylist()
