"""Tables and arrays on the wire, in pieces: memory does not grow with them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain
from math import prod
from typing import TYPE_CHECKING, Any, BinaryIO

from jupyterlab_al.client.http import Http

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import DTypeLike

#: Rows written together, and bytes sent together.
BATCH_ROWS, PIECE = 65_536, 1 << 20


def upload_table(http: Http, table: pa.Table) -> str:
    """Send a table as an Arrow stream; return the upload's id."""
    return upload_batches(http, table.schema, table.to_batches(max_chunksize=BATCH_ROWS))


def upload_batches(http: Http, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> str:
    """Send rows as an Arrow stream once all of them are there; return the upload's id."""
    import pyarrow as pa

    with tempfile.TemporaryFile() as file:
        with pa.ipc.new_stream(file, schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
        size = file.tell()
        file.seek(0)
        return http.upload(_pieces(file), size)


def upload_array(http: Http, array: Any, dtype: DTypeLike | None = None) -> str:
    """Send numbers as a `.npy` file that is never written; return the upload's id.

    Parameters
    ----------
    http : Http
    array : array, shape (n, …)
    dtype : optional
        What its values become, piece by piece; by default they stay.
    """
    import numpy as np

    kind, width = np.dtype(dtype or array.dtype), prod(array.shape[1:])
    head = BytesIO()
    described = {
        "descr": np.lib.format.dtype_to_descr(kind),
        "fortran_order": False,
        "shape": array.shape,
    }
    np.lib.format.write_array_header_1_0(head, described)
    rows = max(1, PIECE // max(1, width * kind.itemsize))

    def piece(start: int) -> memoryview:
        some = np.ascontiguousarray(array[start : start + rows], dtype=kind)
        return some.reshape(-1).view(np.uint8).data

    pieces = map(piece, range(0, array.shape[0], rows))
    size = head.tell() + array.shape[0] * width * kind.itemsize
    return http.upload(chain([head.getvalue()], pieces), size)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
