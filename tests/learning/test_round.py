"""A whole round: fit, evaluate, score, rank."""

from __future__ import annotations

import pickle
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.learning.persistence import load
from jupyterlab_al.learning.pool_utilities import PoolUtilities
from jupyterlab_al.learning.round import RoundOutcome, RoundTask, run_round
from jupyterlab_al.learning.spec import EstimatorSpec

MakeTask = Callable[..., RoundTask]


def spec(import_path: str, **params: Any) -> EstimatorSpec:
    """Return a spec."""
    return EstimatorSpec(import_path=import_path, params=params)


def run(task: RoundTask, features: Any) -> RoundOutcome:
    """Run a round that nobody watches."""
    return run_round(task, features, lambda phase, done: None)


class TestOutcome:
    @pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
    def test_a_new_order_and_what_to_say_about_it(
        self, make_pool: Any, a_task: MakeTask, *, sparse: bool
    ) -> None:
        """A round gives the best candidates and figures, for arrays and for sparse features."""
        pool = make_pool(sparse=sparse)

        outcome = run(a_task(pool), pool.features)

        assert len(outcome.sample_ids) == len(np.unique(outcome.sample_ids)) == 50
        assert np.all(np.diff(outcome.utilities) <= 0)
        assert outcome.accuracy is not None
        assert outcome.accuracy.value > 0.8
        assert (outcome.n_train, outcome.n_checks, outcome.accuracy.n) == (60, 40, 40)
        assert outcome.n_candidates == 500
        assert outcome.utility_mean is not None
        assert 0 < outcome.utility_mean < outcome.utilities[0]
        assert outcome.classes_seen == ("cow", "bee", "ant")
        assert sum(outcome.predicted_share.values()) == pytest.approx(1.0)
        assert outcome.predicted_share["bee"] == pytest.approx(1 / 3, abs=0.1)
        assert set(outcome.seconds) == {"fit", "evaluate", "score", "rank"}
        assert min(outcome.seconds.values()) >= 0

    def test_the_order_is_that_of_the_definition(self, pool: Any, a_task: MakeTask) -> None:
        """The queue is what scikit-learn and one sort of the margins give."""
        task = a_task(pool)
        model = LogisticRegression(max_iter=1000).fit(
            pool.features.X[task.labeled_ids], task.labeled_y
        )
        candidates = np.setdiff1d(np.arange(pool.n), [*task.labeled_ids, *task.check_ids])
        ordered = np.sort(model.predict_proba(pool.features.X[candidates]), axis=1)
        best = candidates[np.argsort(ordered[:, -1] - ordered[:, -2], kind="stable")[:50]]

        outcome = run(task, pool.features)

        assert outcome.sample_ids.tolist() == best.tolist()

    def test_the_default_arranges_the_head_of_the_order(self, pool: Any, a_task: MakeTask) -> None:
        """The first 32 are chosen among the 100 most unsure; the others follow by utility."""
        by_margin = run(a_task(pool, queue_size=500), pool.features)
        arranged = run(a_task(pool, queue_size=500, strategy=("default", {})), pool.features)

        assert sorted(arranged.sample_ids) == sorted(by_margin.sample_ids)
        assert set(arranged.sample_ids[:32]) <= set(by_margin.sample_ids[:100])
        assert arranged.sample_ids[:32].tolist() != by_margin.sample_ids[:32].tolist()
        assert np.all(np.diff(arranged.utilities[32:]) <= 0)
        known = dict(zip(by_margin.sample_ids, by_margin.utilities, strict=True))
        assert arranged.utilities == pytest.approx([known[i] for i in arranged.sample_ids])

    def test_done_and_reserved_samples_are_no_candidates(self, pool: Any, a_task: MakeTask) -> None:
        """Labeled samples, checks and whatever is excluded never come back into the queue."""
        task = a_task(pool, excluded=np.arange(200, 590), queue_size=1000)

        outcome = run(task, pool.features)

        left = {*range(1, 120, 2), *range(120, 200, 2), *range(590, 600)}
        assert set(outcome.sample_ids.tolist()) == left
        assert outcome.n_candidates == len(left)

    def test_a_pool_that_is_all_labeled_gives_an_empty_order(
        self, pool: Any, a_task: MakeTask
    ) -> None:
        """The last round of a project is still a round."""
        outcome = run(a_task(pool, excluded=np.arange(pool.n)), pool.features)

        assert len(outcome.sample_ids) == 0
        assert outcome.utility_mean is None

    def test_it_can_be_repeated(self, pool: Any, a_task: MakeTask) -> None:
        """The same task gives the same order, whoever labeled first, and again after a crash."""
        task = a_task(
            pool,
            estimator=spec("sklearn.ensemble.RandomForestClassifier", n_estimators=5),
            round_id=2,
        )
        turned = replace(
            task, labeled_ids=task.labeled_ids[::-1], labeled_y=list(task.labeled_y)[::-1]
        )
        run(replace(task, round_id=1), pool.features)

        first, again = run(task, pool.features), run(turned, pool.features)

        assert first.sample_ids.tolist() == again.sample_ids.tolist()
        assert first.utilities.tolist() == again.utilities.tolist()
        assert first.changed_share == again.changed_share == 0.0

    def test_each_round_draws_anew(self, pool: Any, a_task: MakeTask) -> None:
        """Random orders of two rounds are not the same."""
        task = a_task(pool, strategy=("random", {}))

        first, second = (run(replace(task, round_id=n), pool.features) for n in (1, 2))

        assert first.sample_ids.tolist() != second.sample_ids.tolist()

    def test_only_the_order_can_be_wanted(self, pool: Any, a_task: MakeTask) -> None:
        """It is the order of a whole round; nothing is evaluated, no estimator kept."""
        whole = run(a_task(pool), pool.features)
        folder = Path(a_task(pool).project_folder) / "early"

        early = run(a_task(pool, order_only=True, project_folder=folder), pool.features)

        assert early.sample_ids.tolist() == whole.sample_ids.tolist()
        assert (early.checks, early.comparison, early.gain, early.model_path) == (None,) * 4
        assert early.utility_histogram is None
        kept = {path.parent.name for path in folder.rglob("*") if path.is_file()}
        assert kept == {"predictions", "scores"}

    def test_phases_come_in_order_and_progress_grows(self, pool: Any, a_task: MakeTask) -> None:
        """A person sees fit, evaluate, score and rank, and a bar that never runs back."""
        said: list[tuple[str, float]] = []

        run_round(a_task(pool), pool.features, lambda phase, done: said.append((phase, done)))

        assert list(dict.fromkeys(phase for phase, _ in said)) == [
            "fit", "evaluate", "score", "rank",
        ]  # fmt: skip
        assert [done for _, done in said] == sorted(done for _, done in said)
        assert said[0][1] == 0.0
        assert said[-1] == ("rank", 1.0)

    def test_task_and_outcome_travel_between_processes(self, pool: Any, a_task: MakeTask) -> None:
        """Both can be pickled."""
        task = pickle.loads(pickle.dumps(a_task(pool)))  # noqa: S301

        outcome = pickle.loads(pickle.dumps(run(task, pool.features)))  # noqa: S301

        assert len(outcome.sample_ids) == 50

    def test_warnings_of_the_estimator_are_passed_on(self, pool: Any, a_task: MakeTask) -> None:
        """An estimator that did not converge says so."""
        task = a_task(pool, estimator=spec("sklearn.linear_model.LogisticRegression", max_iter=1))

        outcome = run(task, pool.features)

        assert any("converge" in text for text in outcome.warnings)


