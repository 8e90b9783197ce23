"""Features that a person computed: an array or a sparse matrix, beside the data or uploaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.array_features import values_of
from jupyterlab_al.datasets.arrays import CHUNK_BYTES, as_rows, chunks, open_array
from jupyterlab_al.datasets.description import SPARSE_ENDINGS, Layout
from jupyterlab_al.datasets.features_writer import features_writer
from jupyterlab_al.datasets.npz_files import is_archive
from jupyterlab_al.datasets.paths import resolve
from jupyterlab_al.datasets.sparse_arrow import ArrowRows
from jupyterlab_al.datasets.sparse_file import SparseFile
from jupyterlab_al.datasets.sparse_npz import open_npz_matrix
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


class GivenArray:
    """Features in a `.npy` file, memory-mapped."""

    layout: Layout = "dense"

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._array = open_array(path)
        self.shape = (len(self._array), prod(self._array.shape[1:]))

    def pieces(self) -> Iterator[NDArray[np.float32]]:
        """Yield all rows in order; refuse what is not finite."""
        for start, rows in chunks(as_rows(self._array)):
            yield values_of(rows, self.name, start)


def write_precomputed_features(
    root: Path, relative: str, n_samples: int, folder: Path, report: Callable[[float], None]
) -> int:
    """Copy the features at `relative` as float32, sparse ones as CSR; return their number.

    They are refused unless they have a row a sample.
    """
    given = open_precomputed(root, relative, n_samples)
    write_given(given, folder, report, layout=given.layout)
    return given.shape[1]


def open_precomputed(root: Path, relative: str, n_samples: int | None) -> GivenArray | SparseFile:
    """Return the features at `relative`; of their numbers nothing is read.

    Raises
    ------
    PathOutsideRootError
        The path leads out of the root folder.
    InvalidDatasetError
        It is neither an array nor a sparse matrix, or has not a row a sample (`n_samples`; None:
        not known yet).
    """
    given = _opened(resolve(root, relative))
    if n_samples is not None and given.shape[0] != n_samples:
        raise InvalidDatasetError(
            f"{given.name} has {given.shape[0]:,} rows but there are {n_samples:,} samples; save "
            "one row of features for each sample, in the same order."
        )
    return given


def _opened(path: Path) -> GivenArray | SparseFile:
    ending = path.suffix.lower()
    if ending == ".npy":
        return GivenArray(path)
    if ending in SPARSE_ENDINGS:
        return open_npz_matrix(path) if is_archive(path) else ArrowRows(path)
    raise InvalidDatasetError(
        f"Precomputed features must be an array (.npy, by numpy.save) or a sparse matrix (.npz, by "
        f"scipy.sparse.save_npz), not {path.name}."
    )


def write_given(
    given: GivenArray | SparseFile,
    folder: Path,
    report: Callable[[float], None],
    *,
    layout: Layout,
) -> None:
    """Copy features as float32, in the layout that is asked for."""
    n, width = given.shape
    with features_writer(folder, layout, width) as writer:
        for piece in given.pieces():
            for rows in _laid_out(piece, layout):
                writer.append(rows)
            report(writer.rows / n)


def _laid_out(
    piece: NDArray[np.float32] | csr_matrix, layout: Layout
) -> Iterator[NDArray[np.float32] | csr_matrix]:
    """Yield the rows of a piece in a layout; what becomes dense comes in small pieces."""
    from scipy.sparse import csr_matrix

    if not isinstance(piece, np.ndarray):
        if layout == "csr":
            yield piece
            return
        rows = max(1, CHUNK_BYTES // (4 * piece.shape[1]))
        for start in range(0, piece.shape[0], rows):
            yield piece[start : start + rows].toarray()
    else:
        yield piece if layout == "dense" else csr_matrix(piece)
