"""Sparse matrices as `scipy.sparse.save_npz` writes them: parts of CSR in an archive."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.npz_files import open_archive, read_header
from jupyterlab_al.datasets.sparse_file import HOW, SparseFile
from jupyterlab_al.domain.errors import InvalidDatasetError
from jupyterlab_al.domain.sparse_rows import PIECE_ROWS, row_pieces

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Most numbers, or letters, in what a file says of its matrix.
SMALL = 16


class NpzMatrix(SparseFile):
    """What `scipy.sparse.save_npz` wrote, row by row (CSR); never unpickled."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with open_archive(path) as archive:
            layout, shape = self._small(archive, "format"), self._small(archive, "shape")
        if layout not in ("csr", b"csr"):
            said = layout.decode(errors="replace") if isinstance(layout, bytes) else layout
            raise InvalidDatasetError(
                f"{self.name} holds a matrix as {said}, which is not kept row by row. {HOW}"
            )
        self.shape = self._checked_shape(shape)

    def _blocks(self) -> Iterator[csr_matrix]:
        with (
            open_archive(self._path) as archive,
            self._opened(archive, "indptr", "iu") as ends,
            self._opened(archive, "indices", "iu") as columns,
            self._opened(archive, "data", "biuf") as values,
        ):
            if ends.length != self.shape[0] + 1 or columns.length != values.length:
                raise self.wrong("has parts of lengths that don't fit together")
            last = ends.read(1).astype(np.int64)
            if last[0]:
                raise self.wrong("does not begin with its first value")
            for row in range(0, self.shape[0], PIECE_ROWS):
                some = ends.read(min(PIECE_ROWS, self.shape[0] - row)).astype(np.int64)
                indptr = np.concatenate([last, some])
                if (np.diff(indptr) < 0).any() or indptr[-1] > values.length:
                    raise self.wrong(f"has rows from {row} on that end before they begin")
                last = indptr[-1:]
                for start, stop in row_pieces(indptr):
                    n = int(indptr[stop] - indptr[start])
                    piece = indptr[start : stop + 1]
                    yield self._matrix(row + start, piece, columns.read(n), values.read(n))
            if last[0] != values.length:
                raise self.wrong("has values that no row has")

    def _small(self, archive: zipfile.ZipFile, name: str) -> Any:
        with self._opened(archive, name, "SUiu") as packed:
            if not 0 < packed.size <= SMALL:
                raise self.wrong(f"has something else as {name}")
            return packed.read(packed.size).reshape(packed.shape).tolist()

    def _opened(self, archive: zipfile.ZipFile, name: str, kinds: str) -> _Packed:
        if f"{name}.npy" not in archive.namelist():
            raise self.wrong(f"holds no array {name}")
        packed = _Packed(archive.open(f"{name}.npy"))
        if packed.dtype.kind not in kinds:
            packed.close()
            raise self.wrong(f"has {packed.dtype} as {name}")
        return packed


class _Packed:
    """An array in an archive, read from its start to its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.shape, _, self.dtype = read_header(file)
        self.size = math.prod(self.shape)

    @property
    def length(self) -> int:
        """Numbers of an array of one dimension; -1 of any other."""
        return self.size if len(self.shape) == 1 else -1

    def read(self, n: int) -> NDArray[Any]:
        """Return the next numbers."""
        content = self._file.read(n * self.dtype.itemsize)
        if len(content) < n * self.dtype.itemsize:
            raise EOFError("it ends too early")
        return np.frombuffer(content, self.dtype)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
