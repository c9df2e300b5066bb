"""Training turns prompt families into weights, the same for the same seed, without their text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iolaus.errors import ColumnError, EmptyError, InputError
from iolaus.fingerprint import authored, training
from iolaus.fingerprint.content import OUTPUTS, load_weights
from iolaus.fingerprint.fingerprinter import Fingerprinter
from iolaus.fingerprint.lineage import lineages_of, overlaps_of
from iolaus.fingerprint.weighing import train_weights

FAMILIES = (
    ("alpha", "distill", "grade the reply by this rubric"),
    ("beta", "distill", "a rubric to grade each reply with"),
    ("gamma", "distill", "this reply needs a grade under the rubric"),
    ("delta", "distill", "grade what follows as the rubric says"),
    ("epsilon", "benign", "could you please help me with this"),
    ("zeta", "benign", "please help me could you tell"),
    ("eta", "lookalike", "fix this function please and help"),
    ("theta", "lookalike", "please could you help and fix it for me"),
)
"""Family, side, and the words by which it asks."""


@pytest.fixture
def families(tmp_path: Path, writer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of eight small families; few prompts are composed beside them."""
    monkeypatch.setattr(authored, "PROMPTS_A_KIND", 25)
    folder = tmp_path / "prompts"
    folder.mkdir()
    n = 40
    for family, side, words in FAMILIES:
        asks = side == "distill"
        table = pa.table(
            {
                "text": [f"{words} {writer.words(12)}" for _ in range(n)],
                "system": pa.nulls(n, pa.string()),
                "family": [family] * n,
                "side": [side] * n,
                "capability": ["rubric_grading" if asks else "general_chat"] * n,
                "labels": ["rubric" if asks else ""] * n,
                "template_id": [family] * n,
            }
        )
        pq.write_table(table, folder / f"{family}.parquet")
    return folder


def scores(weights: Path, prompts: list[str]) -> pa.RecordBatch:
    """Return text columns under a weights file."""
    printer = Fingerprinter(b"k", weights=load_weights(weights / "content.npz"), threads=1)
    return printer.text_columns_of(pa.record_batch({"prompt": pa.array(prompts)}))


def test_trained_weights_tell_new_prompts_apart(families: Path, tmp_path: Path) -> None:
    """A grading harvest outscores a plea for help on extraction and on grading."""
    card = train_weights(families, out=tmp_path / "w", seed=1, baseline=True, weight=1.0)
    rubric, plea = "now grade every reply by the rubric", "could you help me fix it please"
    got = scores(tmp_path / "w", [rubric, plea]).to_pylist()
    grading = OUTPUTS.index("ask:grading") - OUTPUTS.index("ask:reasoning")
    assert got[0]["extraction"] > got[1]["extraction"]
    assert got[0]["asks"][grading] > got[1]["asks"][grading]
    assert card["outputs"]["extraction"]["auc"] > 0.7
    assert {0 <= held["auc"] <= 1 for held in card["baselines"].values()} == {True}
    assert "ask:decomposition" in card["not_measured"]
    assert "capability:vision" in card["not_trained"]
    assert json.loads((tmp_path / "w" / "card.json").read_text()) == card


def test_out_of_fold_probabilities_are_of_every_row(families: Path) -> None:
    """Benchmarks get the rows and a probability of each, those of the harvest higher."""
    prompts, share = training.out_of_fold(families, seed=1, weight=1.0)
    assert share.shape == prompts.family.shape == (320,)
    assert share.min() >= 0
    assert share.max() <= 1
    harvest = prompts.truth_of("extraction")
    assert share[harvest].mean() > share[~harvest].mean()


def test_families_of_no_weight_teach_asks_nothing(families: Path) -> None:
    """At weight 0 the mixture is that of the composed prompts, whatever the families say."""
    before = training.train(families, seed=1)
    for file in sorted(families.glob("*.parquet"))[:4]:
        file.unlink()
    table = pq.read_table(families / "theta.parquet")
    side = table.schema.get_field_index("side")
    pq.write_table(
        table.set_column(side, "side", pa.array(["distill"] * table.num_rows)),
        families / "theta.parquet",
    )
    after = training.train(families, seed=1)
    np.testing.assert_array_equal(before.columns, after.columns)
    np.testing.assert_array_equal(before.mixture.values, after.mixture.values)


