"""What doubted labels and reviews are worth: annotators who err, replayed with known labels.

Each label is wrong with a set probability, whoever gives it, and a review is answered by somebody
who errs as often. For the same number of annotations, a share of them is spent on reviews of the
labels that rounds doubt, or all on new samples.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

from benchmarks.real_sets import by_name
from benchmarks.replays import accuracy, ignore
from benchmarks.report import Report, Table
from jupyterlab_al.domain.permutation import is_check_slot
from jupyterlab_al.learning.round import run_round
from jupyterlab_al.learning.simulation import InMemory
from jupyterlab_al.learning.spec import default_spec
from jupyterlab_al.learning.task import Doubts, RoundTask


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    sets: tuple[str, ...] = ("digits", "satimage")
    seeds: int = 8
    #: Annotations in all, reviews included, and between two rounds.
    budget: int = 400
    batch: int = 10
    error_rates: tuple[float, ...] = (0.0, 0.05, 0.1)
    #: The first is what the others are compared with.
    review_shares: tuple[float, ...] = (0.0, 0.05, 0.1, 0.2)
    #: Where the list of doubted labels is looked at.
    looks: tuple[int, ...] = (100, 200, 400)


TINY = Size(
    sets=("iris",), seeds=2, budget=80, error_rates=(0.1,), review_shares=(0.0, 0.2), looks=(80,)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One project to be replayed."""

    set: str
    error_rate: float
    review_share: float
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class List:
    """The doubted labels as a person sees them."""

    listed: int
    #: Of those listed, and of all labels, the wrong ones.
    found: int
    wrong: int
    n_labeled: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """What came of one project."""

    case: Case
    #: By the number of annotations.
    lists: dict[int, List]
    n_samples: int
    n_reviews: int
    #: Part of the labels that are right in the end, and of the estimator's answers on a test split.
    labels: float
    estimator: float


@dataclass(kw_only=True, slots=True)
class Annotators:
    """People who err; what they say first of a sample depends on the seed alone."""

    truth: Any
    error_rate: float
    seed: int
    _asked: dict[int, int] = field(default_factory=dict)

    def label(self, sample_id: int) -> str:
        """Return a label; each look at a sample errs on its own."""
        look = self._asked[sample_id] = self._asked.get(sample_id, 0) + 1
        chance = np.random.default_rng([self.seed, sample_id, look])
        right = self.truth[sample_id]
        if chance.random() >= self.error_rate:
            return str(right)
        return str(chance.choice([name for name in np.unique(self.truth) if name != right]))


def run(size: Size = Size()) -> Report:
    """Measure it."""
    from joblib import Parallel, delayed

    todo = [
        Case(set=name, error_rate=rate, review_share=share, seed=seed)
        for name in size.sets
        for rate in size.error_rates
        for share in size.review_shares
        for seed in range(size.seeds)
    ]
    replayed: list[Replayed] = Parallel(n_jobs=-1)(delayed(replay)(case, size) for case in todo)
    plain = [each for each in replayed if each.case.review_share == size.review_shares[0]]
    return Report(
        title=f"quality: annotators who err, {size.budget} annotations, {size.seeds} seeds",
        tables=[_found(plain, size), _bought(replayed, size)],
        notes=[
            "Wrong labels are of another class, each as likely. Precision and recall are those of "
            "the list as it is shown: labels given since it was made count as not found.",
            "A review is answered by somebody who errs as often, and its label replaces the first. "
            "The test split is a quarter of each set, with its true labels. ± is one standard "
            "error; differences are paired by seed, in points.",
        ],
        figures={
            "replays": len(replayed),
            "lists": sum(len(each.lists) for each in plain),
            "annotations": sum(each.n_samples + each.n_reviews for each in replayed),
        },
    )


def _found(replayed: Sequence[Replayed], size: Size) -> Table:
    rows = []
    for name, rate in _kinds(size):
        of = [each for each in replayed if (each.case.set, each.case.error_rate) == (name, rate)]
        for look in size.looks:
            lists = [each.lists[look] for each in of]
            # Without errors there is nothing to find, without a list nothing is said.
            precision = [100 * one.found / one.listed for one in lists if one.listed]
            recall = [100 * one.found / one.wrong for one in lists if one.wrong]
            rows.append(
                [
                    name,
                    f"{100 * rate:.0f} %",
                    str(look),
                    f"{mean(one.wrong for one in lists):.1f}",
                    f"{mean(one.listed for one in lists):.1f}",
                    _with_error(precision),
                    _with_error(recall),
                    f"{mean(100 * one.wrong / one.n_labeled for one in lists):.1f}",
                ]
            )
    return Table(
        caption="Labels that the model doubts, without reviews.",
        head=(
            "set",
            "errors",
            "annotations",
            "wrong labels",
            "listed",
            "precision %",
            "recall %",
            "wrong among all %",
        ),
        rows=rows,
    )


