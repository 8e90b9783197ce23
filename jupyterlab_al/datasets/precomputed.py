"""Features that a person computed and saved beside the data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jupyterlab_al.datasets.array_features import write_array_features
from jupyterlab_al.datasets.arrays import open_array
from jupyterlab_al.datasets.paths import resolve
from jupyterlab_al.domain.errors import InvalidDatasetError


def write_precomputed_features(
    root: Path, relative: str, n_samples: int, folder: Path, report: Callable[[float], None]
) -> int:
    """Copy the features at `relative` as float32; refuse them unless they have a row a sample."""
    path = resolve(root, relative)
    if path.suffix.lower() != ".npy":
        raise InvalidDatasetError(
            f"Precomputed features must be a .npy file, not {path.name}; use numpy.save."
        )
    array = open_array(path)
    if len(array) != n_samples:
        raise InvalidDatasetError(
            f"{path.name} has {len(array):,} rows but there are {n_samples:,} samples; save one "
            "row of features for each sample, in the same order."
        )
    return write_array_features(array, folder, path.name, report)
