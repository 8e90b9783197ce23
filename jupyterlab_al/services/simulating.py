"""Simulations: from data as a person has them to learning curves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.learning import simulation
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.spec import EstimatorSource, EstimatorSpec, default_spec
from jupyterlab_al.progress import progress_bar

if TYPE_CHECKING:
    import pandas as pd

#: A new project trains after so many labels.
BATCH = 10
TEXT = "text"


def simulate(  # noqa: PLR0913 - the names are the interface
    X: Any,
    y: Any,
    estimator: Any = None,
    *,
    strategies: str | Sequence[str] | Mapping[str, Any] = ("default", "random"),
    budget: int = 200,
    seeds: int | Iterable[int] = 20,
    batch: int = BATCH,
    test_size: float = 0.25,
    n_jobs: int | None = -1,
    progress: bool = True,
) -> pd.DataFrame:
    """Replay labeling with known labels and return the learning curves.

    Parameters
    ----------
    X : array, sparse matrix, DataFrame, or sequence of str, n_samples rows
        Numbers are used as they are (float32). Texts and frames with other columns become the
        features that a project makes of them; with a scikit-learn pipeline as estimator, texts
        reach the pipeline unchanged.
    y : sequence of n_samples labels
    estimator : scikit-learn classifier, {"import", "params"}, a mapping of names to these, or None
        None: what a new project gets. A mapping adds the column `estimator` to the result.
    strategies : str, sequence of str, or mapping of names, default=("default", "random")
        "default" is what a new project gets. A mapping names each itself, as a string or as
        {"name", "params"}. All strategies of a seed start from the same first `batch` labels.
    budget : int, default=200
        Labels given in the end.
    seeds : int or iterable of int, default=20
        How many replays of each strategy, or their seeds.
    batch : int, default=10
        Labels between two rounds; a new project has 10.
    test_size : float, default=0.25
        Share of the samples that no strategy sees, and that accuracy is measured on.
    n_jobs : int or None, default=-1
        Processes, as in joblib; -1 takes all processors.
    progress : bool, default=True
        Show a progress bar.

    Returns
    -------
    DataFrame
        Columns `strategy, seed, n_labels, accuracy`, one row for each point of each curve. The
        grid of `n_labels` is the same for all and ends at `budget`. There are no random checks
        here: every label trains.

    Raises
    ------
    InvalidSettingError
        If the data or settings don't fit together; the message says what to change.
    RoundFailedError
        If an estimator or strategy fails.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> curves = simulate(X, y, budget=20, seeds=2, n_jobs=1, progress=False)
    >>> curves.columns.tolist(), len(curves)
    (['strategy', 'seed', 'n_labels', 'accuracy'], 8)
    """
    with tempfile.TemporaryDirectory(prefix="al-simulate-") as folder:
        features = _features(X, estimator, Path(folder))
        return _curves(
            features,
            _labels(y),
            estimator,
            strategies=strategies,
            budget=budget,
            seeds=_seeds(seeds),
            batch=batch,
            test_size=test_size,
            n_jobs=n_jobs,
            progress=progress,
        )


def simulate_file(path: Path, *, label_column: str | None, **settings: Any) -> pd.DataFrame:
    """Replay labeling of a file, whose features are those that a project would get.

    Raises
    ------
    ActiveLearningError
        The file can't be read, or has no such column.
    """
    from jupyterlab_al.datasets.description import DatasetSpec
    from jupyterlab_al.datasets.features import open_features
    from jupyterlab_al.datasets.preparation import PrepareTask
    from jupyterlab_al.datasets.prepare import prepare

    with tempfile.TemporaryDirectory(prefix="al-simulate-") as folder:
        task = PrepareTask(
            folder=Path(folder),
            root=path.parent,
            dataset=DatasetSpec(kind="table", path=path.name),
            label_column=label_column,
        )
        prepared = prepare(task, lambda _phase, _done: None)
        known = prepared.imported
        if len(known.sample_ids) < prepared.n_samples:
            missing = prepared.n_samples - len(known.sample_ids)
            raise InvalidSettingError(
                f"{missing:,} of {prepared.n_samples:,} rows have no label in {label_column!r}; "
                "a simulation needs all of them."
            )
        return _curves(open_features(task.folder), _labels(known.labels), **settings)


def simulate_digits(**settings: Any) -> pd.DataFrame:
    """Replay labeling of the handwritten digits that scikit-learn ships."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return _curves(simulation.InMemory(X), _labels(y), **settings)


def _curves(  # noqa: PLR0913 - the same, with features
    features: Features,
    y: Any,
    estimator: Any = None,
    *,
    strategies: str | Sequence[str] | Mapping[str, Any],
    budget: int,
    seeds: Sequence[int],
    batch: int = BATCH,
    test_size: float = 0.25,
    n_jobs: int | None = -1,
    progress: bool = True,
) -> pd.DataFrame:
    import pandas as pd

    several = isinstance(estimator, Mapping) and "import" not in estimator
    named = dict(estimator) if several else {"": estimator}
    todo = simulation.replays(
        features,
        y,
        estimators={name: _source(given, features) for name, given in named.items()},
        strategies=_named_strategies(strategies),
        budget=_whole("budget", budget),
        batch=_whole("batch", batch),
        seeds=seeds,
        test_size=test_size,
    )
    with progress_bar(total=len(todo), unit="replay", disable=not progress) as bar:
        points = list(simulation.run(todo, n_jobs=n_jobs, progress=bar.update))
    columns = [*(["estimator"] if several else []), "strategy", "seed", "n_labels", "accuracy"]
    return pd.DataFrame(
        [[getattr(one, name) for name in columns] for one in points], columns=columns
    )


