"""One query of ten samples by other libraries: `query_step.py LIBRARY X.npy y.npy REPEATS`.

The first samples of `X` are labeled with `y`; all others are candidates. The estimator is fitted
before the clock starts.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

TEN = 10


def modal(X, y):
    """Return a margin query of modAL."""
    from modAL.models import ActiveLearner
    from modAL.uncertainty import margin_sampling

    learner = ActiveLearner(
        LogisticRegression(max_iter=1000),
        query_strategy=margin_sampling,
        X_training=X[: len(y)],
        y_training=y,
    )
    candidates = X[len(y) :]
    return lambda: learner.query(candidates, n_instances=TEN)


def skactiveml(X, y):
    """Return a margin query of scikit-activeml."""
    from skactiveml.classifier import SklearnClassifier
    from skactiveml.pool import UncertaintySampling

    labels = np.full(len(X), np.nan)
    labels[: len(y)] = y
    clf = SklearnClassifier(LogisticRegression(max_iter=1000), classes=np.unique(y))
    clf.fit(X, labels)
    strategy = UncertaintySampling(method="margin_sampling", random_state=0)
    return lambda: strategy.query(X=X, y=labels, clf=clf, fit_clf=False, batch_size=TEN)


def small_text(X, y):
    """Return a least-confidence query of small-text; its margin goes row by row."""
    from scipy.sparse import csr_matrix
    from small_text import (
        ConfidenceEnhancedLinearSVC,
        LeastConfidence,
        SklearnClassifier,
        SklearnDataset,
    )

    n_classes = int(y.max()) + 1
    labels = np.full(len(X), -1)
    labels[: len(y)] = y
    dataset = SklearnDataset(csr_matrix(X), labels, target_labels=np.arange(n_classes))
    clf = SklearnClassifier(ConfidenceEnhancedLinearSVC(), n_classes)
    labeled, candidates = np.arange(len(y)), np.arange(len(y), len(X))
    clf.fit(dataset[labeled])
    strategy = LeastConfidence()
    return lambda: strategy.query(clf, dataset, candidates, labeled, y, n=TEN)


LIBRARIES = {"modAL": modal, "scikit-activeml": skactiveml, "small-text": small_text}


def status_mb(name):
    """Return a figure of this process's memory in megabytes."""
    return int(Path("/proc/self/status").read_text().split(f"{name}:")[1].split()[0]) / 1024


def main(library, x_path, y_path, repeats):
    """Measure one library and print seconds and megabytes above the start."""
    X, y = np.load(x_path), np.load(y_path)
    query = LIBRARIES[library](X, y)
    before = status_mb("VmRSS")
    times = []
    for _ in range(int(repeats)):
        began = time.perf_counter()
        query()
        times.append(time.perf_counter() - began)
    print(json.dumps({"seconds": min(times), "above_mb": max(0.0, status_mb("VmHWM") - before)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
