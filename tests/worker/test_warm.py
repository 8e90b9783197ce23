"""What the fork server holds for every round, and what it leaves to those who need it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jupyterlab_al.worker.fork_server import WORKER_PID


def in_a_fork_server(code: str) -> Any:
    """Return the JSON that code prints in a process which has warmed up as the fork server does."""
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys\nimport jupyterlab_al.worker.warm\n{code}"],
        env={**os.environ, WORKER_PID: str(os.getpid())},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_rounds_and_imports_of_data_find_what_they_use_and_no_more() -> None:
    """scikit-learn, skops and pyarrow are loaded; pandas, which has no use for most, is not."""
    names = ("sklearn.linear_model", "skops.io", "pyarrow.compute", "pyarrow.parquet", "pandas")

    loaded = in_a_fork_server(f"print(json.dumps([name in sys.modules for name in {names}]))")

    assert loaded == [True, True, True, True, False]


def test_an_estimator_that_uses_pandas_finds_it() -> None:
    """Whoever imports pandas in a round gets it, and scikit-learn then knows frames."""
    code = """
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

frame = pd.DataFrame({"size": [1.0, 2.0, 3.0, 4.0], "color": ["red", "red", "blue", "blue"]})
columns = make_column_transformer((StandardScaler(), ["size"]), (OneHotEncoder(), ["color"]))
columns.set_output(transform="default")
made = make_pipeline(columns, LogisticRegression()).fit(frame, [0, 0, 1, 1])
scaled = StandardScaler().set_output(transform="pandas").fit_transform(frame[["size"]])
print(json.dumps([made.predict(frame).tolist(), list(made.feature_names_in_), list(scaled)]))
"""

    assert in_a_fork_server(code) == [[0, 0, 1, 1], ["size", "color"], ["size"]]


def test_an_import_of_numbers_and_categories_never_loads_pandas(tmp_path: Path) -> None:
    """A table without dates and strings of many values is made ready sooner than pandas loads."""
    rows = {"price": [1.0, None, 3.0], "new": [True, False, None], "shop": ["a", None, "b"]}
    pq.write_table(pa.table(rows), tmp_path / "rows.parquet")
    code = f"""
from pathlib import Path
from jupyterlab_al.datasets.description import DatasetSpec, FeaturesSpec
from jupyterlab_al.datasets.prepare import PrepareTask, prepare

folder = Path({str(tmp_path)!r})
columns = FeaturesSpec(kind="columns", columns=("price", "new", "shop"))
dataset = DatasetSpec(kind="table", path="rows.parquet")
task = PrepareTask(folder=folder / "made", root=folder, dataset=dataset, features=columns)
found = prepare(task, lambda _phase, _progress: None)
print(json.dumps([found.n_samples, found.n_features, "pandas" in sys.modules]))
"""

    assert in_a_fork_server(code) == [3, 7, False]
