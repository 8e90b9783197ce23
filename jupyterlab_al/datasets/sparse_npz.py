"""Sparse matrices in `.npz` files: kept row by row (CSR), or in another of SciPy's forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_al.datasets.npz_files import open_archive
from jupyterlab_al.datasets.npz_matrix import NpzMatrix
from jupyterlab_al.datasets.sparse_entries import ENTRIES, NpzEntries
from jupyterlab_al.datasets.sparse_file import HOW
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def open_npz_matrix(path: Path) -> NpzMatrix:
    """Return the sparse matrix in a file; of its values nothing is read.

    Raises
    ------
    InvalidDatasetError
        It holds none, or one of a form that `scipy.sparse.save_npz` doesn't write.
    """
    matrix = NpzRows(path)
    if matrix.form == "csr":
        return matrix
    if matrix.form in ENTRIES:
        return NpzEntries(path)
    said = matrix.form[:20]
    raise InvalidDatasetError(f"{path.name} holds a matrix as {said}, which is unknown. {HOW}")


class NpzRows(NpzMatrix):
    """A matrix that is kept row by row, and read so."""

    def _blocks(self) -> Iterator[csr_matrix]:
        with open_archive(self._path) as archive, self._opened(archive, "data", "biuf") as values:
            for start, indptr, columns in self._compressed(archive, self.shape[0], values.length):
                yield self._matrix(start, indptr, columns, values.read(len(columns)))
