"""A look at a folder of texts."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.folders import folder_files, name_in
from jupyterlab_al.datasets.inspect import PREVIEW_ROWS, Inspection, Problem
from jupyterlab_al.datasets.inspect_folder import inspect_folder
from jupyterlab_al.datasets.prepare_texts import likeliest_display
from jupyterlab_al.datasets.table_samples import row_as_bundle
from jupyterlab_al.datasets.text_files import read_text_file

#: Characters of a text that the dialog gets; it shows fewer.
PREVIEW_CHARACTERS = 2000


def inspect_texts(folder: Path, root: Path, dataset: DatasetSpec) -> Inspection:
    """Return how many texts there are, the first of them, and what to propose."""
    files = folder_files(folder, root, "texts")
    kind = likeliest_display(files)
    texts = [read_text_file(path).text for path in files[:PREVIEW_ROWS]]
    return inspect_folder(
        folder,
        files,
        dataset,
        display=DisplaySpec(kind=kind),
        features=FeaturesSpec(kind="text"),
        first=[
            row_as_bundle(kind, [("text", (text or "")[:PREVIEW_CHARACTERS])]) for text in texts
        ],
        problems=[
            Problem(
                field="dataset", message=f"{name_in(folder, path)} is no text that can be read."
            )
            for path, text in zip(files, texts, strict=False)
            if text is None
        ],
    )