class TestHonestNumbers:
    def test_checks_never_train(self, make_pool: Any, a_task: MakeTask) -> None:
        """On labels that are noise, an estimator that learns by heart is right half the time."""
        pool = make_pool(n=1000)
        pool.labels = np.random.default_rng(1).choice(["heads", "tails"], size=1000)
        checks = np.arange(1, 600, 2)

        outcome = run(
            a_task(
                pool,
                estimator=spec("sklearn.neighbors.KNeighborsClassifier", n_neighbors=1),
                classes=("heads", "tails"),
                check_ids=checks,
                check_y=pool.y(checks),
            ),
            pool.features,
        )

        assert outcome.accuracy is not None
        assert 0.4 < outcome.accuracy.value < 0.6
        assert outcome.n_train == 60

    def test_labels_of_checks_change_the_accuracy_and_nothing_else(
        self, pool: Any, a_task: MakeTask
    ) -> None:
        """Whatever the checks say, the same estimator and the same order come out."""
        task = a_task(pool)

        right = run(task, pool.features)
        wrong = run(replace(task, round_id=2, check_y=["elk"] * 40), pool.features)

        models = [load(outcome.model_path).estimator for outcome in (right, wrong)]
        assert np.array_equal(models[0].coef_, models[1].coef_)
        assert right.sample_ids.tolist() == wrong.sample_ids.tolist()
        assert right.accuracy != wrong.accuracy
        assert wrong.accuracy is not None
        assert wrong.accuracy.value == 0.0

    def test_a_sample_in_both_sets_stops_the_round(self, pool: Any, a_task: MakeTask) -> None:
        """A check that would train is an error, not a better accuracy."""
        task = a_task(pool)
        leaked = np.append(task.labeled_ids, task.check_ids[0])

        with pytest.raises(RoundFailedError, match=r"1 samples .* random checks and would train"):
            run(
                replace(task, labeled_ids=leaked, labeled_y=pool.y(leaked)),
                pool.features,
            )

    def test_without_checks_there_is_no_accuracy(self, pool: Any, a_task: MakeTask) -> None:
        """No number is better than a made-up one."""
        none = np.empty(0, dtype=np.int64)

        assert run(a_task(pool, check_ids=none, check_y=[]), pool.features).accuracy is None

    def test_the_estimated_accuracy_is_that_of_the_pool(
        self, make_pool: Any, a_task: MakeTask
    ) -> None:
        """Over 40 draws of checks, about 95 % of the intervals hold the true accuracy."""
        pool, held = make_pool(n=1000, seed=5), 0
        labeled = np.arange(30)
        task = a_task(pool, labeled_ids=labeled, labeled_y=pool.y(labeled), queue_size=1)
        model = LogisticRegression(max_iter=1000).fit(pool.features.X[:30], pool.labels[:30])
        true = np.mean(model.predict(pool.features.X[30:]) == pool.labels[30:])

        for seed in range(40):
            checks = 30 + np.random.default_rng(seed).choice(970, size=60, replace=False)
            found = run(replace(task, check_ids=checks, check_y=pool.y(checks)), pool.features)
            assert found.accuracy is not None
            held += found.accuracy.low <= true <= found.accuracy.high

        assert held >= 34

    def test_changed_share_compares_with_the_round_before(
        self, pool: Any, a_task: MakeTask
    ) -> None:
        """The first round has nothing to compare; later ones count predictions that differ."""
        task = a_task(pool)
        swapped = ["bee" if label == "ant" else "ant" for label in task.labeled_y]

        shares = [
            run(replace(task, round_id=1), pool.features).changed_share,
            run(replace(task, round_id=2), pool.features).changed_share,
            run(replace(task, round_id=3, labeled_y=swapped), pool.features).changed_share,
        ]

        assert shares[:2] == [None, 0.0]
        assert shares[2] is not None
        assert shares[2] > 0.6

    def test_only_the_last_rounds_are_kept(self, pool: Any, a_task: MakeTask) -> None:
        """Models and predictions of old rounds make room, whatever their numbers."""
        for round_id in (8, 9, 10, 11):
            task = a_task(pool, round_id=round_id, keep_models=2)
            run(task, pool.features)

        folder = Path(task.project_folder)
        assert {path.stem for path in (folder / "models").iterdir()} == {"10", "11"}
        assert {path.stem for path in (folder / "predictions").iterdir()} == {"10", "11"}

    def test_the_utilities_of_all_candidates_are_on_disk(self, pool: Any, a_task: MakeTask) -> None:
        """What each sample was worth can be looked up; what was no candidate has no number."""
        task = a_task(pool, round_id=4)

        outcome = run(task, pool.features)

        kept = np.load(task.project_folder / "scores" / "4.npy", mmap_mode="r")
        assert (kept.dtype, kept.shape) == (np.float32, (pool.n,))
        done = np.concatenate([task.labeled_ids, task.check_ids])
        assert np.flatnonzero(np.isnan(kept)).tolist() == np.sort(done).tolist()
        assert kept[outcome.sample_ids] == pytest.approx(outcome.utilities)
        assert np.nanmean(kept) == pytest.approx(outcome.utility_mean)

    def test_the_utilities_of_all_candidates_are_counted(self, pool: Any, a_task: MakeTask) -> None:
        """The histogram is that of the file, in bins of one width from the least to the most."""
        task = a_task(pool, round_id=4)

        histogram = run(task, pool.features).utility_histogram

        kept = np.load(task.project_folder / "scores" / "4.npy")
        known = kept[~np.isnan(kept)]
        counts, edges = np.histogram(known, bins=20, range=(known.min(), known.max()))
        assert histogram is not None
        assert histogram.counts == tuple(counts)
        assert (histogram.low, histogram.high) == (edges[0], edges[-1])

    def test_utilities_that_are_all_alike_are_counted(self, tmp_path: Path) -> None:
        """A strategy that knows no difference has one bar; a pool without candidates has none."""
        alike, nothing = (PoolUtilities(tmp_path / name, round_id=1, n=5) for name in "ab")
        for utilities in (alike, nothing):
            utilities.begin()
        alike.write(np.arange(1, 4), np.full(3, 0.25))
        for utilities in (alike, nothing):
            utilities.end()

        found = alike.histogram()

        assert found is not None
        assert (found.low, found.high, sum(found.counts), max(found.counts)) == (0.25, 0.25, 3, 3)
        assert nothing.histogram() is None
        for utilities in (alike, nothing):
            utilities.discard()

    def test_utilities_that_are_nearly_alike_are_counted(self, tmp_path: Path) -> None:
        """The last digit alone makes a difference, and a bar at either end."""
        utilities = PoolUtilities(tmp_path, round_id=1, n=2)
        utilities.begin()
        low = np.float32(0.25)
        utilities.write(np.arange(2), np.array([low, np.nextafter(low, np.float32(1))]))
        utilities.end()

        found = utilities.histogram()

        assert found is not None
        assert (found.counts[0], found.counts[-1], sum(found.counts)) == (1, 1, 2)
        utilities.discard()

    def test_utilities_of_old_and_broken_rounds_make_room(
        self, pool: Any, a_task: MakeTask
    ) -> None:
        """The last rounds are kept, and nothing that was left half written."""
        folder = a_task(pool).project_folder
        (folder / ".utilities-7.part").write_bytes(b"half")

        for round_id in (8, 9, 10, 11):
            run(a_task(pool, round_id=round_id, keep_models=2), pool.features)

        names = {path.name for path in (folder / "scores").iterdir()}
        assert names == {"10.npy", "10.npz", "11.npy", "11.npz"}
        assert list(folder.glob(".*")) == []

    def test_a_full_disk_is_said_in_words(self, pool: Any, a_task: MakeTask) -> None:
        """A round whose utilities can't be written fails, and says why."""
        (a_task(pool).project_folder / ".utilities-1.part").symlink_to("/dev/full")

        with pytest.raises(RoundFailedError, match=r"Writing the utilities down failed.*disk"):
            run(a_task(pool), pool.features)

    def test_another_pool_is_not_compared(self, make_pool: Any, a_task: MakeTask) -> None:
        """Predictions on a pool of another size are no measure of change."""
        small, large = make_pool(n=600), make_pool(n=700)
        run(a_task(small, round_id=1), small.features)

        assert run(a_task(large, round_id=2), large.features).changed_share is None