def _named_strategies(
    given: str | Sequence[str] | Mapping[str, Any],
) -> dict[str, tuple[str, Mapping[str, Any]]]:
    if isinstance(given, str):
        given = [given]
    named = given if isinstance(given, Mapping) else {name: name for name in given}
    return {shown: _strategy(of) for shown, of in named.items()}


def _strategy(given: Any) -> tuple[str, Mapping[str, Any]]:
    if isinstance(given, str):
        return given, {}
    if isinstance(given, Mapping) and set(given) <= {"name", "params"} and "name" in given:
        return given["name"], given.get("params") or {}
    raise InvalidSettingError(
        f'{given!r} is no strategy: give its name, or {{"name": …, "params": {{…}}}}.'
    )


def _source(given: Any, features: Features) -> EstimatorSource:
    if given is None:
        return default_spec(is_sparse=features.is_sparse)
    if isinstance(given, Mapping):
        return EstimatorSpec.from_json(dict(given))
    if isinstance(given, type):
        raise InvalidSettingError(
            f"{given.__name__} is a class; give an estimator made of it: {given.__name__}()."
        )
    if not hasattr(given, "fit") or not hasattr(given, "get_params"):
        raise InvalidSettingError(
            f"{given!r} is no scikit-learn estimator: it needs fit and get_params. Several are "
            'given as a mapping of names, a class by its path as {"import": "package.Class"}.'
        )
    return simulation.GivenEstimator(estimator=given)


def _seeds(given: int | Iterable[int]) -> list[int]:
    seeds = list(range(given)) if isinstance(given, int) else [_whole("A seed", s) for s in given]
    if not seeds or min(seeds) < 0:
        raise InvalidSettingError("seeds is a number of replays above 0, or a list of seeds.")
    return seeds


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise InvalidSettingError(f"{name} must be a whole number; {value!r} is none.")
    return int(value)


def _labels(y: Any) -> Any:
    import pandas as pd

    if isinstance(y, pd.DataFrame) and y.shape[1] == 1:
        y = y.iloc[:, 0]
    values = np.asarray(list(y), dtype=object)
    if values.ndim != 1:
        raise InvalidSettingError("y needs one label a sample; several a sample are not replayed.")
    if any(value is None or value != value for value in values):
        raise InvalidSettingError("Some labels are missing; leave those samples out.")
    return np.array([str(value) for value in values], dtype=np.str_)


def _features(X: Any, estimator: Any, folder: Path) -> Features:
    """Return features as a project makes them, or the numbers that were given."""
    import pandas as pd

    if isinstance(X, pd.DataFrame):
        return _prepared(X, folder) if _needs_preparing(X) else simulation.InMemory(X.to_numpy())
    is_list = isinstance(X, list | tuple | pd.Series | np.ndarray) and len(X) > 0
    if not is_list or not isinstance(X[0] if not isinstance(X, pd.Series) else X.iloc[0], str):
        return simulation.InMemory(X)
    texts = list(X)
    missing = sum(not isinstance(text, str) for text in texts)
    if missing:
        raise InvalidSettingError(
            f"{missing:,} of {len(texts):,} texts are missing or none; leave those samples out."
        )
    if _reads_texts(estimator):
        return simulation.InMemory(np.array(texts, dtype=object))
    return _prepared(pd.DataFrame({TEXT: texts}), folder)


def _needs_preparing(frame: pd.DataFrame) -> bool:
    """Return whether columns are more than numbers, or some numbers are missing."""
    import pandas as pd

    is_numeric = all(map(pd.api.types.is_numeric_dtype, frame.dtypes))
    return len(frame) > 0 and (not is_numeric or bool(frame.isna().to_numpy().any()))


def _reads_texts(estimator: Any) -> bool:
    given = list(estimator.values()) if isinstance(estimator, Mapping) else [estimator]
    return all(hasattr(one, "steps") for one in given)


def _prepared(frame: pd.DataFrame, folder: Path) -> Features:
    import pyarrow as pa
    from pyarrow import feather

    from jupyterlab_al.datasets.description import DatasetSpec, FeaturesSpec
    from jupyterlab_al.datasets.features import open_features
    from jupyterlab_al.datasets.preparation import PrepareTask
    from jupyterlab_al.datasets.prepare import prepare

    table = pa.Table.from_pandas(frame, preserve_index=False)
    feather.write_feather(table, str(folder / "data.arrow"), compression="uncompressed")
    is_text = list(frame.columns) == [TEXT]
    task = PrepareTask(
        folder=folder / "project",
        root=folder,
        dataset=DatasetSpec(kind="table", path="data.arrow"),
        features=FeaturesSpec(kind="text", column=TEXT) if is_text else FeaturesSpec(),
    )
    prepare(task, lambda _phase, _done: None)
    return open_features(task.folder)
