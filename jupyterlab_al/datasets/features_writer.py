"""Features written part by part, in either layout."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from jupyterlab_al.datasets.description import Layout
from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.record import CSR_PARTS, DENSE

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Types of the parts: values, their columns, and where each row begins.
TYPES = (np.float32, np.int32, np.int64)


def features_writer(folder: Path, layout: Layout, width: int) -> NpyWriter | CsrWriter:
    """Return what appends rows to the features in `folder`."""
    if layout == "csr":
        return CsrWriter(folder)
    return NpyWriter(folder / DENSE, np.float32, (width,))


class CsrWriter:
    """Append rows to the parts of a CSR matrix whose length is known only at the end."""

    def __init__(self, folder: Path) -> None:
        with ExitStack() as stack:
            self._data, self._indices, self._indptr = (
                stack.enter_context(NpyWriter(folder / name, dtype))
                for name, dtype in zip(CSR_PARTS, TYPES, strict=True)
            )
            self._indptr.append(np.zeros(1, np.int64))
            self._files = stack.pop_all()

    @property
    def rows(self) -> int:
        """Rows written so far."""
        return self._indptr.rows - 1

    def append(self, X: csr_matrix) -> None:
        """Write more rows, whose columns are sorted."""
        self._indptr.append(X.indptr[1:].astype(np.int64) + self._data.rows)
        self._data.append(X.data)
        self._indices.append(X.indices)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *of_error: object) -> None:
        """Write the final lengths and close, whatever happened."""
        self._files.__exit__(*of_error)  # type: ignore[arg-type]
