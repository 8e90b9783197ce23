"""What `scipy.sparse.save_npz` writes: parts of a sparse matrix in an archive; never unpickled."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.npz_files import open_archive, read_header
from jupyterlab_al.datasets.sparse_file import SparseFile
from jupyterlab_al.domain.sparse_rows import PIECE_ROWS, row_pieces

#: Most numbers, or letters, in what a file says of its matrix.
SMALL = 16


class NpzMatrix(SparseFile):
    """A matrix in such a file, in one of SciPy's forms."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with open_archive(path) as archive:
            said, shape = self._small(archive, "format"), self._small(archive, "shape")
        #: As SciPy names it: csr, csc, bsr, coo or dia.
        self.form = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        self.shape = self._checked_shape(shape)

    def _compressed(
        self, archive: zipfile.ZipFile, n: int, n_values: int
    ) -> Iterator[tuple[int, NDArray[Any], NDArray[Any]]]:
        """Yield pieces of what `indptr` and `indices` say: the first line, ends, indices.

        `n` is the number of lines (rows, columns or rows of blocks), and there must be indices for
        `n_values`.
        """
        with (
            self._opened(archive, "indptr", "iu") as ends,
            self._opened(archive, "indices", "iu") as indices,
        ):
            if ends.length != n + 1 or indices.length != n_values:
                raise self.wrong("has parts of lengths that don't fit together")
            last = ends.read(1).astype(np.int64)
            if last[0]:
                raise self.wrong("does not begin with its first value")
            for line in range(0, n, PIECE_ROWS):
                some = ends.read(min(PIECE_ROWS, n - line)).astype(np.int64)
                indptr = np.concatenate([last, some])
                if (np.diff(indptr) < 0).any() or indptr[-1] > n_values:
                    raise self.wrong(f"has rows from {line} on that end before they begin")
                last = indptr[-1:]
                for start, stop in row_pieces(indptr):
                    piece = indptr[start : stop + 1]
                    yield line + start, piece, indices.read(int(piece[-1] - piece[0]))
            if last[0] != n_values:
                raise self.wrong("has values that no row has")

    def _small(self, archive: zipfile.ZipFile, name: str) -> Any:
        with self._opened(archive, name, "SUiu") as packed:
            if not 0 < packed.size <= SMALL:
                raise self.wrong(f"has something else as {name}")
            return packed.read(packed.size).reshape(packed.shape).tolist()

    def _opened(self, archive: zipfile.ZipFile, name: str, kinds: str) -> Packed:
        if f"{name}.npy" not in archive.namelist():
            raise self.wrong(f"holds no array {name}")
        packed = Packed(archive.open(f"{name}.npy"))
        if packed.dtype.kind not in kinds:
            packed.close()
            raise self.wrong(f"has {packed.dtype} as {name}")
        return packed


class Packed:
    """An array in an archive, read from its start to its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.shape, self.is_fortran, self.dtype = read_header(file)
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