class TestClasses:
    def test_classes_without_labels_are_no_obstacle(self, pool: Any, a_task: MakeTask) -> None:
        """An estimator that knows two of four classes ranks, and says which it knows."""
        labeled = np.flatnonzero(pool.labels[:100] != "cow")
        checks = np.arange(300, 400)

        outcome = run(
            a_task(
                pool,
                classes=("ant", "bee", "cow", "dog"),
                labeled_ids=labeled,
                labeled_y=pool.y(labeled),
                check_ids=checks,
                check_y=pool.y(checks),
            ),
            pool.features,
        )

        assert outcome.classes_seen == ("ant", "bee")
        assert outcome.predicted_share["cow"] == outcome.predicted_share["dog"] == 0.0
        assert outcome.accuracy is not None
        assert outcome.accuracy.value < 0.8

    @pytest.mark.parametrize("labels", [[], ["ant"] * 3])
    def test_one_class_is_too_few(self, pool: Any, a_task: MakeTask, labels: list[str]) -> None:
        """With fewer than two classes the round fails and says which there are."""
        ids = np.arange(len(labels), dtype=np.int64)

        with pytest.raises(RoundFailedError, match="at least two classes") as caught:
            run(a_task(pool, labeled_ids=ids, labeled_y=labels), pool.features)

        assert caught.value.word == "too_few_classes"
        assert caught.value.facts == {"classes": sorted(set(labels))}

    @pytest.mark.parametrize("first", ["1", "true", "nan", "None", "Ünïcode 🐝", ""])
    def test_any_text_is_a_label(self, pool: Any, a_task: MakeTask, first: str) -> None:
        """Labels stay the text they are, also where it looks like something else."""
        pool.labels = np.where(pool.labels == "ant", first, pool.labels)

        outcome = run(a_task(pool, classes=(first, "bee", "cow")), pool.features)

        assert outcome.classes_seen == (first, "bee", "cow")
        assert outcome.predicted_share[first] > 0.1

    @pytest.mark.parametrize(
        "estimator",
        [
            spec("sklearn.svm.SVC"),
            spec("sklearn.svm.LinearSVC"),
            spec("sklearn.linear_model.RidgeClassifier"),
            spec("sklearn.linear_model.SGDClassifier"),
            spec("sklearn.naive_bayes.GaussianNB"),
            spec("sklearn.neighbors.KNeighborsClassifier"),
            spec("sklearn.ensemble.HistGradientBoostingClassifier", early_stopping=True),
            spec("sklearn.ensemble.ExtraTreesClassifier", n_estimators=10),
            spec("sklearn.neural_network.MLPClassifier", max_iter=50),
        ],
        ids=lambda estimator: estimator.import_path.rpartition(".")[2],
    )
    def test_all_kinds_of_classifiers_work(
        self, pool: Any, a_task: MakeTask, estimator: EstimatorSpec
    ) -> None:
        """With probabilities or distances, linear or not, labels are strings throughout."""
        outcome = run(a_task(pool, estimator=estimator), pool.features)

        assert len(outcome.sample_ids) == 50
        assert outcome.accuracy is not None
        assert outcome.accuracy.value > 0.4


