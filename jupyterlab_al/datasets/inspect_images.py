"""A look at a folder of pictures."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_al.datasets.bundles import Bundle
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.folders import folder_files, name_in
from jupyterlab_al.datasets.image_files import decoded_pixels, read_picture
from jupyterlab_al.datasets.inspect import PREVIEW_ROWS, Inspection, Problem
from jupyterlab_al.datasets.inspect_folder import inspect_folder
from jupyterlab_al.datasets.table_samples import row_as_bundle

#: What is shown of a file that is no picture.
UNREADABLE = row_as_bundle("image", [("image", None)])
#: Pictures with more pixels are not decoded for a preview: this is done in a server.
MOST_PIXELS = 25_000_000


def inspect_images(folder: Path, root: Path, dataset: DatasetSpec) -> Inspection:
    """Return how many pictures there are, the first of them, and what to propose."""
    files = folder_files(folder, root, "images")
    first, damaged = [], []
    for path in files[:PREVIEW_ROWS]:
        bundle = _preview(path)
        first.append(bundle)
        if bundle is UNREADABLE:
            damaged.append(name_in(folder, path))
    return inspect_folder(
        folder,
        files,
        dataset,
        display=DisplaySpec(kind="image"),
        features=FeaturesSpec(kind="pixels"),
        first=first,
        problems=[
            Problem(field="dataset", message=f"{name} is no picture that can be read.")
            for name in damaged
        ],
    )


def _preview(path: Path) -> Bundle:
    if decoded_pixels(path) > MOST_PIXELS:
        said = "This picture is too large for a preview; it is made small with the project."
        return {"text/plain": said}
    shown = read_picture(path).shown
    return UNREADABLE if shown is None else row_as_bundle("image", [("image", shown)])
