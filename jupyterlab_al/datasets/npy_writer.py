"""A `.npy` file written part by part."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from jupyterlab_al.datasets.behind import Behind


class NpyWriter:
    """Append rows to a `.npy` file whose length is known only at the end.

    Rows are written while the caller makes the next ones, and must not be changed until then.
    """

    def __init__(self, path: Path, dtype: DTypeLike, row_shape: tuple[int, ...] = ()) -> None:
        self._dtype = np.dtype(dtype)
        self._row_shape = row_shape
        self._file = path.open("wb")
        self._behind = Behind()
        self.rows = 0
        self._write_header()

    def append(self, rows: NDArray[Any]) -> None:
        """Write more rows; the first axis is the row."""
        self._behind.run(self._file.write, np.ascontiguousarray(rows, dtype=self._dtype).data)
        self.rows += len(rows)

    def _write_header(self) -> None:
        # NumPy leaves room for the first axis to grow, so the length of the header stays.
        header = {
            "descr": np.lib.format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self.rows, *self._row_shape),
        }
        np.lib.format.write_array_header_1_0(self._file, header)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Write the final length and close, whatever happened."""
        try:
            self._behind.__exit__(kind, error, at)
            if kind is None:
                self._file.seek(0)
                self._write_header()
        finally:
            self._file.close()