class TestSeveralLabels:
    @pytest.fixture
    def task(self, pool: Any, a_task: MakeTask) -> RoundTask:
        """Return a task in which each positive feature is a label."""
        ids, checks = np.arange(80), np.arange(100, 200)
        truth = [
            [name for name, value in zip("abc", row, strict=False) if value > 0]
            for row in pool.features.X
        ]
        return a_task(
            pool,
            multi_label=True,
            classes=("a", "b", "c", "never"),
            labeled_ids=ids,
            labeled_y=[truth[i] for i in ids],
            check_ids=checks,
            check_y=[truth[i] for i in checks],
        )

    def test_a_round_works(self, pool: Any, task: RoundTask) -> None:
        """Each class is a question of its own; a sample is right when all its labels are."""
        outcome = run(task, pool.features)

        assert outcome.classes_seen == ("a", "b", "c")
        assert outcome.accuracy is not None
        assert outcome.accuracy.value > 0.6
        assert outcome.predicted_share["a"] == pytest.approx(0.5, abs=0.1)
        assert outcome.predicted_share["never"] == 0.0
        nearest = np.abs(pool.features.X[outcome.sample_ids, :3]).mean()
        assert nearest < np.abs(pool.features.X[:, :3]).mean() * 0.7

    def test_without_a_yes_and_a_no_it_is_too_early(self, pool: Any, task: RoundTask) -> None:
        """When all samples have the same labels, nothing can be learned."""
        with pytest.raises(RoundFailedError, match="with and samples without"):
            run(replace(task, labeled_y=[["a"]] * 80), pool.features)


