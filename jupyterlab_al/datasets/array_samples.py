"""Samples of an array, read by position from a memory-mapped `.npy` file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyterlab_al.datasets import bundles
from jupyterlab_al.datasets.record import ARRAY, DatasetRecord, ImageShape
from jupyterlab_al.datasets.series import as_json, series_bundle

if TYPE_CHECKING:
    import pyarrow as pa

#: Names of the one column that an array is.
VALUES, IMAGE = "values", "image"
#: Values of a row that are shown; nobody reads more.
SHOWN_VALUES = 100


class ArraySamples:
    """Rows or images of `samples.npy`."""

    def __init__(self, folder: Path, record: DatasetRecord) -> None:
        self._array: np.ndarray[Any, Any] = np.load(
            folder / ARRAY, mmap_mode="r", allow_pickle=False
        )
        self._image = record.image
        self._is_series = record.display.kind == "series"

    def key(self, i: int) -> str:
        """Return the position: an array has no names."""
        return str(i)

    def keys(self, ids: Iterable[int]) -> list[str]:
        """Return the keys of many samples."""
        return [str(i) for i in ids]

    def positions(self, keys: Iterable[str]) -> list[int | None]:
        """Return the samples of some keys; None where there is none."""
        return [position_of(key, len(self._array)) for key in keys]

    @property
    def data_schema(self) -> pa.Schema:
        """Name and type of what `data` returns: pictures as PNG, or lists of numbers."""
        import pyarrow as pa

        if self._image is not None:
            return pa.schema([(IMAGE, pa.binary())])
        return pa.schema([(VALUES, pa.list_(pa.from_numpy_dtype(self._array.dtype)))])

    def data(self, ids: Sequence[int]) -> pa.Table:
        """Return many samples, in the order asked for."""
        import pyarrow as pa

        schema = self.data_schema
        if self._image is not None:
            values: list[Any] = [self._png(i, self._image) for i in ids]
        else:
            values = [np.atleast_1d(self._array[i]) for i in ids]
        return pa.table([pa.array(values, schema.field(0).type)], schema=schema)

    def display(self, i: int) -> bundles.Bundle:
        """Return the bundle of one sample."""
        if self._image is None:
            row = self._array[i]
            return series_bundle(np.asarray(row)) if self._is_series else array_row_bundle(row)
        return bundles.image_bundle(
            self._png(i, self._image), "image/png", (self._image.width, self._image.height)
        )

    def raw(self, i: int) -> object:
        """Return the image as PNG, or the values of the row."""
        if self._image is None:
            return as_json(np.atleast_1d(self._array[i]))
        return self._png(i, self._image)

    def _png(self, i: int, shape: ImageShape) -> bytes:
        return bundles.png(bundles.to_pixels(self._array[i], shape))

    def close(self) -> None:
        """Let go of the file."""
        self._array = np.empty(0)


def position_of(key: str, n_samples: int) -> int | None:
    """Return the sample whose key is its position."""
    return int(key) if key.isdecimal() and int(key) < n_samples else None


def array_row_bundle(row: np.ndarray[Any, Any]) -> bundles.Bundle:
    """Return the bundle of one row of a two-dimensional array, its first values only."""
    values = np.atleast_1d(row)
    if values.dtype.kind == "f":
        # The shortest text that gives the same float32 reads 0.1, not 0.10000000149.
        values = np.array([float(str(v)) for v in values[:SHOWN_VALUES]])
    pairs: list[tuple[str, object]] = [
        (str(n), value) for n, value in enumerate(values[:SHOWN_VALUES].tolist())
    ]
    hidden = np.size(row) - len(pairs)
    if hidden > 0:
        pairs.append(("…", f"{hidden} more values"))
    return bundles.row_bundle(pairs)
