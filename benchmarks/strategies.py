"""How many labels each strategy saves, on real data sets, against the peers' defaults.

As in a new project, the first ten labels are random, and a round follows every ten. What was
replayed already is not replayed again: curves are kept in `.bench/curves`; remove it to start anew.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

from benchmarks import peer_strategies
from benchmarks.real_sets import FOLDER, SETS, RealSet, by_name
from benchmarks.report import Report, Table, Target
from jupyterlab_al.learning import simulation
from jupyterlab_al.learning.spec import EstimatorSpec, default_spec
from jupyterlab_al.services.curves import summary
from jupyterlab_al.strategies.registry import create

if TYPE_CHECKING:
    import pandas as pd

OURS = ("default", "margin", "entropy", "random")
PEERS = ("modal", "skactiveml", "small_text")
#: The cold start: typical samples first, then the default, or margin.
COLD = ("typical_first", "typical_margin")
COLD_PAIRS = (("typical_first", "default"), ("typical_margin", "margin"))
STRATEGIES = (*OURS, *PEERS, *COLD)
#: Peers that take dense features only, and the one that is made for texts.
DENSE_ONLY, TEXT_ONLY = {"skactiveml"}, {"small_text"}
LINEAR, TREES = "logistic regression", "25 extra trees"
ESTIMATORS: Mapping[str, EstimatorSpec | None] = {
    LINEAR: None,
    TREES: EstimatorSpec.from_json(
        {"import": "sklearn.ensemble.ExtraTreesClassifier", "params": {"n_estimators": 25}}
    ),
}
#: Trees take long: peers, and the largest sets, are left out.
WITH_TREES = ("default", "margin", "random", "typical_first")
NOT_WITH_TREES = {"mnist_5k", "reuters_r8", "satimage", "spambase", "german"}
#: A round on 42,000 words takes half a second, which is too long for so many replays.
TOO_LONG = {"20newsgroups"}
#: Where the default must reach 95 % of full accuracy with much fewer labels than at random.
L95_SETS = ("digits", "reuters_r8")
#: Where the cold start must be worth something.
COLD_SET = "mnist_5k"
TEST_SIZE = 0.25
#: Random labels at first, and labels between two rounds: what a new project has.
FIRST = BATCH = 10
#: Random labels between two tests where they go on beyond the budget.
BEYOND = 50
#: The curve with one point: the accuracy with all labels.
FULL = "all labels"


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    seeds: int = 20
    sets: tuple[str, ...] = tuple(each.name for each in SETS if each.name not in TOO_LONG)
    #: Where curves are kept; None keeps nothing.
    keep: bool = True
    estimators: tuple[str, ...] = tuple(ESTIMATORS)
    strategies: tuple[str, ...] = STRATEGIES

    def with_estimator(self, name: str) -> Size:
        """Return what is measured with one estimator."""
        if name != TREES:
            return self
        return replace(
            self,
            sets=tuple(each for each in self.sets if each not in NOT_WITH_TREES),
            strategies=tuple(each for each in self.strategies if each in WITH_TREES),
        )


TINY = Size(seeds=2, sets=("iris",), keep=False, estimators=(LINEAR,), strategies=OURS)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    tables, targets, notes = [], [], []
    figures: dict[str, float] = {}
    for estimator in size.estimators:
        of = size.with_estimator(estimator)
        if not of.sets:
            continue
        found = {name: _curves(by_name(name), estimator, of) for name in of.sets}
        tables += _tables(estimator, found, of)
        targets += _targets(estimator, found, of)
        figures[f"points_{estimator}"] = sum(len(each.within) for each in found.values())
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Curves:
    """What was replayed of one set."""

    #: All points: strategy, seed, n_labels, accuracy.
    points: pd.DataFrame
    #: Labels in all; where random ones need more, their points go on beyond it.
    budget: int
    #: Accuracy with all labels, by seed.
    full: Mapping[int, float]

    @property
    def within(self) -> pd.DataFrame:
        """Return the points that areas are made of."""
        return self.points[self.points["n_labels"] <= self.budget]

    @property
    def strategies(self) -> set[str]:
        """Return which were replayed."""
        return set(self.points["strategy"])


def replayed(task: simulation.Replay) -> list[simulation.Point]:
    """Replay one strategy in a process that knows the peers' as well."""
    peer_strategies.register()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return simulation.replay(task)


def _curves(of: RealSet, estimator: str, size: Size) -> Curves:
    """Return the learning curves of all strategies, and the full accuracy of each seed."""
    import pandas as pd

    X, y = of.data()
    features = simulation.InMemory(X)
    peer_strategies.register()
    spec = ESTIMATORS[estimator] or default_spec(is_sparse=features.is_sparse)
    n_test = round(len(y) * TEST_SIZE)
    grid = (*range(FIRST, of.budget, BATCH), of.budget)
    beyond = tuple(range(of.budget + BEYOND, of.at_random + 1, BEYOND))
    unfit = DENSE_ONLY if features.is_sparse else TEXT_ONLY
    possible = [each for each in size.strategies if each not in unfit]
    found = []
    for name, strategy, places in (
        *((each, each, grid + beyond * (each == "random")) for each in possible),
        (FULL, "random", (len(y) - n_test,)),
    ):
        tasks = {
            seed: simulation.Replay(
                features=features,
                y=y,
                estimator_name=estimator,
                estimator=spec,
                strategy_name=strategy,
                strategy=(strategy, {}),
                seed=seed,
                grid=places,
                test_size=n_test,
            )
            for seed in range(size.seeds)
        }
        kind = f"{of.name}-{estimator}-{_described(strategy)}"
        path = FOLDER / "curves" / f"{kind}-{len(places)}-{places[-1]}.parquet"
        curves = _replayed(tasks, path if size.keep else None)
        found.append(curves.assign(strategy=name))
    whole = found.pop().set_index("seed")["accuracy"].to_dict()
    return Curves(points=pd.concat(found, ignore_index=True), budget=of.budget, full=whole)


