"""What the peers are taught is what ours is taught, and nothing of the lineage they are tested on."""

import numpy as np
import pytest

from benchmarks.content.measure import best_of
from benchmarks.content.measures import family_weights
from benchmarks.content.split import LESSONS, Composed, Rows, lessons_of
from benchmarks.peers.classify import Lesson


def rows() -> Rows:
    """Two families of each side; one row is a plain instruction, which nobody is taught."""
    family = np.array(["a", "a", "b", "c", "c", "d"])
    truth = np.array([True, True, True, False, False, False])
    plain = np.array([False, False, True, False, False, False])
    taught = np.where(plain, 0.0, 1.0)
    kept = np.flatnonzero(taught)
    taught[kept] = family_weights(family[kept], truth[kept])
    return Rows(
        texts=list("abcdef"),
        family=family,
        lineage=np.array([0, 0, 1, 2, 2, 3]),
        side=np.where(truth, "distill", "benign"),
        language=np.full(6, "en"),
        truth=truth,
        plain=plain,
        weight=family_weights(family, truth),
        taught=taught,
    )


COMPOSED = Composed(
    texts=["x", "y", "z"], truth=np.array([True, False, False]), lineage=np.full(3, -1)
)


def lesson(name: str = "both") -> Lesson:
    """Return one of the two lessons over all rows, the composed ones last."""
    given = rows()
    return Lesson(
        name=name,
        texts=given.texts + COMPOSED.texts,
        truth=np.append(given.truth, COMPOSED.truth),
        lineage=np.append(given.lineage, COMPOSED.lineage),
        taught=lessons_of(given, COMPOSED)[name],
        n_scored=6,
    )


def test_plain_instructions_are_taught_to_nobody() -> None:
    """In neither lesson do they weigh anything; composed prompts weigh in one."""
    lessons = lessons_of(rows(), COMPOSED)
    assert list(LESSONS) == list(lessons)
    assert {0.0} == {float(weight[2]) for weight in lessons.values()}
    assert 0.0 == lessons["families"][6:].sum()
    assert 1.0 == pytest.approx(lessons["both"][6:].sum())


def test_sides_weigh_the_same_in_both_lessons() -> None:
    """Neither lesson is won by saying yes, or no, to everything."""
    truth = np.append(rows().truth, COMPOSED.truth)
    for weight in lessons_of(rows(), COMPOSED).values():
        assert weight[truth].sum() == pytest.approx(weight[~truth].sum())


def test_held_out_rows_are_scored_and_composed_ones_are_learned_from() -> None:
    """Composed prompts are in every lesson and in no score; a row's lineage is in no lesson of its."""
    learned: dict[int, set[int]] = {}

    def fit(taught: np.ndarray) -> object:
        def score(out: np.ndarray) -> np.ndarray:
            learned.update({int(row): set(taught.tolist()) for row in out})
            return out + 0.5

        return score

    assert [0.5, 1.5, 2.5, 3.5, 4.5, 5.5] == lesson().scores(fit).tolist()
    assert set(range(6)) == set(learned)
    assert all({6, 7, 8} <= taught for taught in learned.values())
    assert {3, 4, 5, 6, 7, 8} == learned[0]


def test_thinned_lesson_keeps_all_rows_of_families() -> None:
    """Of the composed ones every second stays; what weighs nothing is not embedded."""
    thinned = lesson().thinned(2)
    assert [True, False, True] == (thinned.taught[6:] > 0).tolist()
    assert lesson().taught[:6].tolist() == thinned.taught[:6].tolist()
    assert [True] * 7 + [False, True] == thinned.used().tolist()


def test_best_setting_is_of_its_own_lesson() -> None:
    """A setting taught on both cannot stand for one taught on families."""
    given = rows()
    right, wrong = given.truth * 1.0, ~given.truth * 1.0
    scored = {"families, C=1": wrong, "families, C=2": right * 0, "both, C=1": right}
    assert "families, C=2" == best_of(given, scored, lesson="families")["figures"]["setting"]
    assert 1.0 == best_of(given, scored, lesson="both")["figures"]["auc"]