class Broken(ClassifierMixin, BaseEstimator):
    """A classifier that goes wrong in a way that `how` says."""

    def __init__(self, how: str = "") -> None:
        self.how = how

    def fit(self, X: Any, y: Any) -> Any:
        """Remember the classes."""
        if self.how == "fit raises":
            raise ValueError("the matrix is singular")
        if self.how == "fit needs memory":
            raise MemoryError
        if self.how != "no classes":
            self.classes_ = np.unique(y)
        return self

    def predict(self, X: Any) -> Any:
        """Return the first class."""
        if self.how == "predict raises":
            raise ZeroDivisionError
        return np.full(3 if self.how == "predict is short" else len(X), self.classes_[0])

    def predict_proba(self, X: Any) -> Any:
        """Return probabilities that are wrong."""
        proba = np.full((len(X), len(self.classes_)), 1 / len(self.classes_))
        if self.how == "proba raises":
            raise KeyError("weights")
        if self.how == "NaN":
            proba[-1, 0] = np.nan
        return proba[:, :-1] if self.how == "shape" else proba


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], EstimatorSpec]]:
    """Return a maker of specs of estimators that go wrong."""
    module = types.ModuleType("al_broken_estimators")
    module.Broken = Broken  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "al_broken_estimators", module)
    return lambda how: spec("al_broken_estimators.Broken", how=how)


