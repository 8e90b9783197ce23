"""One round without a database: fit, evaluate, score, rank.

The same task and features give the same order. It runs in a process that may be killed at any
moment, and leaves nothing half done in the project folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from jupyterlab_al.domain.lure import Estimate
from jupyterlab_al.domain.permutation import keyed_hash
from jupyterlab_al.learning import executors, fit_notes, persistence, score_file
from jupyterlab_al.learning.agreement import Agreement, agreement
from jupyterlab_al.learning.candidates import anchors_of, candidate_set
from jupyterlab_al.learning.doubts import doubts_of
from jupyterlab_al.learning.evaluation import (
    CheckFigures,
    Comparison,
    Predictions,
    StopSet,
    check_figures,
    predicted_share,
)
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.fitting import FittedEstimator, fit
from jupyterlab_al.learning.gain import Gain, compare
from jupyterlab_al.learning.outcome import RoundOutcome
from jupyterlab_al.learning.pool_utilities import PoolUtilities
from jupyterlab_al.learning.predictions import Predictions as Expected
from jupyterlab_al.learning.scoring import Limit, Scores, chunk_rows, score_pool
from jupyterlab_al.learning.second_reading import second_reading
from jupyterlab_al.learning.task import Doubts, Integers, RoundTask, require_sound
from jupyterlab_al.strategies.base import LabeledSet, QueryStrategy
from jupyterlab_al.strategies.probabilities import probabilities
from jupyterlab_al.strategies.registry import seeded_strategy

__all__ = ["PHASES", "Report", "RoundOutcome", "RoundTask", "run_round"]

#: Told the phase and which part of the whole round is done, 0 to 1.
Report = Callable[[str, float], None]

#: Where on the way from 0 to 1 each phase begins.
PHASES = {"fit": 0.0, "evaluate": 0.4, "score": 0.5, "rank": 0.95}


#: An estimator that fits within so many seconds is fitted a few times more, to say what choosing
#: gained; one that takes longer would make people wait for that.
QUICK_FIT = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class _Evaluation:
    """What the estimator says about checks and stop set."""

    checks: CheckFigures | None
    predictions: Predictions
    comparison: Comparison | None
    gain: Gain | None
    second_reading: Estimate | None
    doubts: Doubts | None
    annotators: Agreement | None


#: Of a round that only renews the order.
NOTHING = _Evaluation(
    checks=None,
    predictions=[],
    comparison=None,
    gain=None,
    second_reading=None,
    doubts=None,
    annotators=None,
)


def run_round(task: RoundTask, features: Features, report: Report) -> RoundOutcome:
    """Return the new order of a project's queue and what is to be said about the estimator.

    Parameters
    ----------
    task : RoundTask
        What to do.
    features : Features
        Of the whole pool, opened from ``task.features_folder``.
    report : callable
        Called with phase ("fit", "evaluate", "score", "rank") and the part of the round done.

    Returns
    -------
    RoundOutcome

    Raises
    ------
    RoundFailedError
        With words a person can act on, whatever went wrong. The project folder is then unchanged.
    """
    require_sound(task, features)
    utilities = PoolUtilities(task.project_folder, round_id=task.round_id, n=task.n_samples)
    try:
        return _run(task, features, report, utilities)
    finally:
        utilities.discard()


def _run(
    task: RoundTask, features: Features, report: Report, utilities: PoolUtilities
) -> RoundOutcome:
    strategy = _strategy(task)
    marks = [perf_counter()]
    report("fit", PHASES["fit"])
    fitted, labeled = _fit(task, features)
    marks.append(perf_counter())
    report("evaluate", PHASES["evaluate"])
    evaluation = (
        NOTHING
        if task.order_only
        else _evaluate(task, features, fitted, waited=marks[1] - marks[0])
    )
    marks.append(perf_counter())
    report("score", PHASES["score"])
    scores = _score(task, features, fitted, strategy, labeled, utilities, report)
    marks.append(perf_counter())
    expected = _expect(task, features, fitted, scores)
    uncertainty = None if task.order_only else _uncertainty(task, features, fitted)
    report("rank", PHASES["rank"])
    marks.append(perf_counter())
    histogram = None if task.order_only else utilities.histogram()
    path, digest = _keep(task, fitted, evaluation.predictions, expected, scores)
    utilities.keep(task.keep_models)
    saving = perf_counter() - marks[4]
    seconds = {
        "fit": marks[1] - marks[0] + saving,
        "evaluate": marks[2] - marks[1],
        "score": scores.score_seconds + marks[4] - marks[3],
        "rank": scores.rank_seconds,
    }
    report("rank", 1.0)
    return RoundOutcome(
        sample_ids=scores.sample_ids,
        utilities=scores.utilities,
        draw_probabilities=scores.draw_probabilities,
        strategy_phase=scores.phase,
        utility_mean=scores.mean,
        utility_histogram=histogram,
        n_scored=scores.n_scored,
        n_candidates=scores.n_candidates,
        uncertainty=uncertainty,
        comparison=evaluation.comparison,
        checks=evaluation.checks,
        gain=evaluation.gain,
        second_reading=evaluation.second_reading,
        doubts=evaluation.doubts or task.doubted_before,
        annotators=evaluation.annotators,
        n_train=len(task.labeled_ids),
        n_checks=len(task.check_ids),
        classes_seen=_in_order(fitted.classes, task.classes),
        model_path=path,
        model_sha256=digest,
        seconds=seconds,
        predicted_share=predicted_share(evaluation.predictions, task.classes),
        warnings=fitted.warnings,
    )


def _fit(task: RoundTask, features: Features) -> tuple[FittedEstimator, LabeledSet]:
    """Fit on the labeled set, in the order of the pool: it must not matter who labeled first."""
    order = np.argsort(task.labeled_ids, kind="stable")
    with failing_as("Reading the features", "Prepare the dataset again."):
        X = features.take(task.labeled_ids[order])
    y: Any = [task.labeled_y[place] for place in order]
    fitted = fit(
        task.estimator,
        X,
        y,
        multi_label=task.multi_label,
        seed=task.seed,
        beginning=fit_notes.beginning(task, task.labeled_ids[order], y),
    )
    return fitted, LabeledSet(X=X, y=y)


def _evaluate(
    task: RoundTask, features: Features, fitted: FittedEstimator, *, waited: float
) -> _Evaluation:
    """Predict the random checks and the stop set; see what choosing gained, and doubt labels."""
    # The fits that are made for it begin anew.
    seconds = max(waited, fitted.seconds_anew)
    is_quick = seconds < QUICK_FIT
    stop_set = StopSet.of(task.project_folder, n_samples=task.n_samples, seed=task.seed)
    predictions = stop_set.predict(fitted, features)
    return _Evaluation(
        checks=check_figures(fitted, features, task.check_ids, task.check_y, classes=task.classes),
        predictions=predictions,
        comparison=stop_set.compare(predictions, round_id=task.round_id),
        gain=compare(task, features) if is_quick else None,
        second_reading=second_reading(task, features) if is_quick else None,
        doubts=doubts_of(task, features, fit_seconds=seconds),
        annotators=agreement(task.several),
    )


def _expect(
    task: RoundTask, features: Features, fitted: FittedEstimator, scores: Scores
) -> Expected:
    """Predict what people see next, chunk by chunk."""
    ids = np.union1d(scores.sample_ids, task.upcoming)
    rows = chunk_rows(features, len(fitted.classes))
    place = {name: index for index, name in enumerate(task.classes)}
    with failing_as("Predicting the queue", "Look at the features, or change the estimator."):
        parts = [
            probabilities(fitted.estimator, features.take(ids[start : start + rows]))
            for start in range(0, len(ids), rows)
        ]
    proba = np.concatenate(parts) if parts else np.empty((0, len(fitted.classes)))
    return Expected.of(ids, proba, [place[name] for name in fitted.classes])


def _uncertainty(task: RoundTask, features: Features, fitted: FittedEstimator) -> float | None:
    """Return how unsure the estimator is of what is left."""
    stop_set = StopSet.of(task.project_folder, n_samples=task.n_samples, seed=task.seed)
    return stop_set.uncertainty(fitted, features, labeled=task.labeled_ids)


def _keep(
    task: RoundTask,
    fitted: FittedEstimator,
    predictions: Predictions,
    expected: Expected,
    scores: Scores,
) -> tuple[Path | None, str | None]:
    """Write down what later rounds and people need, now that nothing else can fail."""
    expected.save(task.project_folder, round_id=task.round_id, keep=task.keep_models)
    score_file.save(scores, task.project_folder, round_id=task.round_id, keep=task.keep_models)
    if task.order_only:
        return None, None
    path, digest = persistence.save(
        fitted, task.project_folder, round_id=task.round_id, facts=_facts(task, fitted)
    )
    order = np.argsort(task.labeled_ids, kind="stable")
    labels = [task.labeled_y[place] for place in order]
    fit_notes.note(path, fitted, task.labeled_ids[order], labels)
    stop_set = StopSet.of(task.project_folder, n_samples=task.n_samples, seed=task.seed)
    stop_set.keep(predictions, round_id=task.round_id, keep=task.keep_models)
    persistence.prune(task.project_folder, keep=task.keep_models)
    return path, digest


def _score(
    task: RoundTask,
    features: Features,
    fitted: FittedEstimator,
    strategy: QueryStrategy,
    labeled: LabeledSet,
    utilities: PoolUtilities,
    report: Report,
) -> Scores:
    """Score all candidates; labeled and checked samples never are."""
    begin, end = PHASES["score"], PHASES["rank"]
    excluded = np.concatenate([task.excluded, task.labeled_ids, task.check_ids])
    with executors.opened(task.executor) as executor:
        return score_pool(
            features,
            estimator=fitted.estimator,
            strategy=strategy,
            labeled=labeled,
            excluded=excluded,
            size=task.queue_size,
            seed=_round_seed(task),
            rows=chunk_rows(features, len(fitted.classes)),
            report=lambda done: report("score", begin + (end - begin) * done),
            executor=executor,
            limit=_limit(task, features, excluded) if task.score_seconds else None,
            kept_in=utilities,
        )


def _limit(task: RoundTask, features: Features, excluded: Integers) -> Limit:
    """Return how long scoring may take, and what is scored where that is too short for all."""

    def choose(size: int) -> Integers:
        with failing_as("Choosing what to score", "Set score_seconds to 0 to score all samples."):
            return candidate_set(
                features,
                size,
                project_folder=task.project_folder,
                anchors=anchors_of(task.labeled_ids, task.labeled_y, task.labeled_order),
                best=score_file.best_of_last(task.project_folder, before=task.round_id),
                excluded=np.unique(excluded),
                seed=task.seed,
                round_seed=_round_seed(task),
            )

    return Limit(seconds=task.score_seconds, choose=choose)


def _strategy(task: RoundTask) -> QueryStrategy:
    """Return the strategy, with randomness of its own in each round."""
    name, params = task.strategy
    with failing_as("Making the strategy", "Choose another strategy."):
        return seeded_strategy(name, params, seed=_round_seed(task))


def _round_seed(task: RoundTask) -> int:
    """Return a seed that differs from round to round."""
    return int(keyed_hash([task.round_id], key=task.seed)[0])


def _in_order(seen: tuple[str, ...], classes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the classes seen in the order of the project."""
    place = {label: number for number, label in enumerate(classes)}
    return tuple(sorted(seen, key=lambda label: place.get(label, len(place))))


def _facts(task: RoundTask, fitted: FittedEstimator) -> dict[str, Any]:
    """Return what the record of a model says about its round."""
    place = {name: index for index, name in enumerate(task.classes)}
    return {
        # Names may change afterwards, indices don't.
        "class_indices": [place[name] for name in fitted.classes],
        "round_id": task.round_id,
        "estimator": task.estimator.as_json(),
        "n_train": len(task.labeled_ids),
        "n_samples": task.n_samples,
        "seed": task.seed,
    }
