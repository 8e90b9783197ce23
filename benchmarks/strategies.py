"""How many labels each strategy saves, on real data sets, against the peers' defaults.

A set that was replayed already is not replayed again: its curves are kept in `.bench/curves`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import peer_strategies
from benchmarks.real_sets import FOLDER, SETS, RealSet, by_name
from benchmarks.report import Report, Table, Target
from jupyterlab_al.learning import simulation
from jupyterlab_al.learning.spec import EstimatorSpec, default_spec
from jupyterlab_al.services.simulating import summary

if TYPE_CHECKING:
    import pandas as pd

OURS = ("default", "margin", "entropy", "random")
PEERS = ("modal", "skactiveml")
STRATEGIES = (*OURS, *PEERS)
TREES = EstimatorSpec.from_json(
    {"import": "sklearn.ensemble.ExtraTreesClassifier", "params": {"n_estimators": 50}}
)
LINEAR = "logistic regression"
ESTIMATORS: Mapping[str, EstimatorSpec | None] = {LINEAR: None, "50 extra trees": TREES}
#: Trees take a hundred times as long: the peers, and the largest sets, are left out.
SLOW = {
    "50 extra trees": ({"mnist_5k", "reuters_r8", "20newsgroups", "satimage", "spambase"}, OURS)
}
#: Where the default must reach 95 % of full accuracy with much fewer labels than at random.
L95_SETS = ("digits", "reuters_r8")
TEST_SIZE = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    seeds: int = 20
    sets: tuple[str, ...] = tuple(each.name for each in SETS)
    #: Where curves are kept; None keeps nothing.
    keep: bool = True
    estimators: tuple[str, ...] = tuple(ESTIMATORS)
    strategies: tuple[str, ...] = STRATEGIES


TINY = Size(seeds=2, sets=("iris",), keep=False, estimators=(LINEAR,), strategies=OURS)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    tables, targets, notes = [], [], []
    figures: dict[str, float] = {}
    for estimator in size.estimators:
        left_out, strategies = SLOW.get(estimator, (set(), size.strategies))
        of = replace(
            size,
            sets=tuple(name for name in size.sets if name not in left_out),
            strategies=tuple(name for name in size.strategies if name in strategies),
        )
        found = {name: _curves(by_name(name), estimator, of) for name in of.sets}
        tables += _tables(estimator, found, of)
        targets += _targets(estimator, found, of)
        figures[f"points_{estimator}"] = sum(len(curves) for curves, _ in found.values())
    notes.append(
        "Area is the mean accuracy over the curve, on a test split of a quarter that no strategy "
        "sees; all strategies of a seed start from the same first random labels. ± is one standard "
        "error; differences are paired by seed."
    )
    return Report(
        title=f"strategies: label efficiency on {len(size.sets)} real sets, {size.seeds} seeds",
        tables=tables,
        targets=targets,
        notes=notes,
        figures=figures,
    )


def replayed(task: simulation.Replay) -> list[simulation.Point]:
    """Replay one strategy in a process that knows the peers' as well."""
    if task.strategy in PEERS:
        peer_strategies.register()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return simulation.replay(task)


def _curves(of: RealSet, estimator: str, size: Size) -> tuple[pd.DataFrame, dict[int, float]]:
    """Return the learning curves of all strategies, and the full accuracy of each seed."""
    import pandas as pd

    path = FOLDER / "curves" / f"{of.name}-{estimator.replace(' ', '_')}-{size.seeds}.parquet"
    if size.keep and path.exists():
        kept = pd.read_parquet(path)
    else:
        kept = _replayed(of, estimator, size)
        if size.keep:
            path.parent.mkdir(parents=True, exist_ok=True)
            kept.to_parquet(path)
    full = kept[kept["strategy"] == "full"].set_index("seed")["accuracy"].to_dict()
    return kept[kept["strategy"] != "full"], full


def _replayed(of: RealSet, estimator: str, size: Size) -> pd.DataFrame:
    import pandas as pd
    from joblib import Parallel, delayed

    if set(PEERS) & set(size.strategies):
        peer_strategies.register()
    X, y = of.data()
    features = simulation.InMemory(X)
    spec = ESTIMATORS[estimator] or default_spec(is_sparse=features.is_sparse)
    common: dict[str, Any] = {
        "estimators": {estimator: spec},
        "seeds": range(size.seeds),
        "test_size": TEST_SIZE,
    }
    # scikit-activeml takes no sparse features.
    possible = [s for s in size.strategies if not (features.is_sparse and s == "skactiveml")]
    todo = simulation.replays(
        features,
        y,
        strategies=possible,
        budget=of.budget,
        batch=of.batch,
        **common,
    )
    everything = len(y) - max(1, round(len(y) * TEST_SIZE))
    whole = simulation.replays(
        features, y, strategies=["random"], budget=everything, batch=everything, **common
    )
    curves = Parallel(n_jobs=-1)(delayed(replayed)(task) for task in (*todo, *whole))
    rows = []
    for task, points in zip((*todo, *whole), curves, strict=True):
        name = "full" if task.grid == (everything,) else task.strategy
        rows += [(name, point.seed, point.n_labels, point.accuracy) for point in points]
    return pd.DataFrame(rows, columns=["strategy", "seed", "n_labels", "accuracy"])


