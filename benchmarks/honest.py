"""Which figures of accuracy can be believed: checks, cross-validation on chosen labels, and LURE.

An estimator is trained on chosen labels of a pool whose labels are all known, so that its true
accuracy on the pool is known too. Each run draws other checks.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

import numpy as np

from benchmarks.real_sets import by_name
from benchmarks.report import Report, Table, Target
from jupyterlab_al.domain.interval import wilson
from jupyterlab_al.domain.lure import lure
from jupyterlab_al.domain.ranking import WeightedDraw
from jupyterlab_al.learning.fitting import FittedEstimator, fit
from jupyterlab_al.learning.scoring import chunk_rows, score_pool
from jupyterlab_al.learning.simulation import InMemory
from jupyterlab_al.learning.spec import default_spec
from jupyterlab_al.strategies.base import LabeledSet
from jupyterlab_al.strategies.registry import seeded_strategy

FOLDS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    sets: tuple[str, ...] = ("digits", "segment", "spambase")
    #: Projects for each set, and draws of checks for each project.
    projects: int = 8
    draws: int = 1000
    labels: int = 150
    batch: int = 10
    checks: int = 60


TINY = Size(sets=("iris",), projects=1, draws=200, labels=40, checks=15)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    rows = []
    covered_all: list[float] = []
    lure_rows = []
    is_unbiased = True
    for name in size.sets:
        projects = [_project(name, seed, size) for seed in range(size.projects)]
        covered = [each.covered for each in projects]
        covered_all += covered
        rows.append(
            [
                name,
                f"{mean(each.truth for each in projects):.3f}",
                f"{100 * mean(covered):.1f} %",
                f"{100 * mean(each.cv_covers for each in projects):.0f} %",
                f"{100 * mean(each.cv - each.truth for each in projects):+.1f}",
            ]
        )
        errors = _lure_errors(projects[0], size)
        bound = 2 * stdev(errors) / len(errors) ** 0.5
        is_unbiased &= abs(mean(errors)) <= bound
        plain = _plain_errors(projects[0], size)
        lure_rows.append(
            [
                name,
                f"{100 * mean(errors):+.2f} ± {50 * bound:.2f}",
                f"{100 * mean(plain):+.2f}",
            ]
        )
    return Report(
        title=f"honest: {size.checks} checks, {size.labels} chosen labels, {size.draws:,} draws",
        tables=[
            Table(
                head=(
                    "set",
                    "true accuracy",
                    "check interval holds it",
                    "interval of cross-validation holds it",
                    "cross-validation − truth, points",
                ),
                rows=rows,
                caption="95 % intervals, from random checks and from the chosen labels themselves:",
            ),
            Table(
                head=("set", "LURE − truth, points", "plain mean of drawn samples − truth"),
                rows=lure_rows,
                caption=f"An estimate from {size.labels} samples drawn by their uncertainty "
                f"(power_margin), {size.draws:,} runs, ± one standard error:",
            ),
        ],
        targets=[
            Target(
                what="the check interval holds the truth",
                wanted="93 to 97 %",
                measured=f"{100 * mean(covered_all):.1f} %",
                is_met=0.93 <= mean(covered_all) <= 0.97,
            ),
            Target(
                what="LURE: mean error within two standard errors of zero on every set",
                wanted="yes",
                measured="yes" if is_unbiased else "no",
                is_met=is_unbiased,
            ),
        ],
        figures={"projects": size.projects * len(size.sets), "draws": size.draws},
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """One project that was labeled with its own choices."""

    #: Which samples outside the labeled set the estimator gets right.
    right: Any
    #: What they are worth to a strategy that draws.
    weights: Any
    truth: float
    covered: float
    #: Accuracy by cross-validation on the chosen labels.
    cv: float
    cv_covers: bool


def _project(name: str, seed: int, size: Size) -> Project:
    X, y = by_name(name).data()
    features = InMemory(X)
    labeled = _chosen(features, y, seed, size)
    fitted = _fit(features, y, labeled, seed)
    rest = np.setdiff1d(np.arange(len(y)), labeled)
    predicted = np.array([label for (label,) in fitted.predict(features.take(rest))])
    right = predicted == y[rest]
    truth, rng, n = float(right.mean()), np.random.default_rng(seed), size.checks
    held = 0
    for _ in range(size.draws):
        drawn = right[rng.choice(len(right), size=n, replace=False)]
        found = wilson(int(drawn.sum()), n, population=len(right))
        held += found.low <= truth <= found.high
    cv = _cross_validated(features, y, labeled, seed)
    of_cv = wilson(round(cv * len(labeled)), len(labeled), population=None)
    scores = seeded_strategy("power_margin", {}, seed=seed).score(
        features.take(rest), estimator=fitted.estimator
    )
    return Project(
        right=right,
        weights=scores,
        truth=truth,
        covered=held / size.draws,
        cv=cv,
        cv_covers=of_cv.low <= truth <= of_cv.high,
    )


def _chosen(features: InMemory, y: Any, seed: int, size: Size) -> Any:
    order = np.random.default_rng(seed).permutation(len(y)).astype(np.int64)
    labeled = order[: size.batch]
    while len(labeled) < size.labels:
        if len(np.unique(y[labeled])) < 2:
            labeled = order[: len(labeled) + size.batch]
            continue
        fitted = _fit(features, y, labeled, seed)
        scores = score_pool(
            features,
            estimator=fitted.estimator,
            strategy=seeded_strategy("default", {}, seed=seed),
            labeled=LabeledSet(X=features.take(labeled), y=y[labeled].tolist()),
            excluded=labeled,
            size=size.batch,
            seed=seed,
            rows=chunk_rows(features, len(fitted.classes)),
            report=lambda _done: None,
        )
        labeled = np.concatenate([labeled, scores.sample_ids])
    return labeled


def _fit(features: InMemory, y: Any, ids: Any, seed: int) -> FittedEstimator:
    spec = default_spec(is_sparse=features.is_sparse)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit(spec, features.take(ids), y[ids].tolist(), multi_label=False, seed=seed)


def _cross_validated(features: InMemory, y: Any, ids: Any, seed: int) -> float:
    folds = np.random.default_rng(seed).permutation(len(ids)) % FOLDS
    right = []
    for fold in range(FOLDS):
        fitted = _fit(features, y, ids[folds != fold], seed)
        inside = ids[folds == fold]
        found = [label for (label,) in fitted.predict(features.take(inside))]
        right += (np.array(found) == y[inside]).tolist()
    return float(np.mean(right))


def _drawn(project: Project, seed: int, size: Size) -> tuple[Any, Any]:
    n = min(size.labels, len(project.right) // 2)
    draw = WeightedDraw(n, seed=seed)
    draw.push(np.arange(len(project.right)), np.maximum(project.weights, 1e-3))
    ids, _, chances = draw.result()
    return project.right[ids], chances


def _lure_errors(project: Project, size: Size) -> list[float]:
    errors = []
    for seed in range(size.draws):
        right, chances = _drawn(project, seed, size)
        found = lure(right, chances, population=len(project.right))
        assert found is not None
        errors.append(found.value - project.truth)
    return errors


def _plain_errors(project: Project, size: Size) -> list[float]:
    return [float(_drawn(project, s, size)[0].mean()) - project.truth for s in range(size.draws)]
