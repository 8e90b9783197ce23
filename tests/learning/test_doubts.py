"""Likely label errors and agreement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jupyterlab_al.learning import doubts
from jupyterlab_al.learning.agreement import agreement
from jupyterlab_al.learning.round import run_round
from jupyterlab_al.learning.spec import EstimatorSpec
from jupyterlab_al.learning.task import Doubts, RoundTask


def silent(_phase: str, _progress: float) -> None:
    """Report to nobody."""


@pytest.fixture
def flipped(pool: Any, a_task: Callable[..., RoundTask]) -> tuple[RoundTask, set[int]]:
    """Return a task with 300 labels of which twenty are wrong, and their samples."""
    ids = np.arange(300)
    y = pool.y(ids)
    wrong = set(np.random.default_rng(0).choice(300, size=20, replace=False).tolist())
    for sample_id in wrong:
        y[sample_id] = {"ant": "bee", "bee": "cow", "cow": "ant"}[y[sample_id]]
    empty = np.empty(0, dtype=np.int64)
    return a_task(pool, labeled_ids=ids, labeled_y=y, check_ids=empty, check_y=[]), wrong


class TestDoubts:
    """Labels that an estimator doubts which did not see them."""

    def test_wrong_labels_are_found(self, pool: Any, flipped: tuple[RoundTask, set[int]]) -> None:
        """Most of what is doubted first is wrong, though only one label in fifteen is."""
        task, wrong = flipped

        found = doubts.doubtful_labels(task, pool.features)

        assert found.sample_ids is not None
        first = found.sample_ids[:15].tolist()
        assert len(wrong & set(first)) >= 12
        assert len(found.sample_ids) <= 30

    def test_the_round_says_so(self, pool: Any, flipped: tuple[RoundTask, set[int]]) -> None:
        """The outcome of a round has them, and how many labels were looked through."""
        task, _wrong = flipped

        outcome = run_round(task, pool.features, silent)

        assert outcome.doubts is not None
        assert outcome.doubts.sample_ids is not None
        assert outcome.doubts.n_train == 300

    def test_checks_are_never_doubted(
        self, pool: Any, flipped: tuple[RoundTask, set[int]], a_task: Callable[..., RoundTask]
    ) -> None:
        """Corrected only where the model doubts them, checks would make it look too good."""
        task, wrong = flipped
        y = dict(enumerate(task.labeled_y))
        checks = np.array(sorted(wrong)[:10])
        rest = np.setdiff1d(task.labeled_ids, checks)
        with_checks = a_task(
            pool,
            labeled_ids=rest,
            labeled_y=[y[each] for each in rest.tolist()],
            check_ids=checks,
            check_y=[y[each] for each in checks.tolist()],
        )

        found = doubts.doubtful_labels(with_checks, pool.features)

        assert found.sample_ids is not None
        assert not set(found.sample_ids.tolist()) & set(checks.tolist())

    def test_reviewed_labels_are_trusted(
        self, pool: Any, flipped: tuple[RoundTask, set[int]], a_task: Callable[..., RoundTask]
    ) -> None:
        """What was looked at again is not doubted a second time."""
        task, wrong = flipped
        again = a_task(
            pool,
            labeled_ids=task.labeled_ids,
            labeled_y=task.labeled_y,
            check_ids=task.check_ids,
            check_y=[],
            reviewed=np.array(sorted(wrong)),
        )

        found = doubts.doubtful_labels(again, pool.features)

        assert found.sample_ids is not None
        assert not wrong & set(found.sample_ids.tolist())

    def test_a_poor_model_doubts_nothing(self, pool: Any, a_task: Callable[..., RoundTask]) -> None:
        """Labels at random teach nothing, so that nobody is asked because of them."""
        y = np.random.default_rng(1).choice(["ant", "bee", "cow"], size=300).tolist()
        task = a_task(
            pool,
            labeled_ids=np.arange(300),
            labeled_y=y,
            check_ids=np.empty(0, dtype=np.int64),
            check_y=[],
        )

        found = doubts.doubtful_labels(task, pool.features)

        assert (found.sample_ids, found.note) == (None, doubts.UNSURE)

    def test_without_the_extra_it_says_what_to_install(
        self,
        pool: Any,
        flipped: tuple[RoundTask, set[int]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A missing library is no error of a round, and the sentence names the extra."""
        monkeypatch.setattr(doubts, "find_spec", lambda _name: None)

        found = doubts.doubtful_labels(flipped[0], pool.features)

        assert found.sample_ids is None
        assert "jupyterlab_al[quality]" in (found.note or "")

    def test_an_estimator_without_probabilities_says_so(
        self, pool: Any, flipped: tuple[RoundTask, set[int]], a_task: Callable[..., RoundTask]
    ) -> None:
        """The round goes on, and the note says what is missing."""
        task, _wrong = flipped
        svm = EstimatorSpec(import_path="sklearn.svm.LinearSVC", params={})
        other = a_task(
            pool,
            estimator=svm,
            labeled_ids=task.labeled_ids,
            labeled_y=task.labeled_y,
            check_ids=task.check_ids,
            check_y=[],
        )

        found = doubts.doubtful_labels(other, pool.features)

        assert (found.sample_ids, found.note) == (None, doubts.PROBABILITIES)

    @pytest.mark.parametrize(("before", "is_due"), [(None, True), (200, True), (290, False)])
    def test_labels_are_looked_through_seldom(
        self,
        flipped: tuple[RoundTask, set[int]],
        pool: Any,
        before: int | None,
        is_due: bool,
    ) -> None:
        """Only once there are a quarter more labels; until then the last look holds."""
        last = None if before is None else Doubts(n_train=before)

        found = doubts.doubts_of(
            replace(flipped[0], doubted_before=last), pool.features, fit_seconds=0.1
        )

        assert (found.n_train, found.sample_ids is not None) == (
            (300, True) if is_due else (290, False)
        )

    def test_fits_that_take_long_are_not_repeated(
        self, flipped: tuple[RoundTask, set[int]], pool: Any
    ) -> None:
        """People don't wait for doubts, and are told why there are none."""
        found = doubts.doubts_of(flipped[0], pool.features, fit_seconds=3.0)

        assert (found.sample_ids, found.note) == (None, doubts.TOO_SLOW)

    def test_few_labels_are_not_looked_through(
        self, pool: Any, a_task: Callable[..., RoundTask]
    ) -> None:
        """A round that did not look yet says from when on it will."""
        ids = np.arange(20)
        task = a_task(pool, labeled_ids=ids, labeled_y=pool.y(ids))

        outcome = run_round(task, pool.features, silent)

        assert outcome.doubts is not None
        assert (
            outcome.doubts.note
            == "Likely label errors are looked for once 50 labels teach the model."
        )


class TestAgreement:
    """How far annotators agree."""

    def test_one_annotator_agrees_with_nobody(self) -> None:
        """Without two labels of a sample there is no figure."""
        assert agreement([{"ann": "cat"}, {"bob": "dog"}]) is None

    def test_it_is_fleiss_kappa(self) -> None:
        """The textbook's example (ten subjects, fourteen raters) comes out as in the textbook."""
        counts = [
            [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
        ]  # fmt: skip
        samples = []
        for row in counts:
            labels = [str(label) for label, n in enumerate(row) for _ in range(n)]
            samples.append({f"rater {at}": label for at, label in enumerate(labels)})

        found = agreement(samples)

        assert found is not None
        assert found.value == pytest.approx(0.210, abs=0.0005)
        assert found.same == pytest.approx(0.378, abs=0.0005)

    def test_confused_classes_are_named(self) -> None:
        """The pair of classes that most samples got both of comes first."""
        samples = [{"ann": "cat", "bob": "dog"}] * 3 + [{"ann": "owl", "bob": "cat"}]

        found = agreement(samples)

        assert found is not None
        assert [(each.labels, each.n) for each in found.confused] == [
            (("cat", "dog"), 3),
            (("cat", "owl"), 1),
        ]
