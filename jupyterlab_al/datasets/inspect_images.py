"""A look at a folder of pictures."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.image_files import picture_files, read_picture
from jupyterlab_al.datasets.inspect import (
    PREVIEW_ROWS,
    Column,
    Inspection,
    Preview,
    Problem,
    project_name,
    project_title,
)
from jupyterlab_al.datasets.prepare_images import FOLDER, folder_name
from jupyterlab_al.datasets.profile import sorted_classes
from jupyterlab_al.datasets.table_samples import row_as_bundle

#: More subfolders than this are an order of somebody's own, no classes.
MOST_CLASSES = 100


def inspect_images(folder: Path, root: Path, dataset: DatasetSpec) -> Inspection:
    """Return how many pictures there are, the first of them, and what to propose."""
    files = picture_files(folder, root)
    names = [folder_name(folder, path) for path in files]
    folders = {name for name in names if name}
    first = files[:PREVIEW_ROWS]
    pictures = [read_picture(path) for path in first]
    return Inspection(
        n_rows=len(files),
        n_rows_exact=True,
        columns=[
            Column(
                name=FOLDER,
                type="category",
                missing=names.count(""),
                distinct=len(folders),
                example=min(folders),
            )
        ]
        if folders
        else [],
        preview=[
            Preview(
                sample_key=path.relative_to(folder).as_posix(),
                display=row_as_bundle("image", [("image", picture.shown)]),
            )
            for path, picture in zip(first, pictures, strict=True)
        ],
        proposal={
            "name": project_name(folder),
            "title": project_title(folder),
            "dataset": dataset.to_json(),
            "display": DisplaySpec(kind="image").to_json(),
            "features": FeaturesSpec(kind="pixels").to_json(),
            # Subfolders often are classes already; whoever wants them as labels says so.
            "classes": list(sorted_classes(folders)) if 2 <= len(folders) <= MOST_CLASSES else [],
            "multi_label": False,
            "label_column": None,
        },
        problems=[
            Problem(
                field="dataset",
                message=f"{path.relative_to(folder).as_posix()} is no picture that can be read.",
            )
            for path, picture in zip(first, pictures, strict=True)
            if picture.shown is None
        ],
    )
