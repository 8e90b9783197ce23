"""A sparse matrix in a file, read piece by piece and trusted in nothing.

What comes out is sound whatever came in: columns sorted, each once, inside the matrix; values
finite as float32, and no zeros.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.description import Layout
from jupyterlab_al.domain.errors import InvalidDatasetError
from jupyterlab_al.domain.sparse_rows import MOST_COLUMNS, row_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: What to do where a file holds no such matrix.
HOW = "Write it with scipy.sparse.save_npz(path, matrix.tocsr()), or an array with numpy.save."


class SparseFile(ABC):
    """A sparse matrix that is read from the start, any number of times."""

    layout: Layout = "csr"
    #: Rows and columns, as the file says.
    shape: tuple[int, int]

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = path.name
        if path.is_dir():
            raise InvalidDatasetError(f"{path.name} is a folder; choose a file with a matrix.")

    @abstractmethod
    def _blocks(self) -> Iterator[csr_matrix]:
        """Yield all rows in pieces of bounded size, checked by `_matrix`."""

    def pieces(self) -> Iterator[csr_matrix]:
        """Yield all rows in order, float32, in memory that does not grow with the file.

        Raises
        ------
        InvalidDatasetError
            The file is damaged, says something else than it holds, or holds what is no number.
        """
        n = 0
        for piece in self._blocks():
            n += piece.shape[0]
            if n > self.shape[0]:
                break
            yield piece
        if n != self.shape[0]:
            raise self.wrong(f"has not the {self.shape[0]:,} rows that it says")

    def wrong(self, what: str) -> InvalidDatasetError:
        """Return the error for a file that has something else than a sound matrix."""
        return InvalidDatasetError(f"{self.name} {what}, so it is no sparse matrix. {HOW}")

    def _checked_shape(self, given: object) -> tuple[int, int]:
        match given:
            case [int(rows), int(columns)] if bool not in (type(rows), type(columns)):
                pass
            case _:
                said = str(given)[:50]
                raise self.wrong(f"says {said!r} instead of its numbers of rows and columns")
        if not 0 < columns <= MOST_COLUMNS or rows < 1:
            raise InvalidDatasetError(
                f"{self.name} has {rows:,} rows and {columns:,} columns; there must be a row for "
                f"each sample, and from 1 to {MOST_COLUMNS:,} columns."
            )
        return rows, columns

    def _matrix(
        self, start: int, indptr: NDArray[Any], columns: NDArray[Any], values: NDArray[Any]
    ) -> csr_matrix:
        """Return rows from `start` on as CSR, in order; refuse columns and values that can't be."""
        from scipy.sparse import csr_matrix

        ends = indptr - indptr[0]
        outside = (columns < 0) | (columns >= self.shape[1])
        if outside.any():
            place = int(np.argmax(outside))
            row = start + row_of(place, ends)
            raise self.wrong(
                f"has column {columns[place]} in row {row} (counted from 0) but only "
                f"{self.shape[1]:,} columns"
            )
        with np.errstate(over="ignore"):
            X = csr_matrix(
                (values.astype(np.float32), columns.astype(np.int32), ends.astype(np.int32)),
                shape=(len(ends) - 1, self.shape[1]),
            )
            X.sum_duplicates()
        finite = np.isfinite(X.data)
        if not finite.all():
            place = int(np.argmin(finite))
            row = start + row_of(place, X.indptr)
            raise InvalidDatasetError(
                f"{self.name} has {X.data[place]} in row {row}, column {X.indices[place]} (counted "
                "from 0); an estimator can't learn from it. Replace such values, for example with "
                "numpy.nan_to_num, and save the matrix again."
            )
        X.eliminate_zeros()
        return X