def _bought(replayed: Sequence[Replayed], size: Size) -> Table:
    by_case = {each.case: each for each in replayed}
    rows = []
    for name, rate in _kinds(size):
        arms = [
            [
                by_case[Case(set=name, error_rate=rate, review_share=share, seed=seed)]
                for seed in range(size.seeds)
            ]
            for share in size.review_shares
        ]
        rows += [_row(arm, arms[0]) for arm in arms]
    return Table(
        caption="The same number of annotations, a share of them reviews.",
        head=(
            "set",
            "errors",
            "review_share",
            "samples",
            "reviews",
            "labels right %",
            "difference",
            "estimator right %",
            "difference",
        ),
        rows=rows,
    )


def _row(arm: Sequence[Replayed], base: Sequence[Replayed]) -> list[str]:
    case = arm[0].case
    pairs = list(zip(arm, base, strict=True))
    is_base = case == base[0].case
    labels = [100 * (one.labels - other.labels) for one, other in pairs]
    estimator = [100 * (one.estimator - other.estimator) for one, other in pairs]
    return [
        case.set,
        f"{100 * case.error_rate:.0f} %",
        f"{case.review_share:g}",
        f"{mean(each.n_samples for each in arm):.0f}",
        f"{mean(each.n_reviews for each in arm):.0f}",
        _with_error([100 * each.labels for each in arm]),
        "–" if is_base else _with_error(labels, sign="+"),
        _with_error([100 * each.estimator for each in arm]),
        "–" if is_base else _with_error(estimator, sign="+"),
    ]


def _kinds(size: Size) -> list[tuple[str, float]]:
    return [(name, rate) for name in size.sets for rate in size.error_rates]


def _with_error(values: Sequence[float], *, sign: str = "") -> str:
    if not values:
        return "–"
    error = stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{mean(values):{sign}.1f} ± {error:.1f}"


def replay(case: Case, size: Size) -> Replayed:
    """Label one set to the end of the budget, a round after each batch."""
    X, y = by_name(case.set).data()
    order = np.random.default_rng(case.seed).permutation(len(y)).astype(np.int64)
    exam, pool = order[: len(y) // 4], order[len(y) // 4 :]
    # The pool has the places 0 … n-1, as in a project.
    features, truth = InMemory(X[pool]), y[pool]
    annotators = Annotators(truth=truth, error_rate=case.error_rate, seed=case.seed)
    is_review = is_check_slot(np.arange(size.budget), seed=case.seed, share=case.review_share)
    labels: dict[int, str] = {}
    reviewed: set[int] = set()
    lists: dict[int, List] = {}
    nexts = iter(range(len(truth)))
    doubts: Doubts | None = None
    waiting: list[int] = []
    with tempfile.TemporaryDirectory(prefix="al-quality-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for given in range(size.budget):
            if is_review[given] and waiting:
                sample_id = waiting.pop(0)
                reviewed.add(sample_id)
            else:
                sample_id = next(each for each in nexts if each not in labels)
            labels[sample_id] = annotators.label(sample_id)
            if (given + 1) % size.batch:
                continue
            if len(set(labels.values())) > 1:
                task = _task(Path(folder), given, features, truth, labels, reviewed, doubts, case)
                outcome = run_round(task, features, ignore)
                nexts = iter(outcome.sample_ids.tolist())
                if outcome.doubts is not doubts and outcome.doubts is not None:
                    doubts = outcome.doubts
                    found = () if doubts.sample_ids is None else doubts.sample_ids.tolist()
                    waiting = [each for each in found if each not in reviewed]
            if given + 1 in size.looks:
                lists[given + 1] = _list_of(waiting, labels, truth)
    wrong = sum(truth[each] != label for each, label in labels.items())
    return Replayed(
        case=case,
        lists=lists,
        n_samples=len(labels),
        n_reviews=len(reviewed),
        labels=1 - wrong / len(labels),
        estimator=accuracy(task, features, X[exam], y[exam]),
    )


def _list_of(waiting: Sequence[int], labels: dict[int, str], truth: Any) -> List:
    return List(
        listed=len(waiting),
        found=sum(truth[each] != labels[each] for each in waiting),
        wrong=sum(truth[each] != label for each, label in labels.items()),
        n_labeled=len(labels),
    )


def _task(
    folder: Path,
    number: int,
    features: InMemory,
    truth: Any,
    labels: dict[int, str],
    reviewed: set[int],
    doubts: Doubts | None,
    case: Case,
) -> RoundTask:
    n, n_labeled = features.shape[0], len(labels)
    return RoundTask(
        project_folder=folder,
        features_folder=folder,
        round_id=number,
        estimator=default_spec(is_sparse=features.is_sparse),
        strategy=("default", {}),
        classes=tuple(np.unique(truth).tolist()),
        seed=case.seed,
        queue_size=1000,
        n_samples=n,
        labeled_ids=np.array(list(labels), dtype=np.int64),
        labeled_y=list(labels.values()),
        labeled_order=np.arange(n_labeled),
        labeled_chances=np.full(n_labeled, np.nan),
        labeled_uniform=np.zeros(n_labeled, dtype=np.bool_),
        n_drawable=n,
        check_ids=np.empty(0, dtype=np.int64),
        check_y=[],
        reviewed=np.array(sorted(reviewed), dtype=np.int64),
        doubted_before=doubts,
        keep_models=1,
    )
