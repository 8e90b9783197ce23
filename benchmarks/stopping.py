"""What following each stopping rule would have cost: labels spent, and points of accuracy lost.

Replays whole projects with known labels, random checks included, and looks where each rule first
says stop.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from benchmarks.real_sets import by_name
from benchmarks.replays import accuracy, ignore
from benchmarks.report import Report, Table, Target
from jupyterlab_al.domain.stopping import Effort, advises_stop, vote
from jupyterlab_al.learning import round as rounds
from jupyterlab_al.learning.simulation import InMemory
from jupyterlab_al.learning.spec import default_spec
from jupyterlab_al.learning.task import Doubts, RoundTask

ADVICE = "the advice"
SETS = ("digits", "segment", "satimage", "spambase", "australian", "breast_cancer", "vehicle")


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    sets: tuple[str, ...] = SETS
    seeds: int = 5
    #: Labels in all, checks included, and between two rounds.
    budget: int = 600
    batch: int = 10
    check_share: float = 0.1


TINY = Size(sets=("iris",), seeds=1, budget=50)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """Where a rule would have ended a project."""

    #: None where it never said stop within the budget.
    n_labels: int | None
    #: Accuracy on the test split there, or at the end of the budget.
    accuracy: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """One project labeled to the end of its budget."""

    set: str
    final: float
    best: float
    n_labels: int
    stops: Mapping[str, Stop]


def run(size: Size = Size()) -> Report:
    """Measure it."""
    from joblib import Parallel, delayed

    todo = [(name, seed) for name in size.sets for seed in range(size.seeds)]
    replayed = Parallel(n_jobs=-1)(delayed(replay)(name, seed, size) for name, seed in todo)
    rules = list(replayed[0].stops)
    rows = [_row(rule, replayed) for rule in rules]
    advice = [each.stops[ADVICE] for each in replayed]
    lost = mean(each.final - stop.accuracy for each, stop in zip(replayed, advice, strict=True))
    return Report(
        title=f"stopping: {len(size.sets)} sets × {size.seeds} seeds, up to {size.budget} labels",
        tables=[
            Table(
                head=(
                    "rule",
                    "said stop in",
                    "labels spent (mean)",
                    "saved",
                    "points lost (mean)",
                    "points lost (worst)",
                ),
                rows=rows,
            )
        ],
        targets=[
            Target(
                what="points lost by following the advice, mean",
                wanted="≤ 1",
                measured=f"{100 * lost:.2f}",
                is_met=lost <= 0.01,
            )
        ],
        notes=[
            "Where a rule never says stop the whole budget is spent. Points lost: accuracy on a "
            "test split at the end of the budget, minus that where the rule says stop.",
            "Sets: " + ", ".join(size.sets) + ".",
        ],
        figures={"rules": len(rules), "replays": len(replayed)},
    )


def _row(rule: str, replayed: Sequence[Replayed]) -> list[str]:
    stops = [each.stops[rule] for each in replayed]
    spent = [stop.n_labels or each.n_labels for each, stop in zip(replayed, stops, strict=True)]
    lost = [each.final - stop.accuracy for each, stop in zip(replayed, stops, strict=True)]
    whole = mean(each.n_labels for each in replayed)
    said = sum(stop.n_labels is not None for stop in stops)
    return [
        rule,
        f"{said} of {len(stops)}",
        f"{mean(spent):.0f}",
        f"{100 * (1 - mean(spent) / whole):.0f} %",
        f"{100 * mean(lost):+.2f}",
        f"{100 * max(lost):+.2f}",
    ]


def replay(name: str, seed: int, size: Size) -> Replayed:
    """Label one set to the end of the budget, a round after each batch."""
    # No rule asks what choosing gained, which would take most of the time.
    rounds.QUICK_FIT = 0.0
    X, y = by_name(name).data()
    order = np.random.default_rng(seed).permutation(len(y)).astype(np.int64)
    n_exam = len(y) // 4
    exam, pool = order[:n_exam], order[n_exam:]
    # The pool has the places 0 … n-1, as in a project.
    features, truth = InMemory(X[pool]), y[pool]
    n = len(pool)
    budget = min(size.budget, n)
    n_checks = int(n * size.check_share)
    checks, rest = np.arange(n_checks), np.arange(n_checks, n)
    chosen = rest[: size.batch]
    stops: dict[str, Stop] = {}
    results: list[dict[str, Any]] = []
    accuracies: list[float] = []
    with tempfile.TemporaryDirectory(prefix="al-stop-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        number = 0
        while True:
            checked = checks[: round(len(chosen) * size.check_share / (1 - size.check_share))]
            n_labels = len(chosen) + len(checked)
            number += 1
            if len(np.unique(truth[chosen])) > 1:
                task = _task(Path(folder), number, features, truth, chosen, checked, seed)
                outcome = rounds.run_round(task, features, ignore)
                accuracies.append(accuracy(task, features, X[exam], y[exam]))
                results.append(
                    {
                        "n_labels": n_labels,
                        "agreement": outcome.agreement,
                        "changed_share": outcome.changed_share,
                        "uncertainty": outcome.uncertainty,
                        "accuracy": outcome.accuracy and asdict(outcome.accuracy),
                    }
                )
                _note(stops, results, Effort(n_labeled=n_labels, n_samples=n), accuracies[-1])
                nexts = outcome.sample_ids[: size.batch]
            else:
                nexts = rest[len(chosen) : len(chosen) + size.batch]
            if n_labels + size.batch > budget or len(nexts) == 0:
                break
            chosen = np.concatenate([chosen, nexts])
    final = accuracies[-1]
    rules = [each.rule for each in vote(results, Effort(n_labeled=1, n_samples=2))]
    never = Stop(n_labels=None, accuracy=final)
    return Replayed(
        set=name,
        final=final,
        best=max(accuracies),
        n_labels=results[-1]["n_labels"],
        stops={rule: stops.get(rule, never) for rule in [*rules, ADVICE]},
    )


def _note(
    stops: dict[str, Stop], results: list[dict[str, Any]], effort: Effort, accuracy: float
) -> None:
    """Remember the rules that say stop for the first time."""
    votes = vote(results, effort)
    said = {each.rule for each in votes if each.says == "stop"}
    if advises_stop(votes):
        said.add(ADVICE)
    for rule in said:
        stops.setdefault(rule, Stop(n_labels=effort.n_labeled, accuracy=accuracy))


def _task(
    folder: Path,
    number: int,
    features: InMemory,
    truth: Any,
    chosen: Any,
    checked: Any,
    seed: int,
) -> RoundTask:
    n = features.shape[0]
    return RoundTask(
        project_folder=folder,
        features_folder=folder,
        round_id=number,
        estimator=default_spec(is_sparse=features.is_sparse),
        strategy=("default", {}),
        classes=tuple(np.unique(truth).tolist()),
        seed=seed,
        queue_size=1000,
        n_samples=n,
        labeled_ids=chosen,
        labeled_y=truth[chosen].tolist(),
        labeled_order=np.arange(len(chosen)),
        labeled_chances=np.full(len(chosen), np.nan),
        labeled_uniform=np.zeros(len(chosen), dtype=np.bool_),
        n_drawable=n,
        check_ids=checked,
        check_y=truth[checked].tolist(),
        excluded=np.arange(len(checked), int(n * 0.1)),
        # Labels are not looked through for errors here.
        doubted_before=Doubts(n_train=len(truth)),
        keep_models=1,
    )
