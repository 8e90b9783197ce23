from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse import random as random_sparse

from jupyterlab_al.datasets.description import DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.features import Features, open_features
from jupyterlab_al.datasets.record import CSR_PARTS, DENSE, FEATURES, DatasetRecord


def stored(folder: Path, X: np.ndarray | csr_matrix) -> Features:
    """Store `X` as an import does and open it."""
    (folder / FEATURES).mkdir()
    sparse = isinstance(X, csr_matrix)
    if sparse:
        parts = (X.data, X.indices.astype(np.int32), X.indptr.astype(np.int64))
        for name, part in zip(CSR_PARTS, parts, strict=True):
            np.save(folder / FEATURES / name, part)
    else:
        np.save(folder / FEATURES / DENSE, X)
    DatasetRecord(
        n_samples=X.shape[0],
        store="table",
        display=DisplaySpec(),
        features=FeaturesSpec(),
        layout="csr" if sparse else "dense",
        n_features=X.shape[1],
    ).write(folder)
    return open_features(folder)


@pytest.fixture
def sparse() -> csr_matrix:
    """Return a sparse matrix with an empty row at the start and at the end."""
    X = random_sparse(50, 9, density=0.2, format="lil", dtype=np.float32, random_state=0)
    X[0] = X[-1] = 0
    return X.tocsr()


def test_dense_features_are_a_view_of_the_file(tmp_path: Path) -> None:
    """A chunk of dense features is float32, read-only and copies nothing."""
    X = np.arange(12, dtype=np.float32).reshape(4, 3)
    features = stored(tmp_path, X)

    chunk = features.chunk(1, 3)

    assert features.shape == (4, 3)
    assert not features.is_sparse
    assert not chunk.flags.owndata
    assert not chunk.flags.writeable
    np.testing.assert_array_equal(X[1:3], chunk)


def test_dense_rows_come_in_the_order_asked_for(tmp_path: Path) -> None:
    """Rows taken by id keep the order of the ids, repeats included."""
    X = np.arange(12, dtype=np.float32).reshape(4, 3)

    np.testing.assert_array_equal(X[[3, 0, 3]], stored(tmp_path, X).take(np.array([3, 0, 3])))


@pytest.mark.parametrize(("start", "stop"), [(0, 50), (0, 1), (10, 20), (49, 80), (20, 20)])
def test_sparse_chunks_are_the_rows(
    tmp_path: Path, sparse: csr_matrix, start: int, stop: int
) -> None:
    """A chunk of sparse features is the same as slicing the whole matrix."""
    features = stored(tmp_path, sparse)

    chunk = features.chunk(start, stop)

    assert features.is_sparse
    assert features.shape == (50, 9)
    assert np.float32 == chunk.dtype
    np.testing.assert_array_equal(sparse[start:stop].toarray(), chunk.toarray())


@pytest.mark.parametrize("ids", [[], [0], [49, 3, 3, 0], list(range(50))])
def test_sparse_rows_come_in_the_order_asked_for(
    tmp_path: Path, sparse: csr_matrix, ids: list[int]
) -> None:
    """Rows of sparse features taken by id keep the order of the ids, repeats included."""
    taken = stored(tmp_path, sparse).take(np.array(ids, dtype=np.int64))

    np.testing.assert_array_equal(sparse[ids].toarray(), taken.toarray())


def test_features_without_any_value_can_be_read(tmp_path: Path) -> None:
    """A pool of empty texts has features too: rows of zeros."""
    features = stored(tmp_path, csr_matrix((3, 2), dtype=np.float32))

    assert features.chunk(0, 3).nnz == 0
    assert features.take(np.array([2, 0])).shape == (2, 2)
