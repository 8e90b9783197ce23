"""A round over short texts, against fit + sparse product; and fits that go on from the last one."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from benchmarks.machine import peak_memory, seconds_of
from benchmarks.pools import CLASSES, add_project, opened
from benchmarks.real_sets import texts
from benchmarks.report import Report, Table, at_most
from benchmarks.score_rank import Memory
from benchmarks.servers import Place
from jupyterlab_al.datasets.features import Features, open_features
from jupyterlab_al.learning import fit_notes
from jupyterlab_al.learning.round import run_round
from jupyterlab_al.learning.spec import default_spec
from jupyterlab_al.learning.task import RoundTask
from jupyterlab_al.learning.warm_start import Beginning, begun
from jupyterlab_al.strategies.uncertainty import MarginSampling

#: Words of one text.
LENGTHS = (6, 18)
BEST = 10_000
#: Labels between two rounds.
BATCH = 10
#: Rows that the bare product takes at once.
BARE_ROWS = 1 << 16
#: Words of a piece of a real text, and of a text that pieces are taken from.
WORDS, LONGEST = 20, 400
#: Pieces that are compared where fits go on.
BEST_OF_PIECES = 1_000

GoOn = Callable[[Any, Any, NDArray[np.str_]], tuple[Any, float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    n: int = 1_000_000
    n_labeled: int = 500
    repeats: int = 3
    #: Numbers of labels at which fits anew are compared with those that go on.
    fits: tuple[int, ...] = (500, 2_000, 10_000)
    #: Where the pieces come from whose fits are compared.
    texts: str | None = "20newsgroups-train"


TINY = Size(n=600, n_labeled=60, repeats=1, fits=(30,), texts=None)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    from threadpoolctl import threadpool_limits

    # A worker bounds the threads of its rounds, too.
    with threadpool_limits(1):
        return _run(size)


def _run(size: Size) -> Report:
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        place = Place.in_folder(Path(folder))
        y = _write_texts(place.root / "texts.parquet", size)
        description = {
            "name": "texts",
            "dataset": {"kind": "table", "path": "texts.parquet"},
            "display": {"kind": "text", "column": "text"},
            "features": {"kind": "text", "column": "text"},
            "classes": list(CLASSES),
        }
        with opened(place) as (database, settings):
            began = perf_counter()
            with peak_memory() as peak:
                project = add_project(database, settings, description)
            preparing = perf_counter() - began
            features = open_features(settings.project_folder(project.id))
            bare: list[float] = []
            mine: list[float] = []
            memory = Memory()
            # What is imported at the first fit is loaded by now.
            _bare(features, y, size)
            for repeat in range(size.repeats):
                task = _task(Path(folder) / f"round{repeat}", features, y, size)
                bare.append(seconds_of(lambda: _bare(features, y, size)))
                mine.append(
                    seconds_of(lambda: run_round(task, features, _told(memory)))  # noqa: B023
                )
    ratio = median(b / a for a, b in zip(bare, mine, strict=True))
    fits = _fits(size)
    return Report(
        title=f"text_round: {size.n:,} short texts, {features.shape[1]:,} terms",
        tables=[
            Table(
                head=("a round", "seconds", "memory above the mapped files, MB"),
                rows=[
                    ["fit + sparse product + margin + top", f"{median(bare):.2f}", ""],
                    ["ours: fit, score, rank", f"{median(mine):.2f}", f"{memory.above:.0f}"],
                    ["TF-IDF and import, once", f"{preparing:.1f}", f"{peak.above:.0f}"],
                ],
            ),
            Table(
                caption=f"The fit after {BATCH} more labels, anew and going on from the last one, "
                "on short pieces of real texts:",
                head=(
                    "estimator",
                    "labels",
                    "anew s",
                    "going on s",
                    "accuracy anew",
                    "going on",
                    f"same among the best {BEST_OF_PIECES:,}",
                ),
                rows=fits,
            ),
        ],
        targets=[at_most("ours / fit + sparse product", ratio, 1.5, unit=" ×")],
        notes=[
            "One thread of BLAS.",
            f"Texts of {LENGTHS[0]} to {LENGTHS[1]} real words, drawn as often as they occur.",
            "Memory is the peak above what was there before; that of TF-IDF with mapped files.",
            "Going on: logistic regression by a warm start, which rounds do where a fit takes more "
            f"than {fit_notes.LONG_FIT} s of the processor; the others by partial_fit from a fit "
            f"on nine tenths, {BATCH} labels at a time, which rounds don't do.",
        ],
        figures={"fits": len(fits)},
    )


def _told(memory: Memory) -> Any:
    return lambda _phase, done: memory.look(done)


def _words() -> list[str]:
    """Return the words of real texts, in their order, each as often as it occurs."""
    try:
        found, _labels = texts("20newsgroups-train", "reuters-r8-train", "reuters-r8-test")
    except SystemExit:
        from sklearn import datasets

        found = [getattr(datasets, f"load_{name}")().DESCR for name in ("iris", "wine", "digits")]
    return [word for text in found for word in text.split()]


def _write_texts(path: Path, size: Size) -> NDArray[np.bool_]:
    """Write a Parquet file of short texts; return a label for each: whether it says "the"."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(0)
    words = np.array(_words(), dtype=object)
    y = np.empty(size.n, dtype=np.bool_)
    with pq.ParquetWriter(path, pa.schema([("text", pa.string())])) as writer:
        for start in range(0, size.n, 50_000):
            n = min(50_000, size.n - start)
            ends = np.cumsum(rng.integers(*LENGTHS, size=n))
            drawn = words[rng.integers(len(words), size=ends[-1])]
            made = [" ".join(part) for part in np.split(drawn, ends[:-1])]
            y[start : start + n] = [" the " in text for text in made]
            writer.write_table(pa.table({"text": made}))
    return y


