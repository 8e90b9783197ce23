"""Sparse matrices that are kept in another order than row by row: COO, CSC, BSR and DIA.

Their rows are gathered band by band. For each band the file is read once from its start to its
end, so memory is bounded by the band, and nothing is written on the way.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.npz_files import open_archive
from jupyterlab_al.datasets.npz_matrix import NpzMatrix, Packed
from jupyterlab_al.domain import sparse_rows
from jupyterlab_al.domain.sparse_rows import row_pieces

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Values that are gathered together; one with its place takes some 30 bytes meanwhile.
BAND_VALUES = 1 << 22

#: Rows, columns and values of some entries; places may lie outside of the matrix.
Entries = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


class NpzEntries(NpzMatrix):
    """A matrix whose rows have to be gathered."""

    def _blocks(self) -> Iterator[csr_matrix]:
        indptr = self._row_ends()
        for start, stop in _bands(indptr):
            rows, columns, values = self._band(start, stop)
            order = np.argsort(rows, kind="stable")
            columns, values = columns[order], values[order]
            ends = indptr[start : stop + 1] - indptr[start]
            for first, last in row_pieces(ends):
                part = slice(ends[first], ends[last])
                piece = ends[first : last + 1]
                yield self._matrix(start + first, piece, columns[part], values[part])

    def _row_ends(self) -> NDArray[np.int64]:
        """Return where each row would end among the values, were it CSR."""
        n = self.shape[0]
        counts = np.zeros(n + 1, dtype=np.int64)
        for rows, _, _ in self._entries():
            outside = (rows < 0) | (rows >= n)
            if outside.any():
                row = rows[int(np.argmax(outside))]
                raise self.wrong(f"has a value in row {row} (counted from 0) but only {n:,} rows")
            found, times = np.unique(rows, return_counts=True)
            counts[found.astype(np.int64) + 1] += times
        return np.cumsum(counts)

    def _band(self, start: int, stop: int) -> Entries:
        """Return the entries of some rows, in the order of the file."""
        parts = []
        for entries in self._entries():
            chosen = (entries[0] >= start) & (entries[0] < stop)
            parts.append([part[chosen] for part in entries])
        rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        return rows, columns, values

    def _entries(self) -> Iterator[Entries]:
        with open_archive(self._path) as archive:
            # One at least, so that a matrix without values has parts to put together, too.
            yield np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
            yield from ENTRIES[self.form](self, archive)

    def by_coordinates(self, archive: zipfile.ZipFile) -> Iterator[Entries]:
        """Yield entries that each say their row and column (COO)."""
        with (
            self._opened(archive, "row", "iu") as rows,
            self._opened(archive, "col", "iu") as columns,
            self._opened(archive, "data", "biuf") as values,
        ):
            if not rows.length == columns.length == values.length:
                raise self.wrong("has parts of lengths that don't fit together")
            for size in _sizes(values.length):
                yield rows.read(size), columns.read(size), values.read(size)

    def by_columns(self, archive: zipfile.ZipFile) -> Iterator[Entries]:
        """Yield the entries of a matrix that is kept column by column (CSC)."""
        with self._opened(archive, "data", "biuf") as values:
            for start, indptr, rows in self._compressed(archive, self.shape[1], values.length):
                columns = start + np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
                yield rows, columns, values.read(len(rows))

    def by_blocks(self, archive: zipfile.ZipFile) -> Iterator[Entries]:
        """Yield the entries of rows of dense blocks, all of one shape (BSR)."""
        with self._opened(archive, "data", "biuf") as values:
            match values.shape:
                case [n_blocks, height, width] if height and width:
                    self._require_order(values)
                case _:
                    raise self.wrong(f"has blocks of shape {values.shape[1:]}")
            if self.shape[0] % height or self.shape[1] % width:
                raise self.wrong(f"has blocks of {height} × {width}, which don't fill it")
            n_rows = self.shape[0] // height
            for start, indptr, across in self._compressed(archive, n_rows, n_blocks):
                down = start + np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
                place = 0
                for size in _sizes(len(across) * height * width):
                    block, inside = np.divmod(np.arange(place, place + size), height * width)
                    row, column = np.divmod(inside, width)
                    places = (down[block] * height + row, across[block] * width + column)
                    yield *places, values.read(size)
                    place += size

    def by_diagonals(self, archive: zipfile.ZipFile) -> Iterator[Entries]:
        """Yield the entries of diagonals; what sticks out of the matrix is none (DIA)."""
        with (
            self._opened(archive, "offsets", "iu") as packed,
            self._opened(archive, "data", "biuf") as values,
        ):
            offsets = packed.read(max(packed.length, 0)).astype(np.int64)
            match values.shape:
                case [n, length] if n == packed.length:
                    self._require_order(values)
                case _:
                    raise self.wrong("has parts of lengths that don't fit together")
            for offset in offsets:
                column = 0
                for size in _sizes(length):
                    columns = np.arange(column, column + size)
                    rows, some = columns - offset, values.read(size)
                    inside = (rows >= 0) & (rows < self.shape[0]) & (columns < self.shape[1])
                    yield rows[inside], columns[inside], some[inside]
                    column += size

    def _require_order(self, values: Packed) -> None:
        if values.is_fortran:
            raise self.wrong("has values in the order of Fortran")


#: How the entries are found of each form.
ENTRIES: dict[str, Callable[[NpzEntries, zipfile.ZipFile], Iterator[Entries]]] = {
    "coo": NpzEntries.by_coordinates,
    "csc": NpzEntries.by_columns,
    "bsr": NpzEntries.by_blocks,
    "dia": NpzEntries.by_diagonals,
}


def _bands(indptr: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield first and last row (excluded) of bands; a row with more values is one alone."""
    start, n = 0, len(indptr) - 1
    while start < n:
        fitting = int(np.searchsorted(indptr, indptr[start] + BAND_VALUES, side="right")) - 1
        stop = min(n, max(start + 1, fitting))
        yield start, stop
        start = stop


def _sizes(n: int) -> Iterator[int]:
    """Yield how many of `n` values are read at once."""
    for start in range(0, n, sparse_rows.PIECE_VALUES):
        yield min(sparse_rows.PIECE_VALUES, n - start)
