"""Which data a dataset names: a table, an array or a demo."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.paths import resolve
from jupyterlab_al.domain.errors import InvalidDatasetError

ARRAYS = (".npy", ".npz")


def source_path(root: Path, dataset: DatasetSpec) -> Path:
    """Return the real path of a dataset's file or folder inside `root`."""
    path = resolve(root, (dataset.upload if dataset.kind == "upload" else dataset.path) or "")
    if dataset.kind == "images" and not path.is_dir():
        raise InvalidDatasetError(
            f"{path.name} is no folder; a dataset of kind images is a folder of pictures."
        )
    return path


def holds_array(path: Path, dataset: DatasetSpec) -> bool:
    """Return whether the file is to be read as an array; refuse one of the other kind."""
    is_array = path.suffix.lower() in ARRAYS
    if dataset.kind == "table" and is_array:
        raise InvalidDatasetError(f"{path.name} is an array; use dataset.kind array.")
    if dataset.kind == "array" and not is_array and path.is_file():
        raise InvalidDatasetError(
            f"{path.name} is no array: arrays end in .npy or .npz. Use dataset.kind table for "
            "tables."
        )
    return is_array or dataset.kind == "array"
