"""Arrays in `.npy` and `.npz` files: opened without trust, checked, copied in chunks."""

from __future__ import annotations

import math
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.npz_files import (
    DAMAGED,
    UNREADABLE,
    is_archive,
    member_name,
    member_of,
    open_archive,
    read_header,
    unreadable,
)
from jupyterlab_al.datasets.record import ImageShape
from jupyterlab_al.domain.errors import InvalidDatasetError

#: Bytes that are checked and copied at a time.
CHUNK_BYTES = 8 << 20
CHANNELS = (1, 3, 4)
MAX_DIMENSIONS = 4
#: Arrays of one file that a person chooses from.
MOST_ARRAYS = 1000
#: What every file of `scipy.sparse.save_npz` has.
_SPARSE = {"format", "shape", "data"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrayPeek:
    """What the beginning of an array says about it."""

    shape: tuple[int, ...]
    #: A few of its first rows; none where they don't stand at the beginning of a packed file.
    first: NDArray[Any]


def open_array(
    path: Path, *, unpack_to: Path | None = None, wanted: str | None = None
) -> NDArray[Any]:
    """Return the array at `path`, memory-mapped and never unpickled.

    The one array in a `.npz`, or the one that is `wanted`, is unpacked to the file `unpack_to`
    first.
    """
    _check_file(path)
    if is_archive(path) and unpack_to is not None:
        _unpack(path, unpack_to, wanted)
        return _open_npy(unpack_to, path.name)
    _refuse_name(path, wanted)
    return _open_npy(path, path.name)


def peek_array(path: Path, rows: int, wanted: str | None = None) -> ArrayPeek:
    """Return shape, type and first rows of the array at `path` without reading on."""
    _check_file(path)
    if is_archive(path):
        return _peek_npz(path, rows, wanted)
    _refuse_name(path, wanted)
    array = _open_npy(path, path.name)
    return ArrayPeek(shape=array.shape, first=np.asarray(array[:rows]))


def array_shapes(path: Path) -> dict[str, tuple[int, ...] | None]:
    """Return the arrays in a `.npz` with their shapes; None for one that can't be used."""
    _check_file(path)
    with open_archive(path) as archive:
        members = archive.infolist()
        if not 1 <= len(members) <= MOST_ARRAYS:
            raise InvalidDatasetError(
                f"{path.name} holds {len(members):,} arrays; save the one to label with "
                "numpy.save as a .npy file."
            )
        if set(map(member_name, members)) >= _SPARSE:
            raise InvalidDatasetError(
                f"{path.name} is a sparse matrix, which says nothing to people; label what its "
                "rows were made from, and name the file by features.path, of kind precomputed."
            )
        return {member_name(member): _shape(path, archive, member) for member in members}


def _shape(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, ...] | None:
    try:
        with archive.open(member) as packed:
            shape, _, dtype = read_header(packed)
        check_array(shape, dtype, path.name)
    except (*UNREADABLE, *DAMAGED, InvalidDatasetError):
        return None
    return shape


def _refuse_name(path: Path, wanted: str | None) -> None:
    if wanted is not None:
        raise InvalidDatasetError(
            f"{path.name} is one array without a name; leave dataset.array out."
        )


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise InvalidDatasetError(f"{path.name} is a folder; choose a .npy file in it.")
    if not path.stat().st_size:
        raise InvalidDatasetError(f"{path.name} is empty; choose a file with an array.")


def _open_npy(path: Path, name: str) -> NDArray[Any]:
    try:
        # Opened as .npy only: NumPy would look into anything else it knows, too.
        array: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
    except UNREADABLE as error:
        raise unreadable(name, error, is_pickle=_starts_as_pickle(path)) from error
    check_array(array.shape, array.dtype, name)
    return array


def _starts_as_pickle(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(1) == b"\x80"


def _unpack(path: Path, target: Path, wanted: str | None) -> None:
    with open_archive(path) as archive:
        member = member_of(path, archive, wanted)
        free = shutil.disk_usage(target.parent).free
        if member.file_size > free:
            raise InvalidDatasetError(
                f"{path.name} holds an array of {member.file_size:,} bytes but the disk has room "
                f"for {free:,}; make room or choose a smaller file."
            )
        # A member that is larger than it says stops at the size that it says.
        with archive.open(member) as packed, target.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, CHUNK_BYTES)


def _peek_npz(path: Path, rows: int, wanted: str | None) -> ArrayPeek:
    with open_archive(path) as archive, archive.open(member_of(path, archive, wanted)) as packed:
        shape, is_fortran, dtype = read_header(packed)
        check_array(shape, dtype, path.name)
        width = math.prod(shape[1:])
        n = 0 if is_fortran or width * dtype.itemsize > CHUNK_BYTES else min(rows, shape[0])
        first = np.frombuffer(packed.read(n * width * dtype.itemsize), dtype)
        return ArrayPeek(shape=shape, first=first.reshape(n, *shape[1:]))


def check_array(shape: tuple[int, ...], dtype: np.dtype[Any], name: str) -> None:
    """Refuse an array that is neither rows nor images of numbers."""
    if dtype.kind not in "biuf":
        raise InvalidDatasetError(
            f"{name} holds {dtype}, not numbers; convert it, or save texts and mixed columns as a "
            "table (.csv or .parquet)."
        )
    if not 1 <= len(shape) <= MAX_DIMENSIONS:
        raise InvalidDatasetError(
            f"{name} has {len(shape)} dimensions; use 2 for rows, 3 for gray images, 4 for color "
            "images, the first of them being the sample."
        )
    if not math.prod(shape):
        raise InvalidDatasetError(
            f"{name} has shape {shape}, so it has no values; choose a file with samples."
        )
    if len(shape) == MAX_DIMENSIONS and _channels_axis(shape) is None:
        raise InvalidDatasetError(
            f"{name} has shape {shape}; images need 1, 3 or 4 channels as last axis."
        )


def _channels_axis(shape: tuple[int, ...]) -> int | None:
    if shape[-1] in CHANNELS:
        return 3
    return 1 if shape[1] in CHANNELS else None


def as_rows(array: NDArray[Any]) -> NDArray[Any]:
    """Return a one-dimensional array as rows of one value, others as they are."""
    return array[:, np.newaxis] if array.ndim == 1 else array


def chunks(array: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Yield the start and the rows of pieces of about `CHUNK_BYTES`."""
    row_bytes = max(1, array.nbytes // len(array))
    rows = max(1, CHUNK_BYTES // row_bytes)
    for start in range(0, len(array), rows):
        yield start, np.asarray(array[start : start + rows])


def keep_array(
    array: NDArray[Any],
    target: Path,
    name: str,
    report: Callable[[float], None],
    *,
    upload: Path | None = None,
) -> tuple[float, float]:
    """Check an array and keep its rows at `target`; return its lowest and highest value.

    `upload` is the array's own file where that is one of ours, which nobody changes: it is then
    linked instead of copied, if the disk can.
    """
    low, high = np.inf, -np.inf
    is_linked = upload is not None and _link(array, upload, target)
    array = as_rows(array)
    with nullcontext() if is_linked else _writer(target, array) as writer:
        for start, rows in chunks(array):
            check_finite(rows, name, start)
            low, high = min(low, float(rows.min())), max(high, float(rows.max()))
            if writer is not None:
                writer.append(rows)
            report((start + len(rows)) / len(array))
    return low, high


def _writer(target: Path, array: NDArray[Any]) -> NpyWriter:
    return NpyWriter(target, array.dtype.newbyteorder("="), array.shape[1:])


def _link(array: NDArray[Any], path: Path, target: Path) -> bool:
    """Let `target` be the file of an array that lies there as a copy would."""
    if not (array.dtype.isnative and array.flags.c_contiguous and array.ndim > 1):
        return False
    try:
        os.link(path, target)
    except OSError:
        return False
    return True


def check_finite(rows: NDArray[Any], name: str, start: int) -> None:
    """Refuse NaN, infinity and what becomes infinite as float32, naming the first such place."""
    if rows.dtype.kind != "f":
        return
    with np.errstate(over="ignore"):
        bad = ~np.isfinite(rows.astype(np.float32, copy=False))
    if not bad.any():
        return
    place = np.argwhere(bad)[0]
    value = rows[tuple(place)]
    inside = tuple(int(n) for n in place[1:])
    where = f"row {start + place[0]}" + (f", position {inside}" if inside else "")
    raise InvalidDatasetError(
        f"{name} has {value} in {where} (counted from 0); an estimator can't learn from it. "
        "Replace such values, for example with numpy.nan_to_num, and save the array again."
    )


def image_shape(array: NDArray[Any], low: float, high: float) -> ImageShape | None:
    """Return how the images of a 3-D or 4-D array lie; None for rows."""
    if array.ndim < 3:
        return None
    axis = _channels_axis(array.shape) if array.ndim == MAX_DIMENSIONS else None
    channels_first = axis == 1
    height, width = array.shape[2:] if channels_first else array.shape[1:3]
    black, white = _black_and_white(array.dtype, low, high)
    return ImageShape(
        height=height,
        width=width,
        channels=1 if axis is None else array.shape[axis],
        channels_first=channels_first,
        low=black,
        high=white,
    )


def _black_and_white(dtype: np.dtype[Any], low: float, high: float) -> tuple[float, float]:
    """Return the values shown black and white: the usual ones where they fit, else the extremes."""
    if dtype == np.uint8 and high > 16:
        return 0.0, 255.0
    for white in (1.0, 16.0, 255.0):
        if low >= 0 and white / 2 < high <= white:
            return 0.0, white
    return min(low, 0.0), high if high > low else low + 1.0
