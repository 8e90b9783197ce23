"""Published figures of active learning, measured again with our loop.

Lu et al. (2023), "Re-benchmarking pool-based active learning for binary classification",
arXiv:2306.08954: support vectors with a Gaussian kernel, 60 % of the samples as the pool, 20 first
labels, one label a round to the end of the pool; area under the curve of accuracy on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

import numpy as np

from benchmarks.real_sets import by_name
from benchmarks.report import Report, Table, Target
from jupyterlab_al.learning import simulation
from jupyterlab_al.learning.spec import EstimatorSpec

#: Mean and standard deviation that the paper gives, by set and strategy.
PUBLISHED = {
    "sonar": {"random": (0.7463, 0.038), "margin": (0.7762, 0.031)},
    "heart": {"random": (0.8051, 0.028), "margin": (0.8157, 0.026)},
    "ionosphere": {"random": (0.9180, 0.018), "margin": (0.9300, 0.015)},
    "wdbc": {"random": (0.9539, 0.013), "margin": (0.9652, 0.010)},
}
#: What the packages call the sets.
NAMES = {"wdbc": "breast_cancer"}
FIRST = 20
SVM = EstimatorSpec.from_json({"import": "sklearn.svm.SVC", "params": {}})


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    sets: tuple[str, ...] = tuple(PUBLISHED)
    seeds: int = 20
    #: Rounds at most; None to the end of the pool.
    rounds: int | None = None


TINY = Size(sets=("wdbc",), seeds=2, rounds=5)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    rows, targets = [], []
    for name in size.sets:
        gains = []
        for strategy, (value, _) in PUBLISHED[name].items():
            areas = _areas(name, strategy, size)
            error = stdev(areas) / len(areas) ** 0.5
            apart = abs(mean(areas) - value) / error
            gains.append(areas)
            rows.append(
                [name, strategy, f"{value:.4f}", f"{mean(areas):.4f} ± {error:.4f}", f"{apart:.1f}"]
            )
            targets.append(
                Target(
                    what=f"{name}, {strategy}: standard errors from the published figure",
                    wanted="≤ 2",
                    measured=f"{apart:.1f}",
                    is_met=apart <= 2,
                )
            )
        paired = [own - random for random, own in zip(*gains, strict=True)]
        published = PUBLISHED[name]["margin"][0] - PUBLISHED[name]["random"][0]
        rows.append(
            [
                name,
                "margin − random",
                f"{published:+.4f}",
                f"{mean(paired):+.4f} ± {stdev(paired) / len(paired) ** 0.5:.4f}",
                "",
            ]
        )
    return Report(
        title=f"anchor: published areas under the curve, {size.seeds} seeds",
        tables=[
            Table(head=("set", "strategy", "published", "here", "standard errors apart"), rows=rows)
        ],
        targets=targets,
        notes=["Features are brought to -1 … 1; the sets are copies from KEEL and scikit-learn."],
        figures={"rows": len(rows)},
    )


def _areas(name: str, strategy: str, size: Size) -> list[float]:
    from joblib import Parallel, delayed

    X, y = by_name(NAMES.get(name, name)).data()
    features = simulation.InMemory(_scaled(X))
    n_test = round(0.4 * len(y))
    last = len(y) - n_test if size.rounds is None else FIRST + size.rounds
    todo = [
        simulation.Replay(
            features=features,
            y=y,
            estimator_name="",
            estimator=SVM,
            strategy=strategy,
            seed=seed,
            grid=tuple(range(FIRST, last + 1)),
            test_size=n_test,
        )
        for seed in range(size.seeds)
    ]
    curves = Parallel(n_jobs=-1)(delayed(simulation.replay)(task) for task in todo)
    return [float(np.mean([point.accuracy for point in curve])) for curve in curves]


def _scaled(X: Any) -> Any:
    low, high = X.min(axis=0), X.max(axis=0)
    return 2 * (X - low) / np.where(high > low, high - low, 1) - 1
