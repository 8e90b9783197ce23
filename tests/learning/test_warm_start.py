"""Long fits begin where the last one ended, and still are fits on all labels."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from jupyterlab_al.learning import fit_notes, persistence
from jupyterlab_al.learning.round import RoundTask, run_round
from jupyterlab_al.learning.spec import EstimatorSpec, default_spec

MakeTask = Callable[..., RoundTask]
FOREST = EstimatorSpec(
    import_path="sklearn.ensemble.RandomForestClassifier",
    params={"n_estimators": 5, "warm_start": True},
)


def run(task: RoundTask, pool: Any) -> None:
    """Run a round that nobody watches."""
    run_round(task, pool.features, lambda _phase, _done: None)


def began_anew(task: RoundTask) -> bool:
    """Return what the record of a round's estimator says."""
    path = persistence.model_path(task.project_folder, task.round_id)
    found: bool = json.loads(path.with_suffix(".json").read_text())["began_anew"]
    return found


def with_labels(task: RoundTask, pool: Any, ids: Any, **changes: Any) -> RoundTask:
    """Return a task with other labeled samples."""
    n = len(ids)
    parts: dict[str, Any] = {
        "labeled_ids": np.asarray(ids),
        "labeled_y": pool.y(ids),
        "labeled_order": np.arange(n),
        "labeled_chances": np.ones(n),
        "labeled_uniform": np.zeros(n, dtype=np.bool_),
    }
    return replace(task, **(parts | changes))


@pytest.fixture
def all_fits_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every fit count as a long one."""
    monkeypatch.setattr(fit_notes, "LONG_FIT", 0.0)


@pytest.fixture
def first(pool: Any, a_task: MakeTask) -> RoundTask:
    """Return the task of the first round."""
    return a_task(pool, round_id=1, estimator=default_spec(is_sparse=False))


@pytest.mark.usefixtures("all_fits_are_long")
class TestLongFits:
    def test_more_labels_go_on_from_the_last_estimator(self, pool: Any, first: RoundTask) -> None:
        """It ends where a fit ends that begins anew, in fewer steps, and is made as described."""
        more = [*first.labeled_ids, 300, 301]
        run(first, pool)
        second = with_labels(replace(first, round_id=2), pool, more)

        run(second, pool)

        assert (began_anew(first), began_anew(second)) == (True, False)
        fitted = persistence.load(persistence.model_path(first.project_folder, 2)).estimator
        anew = first.estimator.build().fit(pool.features.X[np.sort(more)], pool.y(np.sort(more)))
        exact = anew.set_params(classify__tol=1e-9).fit(
            pool.features.X[np.sort(more)], pool.y(np.sort(more))
        )
        assert fitted[-1].coef_ == pytest.approx(exact[-1].coef_, abs=1e-3)
        assert fitted[-1].n_iter_ < exact[-1].n_iter_
        usual = LogisticRegression(max_iter=1000).get_params()
        assert fitted[-1].get_params() | {"random_state": None} == usual

    def test_a_label_that_is_new_is_learned_however_many_there_are(
        self, make_pool: Any, a_task: MakeTask
    ) -> None:
        """One label among thousands moves the weights as far as a fit from nothing does."""
        pool = make_pool(n=6000)
        ids = np.arange(5000)
        none = np.empty(0, dtype=np.int64)
        first = with_labels(a_task(pool, check_ids=none, check_y=[]), pool, ids)
        run(first, pool)
        wrong = with_labels(replace(first, round_id=2), pool, [*ids, 5500])
        other = next(name for name in ("ant", "bee", "cow") if name != wrong.labeled_y[-1])

        run(replace(wrong, labeled_y=[*wrong.labeled_y[:-1], other]), pool)

        before, after = (
            persistence.load(persistence.model_path(first.project_folder, n)).estimator.coef_
            for n in (1, 2)
        )
        X, y = pool.features.X[[*ids, 5500]], [*wrong.labeled_y[:-1], other]
        exact = LogisticRegression(max_iter=1000, tol=1e-10).fit(X, y).coef_
        assert np.abs(after - exact).max() < np.abs(before - exact).max() / 3

    @pytest.mark.parametrize("change", ["undone", "changed", "class", "estimator", "many more"])
    def test_what_was_learned_and_no_longer_holds_leaves_no_trace(
        self, pool: Any, first: RoundTask, change: str
    ) -> None:
        """The fit begins anew, and gives what it gives without any round before."""
        ids = first.labeled_ids.tolist()
        next_round = replace(first, round_id=2)
        tasks = {
            "undone": with_labels(next_round, pool, [*ids[1:], 300]),
            "changed": replace(
                next_round,
                labeled_y=["cow" if first.labeled_y[0] != "cow" else "bee", *first.labeled_y[1:]],
            ),
            "class": with_labels(
                replace(next_round, classes=(*first.classes, "new")),
                pool,
                [*ids, 300],
                labeled_y=[*first.labeled_y, "new"],
            ),
            "estimator": replace(next_round, estimator=default_spec(is_sparse=True)),
            "many more": with_labels(next_round, pool, [*ids, *range(300, 330)]),
        }
        alone = Path(first.project_folder) / "alone"
        run(first, pool)

        run(tasks[change], pool)
        run(replace(tasks[change], project_folder=alone), pool)

        assert began_anew(tasks[change])
        here, there = (
            persistence.load(persistence.model_path(folder, 2))
            for folder in (first.project_folder, alone)
        )
        X = pool.features.X
        assert (
            here.estimator.predict_proba(X).tobytes() == there.estimator.predict_proba(X).tobytes()
        )

    def test_growth_is_counted_from_the_last_fit_that_began_anew(
        self, pool: Any, first: RoundTask
    ) -> None:
        """A long row of small steps comes to an end."""
        ids = first.labeled_ids.tolist()
        began = []
        for number in range(1, 5):
            task = with_labels(
                replace(first, round_id=number), pool, [*ids, *range(300, 294 + 6 * number)]
            )
            run(task, pool)
            began.append(began_anew(task))

        assert began == [True, False, False, True]

    def test_an_estimator_that_becomes_another_by_it_never_does(
        self, pool: Any, first: RoundTask
    ) -> None:
        """A forest that goes on would keep its old trees."""
        task = replace(first, estimator=FOREST)
        run(task, pool)

        run(replace(task, round_id=2), pool)

        assert began_anew(replace(task, round_id=2))

    def test_a_broken_file_costs_time_only(self, pool: Any, first: RoundTask) -> None:
        """Without what it wrote down, a round fits anew."""
        run(first, pool)
        notes = Path(first.project_folder) / "models" / "1.npz"
        notes.write_bytes(notes.read_bytes()[:100])

        run(replace(first, round_id=2), pool)

        assert began_anew(replace(first, round_id=2))

    def test_notes_go_with_their_estimator(self, pool: Any, first: RoundTask) -> None:
        """Only the last rounds are kept."""
        for number in (1, 2, 3):
            run(replace(first, round_id=number, keep_models=1), pool)

        assert {path.name for path in (Path(first.project_folder) / "models").iterdir()} == {
            "3.skops", "3.json", "3.npz",
        }  # fmt: skip


def test_quick_fits_begin_anew(pool: Any, first: RoundTask) -> None:
    """Where there is nothing to wait for, the labels alone decide."""
    run(first, pool)

    run(replace(first, round_id=2), pool)

    assert began_anew(replace(first, round_id=2))