def labels_to(curves: pd.DataFrame, full: Mapping[int, float], strategy: str) -> list[float]:
    """Return, by seed, the labels to 95 % of full accuracy; the budget where it is not reached."""
    own = curves[curves["strategy"] == strategy]
    needed = []
    for seed, of_seed in own.groupby("seed"):
        there = of_seed[of_seed["accuracy"] >= 0.95 * full[seed]]
        needed.append(float(there["n_labels"].min() if len(there) else of_seed["n_labels"].max()))
    return needed


Found = Mapping[str, tuple["pd.DataFrame", dict[int, float]]]


def _tables(estimator: str, found: Found, size: Size) -> list[Table]:
    areas, paired = [], []
    for name, (curves, full) in found.items():
        table = summary(curves, against="margin")
        row = [
            f"{table.loc[each, 'area']:.3f}" if each in table.index else "–"
            for each in size.strategies
        ]
        areas.append([f"{name} ({mean(full.values()):.3f})", *row])
        paired.append([name, *(_difference(curves, each) for each in _others(size))])
    return [
        Table(
            head=("set (accuracy with all labels)", *size.strategies),
            rows=areas,
            caption=f"Area under the curve, {estimator}:",
        ),
        Table(
            head=("set", *(f"default − {each}" for each in _others(size))),
            rows=paired,
            caption=f"Paired differences of the area, {estimator}:",
        ),
        Table(
            head=("set", *size.strategies),
            rows=[
                [
                    name,
                    *(_labels_word(curves, full, each) for each in size.strategies),
                ]
                for name, (curves, full) in found.items()
            ],
            caption=f"Labels to 95 % of the accuracy with all labels, {estimator} "
            "(the budget where it is not reached):",
        ),
    ]


def _others(size: Size) -> list[str]:
    return [each for each in size.strategies if each != "default"]


def _area(curves: pd.DataFrame, strategy: str) -> Any:
    return curves[curves["strategy"] == strategy].groupby("seed")["accuracy"].mean()


def _labels_word(curves: pd.DataFrame, full: Mapping[int, float], strategy: str) -> str:
    needed = labels_to(curves, full, strategy)
    return f"{mean(needed):.0f}" if needed else "–"


def _difference(curves: pd.DataFrame, other: str) -> str:
    if other not in set(curves["strategy"]):
        return "–"
    paired = (_area(curves, "default") - _area(curves, other)).to_numpy()
    return f"{paired.mean():+.3f} ± {stdev(paired) / np.sqrt(len(paired)):.3f}"


def _targets(estimator: str, found: Found, size: Size) -> list[Target]:
    def gap(name: str, other: str) -> float:
        curves, _ = found[name]
        return float((_area(curves, "default") - _area(curves, other)).mean())

    worst = min(found, key=lambda name: gap(name, "margin"))
    targets = [
        Target(
            what=f"{estimator}: default against margin on its worst set, {worst}",
            wanted="≥ −0.005",
            measured=f"{gap(worst, 'margin'):+.3f}",
            is_met=gap(worst, "margin") >= -0.005,
        )
    ]
    for peer in set(PEERS) & set(size.strategies):
        each = [gap(name, peer) for name in found if peer in set(found[name][0]["strategy"])]
        targets.append(
            Target(
                what=f"{estimator}: default against {peer}, mean of {len(each)} sets",
                wanted="> 0",
                measured=f"{mean(each):+.3f} ± {_error(each):.3f}",
                is_met=mean(each) > 0,
            )
        )
    if estimator == LINEAR:
        targets += [target for name in L95_SETS if name in found for target in _on(found, name)]
    return targets


def _on(found: Found, name: str) -> list[Target]:
    curves, full = found[name]
    entropy = float((_area(curves, "default") - _area(curves, "entropy")).mean())
    own, random = (mean(labels_to(curves, full, each)) for each in ("default", "random"))
    return [
        Target(
            what=f"default against entropy on {name}",
            wanted="≥ 0.03",
            measured=f"{entropy:+.3f}",
            is_met=entropy >= 0.03,
        ),
        Target(
            what=f"labels to 95 % on {name}, default / random",
            wanted="≤ 0.65 ×",
            measured=f"{own / random:.2f} × ({own:.0f} / {random:.0f})",
            is_met=own / random <= 0.65,
        ),
    ]


def _error(values: Sequence[float]) -> float:
    return stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0