def _estimator() -> Any:
    return default_spec(is_sparse=True).build()


def _names(y: NDArray[np.bool_]) -> list[str]:
    return [CLASSES[int(each)] for each in y]


def _task(folder: Path, features: Features, y: NDArray[np.bool_], size: Size) -> RoundTask:
    labeled = np.arange(size.n_labeled)
    return RoundTask(
        project_folder=folder,
        features_folder=folder,
        round_id=1,
        order_only=True,
        estimator=default_spec(is_sparse=True),
        strategy=("margin", {}),
        classes=CLASSES,
        n_samples=features.shape[0],
        labeled_ids=labeled,
        labeled_y=_names(y[: size.n_labeled]),
        labeled_order=labeled,
        labeled_chances=np.ones(size.n_labeled),
        labeled_uniform=np.zeros(size.n_labeled, dtype=np.bool_),
        n_drawable=features.shape[0],
        check_ids=np.empty(0, dtype=np.int64),
        check_y=[],
    )


def _bare(features: Features, y: NDArray[np.bool_], size: Size) -> NDArray[np.int64]:
    """Return the best in the fewest lines: fit, product, margin, top."""
    model = _estimator().fit(features.chunk(0, size.n_labeled), y[: size.n_labeled])
    return _best(features, model)


def _best(features: Features, model: Any) -> NDArray[np.int64]:
    n = features.shape[0]
    weights = model.coef_.astype(np.float32).ravel()
    utilities = np.empty(n, dtype=np.float32)
    for start in range(0, n, BARE_ROWS):
        z = features.chunk(start, min(start + BARE_ROWS, n)) @ weights + model.intercept_[0]
        utilities[start : start + BARE_ROWS] = -np.abs(np.tanh(z / 2))
    best = min(BEST, n - 1)
    top = np.argpartition(utilities, -best)[-best:]
    return top[np.argsort(-utilities[top])]


def _fits(size: Size) -> list[list[str]]:
    """Return a row for each estimator and number of labels."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.naive_bayes import MultinomialNB

    pieces, labels = _pieces(size.texts)
    X = TfidfVectorizer(sublinear_tf=True, min_df=2, dtype=np.float32).fit_transform(pieces)
    n_exam = len(labels) // 5
    exam = X[-n_exam:], labels[-n_exam:]
    rows = []
    for n in (each for each in size.fits if each + BATCH <= len(labels) - n_exam):
        known = X[: n + BATCH], labels[: n + BATCH]
        for estimator in (
            _estimator(),
            SGDClassifier(loss="log_loss", random_state=0),
            MultinomialNB(),
        ):
            go_on = _by_warm_start if not hasattr(estimator, "partial_fit") else _by_partial_fit
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                rows.append(_compared(estimator, n, *known, exam, go_on))
    return rows


def _compared(
    estimator: Any, n: int, X: Any, y: NDArray[np.str_], exam: tuple[Any, Any], go_on: GoOn
) -> list[str]:
    anew = clone(estimator)
    seconds = seconds_of(lambda: anew.fit(X, y))
    other, other_seconds = go_on(estimator, X, y)
    best = [
        np.argsort(MarginSampling().score(exam[0], estimator=each))[-BEST_OF_PIECES:]
        for each in (anew, other)
    ]
    return [
        type(estimator).__name__,
        f"{n:,}",
        f"{seconds:.3f}",
        f"{other_seconds:.3f}",
        f"{anew.score(*exam):.4f}",
        f"{other.score(*exam):.4f}",
        f"{len(np.intersect1d(*best)):,}",
    ]


def _by_warm_start(estimator: Any, X: Any, y: NDArray[np.str_]) -> tuple[Any, float]:
    """Return the estimator as a round fits it, beginning where the round before ended."""
    last = clone(estimator).fit(X[:-BATCH], y[:-BATCH])
    classes = last.classes_.tolist()
    beginning = Beginning.of(last, classes, seconds=0.0, n_labels=len(y))
    model = clone(estimator)

    def fit() -> None:
        with begun(model, beginning, X, classes) as is_begun:
            assert is_begun
            model.fit(X, y)

    return model, seconds_of(fit)


def _by_partial_fit(estimator: Any, X: Any, y: NDArray[np.str_]) -> tuple[Any, float]:
    """Return the estimator after it learned the last tenth in small parts."""
    first = len(y) * 9 // 10
    model = clone(estimator).fit(X[:first], y[:first])
    seconds = 0.0
    for start in range(first, len(y), BATCH):
        part = slice(start, start + BATCH)
        seconds = seconds_of(lambda: model.partial_fit(X[part], y[part]))  # noqa: B023
    return model, seconds


def _descriptions() -> tuple[list[str], list[str]]:
    from sklearn import datasets

    about = ["iris", "wine", "digits"]
    return [getattr(datasets, f"load_{of}")().DESCR for of in about], about


def _pieces(name: str | None) -> tuple[list[str], NDArray[np.str_]]:
    """Return short pieces of real texts, and what each is about, in a random order.

    None: of what scikit-learn says of its data sets, which is always there.
    """
    try:
        found, about = texts(name) if name else _descriptions()
    except SystemExit:
        # The packages are not there: rows of more labels than these give are left out.
        found, about = _descriptions()
    pieces, labels = [], []
    for text, label in zip(found, about, strict=True):
        words = text.split()[:LONGEST]
        for start in range(0, len(words) - WORDS, WORDS):
            pieces.append(" ".join(words[start : start + WORDS]))
            labels.append(label)
    order = np.random.default_rng(0).permutation(len(labels))
    return [pieces[place] for place in order], np.array(labels, dtype=np.str_)[order]
