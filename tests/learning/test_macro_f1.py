"""The mean F1 of the classes, where a sample can have several."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import f1_score

from jupyterlab_al.learning.macro_f1 import macro_f1

Tables = tuple[np.ndarray, np.ndarray]
Draw = Callable[[np.random.Generator, int, int], Tables]

CLASSES = ["rock", "pop", "jazz"]


def sets(matrix: np.ndarray, names: list[str] = CLASSES) -> list[set[str]]:
    """Return rows of a table of classes by names."""
    return [{names[column] for column in np.flatnonzero(row)} for row in matrix]


def answered(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what is true of some samples, and what is said, each class by itself."""
    truth = rng.random((n, 3)) < [0.3, 0.5, 0.2]
    said = truth ^ (rng.random((n, 3)) < [0.1, 0.2, 0.15])
    return truth, said


def test_it_is_that_of_scikit_learn() -> None:
    """The value is the unweighted mean of the classes' F1."""
    truth, said = answered(np.random.default_rng(0), 40)

    found = macro_f1(sets(said), sets(truth), classes=CLASSES)

    assert found is not None
    assert found.value == pytest.approx(f1_score(truth, said, average="macro"))
    assert found.low < found.value < found.high
    assert found.n == 40


def test_a_class_that_no_check_met_is_left_out() -> None:
    """What was neither there nor said is not counted as wrong."""
    found = macro_f1([{"rock"}, set()], [{"rock"}, set()], classes=CLASSES)

    assert found is not None
    assert found.value == 1.0


def test_a_class_that_is_only_said_is_wrong() -> None:
    """A class that is given to samples and never there has an F1 of zero."""
    found = macro_f1([{"rock", "jazz"}], [{"rock"}], classes=CLASSES)

    assert found is not None
    assert found.value == 0.5


def test_without_any_class_nothing_is_said() -> None:
    """Samples that are of no class, and called so, have no F1."""
    assert macro_f1([set()], [set()], classes=CLASSES) is None


def test_one_check_says_little() -> None:
    """A single check that was half right leaves nearly everything open."""
    found = macro_f1([{"rock", "jazz"}, set()], [{"rock"}, set()], classes=CLASSES)

    assert found is not None
    assert (found.value, found.n) == (0.5, 2)
    assert found.low < 0.1
    assert found.high > 0.9


def test_always_right_is_not_certain() -> None:
    """Three checks that were right leave room for doubt, a hundred leave less."""
    few, many = (macro_f1([{"rock"}] * n, [{"rock"}] * n, classes=CLASSES) for n in (3, 100))

    assert few is not None
    assert many is not None
    assert (few.value, few.high) == (1.0, 1.0)
    assert few.low < 0.8 < 0.95 < many.low


def of_one_class_each(rng: np.random.Generator, n: int, n_classes: int) -> Tables:
    """Return answers where a sample is of one class: one error is wrong about two."""
    shift = np.where(rng.random(n) < 0.2, rng.integers(1, n_classes, n), 0)
    truth = rng.integers(n_classes, size=n)
    one_hot = np.eye(n_classes, dtype=bool)
    return one_hot[truth], one_hot[(truth + shift) % n_classes]


def of_classes_that_come_together(rng: np.random.Generator, n: int, n_classes: int) -> Tables:
    """Return answers where a sample has most classes or few, and is easy or hard for all."""
    many = rng.random((n, 1)) < 0.4
    truth = rng.random((n, n_classes)) < np.where(many, 0.8, 0.1)
    is_hard = rng.random((n, 1)) < 0.3
    return truth, truth ^ (rng.random((n, n_classes)) < np.where(is_hard, 0.5, 0.03))


@pytest.mark.parametrize(("n_classes", "n_checks"), [(2, 50), (5, 50), (10, 50), (10, 200)])
@pytest.mark.parametrize("draw", [of_one_class_each, of_classes_that_come_together])
def test_the_interval_holds_the_true_value(draw: Draw, n_classes: int, n_checks: int) -> None:
    """About 19 of 20 intervals do, also where classes depend on each other."""
    rng = np.random.default_rng(1)
    names = [f"c{number}" for number in range(n_classes)]
    true = f1_score(*draw(rng, 100_000, n_classes), average="macro")
    held = 0
    for _ in range(400):
        truth, said = draw(rng, n_checks, n_classes)
        found = macro_f1(sets(said, names), sets(truth, names), classes=names)
        assert found is not None
        held += found.low <= true <= found.high

    # What 400 draws of 95 % may come to.
    assert 0.925 <= held / 400 <= 0.98