class TestFailures:
    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ("fit raises", "Fitting Broken failed: ValueError: the matrix is singular. Label more"),
            ("fit needs memory", "Fitting Broken ran out of memory. Choose a smaller"),
            ("no classes", "Broken doesn't say which classes it knows"),
            ("predict raises", "failed: ZeroDivisionError: no message. Look at the features"),
            ("predict is short", r"predicted an array of shape \(3,\)"),
            ("proba raises", "Scoring the pool with MarginSampling failed: KeyError: 'weights'"),
            ("NaN", "NaN or infinite probabilities for 1 of 500 samples"),
            ("shape", r"probabilities of shape \(500, 2\) where \(500, 3\)"),
        ],
    )
    def test_whatever_goes_wrong_is_said_in_words(
        self,
        how: str,
        words: str,
        pool: Any,
        a_task: MakeTask,
        broken: Callable[[str], EstimatorSpec],
    ) -> None:
        """A round that fails says what failed and what to try, and leaves no files."""
        task = a_task(pool, estimator=broken(how))

        with pytest.raises(RoundFailedError, match=words):
            run(task, pool.features)

        assert list(Path(task.project_folder).iterdir()) == []

    def test_an_estimator_without_probabilities(self, pool: Any, a_task: MakeTask) -> None:
        """An estimator that can't say how sure it is can't order samples."""
        voters = [["a", {"import": "sklearn.naive_bayes.GaussianNB"}]]
        voting = spec("sklearn.ensemble.VotingClassifier", estimators=voters)
        task = a_task(pool, estimator=voting)

        with pytest.raises(RoundFailedError, match="neither predict_proba nor decision_function"):
            run(task, pool.features)

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_features_that_are_no_numbers(self, pool: Any, a_task: MakeTask, bad: float) -> None:
        """NaN and infinity in the features of a candidate fail the round with a reason."""
        pool.features.X[500, 0] = bad

        with pytest.raises(RoundFailedError, match=r"failed.* (NaN|infinity)"):
            run(a_task(pool), pool.features)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"strategy": ("magic", {})}, "no strategy 'magic'"),
            ({"estimator": spec("sklearn.no.Such")}, "can't be imported"),
            ({"n_samples": 601}, "features are of 600 samples, the project has 601"),
            ({"labeled_y": ["ant"]}, "60 samples are labeled, but there are 1 labels"),
            ({"check_ids": np.arange(580, 620)}, "checked sample 600 is not in the pool"),
        ],
    )
    def test_a_task_that_cannot_be_done(
        self, changes: dict[str, Any], words: str, pool: Any, a_task: MakeTask
    ) -> None:
        """Settings and data that don't fit fail before anything is computed."""
        with pytest.raises(RoundFailedError, match=words):
            run(a_task(pool, **changes), pool.features)


def test_a_task_can_be_made_without_scikit_learn() -> None:
    """Whoever starts rounds pays neither for scikit-learn nor for SciPy."""
    code = (
        "import sys; from jupyterlab_al.learning.task import RoundTask;"
        "print([m for m in ('sklearn', 'scipy', 'pandas') if m in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert printed.stdout.strip() == "[]", printed.stderr
