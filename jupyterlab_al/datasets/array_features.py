"""Features of arrays and images: float32, finite, images scaled and made small."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.arrays import as_rows, check_finite, chunks
from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.record import ARRAY, DENSE, FEATURES, ImageShape

#: Images with a longer side are averaged down to at most this before anything is learned.
LARGEST_SIDE = 64


def write_array_features(
    array: NDArray[Any], folder: Path, name: str, report: Callable[[float], None]
) -> int:
    """Write the values of each sample as `dense.npy` (float32); return their number."""
    width = int(np.prod(array.shape[1:], dtype=np.int64))
    with NpyWriter(folder / DENSE, np.float32, (width,)) as dense:
        for start, rows in chunks(as_rows(array)):
            dense.append(values_of(rows, name, start))
            report(dense.rows / len(array))
    return width


def values_of(rows: NDArray[Any], name: str, start: int = 0) -> NDArray[np.float32]:
    """Return the values of each sample in one row; refuse what is not finite.

    `start` is the place of the first sample, for the words of the error.
    """
    check_finite(rows, name, start)
    return rows.reshape(len(rows), -1).astype(np.float32, copy=False)


def link_array_features(array: NDArray[Any], folder: Path) -> bool:
    """Let the imported array be its own features if it is float32 rows already."""
    if array.dtype != np.float32 or array.ndim != 2:
        return False
    try:
        os.link(folder / ARRAY, folder / FEATURES / DENSE)
    except OSError:
        return False
    return True


def write_pixel_features(
    array: NDArray[Any], shape: ImageShape, folder: Path, report: Callable[[float], None]
) -> int:
    """Write the pixels of each image from 0 (black) to 1 (white); return their number."""
    factor = reduction(shape)
    width = -(-shape.height // factor) * -(-shape.width // factor) * shape.channels
    with NpyWriter(folder / DENSE, np.float32, (width,)) as dense:
        for _, rows in chunks(array):
            dense.append(pixels_of(rows, shape))
            report(dense.rows / len(array))
    return width


def pixels_of(rows: NDArray[Any], shape: ImageShape) -> NDArray[np.float32]:
    """Return the pixels of each image in one row, made small and from 0 to 1."""
    pixels = (rows.astype(np.float32) - shape.low) / np.float32(shape.high - shape.low)
    if shape.channels_first:
        pixels = np.moveaxis(pixels, 1, -1)
    pixels = pixels.reshape(len(rows), shape.height, shape.width, shape.channels)
    return _averaged(pixels, reduction(shape)).reshape(len(rows), -1)


def reduction(shape: ImageShape) -> int:
    """Return how many pixels of a side are averaged into one."""
    return -(-max(shape.height, shape.width) // LARGEST_SIDE)


def _averaged(pixels: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return images averaged over squares of `factor`; the edge is repeated to fill the last."""
    if factor == 1:
        return pixels
    n, height, width, channels = pixels.shape
    margins = ((0, 0), (0, -height % factor), (0, -width % factor), (0, 0))
    padded = np.pad(pixels, margins, mode="edge")
    blocks = padded.reshape(
        n, padded.shape[1] // factor, factor, padded.shape[2] // factor, factor, channels
    )
    averaged: NDArray[np.float32] = blocks.mean(axis=(2, 4), dtype=np.float32)
    return averaged
