"""What is kept of a round's predictions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jupyterlab_al.learning.predictions import MOST_CLASSES, Predictions
from jupyterlab_al.learning.round import run_round


def test_a_round_keeps_what_it_expects_of_the_queue(pool, a_task) -> None:
    """Every sample of the new order, and each that people see besides, has its probabilities."""
    task = a_task(pool, upcoming=np.array([121, 501]))

    outcome = run_round(task, pool.features, lambda *_: None)

    kept = Predictions.load(task.project_folder, round_id=task.round_id)
    assert kept is not None
    for sample_id in [*outcome.sample_ids.tolist(), 121, 501]:
        found = kept.probabilities(sample_id)
        assert found is not None
        assert {0, 1, 2} == set(found)
        assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    assert kept.probabilities(0) is None


def test_probabilities_go_by_the_classes_of_the_project(pool, a_task) -> None:
    """Columns of the estimator, which knows two classes only, become indices of the project."""
    shown = range(200, 260)
    some = [i for i in range(0, 120, 2) if pool.labels[i] != "bee"]
    task = a_task(
        pool, labeled_ids=np.array(some), labeled_y=pool.y(some), upcoming=np.array(shown)
    )

    run_round(task, pool.features, lambda *_: None)

    kept = Predictions.load(task.project_folder, round_id=task.round_id)
    assert kept is not None
    likeliest = [next(iter(kept.probabilities(i) or {})) for i in shown]
    right = [
        task.classes[index] == pool.labels[i] for i, index in zip(shown, likeliest, strict=True)
    ]
    assert {0, 2} == set(likeliest)
    assert sum(right) > 30


def test_of_many_classes_the_likeliest_are_kept() -> None:
    """A project with a thousand classes keeps as many as a person looks at, likeliest first."""
    proba = np.random.default_rng(0).dirichlet(np.ones(1000), size=3)

    kept = Predictions.of(np.array([7, 3, 5]), proba, range(1000))

    found = kept.probabilities(7)
    assert found is not None
    assert np.argsort(-proba[0])[:MOST_CLASSES].tolist() == list(found)


def test_old_predictions_go(tmp_path: Path) -> None:
    """Only those of the last rounds are kept; of one that is gone there are none."""
    for round_id in (8, 9, 10, 11):
        Predictions.of(np.array([0]), [[1.0]], [0]).save(tmp_path, round_id=round_id, keep=2)

    assert Predictions.load(tmp_path, round_id=9) is None
    assert Predictions.load(tmp_path, round_id=10) is not None