def _described(strategy: str) -> str:
    """Return what a strategy is and its parameters: the default's curves change with it."""
    made = create(strategy, {})
    params = "-".join(str(value) for value in made.get_params().values())
    return f"{type(made).__name__}-{params}"


def _replayed(tasks: Mapping[int, simulation.Replay], kept_in: Path | None) -> pd.DataFrame:
    """Return the curves of one strategy; seeds that were replayed already are read."""
    import pandas as pd
    from joblib import Parallel, delayed

    kept = [pd.read_parquet(kept_in)] if kept_in and kept_in.exists() else []
    known = set(kept[0]["seed"]) if kept else set()
    todo = [task for seed, task in tasks.items() if seed not in known]
    if todo:
        curves = Parallel(n_jobs=-1)(delayed(replayed)(task) for task in todo)
        rows = [(p.seed, p.n_labels, p.accuracy) for points in curves for p in points]
        kept.append(pd.DataFrame(rows, columns=["seed", "n_labels", "accuracy"]))
    whole = pd.concat(kept, ignore_index=True)
    if todo and kept_in:
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        whole.to_parquet(kept_in)
    return whole[whole["seed"].isin(list(tasks))]


def labels_to(curves: Curves, strategy: str) -> list[float]:
    """Return, by seed, the labels to 95 % of full accuracy; the budget where it is not reached."""
    own = curves.points[curves.points["strategy"] == strategy]
    needed = []
    for seed, of_seed in own.groupby("seed"):
        there = of_seed[of_seed["accuracy"] >= 0.95 * curves.full[seed]]
        needed.append(float(there["n_labels"].min() if len(there) else of_seed["n_labels"].max()))
    return needed


Found = Mapping[str, Curves]


def _tables(estimator: str, found: Found, size: Size) -> list[Table]:
    areas, paired = [], []
    for name, curves in found.items():
        table = summary(curves.within, against="margin")
        row = [
            f"{table.loc[each, 'area']:.3f}" if each in table.index else "–"
            for each in size.strategies
        ]
        areas.append([f"{name} ({mean(curves.full.values()):.3f})", *row])
        paired.append([name, *(_difference(curves, "default", each) for each in _others(size))])
    cold = [(one, other) for one, other in COLD_PAIRS if {one, other} <= set(size.strategies)]
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
        *(
            [
                Table(
                    head=("set", *(f"{one} − {other}" for one, other in cold)),
                    rows=[
                        [name, *(_difference(curves, *pair) for pair in cold)]
                        for name, curves in found.items()
                    ],
                    caption=f"What typical samples at first are worth in area, {estimator}:",
                )
            ]
            if cold
            else []
        ),
        Table(
            head=("set", *size.strategies),
            rows=[
                [
                    name,
                    *(_labels_word(curves, each) for each in size.strategies),
                ]
                for name, curves in found.items()
            ],
            caption=f"Labels to 95 % of the accuracy with all labels, {estimator} "
            "(the budget where it is not reached):",
        ),
    ]


def _others(size: Size) -> list[str]:
    return [each for each in size.strategies if each not in ("default", *COLD)]


def _area(curves: Curves, strategy: str) -> Any:
    within = curves.within
    return within[within["strategy"] == strategy].groupby("seed")["accuracy"].mean()


def _labels_word(curves: Curves, strategy: str) -> str:
    needed = labels_to(curves, strategy)
    return f"{mean(needed):.0f}" if needed else "–"


def _difference(curves: Curves, one: str, other: str) -> str:
    if not {one, other} <= curves.strategies:
        return "–"
    paired = (_area(curves, one) - _area(curves, other)).to_numpy()
    return f"{paired.mean():+.3f} ± {_error(paired.tolist()):.3f}"


def _targets(estimator: str, found: Found, size: Size) -> list[Target]:
    def gap(name: str, other: str, of: str = "default") -> float:
        return float((_area(found[name], of) - _area(found[name], other)).mean())

    worst = min(found, key=lambda name: gap(name, "margin"))
    targets = [
        Target(
            what=f"{estimator}: default against margin on its worst set, {worst}",
            wanted="≥ −0.005",
            measured=f"{gap(worst, 'margin'):+.3f}",
            is_met=gap(worst, "margin") >= -0.005,
        )
    ]
    for peer in (each for each in PEERS if each in size.strategies):
        each = [gap(name, peer) for name in found if peer in found[name].strategies]
        if not each:
            continue
        targets.append(
            Target(
                what=f"{estimator}: default against {peer}, mean of {len(each)} sets",
                wanted="> 0",
                measured=f"{mean(each):+.3f} ± {_error(each):.3f}",
                is_met=mean(each) > 0,
            )
        )
    if COLD_SET in found and "typical_margin" in size.strategies:
        worth = gap(COLD_SET, "margin", "typical_margin")
        targets.append(
            Target(
                what=f"typical samples at first, then margin, against margin on {COLD_SET}",
                wanted="≥ 0.02",
                measured=f"{worth:+.3f}",
                is_met=worth >= 0.02,
            )
        )
    if estimator == LINEAR:
        targets += [target for name in L95_SETS if name in found for target in _on(found, name)]
    return targets


def _on(found: Found, name: str) -> list[Target]:
    curves = found[name]
    entropy = float((_area(curves, "default") - _area(curves, "entropy")).mean())
    own, random = (mean(labels_to(curves, each)) for each in ("default", "random"))
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
