from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyterlab_al.datasets import column_encoder
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.prepare import PrepareTask, prepare
from jupyterlab_al.domain.errors import ActiveLearningError

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
VALUES: list[st.SearchStrategy[Any]] = [
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.booleans(),
    TEXT,
    st.dates(),
    st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2250, 1, 1)),  # noqa: DTZ001
    st.binary(max_size=9),
    st.lists(TEXT, max_size=3),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000),
    st.sampled_from(["red", "blue"]),
]
NAMES = st.one_of(st.sampled_from(["id", "label", "text", "y", ""]), TEXT)


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Draw a table of a few columns of any type, with values missing."""
    n_rows = draw(st.integers(1, 8))
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    columns = [
        draw(st.lists(st.none() | draw(st.sampled_from(VALUES)), min_size=n_rows, max_size=n_rows))
        for _ in names
    ]
    return pa.table(dict(zip(names, columns, strict=True)))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make one folder for all examples, which go without skrub: it takes a second for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_encoder, "find_spec", lambda _name: None)
        yield tmp_path_factory.mktemp("any")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(table=tables(), ending=st.sampled_from(["parquet", "arrow", "csv"]))
def test_any_table_is_ready_or_refused_in_words(root: Path, table: pa.Table, ending: str) -> None:
    """Whatever a table holds: every row is a sample with finite features, or a message says why."""
    path = root / f"a.{ending}"
    if ending == "parquet":
        pq.write_table(table, path)
    elif ending == "arrow":
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
    else:
        table.to_pandas().to_csv(path, index=False)
    spec = DatasetSpec(kind="table", path=path.name)

    try:
        found = asdict(inspect(root, spec))
        body = found["proposal"]
        prepared = prepare(
            PrepareTask(
                folder=root / "project",
                root=root,
                dataset=DatasetSpec.from_json(body["dataset"]),
                display=DisplaySpec.from_json(body["display"]),
                features=FeaturesSpec.from_json(body["features"]),
                label_column=body["label_column"],
            ),
            lambda phase, progress: None,
        )
    except ActiveLearningError as error:
        assert error.message.endswith((".", ")", "…"))
        return

    pool, features = SamplePool.open(root / "project"), open_features(root / "project")
    X = features.chunk(0, pool.n_samples)
    shown = [(pool.key(i), pool.display(i)) for i in range(pool.n_samples)]
    json.dumps([found, shown], allow_nan=False)
    if ending != "csv":
        assert pool.n_samples == table.num_rows
    assert X.shape == (pool.n_samples, prepared.n_features)
    assert np.isfinite(X.toarray() if features.is_sparse else X).all()
    assert set(prepared.imported.labels) <= set(prepared.classes)
