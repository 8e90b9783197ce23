"""How much an estimator learns from samples that it chose, against samples drawn at random.

The whole loop runs in this process: services, store, worker's rounds; only HTTP is left out.
`over_rest` shows that HTTP changes nothing.
"""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

from benchmarks.oracle import Digits, digits_project
from benchmarks.pools import ANN, WORKER, add_project, opened
from benchmarks.report import Report, Table, Target
from benchmarks.servers import Place
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.domain.models import NewAnnotation
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.learning import persistence
from jupyterlab_al.learning.round import run_round
from jupyterlab_al.services import labeling, queue, training
from jupyterlab_al.store.database import Database
from jupyterlab_al.worker.rounds import ranking, round_task

STRATEGIES = ("margin", "random")
#: Accuracy on the test split by number of labels given.
Curve = dict[int, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    seeds: int = 20
    labels: int = 150
    n_exam: int = 500


TINY = Size(seeds=2, labels=20)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    curves: dict[str, list[Curve]] = {name: [] for name in STRATEGIES}
    for seed in range(size.seeds):
        for strategy in STRATEGIES:
            with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
                curves[strategy].append(learn(Path(folder), strategy, seed, size))
    return _report(curves, size)


def learn(folder: Path, strategy: str, seed: int, size: Size) -> Curve:
    """Label one pool to the end of the budget; return what the estimators were worth."""
    digits = Digits.split(seed, n_exam=size.n_exam)
    exam = digits.exam_features(folder / "exam")
    place = Place.in_folder(folder)
    path = digits.write(place.root, "digits")
    curve: Curve = {}
    with opened(place) as (database, settings):
        add_project(database, settings, digits_project("digits", path, strategy, seed))
        for n in range(1, size.labels + 1):
            _label(database, digits)
            if model := _rounds(database, settings):
                fitted = persistence.load(model)
                curve[n] = float(np.mean(fitted.estimator.predict(exam) == digits.solutions))
    return curve


def _label(database: Database, digits: Digits) -> None:
    _project, claimed = database.write(
        queue.claim, "digits", ANN, client=None, size=1, lease_ms=300_000
    )
    [lease] = claimed.leases
    item = NewAnnotation(
        key=str(uuid.uuid4()),
        sample_id=lease.sample_id,
        token=lease.token,
        label=digits.label(lease.sample_id),
    )
    database.write(labeling.annotate, "digits", ANN, [item])


def _rounds(database: Database, settings: Settings) -> Path | None:
    """Do the round that was asked for, as the worker does; return the estimator of it."""
    job = database.write(training.take, WORKER, lease_ms=600_000)
    if job is None:
        return None
    labeled = database.write(training.begin, job)
    assert labeled is not None
    task = round_task(job, labeled, settings)
    outcome = run_round(task, open_features(task.features_folder), lambda _phase, _progress: None)
    assert database.write(training.publish, job, WORKER, ranking(outcome, {"start": 0.0}))
    return outcome.model_path


def _report(curves: dict[str, list[Curve]], size: Size) -> Report:
    margin, random = (curves[name] for name in STRATEGIES)
    points = sorted(set.intersection(*(set(curve) for curve in (*margin, *random))))
    rows = []
    for n in points:
        a, b = [curve[n] for curve in margin], [curve[n] for curve in random]
        difference = [x - y for x, y in zip(a, b, strict=True)]
        rows.append([str(n), _with_error(a), _with_error(b), _with_error(difference)])
    last = points[-1]
    final = [a[last] - b[last] for a, b in zip(margin, random, strict=True)]
    area = [mean(a[n] - b[n] for n in points) for a, b in zip(margin, random, strict=True)]
    better = sum(difference > 0 for difference in final)
    return Report(
        title=f"label_efficiency: digits, {size.labels} labels, {size.seeds} seeds",
        tables=[
            Table(
                head=("labels given", "margin", "random", "margin − random, paired"),
                rows=rows,
                caption=f"Accuracy on {size.n_exam} digits that no strategy sees, "
                "mean ± standard error.",
            )
        ],
        targets=[
            Target(
                what=f"margin − random with {last} labels",
                wanted="more than 2 standard errors above 0",
                measured=_with_error(final),
                is_met=mean(final) > 2 * _error(final),
            )
        ],
        notes=[
            f"Margin ends above random with {better} of {size.seeds} seeds.",
            f"Mean over the curve, paired: {_with_error(area)}.",
            f"To reach what random has with {last} labels, margin needs "
            f"{_needed(margin, random, points)}.",
            "The defaults of a new project: its estimator, a round every 10 labels, a tenth "
            "of the labels are random checks, which never train.",
        ],
        figures={"points": len(points), "seeds": len(margin), "final": mean(final)},
    )


def _needed(margin: list[Curve], random: list[Curve], points: list[int]) -> str:
    goal = mean(curve[points[-1]] for curve in random)
    reached = [n for n in points if mean(curve[n] for curve in margin) >= goal]
    return f"{reached[0]} labels" if reached else "more labels than were given"


def _error(values: list[float]) -> float:
    return stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0


def _with_error(values: list[float]) -> str:
    return f"{mean(values):.4f} ± {_error(values):.4f}"


def curve_row(name: str, curve: Curve, points: list[int]) -> list[Any]:
    """Return a row of accuracies at some numbers of labels."""
    return [name, *(f"{curve[n]:.3f}" for n in points)]
