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
from jupyterlab_al.learning import executors, persistence
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
from jupyterlab_al.learning.scoring import Scores, chunk_rows, score_pool
from jupyterlab_al.learning.second_reading import second_reading
from jupyterlab_al.learning.task import RoundTask, require_sound
from jupyterlab_al.strategies.base import LabeledSet, QueryStrategy
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
    strategy = _strategy(task)
    marks = [perf_counter()]
    report("fit", PHASES["fit"])
    fitted, labeled = _fit(task, features)
    marks.append(perf_counter())
    report("evaluate", PHASES["evaluate"])
    evaluation = _evaluate(task, features, fitted, is_quick=marks[1] - marks[0] < QUICK_FIT)
    marks.append(perf_counter())
    report("score", PHASES["score"])
    scores = _score(task, features, fitted, strategy, labeled, report)
    report("rank", PHASES["rank"])
    marks.append(perf_counter())
    path, digest = _keep(task, fitted, evaluation.predictions)
    saving = perf_counter() - marks[3]
    seconds = {
        "fit": marks[1] - marks[0] + saving,
        "evaluate": marks[2] - marks[1],
        "score": scores.score_seconds,
        "rank": scores.rank_seconds,
    }
    report("rank", 1.0)
    return RoundOutcome(
        sample_ids=scores.sample_ids,
        utilities=scores.utilities,
        draw_probabilities=scores.draw_probabilities,
        strategy_phase=scores.phase,
        utility_mean=scores.mean,
        n_candidates=scores.n_candidates,
        comparison=evaluation.comparison,
        checks=evaluation.checks,
        gain=evaluation.gain,
        second_reading=evaluation.second_reading,
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
    fitted = fit(task.estimator, X, y, multi_label=task.multi_label, seed=task.seed)
    return fitted, LabeledSet(X=X, y=y)


def _evaluate(
    task: RoundTask, features: Features, fitted: FittedEstimator, *, is_quick: bool
) -> _Evaluation:
    """Predict the random checks and the stop set; see what choosing gained."""
    stop_set = StopSet.of(task.project_folder, n_samples=task.n_samples, seed=task.seed)
    predictions = stop_set.predict(fitted, features)
    return _Evaluation(
        checks=check_figures(fitted, features, task.check_ids, task.check_y, classes=task.classes),
        predictions=predictions,
        comparison=stop_set.compare(predictions, round_id=task.round_id),
        gain=compare(task, features) if is_quick else None,
        second_reading=second_reading(task, features) if is_quick else None,
    )


def _keep(task: RoundTask, fitted: FittedEstimator, predictions: Predictions) -> tuple[Path, str]:
    """Write down what later rounds and people need, now that nothing else can fail."""
    path, digest = persistence.save(
        fitted, task.project_folder, round_id=task.round_id, facts=_facts(task)
    )
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
    report: Report,
) -> Scores:
    """Score all candidates; labeled and checked samples never are."""
    begin, end = PHASES["score"], PHASES["rank"]
    with executors.opened(task.executor) as executor:
        return score_pool(
            features,
            estimator=fitted.estimator,
            strategy=strategy,
            labeled=labeled,
            excluded=np.concatenate([task.excluded, task.labeled_ids, task.check_ids]),
            size=task.queue_size,
            seed=_round_seed(task),
            rows=chunk_rows(features, len(fitted.classes)),
            report=lambda done: report("score", begin + (end - begin) * done),
            executor=executor,
        )


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


def _facts(task: RoundTask) -> dict[str, Any]:
    """Return what the record of a model says about its round."""
    return {
        "round_id": task.round_id,
        "estimator": task.estimator.as_json(),
        "n_train": len(task.labeled_ids),
        "n_samples": task.n_samples,
        "seed": task.seed,
    }
