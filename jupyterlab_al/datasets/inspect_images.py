"""A look at a folder of pictures."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.folders import folder_files, name_in
from jupyterlab_al.datasets.image_files import read_picture
from jupyterlab_al.datasets.inspect import PREVIEW_ROWS, Inspection, Problem
from jupyterlab_al.datasets.inspect_folder import inspect_folder
from jupyterlab_al.datasets.table_samples import row_as_bundle


def inspect_images(folder: Path, root: Path, dataset: DatasetSpec) -> Inspection:
    """Return how many pictures there are, the first of them, and what to propose."""
    files = folder_files(folder, root, "images")
    pictures = [read_picture(path) for path in files[:PREVIEW_ROWS]]
    return inspect_folder(
        folder,
        files,
        dataset,
        display=DisplaySpec(kind="image"),
        features=FeaturesSpec(kind="pixels"),
        first=[row_as_bundle("image", [("image", picture.shown)]) for picture in pictures],
        problems=[
            Problem(
                field="dataset",
                message=f"{name_in(folder, path)} is no picture that can be read.",
            )
            for path, picture in zip(files, pictures, strict=False)
            if picture.shown is None
        ],
    )
