"""A look at a folder of files with a sample each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jupyterlab_al.datasets.bundles import Bundle
from jupyterlab_al.datasets.class_names import sorted_classes
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.folders import FOLDER, left_out, name_in, subfolder_of
from jupyterlab_al.datasets.inspect import (
    Column,
    Inspection,
    Preview,
    Problem,
    project_name,
    project_title,
)

#: More subfolders than this are an order of somebody's own, no classes.
MOST_CLASSES = 100


def inspect_folder(
    folder: Path,
    files: Sequence[Path],
    dataset: DatasetSpec,
    *,
    display: DisplaySpec,
    features: FeaturesSpec,
    first: Sequence[Bundle],
    problems: Sequence[Problem],
) -> Inspection:
    """Return how many samples there are, the first of them, and what to propose."""
    names = [subfolder_of(folder, path) for path in files]
    folders = {name for name in names if name}
    others = left_out(folder, dataset.kind)
    return Inspection(
        n_rows=len(files),
        n_rows_exact=True,
        columns=[_column(names, folders)] if folders else [],
        preview=[
            Preview(sample_key=name_in(folder, path), display=bundle)
            for path, bundle in zip(files, first, strict=False)
        ],
        proposal={
            "name": project_name(folder),
            "title": project_title(folder),
            "dataset": dataset.to_json(),
            "display": display.to_json(),
            "features": features.to_json(),
            # Subfolders often are classes already; whoever wants them as labels says so.
            "classes": list(sorted_classes(folders)) if 2 <= len(folders) <= MOST_CLASSES else [],
            "multi_label": False,
            "label_column": None,
        },
        problems=[
            *problems,
            *([Problem(field="dataset", message=others)] if others else []),
        ],
    )


def _column(names: Sequence[str], folders: set[str]) -> Column:
    return Column(
        name=FOLDER,
        type="category",
        missing=list(names).count(""),
        distinct=len(folders),
        example=min(folders),
        display="text",
    )
