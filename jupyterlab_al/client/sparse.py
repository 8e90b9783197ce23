"""Sparse features on their way to the server: as rows of Arrow, never dense.

SciPy is not imported here: whoever has a sparse matrix has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from jupyterlab_al.client.errors import InvalidInputError
from jupyterlab_al.client.http import Http
from jupyterlab_al.client.sending import upload_batches
from jupyterlab_al.domain.sparse_rows import (
    COLUMNS,
    MOST_COLUMNS,
    SHAPE,
    VALUES,
    row_of,
    row_pieces,
)

if TYPE_CHECKING:
    import pyarrow as pa


def as_csr(X: Any) -> Any | None:
    """Return sparse numbers of any kind as CSR; None for what is not sparse.

    Raises
    ------
    InvalidInputError
        If they are a frame whose columns leave out something else than zeros.
    """
    if hasattr(getattr(X, "sparse", None), "to_coo"):
        try:
            X = X.sparse.to_coo()
        except ValueError as error:
            raise InvalidInputError(
                f"Sparse columns must leave out zeros: {error}. Convert them, for example with "
                "astype(pd.SparseDtype(float, 0))."
            ) from error
    return X.tocsr() if hasattr(X, "tocsr") else None


def upload_sparse(http: Http, X: Any) -> str:
    """Send a CSR matrix piece by piece; return the upload's id.

    Parameters
    ----------
    http : Http
    X : CSR matrix of real numbers, shape (n_rows, n_columns)
        It stays as it is. What is sent has sorted columns, each once, and no zeros.

    Raises
    ------
    InvalidInputError
        If it has no rows, no columns or too many, or a value that nothing can be learned from;
        nothing is sent then.
    """
    import pyarrow as pa

    if not 0 < X.shape[1] <= MOST_COLUMNS or not X.shape[0]:
        raise InvalidInputError(
            f"Sparse features of shape {X.shape} can't be sent: there must be a row for each "
            f"sample, and from 1 to {MOST_COLUMNS:,} columns. Hash or select columns if there are "
            "more."
        )
    schema = pa.schema(
        [(COLUMNS, pa.list_(pa.int32())), (VALUES, pa.list_(pa.float32()))],
        metadata={SHAPE: json.dumps(X.shape)},
    )
    return upload_batches(http, schema, _batches(X, schema))


def _batches(X: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    for start, stop in row_pieces(X.indptr):
        # A copy, so that the person's own matrix is not put in order.
        rows = X[start:stop]
        rows.sum_duplicates()
        rows = _finite(rows, start)
        rows.eliminate_zeros()
        offsets = pa.array(rows.indptr.astype(np.int32))
        parts = (pa.array(rows.indices.astype(np.int32)), pa.array(rows.data))
        lists = [pa.ListArray.from_arrays(offsets, part) for part in parts]
        yield pa.RecordBatch.from_arrays(lists, schema=schema)


def _finite(rows: Any, start: int) -> Any:
    """Return rows as float32; refuse what is not finite as such, naming the first place."""
    import numpy as np

    with np.errstate(over="ignore", under="ignore"):
        single = rows.astype(np.float32)
    if np.isfinite(single.data).all():
        return single
    place = int(np.argmin(np.isfinite(single.data)))
    row = start + row_of(place, rows.indptr)
    raise InvalidInputError(
        f"The features have {rows.data[place]} in row {row}, column {rows.indices[place]} (counted "
        "from 0); an estimator can't learn from it. Replace such values, for example "
        "X.data = numpy.nan_to_num(X.data, posinf=0, neginf=0), or scale them."
    )