def test_same_seed_gives_same_bytes_and_no_text(families: Path, tmp_path: Path) -> None:
    """Training twice gives the same files, and none of them holds a prompt's words."""
    for name in ("one", "two"):
        train_weights(families, out=tmp_path / name, seed=3, baseline=False, weight=1.0)
    for file in ("content.npz", "card.json", "flows.json"):
        first, second = ((tmp_path / name / file).read_bytes() for name in ("one", "two"))
        assert first == second
        assert b"rubric to grade" not in first


def test_reference_flows_are_kept_by_side(families: Path, tmp_path: Path) -> None:
    """Each template gives its subsets' means, innocent ones apart from distilling ones."""
    train_weights(families, out=tmp_path / "w", seed=1, baseline=False, weight=1.0)
    flows = json.loads((tmp_path / "w" / "flows.json").read_text())
    assert flows["templates"] == {"benign": 4, "distill": 4}
    means = flows["means"]["extraction"]
    assert {side: len(values) for side, values in means.items()} == {"benign": 80, "distill": 80}
    assert np.median(means["distill"]) > np.median(means["benign"])


def test_texts_on_two_sides_teach_nothing(families: Path, tmp_path: Path) -> None:
    """A text that stands on the distilling side and on another is dropped from both."""
    twin = pq.read_table(families / "alpha.parquet")
    side = twin.schema.get_field_index("side")
    twin = twin.set_column(side, "side", pa.array(["benign"] * twin.num_rows))
    family = twin.schema.get_field_index("family")
    twin = twin.set_column(family, "family", pa.array(["iota"] * twin.num_rows))
    pq.write_table(twin, families / "iota.parquet")
    card = train_weights(families, out=tmp_path / "w", seed=1, baseline=False)
    assert card["rows"] == 40 * 7


def test_families_that_share_text_are_one_lineage(writer) -> None:
    """Half of one's runs in another joins them; unrelated families stay apart; some are declared."""
    shared, own = writer.words(60), writer.words(60)
    families = ["a", "b", "c", "metamath_augment", "gsm8k_test"]
    texts = [shared, f"{shared} {writer.words(20)}", own, writer.words(30), writer.words(30)]
    assert overlaps_of(families, texts)["a", "b"] == 1.0
    lineage = lineages_of(families, texts)
    assert lineage["a"] == lineage["b"] != lineage["c"]
    assert lineage["metamath_augment"] == lineage["gsm8k_test"]


def test_folders_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    """An empty folder and a table without the columns are named."""
    with pytest.raises(EmptyError, match="Parquet"):
        train_weights(tmp_path, out=tmp_path / "w", seed=1, baseline=False)
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "x.parquet")
    with pytest.raises(ColumnError, match="family"):
        train_weights(tmp_path, out=tmp_path / "w", seed=1, baseline=False)


def test_file_that_is_no_weights_is_refused(tmp_path: Path) -> None:
    """A broken weights file is an error with a remedy."""
    (tmp_path / "bad.npz").write_bytes(b"not a zip file")
    with pytest.raises(InputError, match="iolaus train"):
        load_weights(tmp_path / "bad.npz")


def test_fingerprinting_does_not_load_scikit_learn() -> None:
    """Scores need the weights file only."""
    code = (
        "import sys; from iolaus.fingerprint.content import load_weights; load_weights();"
        "import iolaus.fingerprint.fingerprinter;"
        "sys.exit(any(name.split('.')[0] == 'sklearn' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_the_package_is_light() -> None:
    """`import iolaus.fingerprint` loads neither numba nor pyarrow."""
    code = (
        "import sys, iolaus.fingerprint; sys.exit(bool({'numba', 'pyarrow'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
