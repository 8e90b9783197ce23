"""Sparse features between programs: how their rows stand in an Arrow stream, and in what pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The two lists of a row: the columns that hold a value (int32), and the values (float32).
COLUMNS, VALUES = "columns", "values"
#: Entry of the schema's metadata: number of rows and of columns, as a JSON list.
SHAPE = "shape"
#: Columns are numbered in 32 bits.
MOST_COLUMNS = 2**31 - 1
#: Values, and rows, handled at once.
PIECE_VALUES, PIECE_ROWS = 1 << 18, 65_536


def row_pieces(indptr: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Yield first and last row (excluded) of pieces that are small enough to be handled at once.

    Parameters
    ----------
    indptr : array of int, shape (n_rows + 1,)
        Where each row begins among the values, as in a CSR matrix. A longer row is a piece alone.
    """
    # Here, so that a notebook's `import jupyterlab_al` needs no NumPy.
    import numpy as np

    start, n_rows = 0, len(indptr) - 1
    while start < n_rows:
        ends = indptr[start + 1 : start + 1 + PIECE_ROWS]
        fitting = int(np.searchsorted(ends, indptr[start] + PIECE_VALUES, side="right"))
        yield start, start + max(1, fitting)
        start += max(1, fitting)


def row_of(place: int, indptr: NDArray[Any]) -> int:
    """Return the row that the value at a place belongs to.

    Parameters
    ----------
    place : int
        Position among the values.
    indptr : array of int, shape (n_rows + 1,)
        Where each row begins among the values, as in a CSR matrix.
    """
    import numpy as np

    return int(np.searchsorted(indptr, place, side="right")) - 1
