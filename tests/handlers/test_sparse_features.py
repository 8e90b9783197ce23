"""Sparse features through the interface: from an upload, or a file, to an estimator."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import sparse

from jupyterlab_al.client.estimators import loaded
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.handlers.context import Context
from tests.handlers.conftest import Answer, Api, Work
from tests.handlers.test_adding import fail_all

N, WIDTH = 40, 500
CLASSES = ["negative", "positive"]
#: Odd rows have something in column 1, even ones in column 0, and noise beside it.
X = sparse.lil_matrix(sparse.random(N, WIDTH, density=0.02, random_state=0))
for row in range(N):
    X[row, :2] = 0
    X[row, row % 2] = 1
X = X.tocsr().astype(np.float32)


def stream(matrix: Any, shape: object = None) -> bytes:
    """Return rows as an Arrow stream."""
    lists = [
        pa.ListArray.from_arrays(pa.array(matrix.indptr), pa.array(part))
        for part in (matrix.indices, matrix.data)
    ]
    table = pa.table(lists, names=["columns", "values"])
    table = table.replace_schema_metadata({"shape": json.dumps(shape or matrix.shape)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


async def uploaded(api: Api, content: bytes) -> str:
    """Return the id of an upload."""
    answer = await api("POST", "uploads", raw=content)
    assert answer.status == 201, answer.body
    return str(answer.body["upload_id"])


async def create(api: Api, reviews_csv: str, **features: Any) -> Answer:
    """Ask for a project of 40 texts that learns from features that are given."""
    body = {
        "name": "sparse",
        "dataset": {"kind": "table", "path": reviews_csv},
        "display": {"kind": "text", "column": "review"},
        "features": {"kind": "precomputed", **features},
        "classes": CLASSES,
        "blind": False,
    }
    return await api("POST", "projects", body)


async def trained(api: Api, work: Work) -> Any:
    """Label some samples, train, and return the estimator."""
    for sample_id in range(12):
        answer = await api.annotate("sparse", sample_id, CLASSES[sample_id % 2])
        assert answer.status == 201, answer.body
    await api("POST", "projects/sparse/rounds")
    await work()
    rounds = (await api("GET", "projects/sparse/rounds")).body["rounds"]
    assert [each["state"] for each in rounds] == ["finished"], rounds
    return loaded((await api("GET", "projects/sparse/estimator")).body)


@pytest.mark.parametrize("kind", ["upload", "path"])
async def test_a_round_learns_from_them(
    api: Api, work: Work, context: Context, reviews_csv: str, root_dir: Path, kind: str
) -> None:
    """They stay sparse to the end, and the estimator predicts what the server did."""
    given = {"path": "x.npz"}
    if kind == "upload":
        given = {"upload_id": await uploaded(api, stream(X))}
    sparse.save_npz(root_dir / "x.npz", X)

    assert (await create(api, reviews_csv, **given)).status == 201
    await work()
    estimator = await trained(api, work)

    features = open_features(context.settings.project_folder(1))
    assert (features.is_sparse, features.shape) == (True, (N, WIDTH))
    leases = (await api.claim("sparse", size=20)).body["leases"]
    foretold = [lease["prediction"] for lease in leases]
    here = estimator.predict_proba(X[[lease["sample_id"] for lease in leases]])
    assert len(leases) == 20
    for said, row in zip(foretold, here, strict=True):
        assert [said[name] for name in estimator.classes_] == pytest.approx(row, abs=1e-6)


async def test_the_estimator_is_the_one_for_sparse_features(
    api: Api, work: Work, reviews_csv: str
) -> None:
    """What GET says is what a round fits: no scaler, which would fill the zeros."""
    assert (await create(api, reviews_csv, upload_id=await uploaded(api, stream(X)))).status == 201
    await work()

    said = (await api("GET", "projects/sparse")).body
    fitted = await trained(api, work)

    assert said["features"]["kind"] == "precomputed"
    assert said["estimator"]["import"] == "sklearn.linear_model.LogisticRegression"
    assert said["estimator"]["params"]["C"] == fitted.C


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (stream(X[:-1]), "39 rows but there are 40 samples"),
        (stream(X, shape=[N, 2**31]), "2,147,483,648 columns"),
        (stream(X, shape=[N]), "instead of its numbers of rows and columns"),
        (stream(X, shape="none"), "instead of its numbers of rows and columns"),
        (b"\xff\xff\xff\xff and then nothing", "damaged, cut off or of another kind"),
    ],
    ids=["rows", "wide", "one-number", "no-shape", "damaged"],
)
async def test_what_the_file_says_is_checked_before_anything_is_made(
    api: Api, reviews_csv: str, content: bytes, says: str
) -> None:
    """422 with what is wrong, and there is no project."""
    answer = await create(api, reviews_csv, upload_id=await uploaded(api, content))

    assert (answer.status, answer.body["error"]) == (422, "invalid_dataset")
    assert says in answer.body["message"]
    assert (await api("GET", "projects")).body["projects"] == []


async def test_the_same_holds_for_a_file(api: Api, reviews_csv: str, root_dir: Path) -> None:
    """What scipy.sparse.save_npz did not write is refused with how to write it."""
    np.savez(root_dir / "x.npz", X.toarray())

    answer = await create(api, reviews_csv, path="x.npz")

    assert answer.status == 422
    assert "save_npz(path, matrix.tocsr())" in answer.body["message"]


async def test_further_samples_come_with_theirs(
    api: Api, work: Work, context: Context, reviews_csv: str, root_dir: Path
) -> None:
    """They are appended as sparse rows; other widths add nothing, and the project says why."""
    await create(api, reviews_csv, upload_id=await uploaded(api, stream(X)))
    await work()
    (root_dir / "more.csv").write_text("review\nOne more.\nAnother.\n")
    narrow = sparse.csr_matrix((2, 3), dtype=np.float32)

    for features, says in (
        (None, "project.add(rows, features=X)"),
        (narrow, "have 3 features, those of the project 500"),
    ):
        await add(api, features)
        await asyncio.to_thread(fail_all, context)
        assert says in (await api("GET", "projects/sparse")).body["error"]
    await add(api, X[:2])
    await work()

    status = (await api("GET", "projects/sparse")).body
    assert (status["n_samples"], status["error"]) == (N + 2, None)
    kept = open_features(context.settings.project_folder(1)).chunk(N, N + 2)
    np.testing.assert_array_equal(X[:2].toarray(), kept.toarray())


async def add(api: Api, features: Any) -> None:
    """Ask for two texts to be added, with features where there are some."""
    body = {"path": "more.csv"}
    if features is not None:
        body["features_upload_id"] = await uploaded(api, stream(features))
    answer = await api("POST", "projects/sparse/samples", body)
    assert answer.status == 202, answer.body


async def test_a_broken_row_is_named(api: Api, context: Context, reviews_csv: str) -> None:
    """What only the import sees makes the project fail, with the row in its error."""
    broken = X.copy()
    broken.data[0] = np.nan
    assert (
        await create(api, reviews_csv, upload_id=await uploaded(api, stream(broken)))
    ).status == 201

    await asyncio.to_thread(fail_all, context)

    status = (await api("GET", "projects/sparse")).body
    assert status["state"] == "failed"
    assert "nan in row 0" in status["error"]
