"""Sparse rows of Arrow: what the client sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.arrow_files import ArrowFile
from jupyterlab_al.datasets.sparse_file import SparseFile
from jupyterlab_al.domain.sparse_rows import COLUMNS, SHAPE, VALUES, row_pieces

if TYPE_CHECKING:
    import pyarrow as pa
    from scipy.sparse import csr_matrix


class ArrowRows(SparseFile):
    """Rows as two lists of an Arrow file or stream; see `domain.sparse_rows`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._file = ArrowFile(path)
        names = self._file.schema().names
        if names != [COLUMNS, VALUES] or not all(map(_is_list_of_numbers, self._file.schema())):
            raise self.wrong(
                f'has the columns {", ".join(names[:5])} instead of lists of numbers "{COLUMNS}" '
                f'and "{VALUES}"'
            )
        said = self._file.metadata.get(SHAPE.encode(), b"")
        try:
            shape = json.loads(said)
        except (ValueError, RecursionError):
            shape = said.decode(errors="replace")
        self.shape = self._checked_shape(shape)

    def _blocks(self) -> Iterator[csr_matrix]:
        row = 0
        for batch in self._file.batches():
            indptr, columns, values = self._parts(batch, row)
            for start, stop in row_pieces(indptr):
                at = slice(int(indptr[start]), int(indptr[stop]))
                piece = indptr[start : stop + 1]
                yield self._matrix(row + start, piece, columns[at], values[at])
            row += batch.num_rows

    def _parts(
        self, batch: pa.RecordBatch, row: int
    ) -> tuple[NDArray[np.int64], NDArray[Any], NDArray[Any]]:
        """Return a batch as the parts of a CSR matrix."""
        import pyarrow.compute as pc

        lengths = [pc.list_value_length(lists) for lists in batch.columns]
        numbers = [lists.flatten() for lists in batch.columns]
        if any(part.null_count for part in (*lengths, *numbers)):
            raise self.wrong(f"has no list, or no number, in rows from {row} on")
        per_row, others = (np.asarray(part, dtype=np.int64) for part in lengths)
        if (per_row != others).any():
            at = int(np.argmax(per_row != others))
            raise self.wrong(
                f"has {per_row[at]:,} columns but {others[at]:,} values in row {row + at} "
                "(counted from 0)"
            )
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(per_row)])
        columns, values = (part.to_numpy(zero_copy_only=False) for part in numbers)
        return indptr, columns, values


def _is_list_of_numbers(field: pa.Field) -> bool:
    import pyarrow.types as kinds

    if not (kinds.is_list(field.type) or kinds.is_large_list(field.type)):
        return False
    of = field.type.value_type
    is_real = kinds.is_floating(of) or kinds.is_boolean(of)
    return bool(kinds.is_integer(of) or (field.name == VALUES and is_real))
