"""Which data a dataset names: a table, an array, a folder of files, or a demo."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.folders import kind_of_folder
from jupyterlab_al.datasets.paths import resolve
from jupyterlab_al.domain.errors import InvalidDatasetError
from jupyterlab_al.domain.folders import WORDS

ARRAYS = (".npy", ".npz")


def settled_kind(root: Path, dataset: DatasetSpec) -> DatasetSpec:
    """Return a dataset whose kind is known: `auto` is decided by what lies at its path."""
    if dataset.kind != "auto":
        return dataset
    path = source_path(root, dataset)
    if path.is_dir():
        kind = kind_of_folder(path)
    else:
        kind = "array" if path.suffix.lower() in ARRAYS else "table"
    return DatasetSpec.from_json(dataset.to_json() | {"kind": kind})


def source_path(root: Path, dataset: DatasetSpec) -> Path:
    """Return the real path of a dataset's file or folder inside `root`."""
    path = resolve(root, (dataset.upload if dataset.kind == "upload" else dataset.path) or "")
    if dataset.kind in WORDS and not path.is_dir():
        raise InvalidDatasetError(
            f"{path.name} is no folder; a dataset of kind {dataset.kind} is a folder of "
            f"{WORDS[dataset.kind]}."
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
