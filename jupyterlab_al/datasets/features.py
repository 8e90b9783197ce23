"""The features of a project: memory-mapped, read by chunk or by position.

Further samples are encoded in the same way by `encoders.open_encoder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.record import CSR_PARTS, DENSE, FEATURES, DatasetRecord, parts

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def open_features(folder: Path, *, n_samples: int | None = None) -> Features:
    """Return the features of a project folder, those of samples added later included.

    `n_samples` is how many samples the project has; by default all that are in the folder.
    """
    opened = [_opened(part) for _, part in parts(folder, n_samples)]
    return opened[0] if len(opened) == 1 else GrownFeatures(opened)


def _opened(folder: Path) -> Features:
    record = DatasetRecord.read(folder)
    if record.layout == "csr":
        return SparseFeatures(folder / FEATURES, record.n_samples, record.n_features)
    return DenseFeatures(folder / FEATURES)


class Features:
    """float32 features of all samples; rows are samples in order."""

    shape: tuple[int, int]
    is_sparse: bool

    def chunk(self, start: int, stop: int) -> NDArray[np.float32] | csr_matrix:
        """Return rows `start` to `stop`, a view of the mapped file where that is possible."""
        raise NotImplementedError

    def take(self, ids: NDArray[np.int64]) -> NDArray[np.float32] | csr_matrix:
        """Return the rows of `ids`, in that order, in memory."""
        raise NotImplementedError


class DenseFeatures(Features):
    """Features in one float32 array."""

    is_sparse = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._X: NDArray[np.float32] = np.load(
            folder / DENSE, mmap_mode="r", allow_pickle=False
        ).view(np.ndarray)
        self.shape = (self._X.shape[0], self._X.shape[1])

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as a path: another process maps the same file."""
        return DenseFeatures, (self._folder,)

    def chunk(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return rows `start` to `stop` as a read-only view."""
        return self._X[start:stop]

    def take(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the rows of `ids`, in that order, in memory."""
        return self._X[np.asarray(ids, dtype=np.int64)]


class SparseFeatures(Features):
    """Features in compressed sparse rows (CSR)."""

    is_sparse = True

    def __init__(self, folder: Path, n_samples: int, n_features: int) -> None:
        self._folder = folder
        mapped = (np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in CSR_PARTS)
        self._data, self._indices, self._indptr = (part.view(np.ndarray) for part in mapped)
        self.shape = (n_samples, n_features)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as a path: another process maps the same files."""
        return SparseFeatures, (self._folder, *self.shape)

    def chunk(self, start: int, stop: int) -> csr_matrix:
        """Return rows `start` to `stop`; values are views of the mapped file."""
        start, stop = max(0, start), max(start, min(stop, self.shape[0]))
        indptr = self._indptr[start : stop + 1]
        first, last = int(indptr[0]), int(indptr[-1])
        return self._matrix(
            self._data[first:last], self._indices[first:last], np.asarray(indptr - first)
        )

    def take(self, ids: NDArray[np.int64]) -> csr_matrix:
        """Return the rows of `ids`, in that order, in memory."""
        ids = np.asarray(ids, dtype=np.int64)
        starts = self._indptr[ids]
        lengths = self._indptr[ids + 1] - starts
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        # Position of each wanted value: its row's start plus its place within the row.
        places = np.arange(indptr[-1]) + np.repeat(starts - indptr[:-1], lengths)
        return self._matrix(self._data[places], self._indices[places], indptr)

    def _matrix(
        self, data: NDArray[np.float32], indices: NDArray[np.int32], indptr: NDArray[Any]
    ) -> csr_matrix:
        from scipy.sparse import csr_matrix

        # One index type for both parts, or SciPy copies the indices.
        small = indptr[-1] <= np.iinfo(np.int32).max
        pointers = indptr.astype(np.int32 if small else np.int64)
        matrix = csr_matrix((len(indptr) - 1, self.shape[1]), dtype=np.float32)
        matrix.data, matrix.indices, matrix.indptr = data, indices, pointers
        return matrix


class GrownFeatures(Features):
    """Features of the import and of what was added later, one after the other."""

    def __init__(self, opened: Sequence[Features]) -> None:
        self._parts = list(opened)
        self._ends = np.cumsum([part.shape[0] for part in opened])
        self.shape = (int(self._ends[-1]), opened[0].shape[1])
        self.is_sparse = opened[0].is_sparse

    def chunk(self, start: int, stop: int) -> NDArray[np.float32] | csr_matrix:
        """Return rows `start` to `stop`; a view where they lie in one part."""
        pieces = []
        for part, end in zip(self._parts, self._ends.tolist(), strict=True):
            begin = end - part.shape[0]
            low, high = max(start, begin), min(stop, end)
            if low < high:
                pieces.append(part.chunk(low - begin, high - begin))
        return self._stacked(pieces)

    def take(self, ids: NDArray[np.int64]) -> NDArray[np.float32] | csr_matrix:
        """Return the rows of `ids`, in that order, in memory."""
        ids = np.asarray(ids, dtype=np.int64)
        of_part = np.searchsorted(self._ends, ids, side="right")
        order = np.argsort(of_part, kind="stable")
        pieces = []
        for n in np.unique(of_part).tolist():
            begin = int(self._ends[n]) - self._parts[n].shape[0]
            pieces.append(self._parts[n].take(ids[order][of_part[order] == n] - begin))
        return self._stacked(pieces)[np.argsort(order, kind="stable")]

    def _stacked(self, pieces: list[Any]) -> Any:
        if not pieces:
            return self._parts[0].take(np.empty(0, np.int64))
        if len(pieces) == 1:
            return pieces[0]
        if not self.is_sparse:
            return np.concatenate(pieces)
        from scipy.sparse import vstack

        return vstack(pieces, format="csr", dtype=np.float32)
